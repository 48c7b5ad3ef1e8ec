import type { Batch } from '#protocols/gossip/messages.ts'
import type { Origin } from './origin.ts'

/** A batch that is being examined. */
export interface Candidate<Peer> {
  readonly origin: Origin<Peer>
  readonly hops: number
  /** Neighbours that have sent it, in their order; at least one. */
  readonly senders: [Peer, ...Peer[]]
}

/** Batches whose fate somebody else decides: they are neither seen nor missing until then. */
export class Examination<Peer> {
  readonly #candidatesMax: number
  readonly #candidates = new Map<Origin<Peer>, Map<number, Candidate<Peer>>>()
  #count = 0

  constructor(candidatesMax: number) {
    this.#candidatesMax = candidatesMax
  }

  /** Returns whether there was room. Whoever named a batch for which there was none will name it again. */
  begin(candidate: Candidate<Peer>, { sequence }: Batch<Peer>): boolean {
    if (this.#count >= this.#candidatesMax) return false
    this.#count++
    const others = this.#candidates.get(candidate.origin)
    if (others === undefined) this.#candidates.set(candidate.origin, new Map([[sequence, candidate]]))
    else others.set(sequence, candidate)
    return true
  }

  get(origin: Origin<Peer> | undefined, sequence: number): Candidate<Peer> | undefined {
    return origin && this.#candidates.get(origin)?.get(sequence)
  }

  end({ origin }: Candidate<Peer>, sequence: number): void {
    const others = this.#candidates.get(origin)
    if (others?.delete(sequence) === true) this.#count--
    if (others?.size === 0) this.#candidates.delete(origin)
  }
}
