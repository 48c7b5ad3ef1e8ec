import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Millis } from './machine.ts'

/** What a seed must not forget, one of each type for each peer: one that forgets could give a name to a second peer. */
export type Kept<Peer> =
  | { readonly type: 'registered'; readonly record: PeerRecord<Peer> }
  | { readonly type: 'held'; readonly id: Peer; readonly name: string }

/**
 * The time in which a seed that has started without memory gives no names away: it may have registered somebody before. It is over when so many
 * others have told their lists, or when nobody relies on a lease of its life before any more.
 */
export class Amnesia<Seed> {
  readonly #since: Millis
  readonly #count: number
  readonly #heard = new Set<Seed>()

  /** @param count other seeds that have to be heard: see `othersWanted` */
  constructor(count: number, since: Millis) {
    this.#count = count
    this.#since = since
  }

  /** This seed has told its whole list. */
  heard(seed: Seed): void {
    this.#heard.add(seed)
  }

  isOver(leaseMs: Millis, now: Millis): boolean {
    return this.#heard.size >= this.#count || now - this.#since >= leaseMs
  }
}

/** Enough of the other seeds that every quorum of floor(n/2)+1 seeds, without the one that has no memory, has one of them. */
export function othersWanted(seeds: number): number {
  return Math.min(seeds - 1, Math.ceil(seeds / 2))
}
