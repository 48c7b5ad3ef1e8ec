import { h } from '../dom.ts'
import { hashOf } from '../route.ts'
import { Table } from './table.ts'
import type { Column } from './table.ts'
import type { OverlayNode } from '../../http/contract.ts'

type Row = Pick<OverlayNode, 'id' | 'name' | 'state' | 'degree' | 'target'>

/** Peers with their links, and what else the caller knows of them. */
export function peerTable<More extends Row>(caption: string, more: readonly Column<More>[] = []): Table<More> {
  return new Table<More>({
    caption,
    key: ({ id }) => id,
    sort: ['Links', -1],
    columns: [
      {
        title: 'Peer',
        order: ({ name }) => name,
        cell: ({ id, name }) => h('a', { href: hashOf('peers', id) }, name)
      },
      { title: 'State', order: ({ state }) => state, cell: ({ state }) => stateBadge(state) },
      { title: 'Links', isNumber: true, order: ({ degree }) => degree, cell: ({ degree }) => degree },
      {
        title: 'Target',
        isNumber: true,
        order: ({ target }) => target ?? -1,
        cell: ({ target }) => target ?? '–'
      },
      ...more
    ]
  })
}

export function stateBadge(state: Row['state']): HTMLElement {
  return h('span', { class: `state ${state}` }, state)
}
