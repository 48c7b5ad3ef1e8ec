import { candidatesMax } from '#protocols/registration/messages.ts'
import { Offers } from './offers.ts'
import { Ranking } from './ranking.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Candidates } from '#protocols/registration/messages.ts'
import type { DegreeLaw } from './degree-law.ts'
import type { Random } from './random.ts'

/** Whom a seed sends to whom: the order of all peers, which says who is a hub, and the links that some of them offer. */
export class Introductions<Peer> {
  readonly #rankOf: (peer: Peer) => number
  readonly #law: DegreeLaw
  readonly #random: Random
  readonly #ranking = new Ranking<Peer>()
  readonly #offers = new Offers<Peer>()

  /** @param rankOf a number that is the same at every seed and that no peer can choose; the greatest is the biggest hub */
  constructor(rankOf: (peer: Peer) => number, law: DegreeLaw, random: Random) {
    this.#rankOf = rankOf
    this.#law = law
    this.#random = random
  }

  get size(): number {
    return this.#ranking.size
  }

  /** Peers that come before this one. */
  rank(peer: Peer): number {
    return this.#ranking.rank(this.#rankOf(peer))
  }

  /** A peer that is not in the order yet. */
  add(peer: Peer): void {
    this.#ranking.add(this.#rankOf(peer), peer)
  }

  delete(peer: Peer): void {
    this.#ranking.delete(this.#rankOf(peer), peer)
  }

  /** What the peer offers from now on; 0 takes it back. */
  offer(peer: Peer, links: number): void {
    this.#offers.offer(peer, links)
  }

  /** @param recordOf a peer's record; nothing, if nobody is to be sent to it */
  candidates(
    asker: Peer,
    neighbours: readonly Peer[],
    wanted: number,
    recordOf: (peer: Peer) => PeerRecord<Peer> | undefined
  ): Candidates<Peer> {
    const count = Math.min(wanted, candidatesMax)
    // Whoever looks for links does not wait for others to come.
    this.#offers.withdraw(asker)
    const taken = new Set([asker, ...neighbours])
    const draw = (candidate: () => Peer | undefined): PeerRecord<Peer>[] => {
      const drawn: PeerRecord<Peer>[] = []
      // Where most are taken, as in a small network, some draws hit nobody new.
      for (let tries = 4 * count + taken.size; drawn.length < count && tries > 0; tries--) {
        const peer = candidate()
        const record = peer === undefined || taken.has(peer) ? undefined : recordOf(peer)
        if (peer === undefined || record === undefined) continue
        taken.add(peer)
        drawn.push(record)
      }
      return drawn
    }
    const free = draw(() => this.#offers.draw(this.#random))
    for (const { id } of free) this.#offers.use(id)
    const body = draw(() => this.#ranking.at(this.#law.linkEnd(this.size, this.#random)))
    return { free, body }
  }
}
