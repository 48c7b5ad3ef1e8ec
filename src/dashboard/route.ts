export const pages = ['overlay', 'messages', 'peers', 'seeds', 'events'] as const
export type PageName = (typeof pages)[number]

/** What the fragment of the address says. */
export interface Route {
  readonly page: PageName
  /** The one message or peer that the page is about. */
  readonly id: string | undefined
  readonly query: URLSearchParams
}

/** `#/messages/ada%231?key=value`; whatever makes no sense leads to the overlay. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  const [name = '', id = ''] = path.split('/')
  const page = pages.find(each => each === name) ?? 'overlay'
  return { page, id: decoded(id), query: new URLSearchParams(query) }
}

export function hashOf(page: PageName, id?: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString()
  return `#/${page}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${search === '' ? '' : `?${search}`}`
}

/** The token in the fragment of the address that is printed at start. */
export function tokenIn(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') ?? undefined
}

function decoded(id: string): string | undefined {
  try {
    return id === '' ? undefined : decodeURIComponent(id)
  } catch {
    return undefined
  }
}
