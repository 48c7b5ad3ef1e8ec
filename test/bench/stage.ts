import { below, seededRandom } from '#src/core/random.ts'
import { clock } from './clock.ts'
import { messageKey } from './ledger.ts'
import { stampedPayload } from './stamp.ts'
import type { Random } from '#src/core/random.ts'
import type { Phase } from './orders.ts'
import type { Member } from './systems/system.ts'

/** A network that loses messages is waited for no longer than this without any delivery. */
export const silenceMsMax = 10_000

/** The publishers of one process in one phase, and their messages that are still on their way. */
export class Stage {
  readonly phase: Phase
  readonly random: Random
  /** The publishers of this process. */
  readonly publishers: readonly number[]
  readonly #members: ReadonlyMap<number, Member>
  readonly #processes: number
  /** How many processes a message has still to reach completely. */
  readonly #onTheirWay = new Map<number, number>()
  #number = 0
  published = 0
  refused = 0
  /** When a message had last reached all nodes of a process. */
  lastArrivalAt = clock()
  /** A message is everywhere, or was refused. */
  onRoom: () => void = () => {}

  /** @param members the nodes of this process */
  constructor(phase: Phase, members: ReadonlyMap<number, Member>, processes: number) {
    this.phase = phase
    this.#members = members
    this.#processes = processes
    this.publishers = phase.publishers.filter(publisher => members.has(publisher))
    this.random = seededRandom(phase.seed * 1_009 + (this.publishers[0] ?? 0))
  }

  /** How much of what the whole network does falls to this process. */
  get share(): number {
    return this.publishers.length / this.phase.publishers.length
  }

  get onTheirWay(): number {
    return this.#onTheirWay.size
  }

  anyPublisher(): number {
    return this.publishers[below(this.random, this.publishers.length)] as number
  }

  /**
   * Resolves when the message has been accepted or refused.
   * @param at when it should have been published: a process that is late because it is busy keeps its users waiting
   */
  async publish(publisher: number, at = clock()): Promise<void> {
    const number = this.#number++
    const message = messageKey(publisher, number)
    const payload = stampedPayload(this.phase.payloadBytes, { phase: this.phase.number, publisher, number, at })
    this.#onTheirWay.set(message, this.#processes)
    this.published++
    try {
      await this.#members.get(publisher)?.publish(payload)
    } catch {
      this.published--
      this.refused++
      this.#onTheirWay.delete(message)
      this.onRoom()
    }
  }

  /** All nodes of one process have this message. */
  arrived(message: number): void {
    const missing = this.#onTheirWay.get(message)
    if (missing === undefined) return
    this.lastArrivalAt = clock()
    if (missing > 1) {
      this.#onTheirWay.set(message, missing - 1)
    } else {
      this.#onTheirWay.delete(message)
      this.onRoom()
    }
  }
}
