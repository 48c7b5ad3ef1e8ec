import type { Joined } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Millis } from './machine.ts'

/** Whether a peer was reached at the addresses of its record; `unknown`, if that could not be tried. */
export type Reach = 'untried' | 'unknown' | 'reached' | 'unreached'

/** What a seed knows of a peer that is registered with it. */
export interface Registration<Peer> {
  readonly record: PeerRecord<Peer>
  reach: Reach
  /** By the last renewal: nobody is sent to those it is linked with, and they may report it. */
  neighbours: readonly Peer[]
  /** When it last showed a sign of life. */
  heardAt: Millis
  /** When its lease ends. */
  leaseUntil: Millis
}

/** What followers are told of it. */
export function joined<Peer>({ record, reach }: Registration<Peer>): { readonly type: 'joined' } & Joined<Peer> {
  return { type: 'joined', record, ...(reach !== 'reached' && { unreachable: true }) }
}
