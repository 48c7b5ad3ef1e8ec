import { below } from './random.ts'
import type { Random } from './random.ts'

/**
 * Links that peers have to spare. Each of them is an entry in one array, so a draw by how many a peer offers is a draw of an
 * index; taking one out moves the last into its place. All operations take the time of the links of one peer, at most 256.
 */
export class Offers<Peer> {
  readonly #entries: Peer[] = []
  /** Where in `#entries` a peer's links are. */
  readonly #places = new Map<Peer, number[]>()

  /** What the peer offers from now on, in place of what it has offered. */
  offer(peer: Peer, links: number): void {
    this.withdraw(peer)
    if (links === 0) return
    const first = this.#entries.length
    this.#places.set(
      peer,
      Array.from({ length: links }, (_, index) => first + index)
    )
    for (let left = links; left > 0; left--) this.#entries.push(peer)
  }

  withdraw(peer: Peer): void {
    while (this.#places.has(peer)) this.use(peer)
  }

  /** A peer with links to spare, the more the likelier; none of them is used up. */
  draw(random: Random): Peer | undefined {
    return this.#entries.length === 0 ? undefined : this.#entries[below(random, this.#entries.length)]
  }

  /** Takes out one link of the peer. */
  use(peer: Peer): void {
    const places = this.#places.get(peer)
    const hole = places?.pop()
    if (places === undefined || hole === undefined) return
    if (places.length === 0) this.#places.delete(peer)
    const last = this.#entries.length - 1
    const moved = this.#entries.pop() as Peer
    if (hole === last) return
    this.#entries[hole] = moved
    const itsPlaces = this.#places.get(moved) as number[]
    itsPlaces[itsPlaces.indexOf(last)] = hole
  }
}
