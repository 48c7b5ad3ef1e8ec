import { ApiError } from '../api.ts'
import { h } from '../dom.ts'

/** @param missing what is said when the server does not have it: its own words are for programs */
export function errorNotice(error: unknown, missing?: string): HTMLElement {
  if (missing !== undefined && error instanceof ApiError && error.status === 404) return emptyNotice(missing)
  return h('p', { class: 'notice wrong', role: 'alert' }, error instanceof Error ? error.message : String(error))
}

/** What an empty place says, so that nobody takes it for broken. */
export function emptyNotice(text: string): HTMLElement {
  return h('p', { class: 'notice' }, text)
}
