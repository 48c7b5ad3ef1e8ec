import type { PingFailure } from '#protocols/dead-report/messages.ts'
import type { Millis } from './machine.ts'

/**
 * - `asked`: a request for a link is on its way; it counts as reserved.
 * - `linked`: the link stands.
 * - `lost`: the link ended without a word. Not a link any more, but watched until the peer answers a ping or is reported.
 */
export type NeighbourState = 'asked' | 'linked' | 'lost'

export interface Neighbour<Peer> {
  readonly peer: Peer
  readonly name: string
  state: NeighbourState
  /** Names the stream of the link together with the peer. */
  nonce: number
  /** Until then a request of the peer may arrive that it sent before it knew of ours; 0 when the peer has asked. */
  crossingUntil: Millis
  /** The pings in a row that failed, oldest first. */
  missed: PingFailure[]
}

/**
 * The ONE table of neighbours that topology, liveness and gossip share, so that they never disagree about who is one. Topology
 * alone adds, changes and removes; at most one entry a peer, in the order in which they came.
 */
export class Neighbours<Peer> {
  readonly #entries = new Map<Peer, Neighbour<Peer>>()
  readonly #counts: Record<NeighbourState, number> = { asked: 0, linked: 0, lost: 0 }

  get(peer: Peer): Neighbour<Peer> | undefined {
    return this.#entries.get(peer)
  }

  /** Entries in this state. */
  count(state: NeighbourState): number {
    return this.#counts[state]
  }

  *in(state: NeighbourState): Iterable<Neighbour<Peer>> {
    for (const neighbour of this.#entries.values()) if (neighbour.state === state) yield neighbour
  }

  /** Puts an entry in at the end, in place of one that the peer may have. */
  put(peer: Peer, name: string, state: NeighbourState, nonce: number): Neighbour<Peer> {
    this.remove(peer)
    const neighbour: Neighbour<Peer> = { peer, name, state, nonce, crossingUntil: 0, missed: [] }
    this.#entries.set(peer, neighbour)
    this.#counts[state]++
    return neighbour
  }

  remove(peer: Peer): void {
    const neighbour = this.#entries.get(peer)
    if (neighbour === undefined) return
    this.#entries.delete(peer)
    this.#counts[neighbour.state]--
  }
}
