import { NEVER } from './machine.ts'
import type { Machine, Millis } from './machine.ts'

export interface BroadcasterSettings {
  readonly startDelayMs: Millis
  readonly intervalMs: Millis
  readonly count: number
}

export interface BroadcasterOutput {
  /** Publish the saying with this number, from 1 to `count`. */
  say(number: number, count: number): void
}

/** Says something now and then, `count` times in all. After a stall nothing is caught up: two sayings are never closer than the interval. */
export class Broadcaster implements Machine<BroadcasterOutput> {
  readonly #settings: BroadcasterSettings
  #nextAt: Millis = NEVER
  #said = 0

  constructor(settings: BroadcasterSettings) {
    this.#settings = settings
  }

  get wakeAt(): Millis {
    return this.#nextAt
  }

  get said(): number {
    return this.#said
  }

  get count(): number {
    return this.#settings.count
  }

  begin(now: Millis): void {
    if (this.#settings.count > 0) this.#nextAt = now + this.#settings.startDelayMs
  }

  wake(now: Millis, out: BroadcasterOutput): void {
    if (now < this.#nextAt) return
    this.#said++
    this.#nextAt = this.#said < this.#settings.count ? now + this.#settings.intervalMs : NEVER
    out.say(this.#said, this.#settings.count)
  }
}
