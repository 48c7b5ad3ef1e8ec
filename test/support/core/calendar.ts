import type { Millis } from '#src/core/machine.ts'

interface Entry {
  readonly time: Millis
  /** Entries of the same time happen in the order in which they were made. */
  readonly order: number
  readonly happen: () => void
}

function before(one: Entry, other: Entry): boolean {
  return one.time < other.time || (one.time === other.time && one.order < other.order)
}

/** So much never happens in one moment, unless a machine wakes for ever without moving its deadline. */
const momentMax = 100_000

/** Virtual time: what is to happen and when. Time jumps from one entry to the next. */
export class Calendar {
  /** A binary heap, the earliest first. */
  readonly #heap: Entry[] = []
  #made = 0
  now: Millis = 0

  at(time: Millis, happen: () => void): void {
    const heap = this.#heap
    const entry: Entry = { time: Math.max(time, this.now), order: this.#made++, happen }
    let hole = heap.length
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      if (!before(entry, heap[parent] as Entry)) break
      heap[hole] = heap[parent] as Entry
      hole = parent
    }
    heap[hole] = entry
  }

  after(delay: Millis, happen: () => void): void {
    this.at(this.now + delay, happen)
  }

  /** Lets everything happen up to and including this time. */
  runUntil(time: Millis): void {
    let inThisMoment = 0
    for (let next = this.#heap[0]; next !== undefined && next.time <= time; next = this.#heap[0]) {
      this.#takeFirst()
      inThisMoment = next.time === this.now ? inThisMoment + 1 : 0
      if (inThisMoment > momentMax) throw new Error(`time stands still at ${this.now}`)
      this.now = next.time
      next.happen()
    }
    this.now = time
  }

  #takeFirst(): void {
    const heap = this.#heap
    const last = heap.pop() as Entry
    if (heap.length === 0) return
    let hole = 0
    for (;;) {
      let child = 2 * hole + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!before(heap[child] as Entry, last)) break
      heap[hole] = heap[child] as Entry
      hole = child
    }
    heap[hole] = last
  }
}
