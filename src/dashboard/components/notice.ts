import { h } from '../dom.ts'

export function errorNotice(error: unknown): HTMLElement {
  return h('p', { class: 'notice wrong', role: 'alert' }, error instanceof Error ? error.message : String(error))
}

/** What an empty place says, so that nobody takes it for broken. */
export function emptyNotice(text: string): HTMLElement {
  return h('p', { class: 'notice' }, text)
}
