import { between } from './random.ts'
import type { Random } from './random.ts'

/**
 * How many links a peer should have: the quantile function of a truncated power law, read at the peer's rank.
 *
 * A degree is a target by rank and not an accident of history. Preferential attachment lets degrees emerge from who came
 * when, and churn destroys what emerged; a quantile by rank gives the same law at every size and after every loss.
 */

export interface DegreeLawSettings {
  /** Exponent of the law: P(degree = k) ~ k^-gamma. */
  readonly gamma: number
  /** Fewest links of a peer, in networks of `smallNetworkPeers` and more. */
  readonly kMin: number
  /** Fewest links of a peer, in smaller networks. */
  readonly kMinSmall: number
  readonly smallNetworkPeers: number
  /** Most links of a peer. */
  readonly kMax: number
}

/** Where a peer stands among all: `rank` 0 is the biggest hub, `peers` counts everybody including itself. */
export interface Standing {
  readonly rank: number
  readonly peers: number
}

export class DegreeLaw {
  readonly #settings: DegreeLawSettings
  /** Cumulative distributions by kMin, cutoff and exponent: at most 2 * log2(peers) different cutoffs are ever asked for. */
  readonly #distributions = new Map<number, Float64Array>()
  readonly #means = new Map<number, number>()
  /** The last cutoff that was asked for: the same size is asked for again and again. */
  #cutoffPeers = -1
  #cutoff = 0

  constructor(settings: DegreeLawSettings) {
    this.#settings = settings
  }

  #kMin(peers: number): number {
    return peers < this.#settings.smallNetworkPeers ? this.#settings.kMinSmall : this.#settings.kMin
  }

  /**
   * The structural cutoff: a hub with more than about sqrt(mean * peers) links would need several links to the same peer.
   * It moves in half octaves so that peers which disagree a little about the size of the network agree about the law.
   */
  cutoff(peers: number): number {
    if (peers !== this.#cutoffPeers) {
      this.#cutoffPeers = peers
      this.#cutoff = this.#cutoffFor(peers)
    }
    return this.#cutoff
  }

  #cutoffFor(peers: number): number {
    const kMin = this.#kMin(peers)
    const size = peers < 32 ? peers : 2 ** (Math.floor(2 * Math.log2(peers)) / 2)
    const structural = Math.floor(Math.sqrt(this.#mean(kMin) * size))
    return Math.min(Math.max(structural, kMin + 1), this.#settings.kMax)
  }

  /** The fewest and the most links that the law gives in a network of this size. */
  range(peers: number): { readonly from: number; readonly to: number } {
    return { from: this.#kMin(peers), to: this.cutoff(peers) }
  }

  /** Target degree of the peer with this standing. Depends on nothing else, so equal answers give equal targets. */
  target({ rank, peers }: Standing): number {
    if (peers <= 1) return 0
    const kMin = this.#kMin(peers)
    const distribution = this.#distribution(kMin, this.cutoff(peers), this.#settings.gamma)
    const quantile = Math.min(Math.max(1 - (rank + 0.5) / peers, 0), 1 - 0.25 / peers)
    return Math.min(kMin + firstAtLeast(distribution, quantile), peers - 1)
  }

  /**
   * The rank of a peer drawn in proportion to its target degree: whoever is at the end of a link that is drawn evenly.
   * @returns 0 to peers - 1
   */
  linkEnd(peers: number, random: Random): number {
    const kMin = this.#kMin(peers)
    const cutoff = this.cutoff(peers)
    const ends = this.#distribution(kMin, cutoff, this.#settings.gamma - 1)
    const degree = firstAtLeast(ends, random())
    const peersBelow = this.#distribution(kMin, cutoff, this.#settings.gamma)
    const quantile = between(random, peersBelow[degree - 1] ?? 0, peersBelow[degree] as number)
    return Math.min(Math.floor((1 - quantile) * peers), peers - 1)
  }

  #mean(kMin: number): number {
    let mean = this.#means.get(kMin)
    if (mean === undefined) {
      let weights = 0
      let links = 0
      for (let degree = kMin; degree <= this.#settings.kMax; degree++) {
        const weight = degree ** -this.#settings.gamma
        weights += weight
        links += weight * degree
      }
      mean = links / weights
      this.#means.set(kMin, mean)
    }
    return mean
  }

  #distribution(kMin: number, cutoff: number, exponent: number): Float64Array {
    const key = (cutoff * 2 + (exponent === this.#settings.gamma ? 1 : 0)) * 65_536 + kMin
    let cumulative = this.#distributions.get(key)
    if (cumulative === undefined) {
      cumulative = new Float64Array(cutoff - kMin + 1)
      let sum = 0
      for (let degree = kMin; degree <= cutoff; degree++) {
        sum += degree ** -exponent
        cumulative[degree - kMin] = sum
      }
      for (let index = 0; index < cumulative.length; index++) {
        cumulative[index] = (cumulative[index] as number) / sum
      }
      this.#distributions.set(key, cumulative)
    }
    return cumulative
  }
}

/** Index of the first entry of a cumulative distribution that reaches this share; the last, if none does. */
function firstAtLeast(cumulative: Float64Array, share: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cumulative[middle] as number) < share) low = middle + 1
    else high = middle
  }
  return low
}
