import { isNewer } from '#protocols/peer-record.ts'
import { sample } from './random.ts'
import { Timeouts } from './timeouts.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Millis } from './machine.ts'
import type { Random } from './random.ts'

export interface AddressBookSettings {
  readonly entriesMax: number
  readonly entriesPerNeighbourMax: number
  readonly answerRecordsMax: number
  readonly answerSpacingMs: Millis
}

/** Who has named a peer first: a seed, or this neighbour. */
export type Source<Peer> = Peer | 'seed'

/** What is kept of a peer. */
export interface Acquaintance<Peer> {
  readonly record: PeerRecord<Peer>
  readonly from: Source<Peer>
}

interface Entry<Peer> {
  record: PeerRecord<Peer>
  from: Source<Peer>
  /** How often in a row it could not be reached under this record. */
  failures: number
}

/**
 * Peers that this one could turn to when no seed answers, and may name to its neighbours. Whoever cannot be reached is not named any
 * more, and turned to last; it is not thrown out, for perhaps it is our own cable that is broken, and then all would be.
 */
export class AddressBook<Peer> {
  readonly #self: Peer
  readonly #settings: AddressBookSettings
  /** At most `entriesMax`, in the order in which they came. */
  readonly #entries = new Map<Peer, Entry<Peer>>()
  /** Those of them that could not be reached: they make room first. */
  readonly #useless = new Set<Peer>()
  /** Neighbours that were answered lately. */
  readonly #answered: Timeouts<Peer>

  constructor(self: Peer, settings: AddressBookSettings) {
    this.#self = self
    this.#settings = settings
    this.#answered = new Timeouts(settings.answerSpacingMs)
  }

  get size(): number {
    return this.#entries.size
  }

  /** The newest record that was noted. */
  get(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#entries.get(peer)?.record
  }

  *acquaintances(): Iterable<Acquaintance<Peer>> {
    for (const { record, from } of this.#entries.values()) yield { record, from }
  }

  /** Notes an authentic record. In a full book a seed's word is worth more than the oldest entry, a neighbour's as much as a useless one. */
  note(record: PeerRecord<Peer>, from: Source<Peer>): void {
    if (record.id === this.#self) return
    const known = this.#entries.get(record.id)
    if (known === undefined) {
      if (this.#hasRoom(from)) this.#entries.set(record.id, { record, from, failures: 0 })
      return
    }
    if (from === 'seed') known.from = from
    // A neighbour repeats what it has heard; a seed stands for it.
    if (from === 'seed' || isNewer(record, known.record)) this.reached(record.id)
    if (isNewer(record, known.record)) known.record = record
  }

  /** It left, or was removed as dead. */
  forget(peer: Peer): void {
    this.#entries.delete(peer)
    this.#useless.delete(peer)
  }

  /** It could not be reached, or stopped answering. */
  failed(peer: Peer): void {
    const entry = this.#entries.get(peer)
    if (entry === undefined) return
    entry.failures++
    this.#useless.add(peer)
  }

  reached(peer: Peer): void {
    const entry = this.#entries.get(peer)
    if (entry !== undefined) entry.failures = 0
    this.#useless.delete(peer)
  }

  /**
   * Whom to turn to, the most hopeful first: who has failed least often, of these the anchors, else in random order.
   * @param anchors peers with which there were links for long
   */
  recall(count: number, anchors: readonly Peer[], random: Random): PeerRecord<Peer>[] {
    const isAnchor = ({ record }: Entry<Peer>): number => Number(anchors.includes(record.id))
    return sample(random, this.#entries.values(), this.#entries.size)
      .toSorted((a, b) => a.failures - b.failures || isAnchor(b) - isAnchor(a))
      .slice(0, count)
      .map(({ record }) => record)
  }

  /** What a neighbour gets to hear that asks: a random choice without itself, and nobody who could not be reached. Nothing, if it asks too often. */
  nameTo(neighbour: Peer, random: Random, now: Millis): PeerRecord<Peer>[] {
    this.#answered.takeDue(now)
    if (this.#answered.has(neighbour)) return []
    this.#answered.start(neighbour, now)
    const fit = [...this.#entries.values()].filter(({ record, failures }) => failures === 0 && record.id !== neighbour)
    return sample(random, fit, this.#settings.answerRecordsMax).map(({ record }) => record)
  }

  /** Makes room for one more, if its source may have that. */
  #hasRoom(from: Source<Peer>): boolean {
    const { entriesMax, entriesPerNeighbourMax } = this.#settings
    if (from !== 'seed') {
      let ofSource = 0
      for (const entry of this.#entries.values()) if (entry.from === from) ofSource++
      if (ofSource >= entriesPerNeighbourMax) return false
    }
    if (this.#entries.size < entriesMax) return true
    const [useless] = this.#useless
    const [oldest] = this.#entries.keys()
    const gives = useless ?? (from === 'seed' ? oldest : undefined)
    if (gives !== undefined) this.forget(gives)
    return gives !== undefined
  }
}
