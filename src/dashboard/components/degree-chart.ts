import { h, svg } from '../dom.ts'
import { count } from '../format.ts'
import { logScale, logTicks, tailOf } from './degree-tail.ts'
import { figure } from './figure.ts'
import { Table } from './table.ts'
import type { DegreesReply } from '../../http/contract.ts'

const [width, height] = [340, 230]
const [left, right, top, bottom] = [40, 10, 10, 38]

type Row = DegreesReply['degrees'][number]

/** How the links are distributed, beside the law. */
export class DegreeChart {
  readonly element: HTMLElement
  readonly #picture = h('div', { class: 'degree-chart' })
  readonly #caption = h('p', { class: 'caption' })
  readonly #table = new Table<Row>({
    caption: 'Peers by number of links',
    key: ({ degree }) => String(degree),
    columns: [
      { title: 'Links', isNumber: true, order: ({ degree }) => degree, cell: ({ degree }) => degree },
      { title: 'Peers', isNumber: true, order: row => row.count, cell: row => count(row.count) },
      {
        title: 'By the law',
        isNumber: true,
        order: ({ law }) => law,
        cell: ({ law }) => (Number.isInteger(law) ? count(law) : law.toFixed(1))
      }
    ],
    sort: ['Links', 1]
  })

  constructor() {
    this.element = figure('Degree distribution', this.#picture, this.#table.element)
    this.element.append(this.#caption)
  }

  show(reply: DegreesReply): void {
    const { fitted, law } = reply.exponent
    this.#table.show(reply.degrees)
    this.#picture.replaceChildren(legend(), picture(reply))
    this.#caption.textContent =
      fitted === null
        ? `A straight line is a power law; the law’s exponent is ${law}. Too few peers to fit one.`
        : `A straight line is a power law. Exponent of these peers ${fitted.toFixed(2)}, of the law ${law.toFixed(2)}.`
  }
}

function picture(reply: DegreesReply): SVGElement {
  const tail = tailOf(reply).filter(({ degree, peers, law }) => degree > 0 && peers + law > 0)
  const degreeMin = tail[0]?.degree ?? 1
  const degreeMax = Math.max(tail.at(-1)?.degree ?? 10, degreeMin + 1)
  const most = Math.max(1, ...tail.map(({ peers, law }) => Math.max(peers, law)))
  const x = logScale(degreeMin * 0.93, degreeMax * 1.07, left, width - right)
  const y = logScale(0.8, most * 1.15, height - bottom, top)
  const base = height - bottom
  const law = tail.filter(point => point.law >= 0.8)
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `Peers with so many links or more, on two logarithmic axes, from ${degreeMin} to ${degreeMax} links`
    },
    ...logTicks(degreeMin, degreeMax).flatMap(tick => [
      svg('line', { class: 'grid', x1: x(tick), x2: x(tick), y1: top, y2: base }),
      svg('text', { class: 'tick middle', x: x(tick), y: base + 15 }, tick)
    ]),
    ...logTicks(1, most).flatMap(tick => [
      svg('line', { class: 'grid', x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick end', x: left - 6, y: y(tick) + 4 }, count(tick))
    ]),
    svg('polyline', { class: 'law', points: law.map(point => `${x(point.degree)},${y(point.law)}`).join(' ') }),
    ...tail
      .filter(({ peers }) => peers > 0)
      .map(({ degree, peers }) => svg('circle', { class: 'dot', cx: x(degree), cy: y(peers), r: 3.5 })),
    svg('text', { class: 'axis middle', x: (left + width - right) / 2, y: height - 4 }, 'links')
  )
}

/** Above the picture, where there is always room. */
function legend(): HTMLElement {
  const sign = (mark: SVGElement): SVGElement => svg('svg', { viewBox: '0 0 20 16', 'aria-hidden': 'true' }, mark)
  return h(
    'ul',
    { class: 'legend' },
    h('li', {}, sign(svg('circle', { class: 'dot', cx: 10, cy: 8, r: 3.5 })), 'peers with so many links or more'),
    h('li', {}, sign(svg('line', { class: 'law', x1: 1, x2: 19, y1: 8, y2: 8 })), 'the law')
  )
}
