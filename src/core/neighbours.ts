import { neighboursMax } from '#protocols/registration/messages.ts'
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
  readonly state: NeighbourState
  /** Names the stream of the link together with the peer. */
  readonly nonce: number
  /** Links that an answer to our request may bring: 2 while it is on its way, if it wanted two. */
  readonly reserves: 1 | 2
  /** Until then a request of the peer may arrive that it sent before it knew of ours; 0 when the peer has asked. */
  crossingUntil: Millis
  /** The pings in a row that failed, oldest first. */
  missed: readonly PingFailure[]
}

/** Nearly all entries are without a failure all the time: they share this. */
export const noFailures: readonly PingFailure[] = []

/**
 * The ONE table of neighbours that topology, liveness and gossip share, so that they never disagree about who is one. Topology
 * alone adds, changes and removes; at most one entry a peer, in the order in which they came.
 */
export class Neighbours<Peer> {
  /** A peer has nine on average and 256 at most: a search through an array is quicker than a Map there, and takes a third of it. */
  readonly #entries: Neighbour<Peer>[] = []
  #askedCount = 0
  #linkedCount = 0
  #reserved = 0
  #linked: readonly Peer[] | undefined

  get(peer: Peer): Neighbour<Peer> | undefined {
    for (const neighbour of this.#entries) if (neighbour.peer === peer) return neighbour
    return undefined
  }

  /** Entries in this state. */
  count(state: NeighbourState): number {
    if (state === 'asked') return this.#askedCount
    if (state === 'linked') return this.#linkedCount
    return this.#entries.length - this.#askedCount - this.#linkedCount
  }

  /** Links that the requests on their way may bring. */
  get reserved(): number {
    return this.#reserved
  }

  /** Peers whose links stand. The same array until one comes or goes, for it is told to the seeds again and again. */
  get linked(): readonly Peer[] {
    if (this.#linked === undefined) {
      const linked: Peer[] = []
      for (const { peer, state } of this.#entries) if (state === 'linked') linked.push(peer)
      // Of just the length that is needed: it stays.
      this.#linked = linked.slice()
    }
    return this.#linked
  }

  /** Peers whose links stand or have just broken, as they are named to the seeds: only neighbours may report each other. */
  get named(): readonly Peer[] {
    const lost = this.count('lost')
    if (lost === 0) return this.linked
    return [...this.linked, ...this.in('lost').map(({ peer }) => peer)].slice(0, neighboursMax)
  }

  /** The entries in this state as they are now: later changes do not touch what is given here. */
  in(state: NeighbourState): Neighbour<Peer>[] {
    return this.#entries.filter(neighbour => neighbour.state === state)
  }

  /** Puts an entry in at the end, in place of one that the peer may have. */
  put(peer: Peer, name: string, state: NeighbourState, nonce: number, reserves: 1 | 2 = 1): Neighbour<Peer> {
    this.remove(peer)
    const neighbour: Neighbour<Peer> = { peer, name, state, nonce, reserves, crossingUntil: 0, missed: noFailures }
    this.#entries.push(neighbour)
    this.#count(neighbour, 1)
    return neighbour
  }

  /** The link has broken: it is watched on in place of the one that is watched for longest, if there are as many as may be. */
  lose({ peer, name, nonce }: Neighbour<Peer>, lostMax: number): void {
    const lost = this.in('lost')
    if (lost[0] !== undefined && lost.length >= lostMax) this.remove(lost[0].peer)
    this.put(peer, name, 'lost', nonce)
  }

  remove(peer: Peer): void {
    const neighbour = this.get(peer)
    if (neighbour === undefined) return
    this.#entries.splice(this.#entries.indexOf(neighbour), 1)
    this.#count(neighbour, -1)
  }

  #count({ state, reserves }: Neighbour<Peer>, change: 1 | -1): void {
    if (state === 'linked') {
      this.#linkedCount += change
      this.#linked = undefined
    } else if (state === 'asked') {
      this.#askedCount += change
      this.#reserved += change * reserves
    }
  }
}
