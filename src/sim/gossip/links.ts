import { below } from '#src/core/random.ts'
import type { Random } from '#src/core/random.ts'
import type { Graph } from '../graph.ts'

/** Time from one end of a link to the other, drawn once for each link, in ms. */
const latencyMsMin = 10
const latencyMsMax = 50

/**
 * The links of a graph, seen from each end: those of peer p are the numbers from first[p] to first[p + 1] - 1, and what is known of a
 * link end is in arrays by this number. A million peers have nine million of them.
 */
export class Links {
  readonly peers: number
  readonly first: Uint32Array
  /** Whose end it is, and who is at the other end. The ends of a peer are in ascending order of the others. */
  readonly owner: Uint32Array
  readonly target: Uint32Array
  /** The other end of the same link. */
  readonly back: Uint32Array
  /** The same in both directions, in whole ms. */
  readonly latency: Uint8Array

  constructor({ peers, offsets, targets }: Graph, random: Random) {
    this.peers = peers
    this.first = offsets
    this.owner = new Uint32Array(targets.length)
    this.target = new Uint32Array(targets.length)
    this.back = new Uint32Array(targets.length)
    this.latency = new Uint8Array(targets.length)
    for (let peer = 0; peer < peers; peer++) this.owner.fill(peer, offsets[peer], offsets[peer + 1])
    // Going through the peers in ascending order, each is the next neighbour of its neighbours.
    const next = offsets.slice(0, peers)
    const take = (peer: number): number => {
      const end = next[peer] as number
      next[peer] = end + 1
      return end
    }
    for (const [end, other] of targets.entries()) this.target[take(other)] = this.owner[end] as number
    next.set(offsets.subarray(0, peers))
    for (const [end, other] of this.target.entries()) this.back[end] = take(other)
    for (const [end, back] of this.back.entries()) {
      if (back > end) this.latency[end] = latencyMsMin + below(random, latencyMsMax - latencyMsMin + 1)
      else this.latency[end] = this.latency[back] as number
    }
  }

  /** Link ends. */
  get ends(): number {
    return this.target.length
  }

  /** The end at `peer` of its link with `other`. */
  between(peer: number, other: number): number {
    let low = this.first[peer] as number
    let high = (this.first[peer + 1] as number) - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.target[middle] as number) < other) low = middle + 1
      else high = middle
    }
    if (this.target[low] !== other || this.owner[low] !== peer)
      throw new RangeError(`${peer} has no link with ${other}`)
    return low
  }
}
