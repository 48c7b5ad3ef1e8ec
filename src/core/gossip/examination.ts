import { SmallMap } from '../small-map.ts'
import type { Batch } from '#protocols/gossip/messages.ts'
import type { Origin } from './origin.ts'

/** A batch that is being examined. */
export interface Candidate<Peer> {
  readonly origin: Origin<Peer>
  readonly hops: number
  /** As the first one has sent it. */
  readonly flood: boolean
  /** Neighbours that have sent it, in their order; at least one. */
  readonly senders: [Peer, ...Peer[]]
}

/** Batches whose fate somebody else decides: they are neither seen nor missing until then. */
export class Examination<Peer> {
  readonly #candidatesMax: number
  readonly #candidates = new SmallMap<Batch<Peer>, Candidate<Peer>>()

  constructor(candidatesMax: number) {
    this.#candidatesMax = candidatesMax
  }

  /** Returns whether there was room. Whoever named a batch for which there was none will name it again. */
  begin(candidate: Candidate<Peer>, batch: Batch<Peer>): boolean {
    if (this.#candidates.size >= this.#candidatesMax) return false
    this.#candidates.set(batch, candidate)
    candidate.origin.examine(batch.sequence, candidate)
    return true
  }

  /** Its fate is decided: takes it out, whatever has become of its origin meanwhile. */
  end(batch: Batch<Peer>): Candidate<Peer> | undefined {
    const candidate = this.#candidates.get(batch)
    this.#candidates.delete(batch)
    candidate?.origin.judged(batch.sequence)
    return candidate
  }
}
