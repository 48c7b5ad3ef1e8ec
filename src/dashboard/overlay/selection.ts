import { h } from '../dom.ts'
import { counted } from '../format.ts'
import { hashOf } from '../route.ts'
import type { Graph, Vertex } from './graph.ts'

/** The peer that the reader has picked, with its neighbours, the biggest first. */
export function selection(
  { degree, id, isHub, name, neighbours, target }: Vertex,
  graph: Graph,
  select: (id: string | undefined) => void
): HTMLElement {
  const others = neighbours
    .map(at => graph.vertices[at] as Vertex)
    .toSorted((a, b) => b.degree - a.degree)
    .map(other =>
      h(
        'li',
        {},
        h('button', { type: 'button', class: 'link', click: () => select(other.id) }, other.name),
        h('span', { class: 'quiet' }, ` ${counted(other.degree, 'link')}`)
      )
    )
  const wanted = target === null ? '' : `, the law gives it ${target}`
  return h(
    'section',
    { class: 'selection', 'aria-label': `Peer ${name}` },
    h(
      'div',
      { class: 'head' },
      h('h2', {}, name),
      h('button', { type: 'button', class: 'quiet', click: () => select(undefined) }, 'Close')
    ),
    h(
      'p',
      {},
      `${isHub ? 'A hub' : 'A peer'} with ${counted(degree, 'link')}${wanted}. `,
      h('a', { href: hashOf('peers', id) }, 'Open its page')
    ),
    h('h3', {}, 'Neighbours'),
    h('ul', { class: 'neighbours' }, ...others)
  )
}
