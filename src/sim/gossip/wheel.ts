import type { Millis } from '#src/core/machine.ts'

/** Slots of the wheel, a power of two: 8 s, longer than records are on their way and than most deadlines are ahead. */
const slots = 2 ** 13

/** A slot that was larger than this gives its memory back: a flood goes through a few slots once. */
const keptMax = 2 ** 10

/** What comes in one turn of the wheel, or in one millisecond: whom it is for, and what it is. */
interface Slot<What> {
  readonly whos: number[]
  readonly whats: (What | undefined)[]
}

/** What lies beyond the wheel. */
interface Turn<What> extends Slot<What> {
  readonly times: Millis[]
}

/**
 * Virtual time in whole milliseconds, as in `Calendar`, for millions of records a second: what is to happen is a number and a value
 * instead of a function, so that nothing is made for it.
 */
export class Wheel<What> {
  readonly #slots: readonly Slot<What>[] = Array.from({ length: slots }, () => ({ whos: [], whats: [] }))
  /** How much is planned in each slot. */
  readonly #planned = new Uint32Array(slots)
  readonly #beyond = new Map<number, Turn<What>>()
  #done = 0
  now: Millis = 0

  /** What has happened so far. */
  get done(): number {
    return this.#done
  }

  /**
   * Plans for a whole millisecond, at the earliest this one. Of what is planned for the same one, less than the wheel ahead, the first
   * happens first.
   */
  at(time: Millis, who: number, what: What | undefined): void {
    if (time - this.now < slots) {
      this.#put(Math.max(time, this.now), who, what)
      return
    }
    const turn = Math.floor(time / slots)
    let later = this.#beyond.get(turn)
    if (later === undefined) this.#beyond.set(turn, (later = { times: [], whos: [], whats: [] }))
    later.times.push(time)
    later.whos.push(who)
    later.whats.push(what)
  }

  /** Lets everything happen up to and including this time. */
  runUntil(end: Millis, happen: (who: number, what: What | undefined) => void): void {
    for (; this.now <= end; this.now++) {
      const at = this.now % slots
      if (at === 0) this.#turn()
      const { whos, whats } = this.#slots[at] as Slot<What>
      let index = 0
      // More may be planned for this very millisecond while it lasts.
      for (; index < (this.#planned[at] as number); index++) {
        const what = whats[index]
        // Taken out at once: an old slot that still named it would keep it alive.
        whats[index] = undefined
        happen(whos[index] as number, what)
      }
      this.#planned[at] = 0
      this.#done += index
      if (index > keptMax) {
        whos.length = 0
        whats.length = 0
      }
    }
    this.now = end
  }

  #put(time: Millis, who: number, what: What | undefined): void {
    const at = time % slots
    const place = this.#planned[at] as number
    const { whos, whats } = this.#slots[at] as Slot<What>
    whos[place] = who
    whats[place] = what
    this.#planned[at] = place + 1
  }

  /** What lies in the turn that begins now has a slot from now on. */
  #turn(): void {
    const turn = this.now / slots
    const later = this.#beyond.get(turn)
    this.#beyond.delete(turn)
    for (const [index, time] of later?.times.entries() ?? []) {
      this.#put(time, later?.whos[index] as number, later?.whats[index])
    }
  }
}
