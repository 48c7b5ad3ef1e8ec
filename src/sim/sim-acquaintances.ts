import { AddressBook } from '#src/core/address-book.ts'
import { sample } from '#src/core/random.ts'
import { knownPeers, topology } from '#src/settings.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { SimPeer } from './sim-peer.ts'
import type { World } from './world.ts'

/** A random tenth of what a peer keeps: with all of it the books of 10,000 peers would take a gigabyte. */
const entriesMax = knownPeers.entriesMax / 10

/**
 * Whom a peer in virtual time can turn to without seeds: the real address book, made when it is first needed. Whoever has been in the
 * network has then in it what the seeds listed last, the dead with the living, as it would have followed their announcements.
 */
export class SimAcquaintances {
  readonly #peer: SimPeer
  readonly #world: World
  #book: AddressBook<number> | undefined

  constructor(peer: SimPeer, world: World) {
    this.#peer = peer
    this.#world = world
  }

  get count(): number {
    // A newcomer knows nobody, and needs no book to know that.
    return this.#peer.everLinked || this.#book !== undefined ? this.book.size : 0
  }

  get book(): AddressBook<number> {
    if (this.#book !== undefined) return this.#book
    this.#book = new AddressBook(this.#peer.id, { ...knownPeers, entriesMax })
    const listed = this.#peer.everLinked ? this.#world.listedLast() : []
    for (const record of sample(this.#world.random, listed, entriesMax)) this.#book.note(record, 'seed')
    return this.#book
  }

  recall(): PeerRecord<number>[] {
    return this.book.recall(topology.hearsayPerSourceMax, [], this.#world.random)
  }

  failed(peer: number): void {
    this.#book?.failed(peer)
  }

  /** Asks a neighbour whom it knows. What gets lost is no answer, and nobody waits for it. */
  consult(neighbour: number): void {
    const { weather, random } = this.#world
    const asker = this.#peer
    const answer = (asked: SimPeer): void => {
      if (asked.presence !== 'up' || !asked.neighbours.linked.includes(asker.id)) return
      const records = asked.acquaintances.book.nameTo(asker.id, random, this.#world.now)
      weather.send(() => asker.attend(() => this.#told(neighbour, records)))
    }
    weather.send(() => {
      const asked = this.#world.peer(neighbour)
      if (asked?.side === asker.side) asked.attend(answer)
    })
  }

  #told(neighbour: number, records: readonly PeerRecord<number>[]): void {
    for (const record of records) this.book.note(record, neighbour)
    this.#peer.onTold(records)
  }
}
