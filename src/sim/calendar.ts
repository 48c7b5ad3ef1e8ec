import type { Millis } from '#src/core/machine.ts'

/** Slots of the wheel, a power of two: 33 s, longer than all delays and deadlines but few. */
const slots = 2 ** 15

/** So much never happens in one millisecond for each peer, unless a machine wakes for ever without moving its deadline. */
const momentMax = 50_000_000

type Happening = () => void

/**
 * Virtual time in whole milliseconds: what is to happen and when, in the order in which it was planned. A wheel of slots, one for
 * each millisecond of the next half minute, so planning and taking out cost the same however much is planned.
 */
export class Calendar {
  readonly #wheel: (Happening[] | undefined)[] = Array.from({ length: slots })
  /** What lies beyond the wheel, by the turn of the wheel in which it happens. */
  readonly #beyond = new Map<number, { readonly time: Millis; readonly happen: Happening }[]>()
  #planned = 0
  #done = 0
  now: Millis = 0

  /** What has happened so far. */
  get done(): number {
    return this.#done
  }

  /** Plans for this time, rounded up to a whole millisecond; at the earliest in this one. */
  at(time: Millis, happen: Happening): void {
    const slot = Math.max(Math.ceil(time), this.now)
    this.#planned++
    if (slot - this.now < slots) this.#put(slot, happen)
    else {
      const turn = Math.floor(slot / slots)
      const later = this.#beyond.get(turn)
      if (later === undefined) this.#beyond.set(turn, [{ time: slot, happen }])
      else later.push({ time: slot, happen })
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
      const slot = this.#wheel[at]
      if (slot !== undefined) {
        // More may be planned for this very millisecond while it lasts.
        for (let index = 0; index < slot.length; index++) {
          if (index > momentMax) throw new Error(`time stands still at ${this.now}`)
          ;(slot[index] as Happening)()
        }
        this.#done += slot.length
        this.#planned -= slot.length
        this.#wheel[at] = undefined
      }
      if (this.now === end) return
      this.now = this.#planned === 0 ? end : this.now + 1
    }
  }

  #put(time: Millis, happen: Happening): void {
    const at = time % slots
    const slot = this.#wheel[at]
    if (slot === undefined) this.#wheel[at] = [happen]
    else slot.push(happen)
  }

  /** What lies in the turn that begins now, and in the next, has a slot from now on. */
  #turn(): void {
    const turn = this.now / slots
    for (const { time, happen } of this.#beyond.get(turn) ?? []) this.#put(time, happen)
    this.#beyond.delete(turn)
  }
}
