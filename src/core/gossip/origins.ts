import type { Source } from '#protocols/gossip/messages.ts'
import { SmallMap } from '../small-map.ts'
import { Origin } from './origin.ts'
import type { OwnOrigin } from './announcing.ts'
import type { GossipSettings } from './settings.ts'

/** So many are looked at for one that is of little use when room is needed. */
const lookedAt = 32

/**
 * The origins that are known, a few lives of each; whoever was brought up first makes room.
 *
 * Anybody can name a source. One that has signed nothing yet is kept beside the others and never takes a place of one that has.
 */
export class Origins<Peer> {
  readonly #settings: GossipSettings
  /** The first life of each that was brought up; it knows the others. */
  readonly #firsts = new SmallMap<Peer, Origin<Peer>>()
  /** This peer itself, once it has said something or is going to. Its place is none of the others'. */
  own: OwnOrigin<Peer> | undefined

  constructor(settings: GossipSettings) {
    this.#settings = settings
  }

  /** Those that others have brought up. */
  get size(): number {
    return this.#firsts.size
  }

  find({ origin, epoch }: Source<Peer>): Origin<Peer> | undefined {
    let life = this.#firsts.get(origin)
    while (life !== undefined && life.epoch !== epoch) life = life.otherLife
    return life
  }

  /** A life that was not known; nothing, if it is older than all that are remembered. */
  add(source: Source<Peer>): Origin<Peer> | undefined {
    const { originsMax, epochsMax } = this.#settings
    const lives = livesFrom(this.#firsts.get(source.origin))
    const proven = lives.filter(({ isProven }) => isProven)
    if (proven.length >= epochsMax && proven.every(({ epoch }) => epoch > source.epoch)) return undefined
    const added = new Origin(source)
    if (lives.length === 0 && this.size >= originsMax) this.#makeRoom()
    this.#keep([...lives, added], false)
    return added
  }

  /** It has signed something. Returns false if it turns out to be older than all that are remembered. */
  prove(origin: Origin<Peer>): boolean {
    if (origin.isProven) return true
    origin.isProven = true
    this.#keep(livesFrom(this.#firsts.get(origin.origin)), true)
    return this.find(origin) === origin
  }

  *[Symbol.iterator](): Iterator<Origin<Peer>> {
    if (this.own !== undefined) yield this.own
    for (const first of this.#firsts.values()) {
      for (let life: Origin<Peer> | undefined = first; life !== undefined; life = life.otherLife) yield life
    }
  }

  /** Of those with a proof, the newest lives stay; of those without, the latest to be named. */
  #keep(lives: readonly Origin<Peer>[], isProven: boolean): void {
    const kind = lives.filter(life => life.isProven === isProven)
    const [oldest] = isProven ? kind.toSorted((a, b) => a.epoch - b.epoch) : kind
    const kept = kind.length > this.#settings.epochsMax ? lives.filter(life => life !== oldest) : lives
    for (const [index, life] of kept.entries()) life.otherLife = kept[index + 1]
    const [first] = kept
    if (first !== undefined) this.#firsts.set(first.origin, first)
  }

  /** Those that have signed something, and of whose batches we still have some, stay if there are others. */
  #makeRoom(): void {
    let looked = 0
    for (const [peer, first] of this.#firsts) {
      if (++looked > lookedAt) break
      if (livesFrom(first).some(({ isProven, stored }) => isProven && stored.size > 0)) continue
      this.#firsts.delete(peer)
      return
    }
    for (const oldest of this.#firsts.keys()) {
      this.#firsts.delete(oldest)
      return
    }
  }
}

function livesFrom<Peer>(first: Origin<Peer> | undefined): Origin<Peer>[] {
  const lives: Origin<Peer>[] = []
  for (let life = first; life !== undefined; life = life.otherLife) lives.push(life)
  return lives
}
