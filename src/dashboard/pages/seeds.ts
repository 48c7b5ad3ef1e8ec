import { emptyNotice, errorNotice } from '../components/notice.ts'
import { Table } from '../components/table.ts'
import { h } from '../dom.ts'
import { count, counted, shortId } from '../format.ts'
import { hashOf } from '../route.ts'
import type { Context } from '../context.ts'
import type { SeedsReply, SeedSummary } from '../../http/contract.ts'

type Difference = SeedsReply['differences'][number]

/** The seeds side by side, and the peers that not all of them know. */
export function seedsPage({ live, node, signal }: Context): Node[] {
  const cards = h('ul', { class: 'cards' })
  const differences = h('section')
  let table: Table<Difference> | undefined
  let labels = ''
  const wrong = h('div')
  live.watch<SeedsReply>(
    'seeds',
    'registrations',
    signal,
    reply => {
      cards.replaceChildren(...reply.seeds.map(card))
      wrong.replaceChildren()
      const seeds = reply.seeds.map(({ label }) => label)
      // Its columns are the seeds.
      if (table === undefined || labels !== seeds.join(' ')) table = differenceTable(seeds)
      labels = seeds.join(' ')
      table.show(reply.differences)
      differences.replaceChildren(
        ...(reply.differences.length > 0
          ? [h('h2', {}, `${counted(reply.differences.length, 'peer')} known to some only`), table.element]
          : [emptyNotice(agreement(node.role, reply.seeds.length))])
      )
    },
    error => wrong.replaceChildren(errorNotice(error))
  )
  const { seeds, quorum } = node.network
  return [
    h('div', { class: 'head' }, h('h1', {}, 'Seeds')),
    h(
      'p',
      { class: 'caption' },
      `A peer registers with ${quorum} of the ${counted(seeds, 'seed')}, chosen at random. Each seed hears from the others who else is there.`
    ),
    wrong,
    cards,
    differences
  ]
}

function agreement(role: string, seeds: number): string {
  return role === 'swarm'
    ? `All ${seeds} seeds know the same peers.`
    : `A ${role} cannot compare the lists of the seeds: a swarm can, or the pages of the seeds side by side.`
}

function card({ label, id, alive, registered }: SeedSummary): HTMLElement {
  return h(
    'li',
    { class: 'card' },
    h('div', { class: 'head' }, h('h2', {}, label), aliveBadge(alive)),
    h('p', { class: 'value' }, count(registered), h('span', { class: 'note' }, ' registered here')),
    h('p', { class: 'quiet mono', title: id ?? undefined }, id === null ? 'not met yet' : shortId(id))
  )
}

function aliveBadge(alive: SeedSummary['alive']): HTMLElement {
  if (alive === null) return h('span', { class: 'quiet' }, 'not asked from here')
  return h('span', { class: `state ${alive ? 'alive' : 'dead'}` }, alive ? 'alive' : 'no answer')
}

function differenceTable(labels: readonly string[]): Table<Difference> {
  return new Table<Difference>({
    caption: 'Peers that not all seeds know',
    key: ({ id }) => id,
    columns: [
      {
        title: 'Peer',
        order: ({ name }) => name,
        cell: ({ id, name }) => h('a', { href: hashOf('peers', id) }, name)
      },
      ...labels.map(label => ({
        title: label,
        order: ({ knownBy }: Difference) => (knownBy.includes(label) ? 1 : 0),
        cell: ({ knownBy }: Difference) =>
          knownBy.includes(label)
            ? h('span', { class: 'state alive' }, 'knows it')
            : h('span', { class: 'state dead' }, 'does not')
      }))
    ]
  })
}
