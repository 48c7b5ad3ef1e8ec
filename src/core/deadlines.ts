import { NEVER } from './machine.ts'
import type { Millis } from './machine.ts'

/** Shared by all that are empty; never changed. */
const nothing: never[] = []

/**
 * Deadlines in any order, as a binary heap: setting one and taking the earliest cost O(log n). Nothing is taken out before its time;
 * whoever sets a deadline knows by then whether it still means anything. For deadlines that all lie the same time ahead, see `Timeouts`.
 */
export class Deadlines<Item> {
  /** Both are made anew when they are needed: most of the time there is nothing to wait for. */
  #times: Millis[] = nothing
  #items: Item[] = nothing

  /** The earliest, or `NEVER`. */
  get wakeAt(): Millis {
    return this.#times[0] ?? NEVER
  }

  get size(): number {
    return this.#times.length
  }

  set(time: Millis, item: Item): void {
    if (this.#times.length === 0) {
      this.#times = [time]
      this.#items = [item]
      return
    }
    let place = this.#times.length
    for (; place > 0; place = (place - 1) >>> 1) {
      const parent = (place - 1) >>> 1
      if ((this.#times[parent] as Millis) <= time) break
      this.#move(parent, place)
    }
    this.#times[place] = time
    this.#items[place] = item
  }

  /** The item with the earliest deadline, if that is over; it is taken out. */
  takeDue(now: Millis): Item | undefined {
    if (this.wakeAt > now) return undefined
    const due = this.#items[0]
    const time = this.#times.pop() as Millis
    const item = this.#items.pop() as Item
    const size = this.#times.length
    if (size === 0) {
      this.#times = this.#items = nothing
      return due
    }
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child + 1 < size && (this.#times[child + 1] as Millis) < (this.#times[child] as Millis)) child++
      if (child >= size || (this.#times[child] as Millis) >= time) break
      this.#move(child, place)
      place = child
    }
    this.#times[place] = time
    this.#items[place] = item
    return due
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as Millis
    this.#items[to] = this.#items[from] as Item
  }
}
