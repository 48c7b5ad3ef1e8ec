import type { Source } from '#protocols/gossip/messages.ts'
import { SmallMap } from '../small-map.ts'
import { Origin } from './origin.ts'
import type { OwnOrigin } from './announcing.ts'

/** So many are looked at for one that is of little use when room is needed. */
const lookedAt = 32

/**
 * The origins that are known, a few lives of each; whoever was brought up first makes room.
 *
 * Anybody can name a source. One that has signed nothing yet is kept beside the others and never takes a place of one that has.
 */
export class Origins<Peer> {
  readonly #originsMax: number
  readonly #epochsMax: number
  readonly #lives = new SmallMap<Peer, Origin<Peer>[]>()
  /** This peer itself, once it has said something or is going to. Its place is none of the others'. */
  own: OwnOrigin<Peer> | undefined

  /** @param epochsMax lives of one origin that are remembered, of those that have signed something and of the others: the newest ones */
  constructor(originsMax: number, epochsMax: number) {
    this.#originsMax = originsMax
    this.#epochsMax = epochsMax
  }

  /** Those that others have brought up. */
  get size(): number {
    return this.#lives.size
  }

  find({ origin, epoch }: Source<Peer>): Origin<Peer> | undefined {
    const lives = this.#lives.get(origin)
    if (lives === undefined) return undefined
    for (const life of lives) if (life.epoch === epoch) return life
    return undefined
  }

  /** A life that was not known; nothing, if it is older than all that are remembered. */
  add(source: Source<Peer>): Origin<Peer> | undefined {
    const lives = this.#lives.get(source.origin)
    const proven = lives?.filter(({ isProven }) => isProven) ?? []
    if (proven.length >= this.#epochsMax && proven.every(({ epoch }) => epoch > source.epoch)) return undefined
    const added = new Origin(source)
    if (lives === undefined) {
      if (this.#lives.size >= this.#originsMax) this.#makeRoom()
      this.#lives.set(source.origin, [added])
    } else {
      lives.push(added)
      this.#trim(lives, false)
    }
    return added
  }

  /** It has signed something. Returns false if it turns out to be older than all that are remembered. */
  prove(origin: Origin<Peer>): boolean {
    if (origin.isProven) return true
    origin.isProven = true
    const lives = this.#lives.get(origin.origin)
    if (lives !== undefined) this.#trim(lives, true)
    return lives?.includes(origin) === true
  }

  *[Symbol.iterator](): Iterator<Origin<Peer>> {
    if (this.own !== undefined) yield this.own
    for (const lives of this.#lives.values()) yield* lives
  }

  /** Of those with a proof, the newest lives stay; of those without, the latest to be named. */
  #trim(lives: Origin<Peer>[], isProven: boolean): void {
    const kind = lives.filter(life => life.isProven === isProven)
    if (kind.length <= this.#epochsMax) return
    const [first] = isProven ? kind.toSorted((a, b) => a.epoch - b.epoch) : kind
    if (first !== undefined) lives.splice(lives.indexOf(first), 1)
  }

  /** Those that have signed something, and of whose batches we still have some, stay if there are others. */
  #makeRoom(): void {
    let looked = 0
    for (const [peer, lives] of this.#lives) {
      if (++looked > lookedAt) break
      if (lives.some(({ isProven, stored }) => isProven && stored.size > 0)) continue
      this.#lives.delete(peer)
      return
    }
    for (const oldest of this.#lives.keys()) {
      this.#lives.delete(oldest)
      return
    }
  }
}
