import { h } from '../dom.ts'
import type { Child } from '../dom.ts'

/** A picture with the table that says the same, and a button that changes between them. */
export function figure(title: string, picture: Element, table: Element, ...tools: readonly Child[]): HTMLElement {
  const button = h('button', {
    type: 'button',
    class: 'quiet',
    'aria-pressed': 'false',
    click: () => show(table.hasAttribute('hidden'))
  })
  const show = (asTable: boolean): void => {
    picture.toggleAttribute('hidden', asTable)
    table.toggleAttribute('hidden', !asTable)
    button.setAttribute('aria-pressed', String(asTable))
    button.textContent = asTable ? 'Picture' : 'Table'
  }
  show(false)
  return h(
    'section',
    { class: 'figure', 'aria-label': title },
    h('div', { class: 'head' }, h('h2', {}, title), h('div', { class: 'tools' }, ...tools, button)),
    picture,
    table
  )
}
