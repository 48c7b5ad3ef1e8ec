import { NEVER } from './machine.ts'
import type { Millis } from './machine.ts'

/**
 * Deadlines that all lie the same time after they were set, as leases, reservations and ping rounds do. Then the order in
 * which they were set is the order in which they fall due, so a Map is the whole priority queue: every operation is O(1).
 */
export class Timeouts<Key> {
  readonly #delay: Millis
  readonly #dueAt = new Map<Key, Millis>()

  /** @param delay time from `start` to the deadline, in ms */
  constructor(delay: Millis) {
    this.#delay = delay
  }

  /** The earliest deadline, or `NEVER`. */
  get wakeAt(): Millis {
    for (const dueAt of this.#dueAt.values()) return dueAt
    return NEVER
  }

  get size(): number {
    return this.#dueAt.size
  }

  has(key: Key): boolean {
    return this.#dueAt.has(key)
  }

  /** Starts the time of `key`, from the beginning if it was running. `now` must not be earlier than in the call before. */
  start(key: Key, now: Millis): void {
    this.#dueAt.delete(key)
    this.#dueAt.set(key, now + this.#delay)
  }

  stop(key: Key): void {
    this.#dueAt.delete(key)
  }

  /** Takes out and returns all whose time is over. */
  takeDue(now: Millis): Key[] {
    const due: Key[] = []
    for (const [key, dueAt] of this.#dueAt) {
      if (dueAt > now) break
      due.push(key)
    }
    for (const key of due) this.#dueAt.delete(key)
    return due
  }
}
