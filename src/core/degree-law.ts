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
  /** Cumulative distributions by (kMin, cutoff): at most 2 * log2(peers) different cutoffs are ever asked for. */
  readonly #distributions = new Map<string, Float64Array>()
  readonly #means = new Map<number, number>()

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
    const kMin = this.#kMin(peers)
    const size = peers < 32 ? peers : 2 ** (Math.floor(2 * Math.log2(peers)) / 2)
    const structural = Math.floor(Math.sqrt(this.#mean(kMin) * size))
    return Math.min(Math.max(structural, kMin + 1), this.#settings.kMax)
  }

  /** Target degree of the peer with this standing. Depends on nothing else, so equal answers give equal targets. */
  target({ rank, peers }: Standing): number {
    if (peers <= 1) return 0
    const kMin = this.#kMin(peers)
    const distribution = this.#distribution(kMin, this.cutoff(peers))
    const quantile = Math.min(Math.max(1 - (rank + 0.5) / peers, 0), 1 - 0.25 / peers)
    let index = 0
    while (index < distribution.length - 1 && (distribution[index] as number) < quantile) index++
    return Math.min(kMin + index, peers - 1)
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

  #distribution(kMin: number, cutoff: number): Float64Array {
    const key = `${kMin}-${cutoff}`
    let cumulative = this.#distributions.get(key)
    if (cumulative === undefined) {
      cumulative = new Float64Array(cutoff - kMin + 1)
      let sum = 0
      for (let degree = kMin; degree <= cutoff; degree++) {
        sum += degree ** -this.#settings.gamma
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
