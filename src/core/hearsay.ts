import { sample } from './random.ts'
import { Timeouts } from './timeouts.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Millis } from './machine.ts'
import type { Random } from './random.ts'

export interface HearsaySettings {
  /** Neighbours that are asked in one search. */
  readonly consultedMax: number
  /** Least time between two questions to the same neighbour. */
  readonly consultSpacingMs: Millis
  /** Candidates that are taken from one source in one search: none of them alone decides whom this peer meets. */
  readonly hearsayPerSourceMax: number
}

export interface HearsayOutput<Peer> {
  /** No seed answers: ask this neighbour whom it knows, and give `told` what it says. */
  consult(neighbour: Peer): void
  /** No seed answers: give `told` some of those whom this peer remembers itself. */
  recall(): void
}

/**
 * Candidates for links while no seed answers: of a few neighbours, and of this peer's own memory, which is all that somebody has who
 * has lost every neighbour. Nobody knows who has links to spare then, so each is simply asked.
 */
export class Hearsay<Peer> {
  readonly #settings: HearsaySettings
  readonly #consulted: Timeouts<Peer>
  /** At most as many as all sources of one search may give. */
  #candidates: readonly PeerRecord<Peer>[] = []

  constructor(settings: HearsaySettings) {
    this.#settings = settings
    this.#consulted = new Timeouts(settings.consultSpacingMs)
  }

  /** Asks around, but no neighbour again so soon that it would not answer. */
  ask(neighbours: readonly Peer[], random: Random, now: Millis, out: HearsayOutput<Peer>): void {
    this.#consulted.takeDue(now)
    const rested = neighbours.filter(peer => !this.#consulted.has(peer))
    for (const peer of sample(random, rested, this.#settings.consultedMax)) {
      this.#consulted.start(peer, now)
      out.consult(peer)
    }
    out.recall()
  }

  /** What one of the sources says. */
  told(records: readonly PeerRecord<Peer>[]): void {
    const { consultedMax, hearsayPerSourceMax } = this.#settings
    const taken = records.slice(0, hearsayPerSourceMax)
    this.#candidates = [...this.#candidates, ...taken].slice(0, (consultedMax + 1) * hearsayPerSourceMax)
  }

  next(): PeerRecord<Peer> | undefined {
    const [next] = this.#candidates
    this.#candidates = this.#candidates.slice(1)
    return next
  }

  forget(): void {
    this.#candidates = []
  }
}
