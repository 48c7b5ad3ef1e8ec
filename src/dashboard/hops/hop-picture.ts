import { h, svg } from '../dom.ts'
import { millis } from '../format.ts'
import { hashOf } from '../route.ts'
import { hopTree, linearTicks } from './hop-tree.ts'
import type { Hop } from '../../http/contract.ts'
import type { Branch } from './hop-tree.ts'

/** Of a row with a name, in pixels; without names rows are as low as the number of peers wants it. */
const rowHeight = 20
const namedRowsMax = 60
const bareHeight = 900
const [left, right, top] = [14, 130, 30]
const tickWidth = 90

/** The hop tree on an axis of time, as wide as there is room. */
export class HopPicture {
  readonly element = h('div', { class: 'hop-tree' })
  #hops: readonly Hop[] = []

  /** @param signal ends it */
  constructor(signal: AbortSignal) {
    let width = 0
    const observer = new ResizeObserver(() => {
      if (this.element.clientWidth === width) return
      width = this.element.clientWidth
      this.#draw()
    })
    observer.observe(this.element)
    signal.addEventListener('abort', () => observer.disconnect())
  }

  show(hops: readonly Hop[]): void {
    this.#hops = hops
    this.#draw()
  }

  #draw(): void {
    const width = Math.max(280, this.element.clientWidth)
    const branches = hopTree(this.#hops)
    const isNamed = branches.length <= namedRowsMax
    const height = isNamed ? rowHeight : Math.max(1.5, Math.min(rowHeight, bareHeight / branches.length))
    const end = width - (isNamed ? right : left)
    const bottom = top + branches.length * height
    const last = Math.max(1, ...branches.map(({ ageMs }) => ageMs))
    const x = (ms: number): number => left + (Math.min(Math.max(ms, 0), last) / last) * (end - left)
    const y = (row: number): number => top + (row + 0.5) * height
    const radius = isNamed ? 4.5 : Math.max(1.5, Math.min(4, height * 0.7))
    this.element.replaceChildren(
      svg(
        'svg',
        {
          width,
          height: bottom + 8,
          role: 'img',
          'aria-label': `Hop tree of ${branches.length} peers over ${millis(last)}`
        },
        ...linearTicks(last, Math.max(2, Math.floor((end - left) / tickWidth))).flatMap(tick => [
          svg('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: top - 6, y2: bottom }),
          svg('text', { class: 'tick middle', x: x(tick), y: top - 13 }, millis(tick))
        ]),
        svg('path', { class: 'ways', d: branches.map((branch, row) => way(branch, row, branches, x, y)).join('') }),
        ...branches.map((branch, row) => peer(branch, x(branch.ageMs), y(row), radius, isNamed))
      )
    )
  }
}

/** Down from the one that brought it, and then to the right for as long as it took. */
function way(
  { ageMs, parentRow }: Branch,
  row: number,
  branches: readonly Branch[],
  x: (ms: number) => number,
  y: (row: number) => number
): string {
  if (parentRow === undefined) return ''
  return `M${x(branches[parentRow]?.ageMs ?? 0)} ${y(parentRow)}V${y(row)}H${x(ageMs)}`
}

function peer(
  { node, name, hops, ageMs, from }: Branch,
  x: number,
  y: number,
  radius: number,
  isNamed: boolean
): SVGElement {
  const told = from === null ? `${name}, the origin` : `${name}: after ${millis(ageMs)}, ${hops} hops`
  const dot = svg(
    'circle',
    { class: from === null ? 'origin' : 'dot', cx: x, cy: y, r: radius },
    svg('title', {}, told)
  )
  if (!isNamed) return dot
  return svg('a', { href: hashOf('peers', node), 'aria-label': told }, dot, svg('text', { x: x + 9, y: y + 4 }, name))
}
