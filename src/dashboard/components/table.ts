import { fill, h } from '../dom.ts'
import type { Child } from '../dom.ts'

export interface Column<Row> {
  readonly title: string
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
  /** The one that may take the room which is left, and breaks. */
  readonly isWide?: boolean
  /** What to sort by; without it the column is not sortable. */
  readonly order?: (row: Row) => string | number
  readonly cell: (row: Row) => Child
}

export interface TableOptions<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  /** Tells rows apart. */
  readonly key: (row: Row) => string
  /** Where to begin: a column and a direction. Without it rows stay as they come. */
  readonly sort?: readonly [title: string, direction: 1 | -1]
}

/** Rows that are shown at once: more make a page slow, and nobody reads them. */
const pageRows = 200

/** A table that is brought up to date row by row, so that focus, selection and scroll stay where they are. */
export class Table<Row> {
  readonly element: HTMLElement
  readonly #options: TableOptions<Row>
  readonly #body = h('tbody')
  readonly #heads: HTMLTableCellElement[]
  readonly #more = h('button', { type: 'button', click: () => this.#showMore() })
  readonly #rows = new Map<string, { readonly element: HTMLTableRowElement; readonly text: string }>()
  #data: readonly Row[] = []
  #shown = pageRows
  #sort: readonly [string, 1 | -1] | undefined

  constructor(options: TableOptions<Row>) {
    this.#options = options
    this.#sort = options.sort
    this.#heads = options.columns.map(column => this.#head(column))
    const head = h('thead', {}, h('tr', {}, ...this.#heads))
    const table = h('table', {}, h('caption', {}, options.caption), head, this.#body)
    this.element = h('div', { class: 'table' }, table, this.#more)
  }

  /** @param rows in the order in which they stand without sorting */
  show(rows: readonly Row[]): void {
    this.#data = rows
    this.#render()
  }

  #showMore(): void {
    this.#shown += pageRows
    this.#render()
  }

  #head({ title, isNumber, order }: Column<Row>): HTMLTableCellElement {
    const click = (): void => {
      const direction = this.#sort?.[0] === title ? this.#sort[1] : undefined
      this.#sort = [title, direction === undefined ? (isNumber === true ? -1 : 1) : direction === 1 ? -1 : 1]
      this.#render()
    }
    const label = order === undefined ? title : h('button', { type: 'button', click }, title)
    return h('th', { scope: 'col', class: isNumber === true ? 'number' : undefined }, label)
  }

  #render(): void {
    const sorted = this.#sorted().slice(0, this.#shown)
    const kept = new Set(sorted.map(this.#options.key))
    for (const key of this.#rows.keys()) if (!kept.has(key)) this.#rows.delete(key)
    fill(this.#body, ...sorted.map(row => this.#row(row)))
    const left = this.#data.length - sorted.length
    this.#more.hidden = left === 0
    this.#more.textContent = `Show ${Math.min(left, pageRows)} more of ${left}`
    for (const [at, { title, order }] of this.#options.columns.entries()) {
      if (order === undefined) continue
      const direction = this.#sort?.[0] === title ? this.#sort[1] : 0
      this.#heads[at]?.setAttribute(
        'aria-sort',
        direction === 0 ? 'none' : direction === 1 ? 'ascending' : 'descending'
      )
    }
  }

  #sorted(): readonly Row[] {
    const order = this.#options.columns.find(({ title }) => title === this.#sort?.[0])?.order
    if (order === undefined || this.#sort === undefined) return this.#data
    const [, direction] = this.#sort
    return this.#data.toSorted((a, b) => direction * compared(order(a), order(b)))
  }

  /** The row as it stands there, if it still says the same. */
  #row(row: Row): HTMLTableRowElement {
    const key = this.#options.key(row)
    const text = JSON.stringify(row)
    const before = this.#rows.get(key)
    if (before?.text === text) return before.element
    const cells = this.#options.columns.map(({ cell, isNumber, isWide }, at) => {
      const kind = isNumber === true ? 'number' : isWide === true ? 'wide' : undefined
      return at === 0 ? h('th', { scope: 'row', class: kind }, cell(row)) : h('td', { class: kind }, cell(row))
    })
    if (before === undefined) {
      const element = h('tr', {}, ...cells)
      this.#rows.set(key, { element, text })
      return element
    }
    before.element.replaceChildren(...cells)
    this.#rows.set(key, { element: before.element, text })
    return before.element
  }
}

/** Numbers by size, words as people sort them: `peer-9` before `peer-10`. */
const collator = new Intl.Collator('en', { numeric: true })

function compared(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b))
}
