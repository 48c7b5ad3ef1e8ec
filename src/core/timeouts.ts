import { NEVER } from './machine.ts'
import type { Millis } from './machine.ts'

/** Entries of the queue that may be stale before it is made anew. */
const staleMax = 32

/** What runs, made when the first time is started: most of the many that there are stand still most of the time. */
interface Running<Key> {
  /** The number of the start that counts; the entry of start s is at s - `first`. */
  readonly starts: Map<Key, number>
  first: number
  keys: Key[]
  deadlines: Millis[]
  /** Index of the first entry that may still count. */
  front: number
}

/**
 * Deadlines that all lie the same time after they were set, as leases, reservations and ping rounds do. Then the order in
 * which they were set is the order in which they fall due, so a queue is the whole priority queue. What was stopped or started
 * anew stays in it as a stale entry until it comes to the front: every operation is O(1) in the long run.
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
    const running = this.#running
    if (running === undefined) return NEVER
    while (!counts(running, running.front)) running.front++
    return running.deadlines[running.front] as Millis
  }

  get size(): number {
    return this.#running?.starts.size ?? 0
  }

  has(key: Key): boolean {
    return this.#running?.starts.has(key) === true
  }

  /** Starts the time of `key`, from the beginning if it was running. `now` must not be earlier than in the call before. */
  start(key: Key, now: Millis): void {
    this.#running ??= { starts: new Map(), first: 0, keys: [], deadlines: [], front: 0 }
    const { starts, first, keys, deadlines } = this.#running
    starts.set(key, first + keys.length)
    keys.push(key)
    deadlines.push(now + this.#delay)
    if (keys.length > 2 * starts.size + staleMax) compact(this.#running)
  }

  stop(key: Key): void {
    this.#running?.starts.delete(key)
    if (this.size === 0) this.#running = undefined
  }

  /** Takes out and returns all whose time is over. */
  takeDue(now: Millis): Key[] {
    const due: Key[] = []
    while (this.wakeAt <= now) {
      const { keys, front } = this.#running as Running<Key>
      due.push(keys[front] as Key)
      this.stop(keys[front] as Key)
    }
    return due
  }
}

function counts<Key>({ starts, first, keys }: Running<Key>, at: number): boolean {
  return starts.get(keys[at] as Key) === first + at
}

function compact<Key>(running: Running<Key>): void {
  const { starts, keys, deadlines, front } = running
  const kept: number[] = []
  for (let at = front; at < keys.length; at++) if (counts(running, at)) kept.push(at)
  running.keys = kept.map(at => keys[at] as Key)
  running.deadlines = kept.map(at => deadlines[at] as Millis)
  running.first = 0
  running.front = 0
  for (const [at, key] of running.keys.entries()) starts.set(key, at)
}
