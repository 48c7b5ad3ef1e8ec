import type { Millis } from '#src/core/machine.ts'

/** Slots of the wheel, a power of two: 4 s, longer than messages are on their way. */
const slots = 2 ** 12

/** So much never happens in one millisecond for each peer, unless a machine wakes for ever without moving its deadline. */
const momentMax = 50_000_000

type Happening = () => void

/** What happens in one turn of the wheel. Two arrays, for there is an entry for every peer. */
interface Turn {
  readonly times: Millis[]
  readonly happenings: Happening[]
}

function nothing(): void {}

/** A slot that was never needed. */
const unused: Happening[] = []

/**
 * Virtual time in whole milliseconds: what is to happen and when. A wheel of slots, one for each millisecond of the next seconds, so
 * planning and taking out cost the same however much is planned.
 *
 * What has happened is taken out of its slot at once, and the slot stays for the next turn: measured, when slots were left to the
 * garbage collector, it took two thirds of all messages for living, because slots that it had not yet found dead named them.
 */
export class Calendar {
  /** Slots are made when they are needed: a race for a name takes less time than making them all. */
  readonly #wheel: (Happening[] | undefined)[] = Array.from({ length: slots })
  /** How much is planned in each slot. */
  readonly #planned = new Uint32Array(slots)
  /** What lies beyond the wheel, by the turn of the wheel in which it happens. */
  readonly #beyond = new Map<number, Turn>()
  #plannedInAll = 0
  #done = 0
  now: Millis = 0

  /** What has happened so far. */
  get done(): number {
    return this.#done
  }

  /** Plans for this time, rounded up to a whole millisecond; at the earliest in this one. */
  at(time: Millis, happen: Happening): void {
    const slot = Math.max(Math.ceil(time), this.now)
    this.#plannedInAll++
    if (slot - this.now < slots) this.#put(slot, happen)
    else {
      const turn = Math.floor(slot / slots)
      let later = this.#beyond.get(turn)
      if (later === undefined) this.#beyond.set(turn, (later = { times: [], happenings: [] }))
      later.times.push(slot)
      later.happenings.push(happen)
    }
  }

  after(delay: Millis, happen: Happening): void {
    this.at(this.now + delay, happen)
  }

  /** Lets everything happen up to and including this time. */
  runUntil(end: Millis): void {
    while (this.now <= end) {
      const at = this.now % slots
      if (at === 0) this.#turn()
      const slot = this.#wheel[at] ?? unused
      let index = 0
      // More may be planned for this very millisecond while it lasts.
      for (; index < (this.#planned[at] as number); index++) {
        if (index > momentMax) throw new Error(`time stands still at ${this.now}`)
        const happen = slot[index] as Happening
        slot[index] = nothing
        happen()
      }
      this.#planned[at] = 0
      this.#done += index
      this.#plannedInAll -= index
      if (this.now === end) return
      this.now = this.#plannedInAll === 0 ? end : this.now + 1
    }
  }

  #put(time: Millis, happen: Happening): void {
    const at = time % slots
    const place = this.#planned[at] as number
    const slot = (this.#wheel[at] ??= [])
    slot[place] = happen
    this.#planned[at] = place + 1
  }

  /** What lies in the turn that begins now, and in the next, has a slot from now on. */
  #turn(): void {
    const turn = this.now / slots
    const later = this.#beyond.get(turn)
    for (const [index, happen] of later?.happenings.entries() ?? []) this.#put(later?.times[index] as Millis, happen)
    this.#beyond.delete(turn)
  }
}
