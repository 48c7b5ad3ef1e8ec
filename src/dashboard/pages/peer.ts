import { BigNumbers } from '../components/big-numbers.ts'
import { EventList } from '../components/event-list.ts'
import { cannotAct } from '../components/form.ts'
import { emptyNotice, errorNotice } from '../components/notice.ts'
import { stateBadge } from '../components/peer-table.ts'
import { Table } from '../components/table.ts'
import { h } from '../dom.ts'
import { count, millis } from '../format.ts'
import { hashOf } from '../route.ts'
import type { Context } from '../context.ts'
import type { EndPeerHow, PeerReply } from '../../http/contract.ts'

type Neighbour = PeerReply['neighbours'][number]

/** One peer: who it is, where it can be reached, whom it knows and what has happened to it. */
export function peerPage(context: Context, id: string): Node[] {
  const { live, node, signal } = context
  // A seed hears no gossip, and what happens in a peer is known to the peer.
  const hears = node.role !== 'seed'
  const name = h('h1', {}, '…')
  const state = h('span')
  const numbers = new BigNumbers(hears ? ['Links', 'Published', 'Received', 'Seeds'] : ['Links', 'Seeds'])
  const addresses = h('ul', { class: 'addresses' })
  const neighbours = new Table<Neighbour>({
    caption: 'Neighbours',
    key: neighbour => neighbour.id,
    columns: [
      {
        title: 'Neighbour',
        order: neighbour => neighbour.name,
        cell: neighbour =>
          neighbour.role === 'foreign'
            ? h('span', {}, neighbour.name, ' ', h('span', { class: 'quiet' }, 'foreign'))
            : h('a', { href: hashOf('peers', neighbour.id) }, neighbour.name)
      },
      {
        title: 'Latency',
        isNumber: true,
        order: ({ latencyMs }) => latencyMs ?? Infinity,
        cell: ({ latencyMs }) => millis(latencyMs)
      }
    ],
    sort: ['Neighbour', 1]
  })
  const events = new EventList()
  const wrong = h('div')
  let shownAddresses = ''
  live.watch<PeerReply>(
    `peers/${encodeURIComponent(id)}`,
    'peers',
    signal,
    peer => {
      name.textContent = peer.name
      state.replaceChildren(stateBadge(peer.state))
      numbers.set('Links', count(peer.degree), peer.target === null ? '' : `the law gives it ${peer.target}`)
      if (hears) {
        numbers.set('Published', count(peer.published))
        numbers.set('Received', count(peer.delivered))
      }
      numbers.set('Seeds', String(peer.seeds.length), peer.seeds.join(' '))
      // Only when they change: a button that was pressed says so for a while.
      if (shownAddresses !== peer.addresses?.join(' '))
        addresses.replaceChildren(...(peer.addresses ?? [id]).map(toCopy))
      shownAddresses = peer.addresses?.join(' ') ?? ''
      neighbours.show(peer.neighbours)
      events.show(peer.events.toReversed())
      wrong.replaceChildren()
    },
    error =>
      wrong.replaceChildren(errorNotice(error, 'This node knows nobody of this id: whoever is gone is forgotten.'))
  )
  const acts = node.role === 'swarm' ? [endButtons(context, id, wrong)] : []
  return [
    h('a', { class: 'back', href: hashOf('peers') }, 'All peers'),
    h(
      'div',
      { class: 'head' },
      name,
      state,
      h(
        'div',
        { class: 'tools' },
        h('a', { class: 'button', href: hashOf('overlay', undefined, { peer: id }) }, 'Show on the overlay'),
        ...acts
      )
    ),
    wrong,
    h('p', { class: 'quiet mono id' }, id),
    numbers.element,
    h('h2', {}, 'Addresses'),
    addresses,
    h(
      'div',
      { class: 'columns' },
      h('section', {}, h('h2', {}, 'Neighbours'), neighbours.element),
      ...(hears ? [h('section', {}, h('h2', {}, 'Last events'), events.element)] : [])
    )
  ]
}

const toldMs = 1500

function toCopy(address: string): HTMLElement {
  const button = h('button', { type: 'button', class: 'quiet', click: () => void copy() }, 'Copy')
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(address)
      button.textContent = 'Copied'
    } catch {
      button.textContent = 'Select it and copy'
    }
    setTimeout(() => (button.textContent = 'Copy'), toldMs)
  }
  return h('li', {}, h('code', {}, address), button)
}

/** Two presses each: what is dead stays dead. */
function endButtons({ api, node }: Context, id: string, wrong: HTMLElement): HTMLElement {
  const end = (label: string, how: EndPeerHow): HTMLButtonElement => {
    const button = h('button', {
      type: 'button',
      class: 'danger',
      disabled: !node.canAct,
      title: node.canAct ? undefined : cannotAct,
      click: () => {
        if (button.dataset['asked'] === undefined) {
          button.dataset['asked'] = ''
          button.textContent = `${label}: sure?`
          return
        }
        delete button.dataset['asked']
        button.textContent = label
        void run()
      },
      blur: () => {
        delete button.dataset['asked']
        button.textContent = label
      }
    })
    const run = async (): Promise<void> => {
      try {
        await api.act('DELETE', `peers/${encodeURIComponent(id)}?how=${how}`)
        wrong.replaceChildren(emptyNotice(how === 'kill' ? 'Killed, without a word to anybody.' : 'It leaves.'))
      } catch (error) {
        wrong.replaceChildren(errorNotice(error))
      }
    }
    button.textContent = label
    return button
  }
  return h('span', { class: 'ends' }, end('Have it leave', 'leave'), end('Kill it', 'kill'))
}
