import type { Source } from '#protocols/gossip/messages.ts'
import { Origin } from './origin.ts'

/** So many are looked at for one that holds nothing when room is needed. */
const lookedAt = 32

/** The origins that are known, a few lives of each: an origin that was not heard of for the longest time makes room. */
export class Origins<Peer> {
  readonly #originsMax: number
  readonly #epochsMax: number
  /** The lives of each origin, the newest first. */
  readonly #lives = new Map<Peer, Origin<Peer>[]>()

  /** @param epochsMax lives of one origin that are remembered: older ones are over, whatever is still said of them */
  constructor(originsMax: number, epochsMax: number) {
    this.#originsMax = originsMax
    this.#epochsMax = epochsMax
  }

  find({ origin, epoch }: Source<Peer>): Origin<Peer> | undefined {
    const lives = this.#lives.get(origin)
    if (lives === undefined) return undefined
    for (const life of lives) if (life.epoch === epoch) return life
    return undefined
  }

  /** A life that was not known; nothing, if it is older than all that are remembered. */
  add(source: Source<Peer>): Origin<Peer> | undefined {
    const lives = this.#lives.get(source.origin) ?? []
    const place = lives.findIndex(({ epoch }) => epoch < source.epoch)
    if (place === -1 && lives.length >= this.#epochsMax) return undefined
    if (lives.length === 0 && this.#lives.size >= this.#originsMax) this.#makeRoom()
    const added = new Origin<Peer>(source)
    lives.splice(place === -1 ? lives.length : place, 0, added)
    lives.length = Math.min(lives.length, this.#epochsMax)
    // At the end again: it is the one heard of last.
    this.#lives.delete(source.origin)
    this.#lives.set(source.origin, lives)
    return added
  }

  *[Symbol.iterator](): Iterator<Origin<Peer>> {
    for (const lives of this.#lives.values()) yield* lives
  }

  /** Those of whose batches we still have some stay, if there are others: whoever is forgotten could be heard twice. */
  #makeRoom(): void {
    let looked = 0
    for (const [peer, lives] of this.#lives) {
      if (++looked > lookedAt) break
      if (lives.some(({ stored }) => stored.size > 0)) continue
      this.#lives.delete(peer)
      return
    }
    for (const oldest of this.#lives.keys()) {
      this.#lives.delete(oldest)
      return
    }
  }
}
