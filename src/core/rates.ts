import type { Millis } from './machine.ts'

export interface RatesSettings {
  /** So many at once, if there were none for a while. */
  readonly burst: number
  /** After that one in this time. */
  readonly everyMs: Millis
  /** Whose requests are counted at most; whoever has asked least lately is forgotten first. */
  readonly askersMax: number
}

/** Who asks too often: a leaky bucket for each asker, of which only the time is kept when it will be empty. */
export class Rates<Asker> {
  readonly #settings: RatesSettings
  /** In the order of the last request that was let through. */
  readonly #emptyAt = new Map<Asker, Millis>()

  constructor(settings: RatesSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#emptyAt.size
  }

  /** Whether one more request of this asker is within its rate; then it counts. */
  take(asker: Asker, now: Millis): boolean {
    const { burst, everyMs, askersMax } = this.#settings
    const emptyAt = Math.max(this.#emptyAt.get(asker) ?? now, now) + everyMs
    if (emptyAt - now > burst * everyMs) return false
    this.#emptyAt.delete(asker)
    this.#emptyAt.set(asker, emptyAt)
    for (const first of this.#emptyAt.keys()) {
      if (this.#emptyAt.size <= askersMax) break
      this.#emptyAt.delete(first)
    }
    return true
  }
}
