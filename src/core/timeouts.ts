import { NEVER } from './machine.ts'
import type { Millis } from './machine.ts'

/** What runs, made when the first time is started: most of the many that there are stand still most of the time. */
interface Running<Key> {
  /** In the order in which they were set, for a Map keeps that order and a key that starts anew goes to its end. */
  readonly deadlines: Map<Key, Millis>
  /** Goes through them once, from when somebody first asks; what was stopped is not there any more when it comes by. */
  queue: Iterator<[Key, Millis], undefined> | undefined
  /** The earliest, if it is known: taken from the queue and still running. */
  front: [Key, Millis] | undefined
}

/**
 * Deadlines that all lie the same time after they were set, as leases, reservations and ping rounds do. Then the order in
 * which they were set is the order in which they fall due, so a Map is the whole priority queue: every operation is O(1) in the
 * long run.
 */
export class Timeouts<Key> {
  readonly #delay: Millis
  #running: Running<Key> | undefined

  /** @param delay time from `start` to the deadline, in ms */
  constructor(delay: Millis) {
    this.#delay = delay
  }

  /** The earliest deadline, or `NEVER`. */
  get wakeAt(): Millis {
    return this.#running === undefined ? NEVER : first(this.#running)[1]
  }

  get size(): number {
    return this.#running?.deadlines.size ?? 0
  }

  has(key: Key): boolean {
    return this.#running?.deadlines.has(key) === true
  }

  /** Starts the time of `key`, from the beginning if it was running. `now` must not be earlier than in the call before. */
  start(key: Key, now: Millis): void {
    this.#running ??= { deadlines: new Map(), queue: undefined, front: undefined }
    takeOut(this.#running, key)
    this.#running.deadlines.set(key, now + this.#delay)
  }

  stop(key: Key): void {
    if (this.#running === undefined) return
    takeOut(this.#running, key)
    if (this.size === 0) this.#running = undefined
  }

  /** Takes out and returns all whose time is over. */
  takeDue(now: Millis): Key[] {
    const due: Key[] = []
    while (this.#running !== undefined) {
      const [key, deadline] = first(this.#running)
      if (deadline > now) break
      due.push(key)
      this.stop(key)
    }
    return due
  }
}

/** There is one: something runs, and nothing that runs has been passed but the front. */
function first<Key>(running: Running<Key>): [Key, Millis] {
  running.queue ??= running.deadlines.entries()
  running.front ??= running.queue.next().value as [Key, Millis]
  return running.front
}

function takeOut<Key>(running: Running<Key>, key: Key): void {
  running.deadlines.delete(key)
  if (running.front?.[0] === key) running.front = undefined
}
