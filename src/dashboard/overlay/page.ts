import { BigNumbers } from '../components/big-numbers.ts'
import { DegreeChart } from '../components/degree-chart.ts'
import { figure } from '../components/figure.ts'
import { errorNotice } from '../components/notice.ts'
import { peerTable } from '../components/peer-table.ts'
import { h } from '../dom.ts'
import { count, counted, percent } from '../format.ts'
import { graphOf, hubSentence, noGraph } from './graph.ts'
import { GraphView } from './graph-view.ts'
import { legend } from './legend.ts'
import { selection } from './selection.ts'
import { WavePlayer } from './wave-player.ts'
import type { Context } from '../context.ts'
import type { DegreesReply, MessagesReply, OverlayReply, SeedsReply } from '../../http/contract.ts'
import type { Graph } from './graph.ts'

/** The whole network at a glance. `?wave=ID` plays a message, `?peer=ID` shows a peer. */
export function overlayPage(context: Context, query: URLSearchParams): Node[] {
  const { live, node, signal } = context
  const numbers = new BigNumbers(['Peers', 'Links', 'Seeds', 'Delivered'])
  const view = new GraphView(signal)
  const table = peerTable('Peers by number of links')
  const chart = new DegreeChart()
  const picked = h('div', { class: 'picked' })
  const hubs = h('p', { class: 'caption' })
  const outcome = h('p', { class: 'told', role: 'status' })
  const player = new WavePlayer(context, outcome, wave => view.play(wave))
  const finder = h('datalist', { id: 'finder' })
  let graph: Graph = noGraph

  view.onSelect = vertex => {
    picked.replaceChildren(...(vertex === undefined ? [] : [selection(vertex, graph, id => view.select(id))]))
  }
  const find = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const found = graph.vertices.find(({ name }) => name === input.value)
    if (found !== undefined) view.select(found.id)
  }

  let selected = query.get('peer') ?? undefined
  const wrong = h('div')
  const show = (reply: OverlayReply): void => {
    graph = graphOf(reply)
    view.show(graph)
    table.show(reply.nodes)
    hubs.textContent =
      node.role === 'peer' ? 'A peer sees itself, which has the ring, and its neighbours.' : hubSentence(graph)
    finder.replaceChildren(...graph.vertices.map(({ name }) => h('option', { value: name })))
    numbers.set('Peers', count(graph.vertices.length), goneNote(reply))
    numbers.set('Links', count(graph.links.length), linksNote(graph))
    wrong.replaceChildren()
    if (selected !== undefined) view.select(selected)
    selected = undefined
  }
  live.watch<OverlayReply>('overlay', 'links', signal, show, error => wrong.replaceChildren(errorNotice(error)))
  live.watch<DegreesReply>('degrees', 'links', signal, reply => chart.show(reply))
  live.watch<SeedsReply>('seeds', 'registrations', signal, ({ seeds }) => {
    const alive = seeds.filter(seed => seed.alive).length
    numbers.set('Seeds', `${alive} of ${node.network.seeds}`, `${node.network.quorum} are needed`)
  })
  live.watch<MessagesReply>('messages', 'messages', signal, reply => {
    const [delivered, expected] = deliveries(reply)
    numbers.set('Delivered', percent(delivered, expected), `last ${counted(reply.messages.length, 'message')}`)
    player.offer(reply)
  })
  const wave = query.get('wave')
  if (wave !== null) void player.play(wave)

  const tools = h(
    'div',
    { class: 'zoom' },
    h('button', { type: 'button', 'aria-label': 'Zoom in', click: () => view.zoom(1.4) }, '+'),
    h('button', { type: 'button', 'aria-label': 'Zoom out', click: () => view.zoom(1 / 1.4) }, '−'),
    h('button', { type: 'button', click: () => view.fit() }, 'Fit')
  )
  const search = h('input', {
    type: 'search',
    list: 'finder',
    placeholder: 'Find a peer',
    'aria-label': 'Find a peer',
    change: find,
    input: find
  })
  const stage = h('div', { class: 'stage' }, view.element, tools, outcome)
  const map = figure('Overlay', stage, table.element, search, player.element, finder)
  const key = h('section', { class: 'figure' }, h('h2', {}, 'What you see'), legend(), hubs)
  const side = h('div', { class: 'side' }, picked, key, chart.element)
  return [wrong, numbers.element, h('div', { class: 'columns' }, map, side)]
}

function goneNote({ nodes }: OverlayReply): string {
  const gone = nodes.filter(({ state }) => state === 'dead').length
  return gone === 0 ? 'all alive' : `${gone} just gone`
}

function linksNote({ vertices, links }: Graph): string {
  return vertices.length === 0 ? '' : `${((2 * links.length) / vertices.length).toFixed(1)} a peer`
}

function deliveries({ messages }: MessagesReply): [number, number] {
  return [
    messages.reduce((sum, { delivered }) => sum + delivered, 0),
    messages.reduce((sum, { expected }) => sum + expected, 0)
  ]
}
