import { h } from '../dom.ts'

/** A few figures that one reads from afar. */
export class BigNumbers<Name extends string> {
  readonly element: HTMLElement
  readonly #values = new Map<Name, { readonly value: HTMLElement; readonly note: HTMLElement }>()

  /** @param names of the figures, in their order */
  constructor(names: readonly Name[]) {
    this.element = h(
      'dl',
      { class: 'big-numbers' },
      ...names.map(name => {
        const value = h('dd', { class: 'value' }, '–')
        const note = h('dd', { class: 'note' })
        this.#values.set(name, { value, note })
        return h('div', {}, h('dt', {}, name), value, note)
      })
    )
  }

  set(name: Name, value: string, note = ''): void {
    const shown = this.#values.get(name)
    if (shown === undefined) return
    shown.value.textContent = value
    shown.note.textContent = note
  }
}
