import { actionForm } from '../components/form.ts'
import { errorNotice } from '../components/notice.ts'
import { peerTable } from '../components/peer-table.ts'
import { h } from '../dom.ts'
import { counted, millis } from '../format.ts'
import { hashOf } from '../route.ts'
import type { Column } from '../components/table.ts'
import type { Context } from '../context.ts'
import type { ConnectReply, PeersReply, PeerSummary } from '../../http/contract.ts'

const states = ['all', 'alive', 'dead'] as const

/** All peers, to be sorted and filtered, and a way to have one more. */
export function peersPage(context: Context): Node[] {
  const { live, node, signal } = context
  const columns: Column<PeerSummary>[] = [
    {
      title: 'Seeds',
      isWide: true,
      order: ({ seeds = [] }) => seeds.join(' '),
      cell: ({ seeds = [] }) => h('span', { class: 'one-line' }, seeds.length === 0 ? '–' : seeds.toSorted().join(', '))
    }
  ]
  if (node.role === 'peer') {
    columns.unshift({
      title: 'Latency',
      isNumber: true,
      order: ({ latencyMs }) => latencyMs ?? Infinity,
      cell: ({ latencyMs }) => millis(latencyMs)
    })
  }
  const table = peerTable<PeerSummary>('Peers', columns)
  const found = h('p', { class: 'quiet', role: 'status' })
  const wrong = h('div')
  let peers: readonly PeerSummary[] = []
  const show = (): void => {
    const rows = peers.filter(peer => isWanted(peer, search.value, state.value))
    table.show(rows)
    found.textContent =
      rows.length === peers.length
        ? counted(peers.length, 'peer')
        : `${rows.length} of ${counted(peers.length, 'peer')}`
  }
  const search = h('input', { type: 'search', placeholder: 'Name, id or seed', 'aria-label': 'Filter', input: show })
  const state = h(
    'select',
    { 'aria-label': 'State', change: show },
    ...states.map(each => h('option', { value: each }, each === 'all' ? 'any state' : each))
  )
  live.watch<PeersReply>(
    'peers',
    'peers',
    signal,
    reply => {
      peers = reply.peers
      wrong.replaceChildren()
      show()
    },
    error => wrong.replaceChildren(errorNotice(error))
  )
  return [
    h('div', { class: 'head' }, h('h1', {}, 'Peers'), h('div', { class: 'tools' }, found, search, state)),
    ...newcomerForm(context),
    wrong,
    table.element
  ]
}

function isWanted(peer: PeerSummary, words: string, state: string): boolean {
  if (state !== 'all' && peer.state !== state) return false
  const text = [peer.name, peer.id, ...(peer.seeds ?? [])].join(' ').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}

function newcomerForm(context: Context): Node[] {
  const { api, node } = context
  if (node.role === 'swarm') {
    const start = async (name: string): Promise<Node> => {
      const peer = await api.act<PeerSummary>('POST', 'peers', name === '' ? {} : { name })
      return h('p', {}, 'Started ', h('a', { href: hashOf('peers', peer.id) }, peer.name))
    }
    const form = { label: 'Start one more peer', placeholder: 'Name, or none', button: 'Start', lengthMax: 32 }
    return [actionForm(context, { ...form, mayBeEmpty: true, act: start })]
  }
  if (node.role === 'peer') {
    const connect = async (address: string): Promise<Node> => {
      const { agent, id } = await api.act<ConnectReply>('POST', 'connect', { address })
      return h('p', {}, `Connected to ${id}${agent === '' ? '' : `, which calls itself ${agent}`}`)
    }
    const form = { label: 'Connect to a libp2p node', placeholder: '/ip4/192.0.2.10/tcp/4001', button: 'Connect' }
    return [actionForm(context, { ...form, lengthMax: 500, act: connect })]
  }
  return []
}
