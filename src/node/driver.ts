import { NEVER } from '#src/core/machine.ts'
import type { Machine, Millis } from '#src/core/machine.ts'

/** Longest time that setTimeout understands; a later deadline is simply looked at again. */
const alarmMsMax = 2 ** 31 - 1

/**
 * Gives the machines of one node their inputs, one at a time, and their time. An input that arises while another one is being
 * handled, such as an output of one machine that is an input of its neighbour, waits until that one is done. One alarm serves
 * all machines.
 */
export class Driver {
  readonly #inputs: ((now: Millis) => void)[] = []
  readonly #wakes: { machine: { readonly wakeAt: Millis }; wake: (now: Millis) => void }[] = []
  #running = false
  #stopped = false
  #paused = false
  #alarm: NodeJS.Timeout | undefined
  #alarmAt: Millis = NEVER

  /** From now on the machine is woken when it wants to be. */
  drive<Out>(machine: Machine<Out>, out: Out): void {
    this.#wakes.push({ machine, wake: now => machine.wake(now, out) })
  }

  /** Handles an input now or, while another one is being handled, after it. */
  input(handle: (now: Millis) => void): void {
    if (this.#stopped) return
    this.#inputs.push(handle)
    if (!this.#running && !this.#paused) this.#run()
  }

  /** Handles an input that has a result. Only for the outside world, never from within another input. */
  request<Result>(handle: (now: Millis) => Result): Result {
    if (this.#running) throw new Error('a request came from within an input')
    let result: { value: Result } | undefined
    this.#inputs.push(now => (result = { value: handle(now) }))
    this.#run()
    if (result === undefined) throw new Error('the request was not handled')
    return result.value
  }

  /** Lets inputs and deadlines wait, as in a process that the system has stopped. */
  set paused(paused: boolean) {
    this.#paused = paused
    if (paused) this.#clearAlarm()
    else if (!this.#running && !this.#stopped) this.#run()
  }

  /** Handles nothing more. */
  stop(): void {
    this.#stopped = true
    this.#clearAlarm()
  }

  #run(): void {
    this.#running = true
    try {
      for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) input(performance.now())
    } finally {
      this.#running = false
      this.#setAlarm()
    }
  }

  /** One that rings too early is cheaper than one that is set anew after each of a thousand inputs a second. */
  #setAlarm(): void {
    if (this.#stopped || this.#paused) return
    let wakeAt = NEVER
    for (const { machine } of this.#wakes) wakeAt = Math.min(wakeAt, machine.wakeAt)
    if (wakeAt >= this.#alarmAt) return
    this.#clearAlarm()
    this.#alarmAt = wakeAt
    const delay = Math.min(Math.max(0, Math.ceil(wakeAt - performance.now())), alarmMsMax)
    // Timers come before what has arrived meanwhile, which may be just what somebody waits for: it is read first.
    this.#alarm = setTimeout(() => setImmediate(() => this.#ring()), delay)
  }

  #ring(): void {
    this.#alarmAt = NEVER
    this.input(now => this.#wakeAll(now))
  }

  #clearAlarm(): void {
    clearTimeout(this.#alarm)
    this.#alarmAt = NEVER
  }

  #wakeAll(now: Millis): void {
    for (const { machine, wake } of this.#wakes) if (machine.wakeAt <= now) wake(now)
  }
}
