/** How often the event loop is looked at, in ms. A look costs a microsecond. */
const lookMs = 250

/**
 * When this process has stood still: busy with something, stopped, or on a machine that was. Its timers ring then before it reads what has
 * arrived meanwhile, so whatever it waited for seems to have failed.
 */
export class LoopLag {
  readonly #lagMsMin: number
  #lookedAt = performance.now()
  #laggedAt = Number.NEGATIVE_INFINITY

  /** @param lagMsMin less than this is not noted, in ms */
  constructor(lagMsMin: number) {
    this.#lagMsMin = lagMsMin
    setInterval(() => this.#look(), lookMs).unref()
  }

  /** Whether it stood still at some time since this one, in ms as `performance.now()` counts them. */
  since(startedAt: number): boolean {
    // The timer that asks may have rung before ours.
    this.#look()
    return this.#laggedAt >= startedAt
  }

  #look(): void {
    const now = performance.now()
    if (now - this.#lookedAt > lookMs + this.#lagMsMin) this.#laggedAt = now
    this.#lookedAt = now
  }
}
