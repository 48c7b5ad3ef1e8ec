import { NEVER } from '#src/core/machine.ts'
import type { Machine, Millis } from '#src/core/machine.ts'
import type { Calendar } from './calendar.ts'

/** Gives the machines of one node their inputs, one at a time, and wakes them: what the driver of a real node does. */
export class Turns {
  readonly #calendar: Calendar
  readonly #machines: { readonly machine: { readonly wakeAt: Millis }; readonly wake: (now: Millis) => void }[] = []
  readonly #inputs: ((now: Millis) => void)[] = []
  readonly #afterEach: () => void
  #running = false
  #stopped = false
  #alarmAt: Millis = NEVER

  /** @param afterEach is called after each input: a place to check what must hold at all times */
  constructor(calendar: Calendar, afterEach: () => void = () => {}) {
    this.#calendar = calendar
    this.#afterEach = afterEach
  }

  drive<Out>(machine: Machine<Out>, out: Out): void {
    this.#machines.push({ machine, wake: now => machine.wake(now, out) })
  }

  input(handle: (now: Millis) => void): void {
    if (this.#stopped) return
    this.#inputs.push(handle)
    if (this.#running) return
    this.#running = true
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      input(this.#calendar.now)
      this.#afterEach()
    }
    this.#running = false
    this.#setAlarm()
  }

  stop(): void {
    this.#stopped = true
  }

  #setAlarm(): void {
    const wakeAt = Math.min(...this.#machines.map(({ machine }) => machine.wakeAt))
    if (wakeAt >= this.#alarmAt) return
    this.#alarmAt = wakeAt
    this.#calendar.at(wakeAt, () => {
      if (this.#alarmAt !== wakeAt) return
      this.#alarmAt = NEVER
      this.input(now => {
        for (const { machine, wake } of this.#machines) if (machine.wakeAt <= now) wake(now)
      })
    })
  }
}
