import type { Millis } from '../machine.ts'
import type { Stored } from './store.ts'

/** Up to so many there is no room to spare: most origins have a few, and there are thousands of them. */
const tightMax = 8

/** Shared by all that are empty; never changed. */
const nothing: never[] = []

/** The stored batches of one origin, in the order of their sequences; nearly always there is no gap between them. */
export class Shelf<Peer> {
  #batches: Stored<Peer>[] = nothing
  #latestAt: Millis = 0

  get size(): number {
    return this.#batches.length
  }

  /** The first and the last sequence; 0 if there is none. */
  get from(): number {
    return this.#batches[0]?.batch.sequence ?? 0
  }

  get to(): number {
    return this.#batches.at(-1)?.batch.sequence ?? 0
  }

  /** Whether there are any, and nothing between the first and the last is missing. */
  get isWhole(): boolean {
    return this.to - this.from + 1 === this.size
  }

  /** Nothing has come later than this. */
  get latestAt(): Millis {
    return this.#latestAt
  }

  get(sequence: number): Stored<Peer> | undefined {
    const stored = this.#batches[this.#place(sequence)]
    return stored?.batch.sequence === sequence ? stored : undefined
  }

  put(stored: Stored<Peer>): void {
    const { sequence } = stored.batch
    const place = this.#place(sequence)
    if (this.#batches.length < tightMax) this.#batches = this.#batches.toSpliced(place, 0, stored)
    else this.#batches.splice(place, 0, stored)
    this.#latestAt = Math.max(this.#latestAt, stored.at)
  }

  take(stored: Stored<Peer>): void {
    const place = this.#place(stored.batch.sequence)
    if (this.#batches[place] !== stored) return
    if (this.#batches.length === 1) this.#batches = nothing
    else if (place === 0) this.#batches.shift()
    else this.#batches.splice(place, 1)
  }

  [Symbol.iterator](): Iterator<Stored<Peer>> {
    return this.#batches[Symbol.iterator]()
  }

  /** Where a sequence stands or would stand. */
  #place(sequence: number): number {
    const { size, from } = this
    if (size === 0 || sequence <= from) return 0
    if (sequence > this.to) return size
    if (this.isWhole) return sequence - from
    let [low, high] = [0, size]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#batches[middle] as Stored<Peer>).batch.sequence < sequence) low = middle + 1
      else high = middle
    }
    return low
  }
}
