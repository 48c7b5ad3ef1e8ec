/** What the round trips of some pings have in common, in ms to a tenth; null as long as there is none. */
export interface PingSummary {
  readonly answered: number
  readonly minMs: number | null
  readonly meanMs: number | null
  readonly maxMs: number | null
  /** Standard deviation. */
  readonly deviationMs: number | null
}

/** Takes in round trips one by one, and keeps none of them: pings may go on for days. */
export class PingStatistics {
  #answered = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0
  #mean = 0
  /** Sum of the squared distances from the mean, by Welford's method. */
  #squares = 0

  add(rttMs: number): void {
    this.#answered++
    this.#min = Math.min(this.#min, rttMs)
    this.#max = Math.max(this.#max, rttMs)
    const distance = rttMs - this.#mean
    this.#mean += distance / this.#answered
    this.#squares += distance * (rttMs - this.#mean)
  }

  get summary(): PingSummary {
    const answered = this.#answered
    if (answered === 0) return { answered, minMs: null, meanMs: null, maxMs: null, deviationMs: null }
    const deviation = Math.sqrt(this.#squares / answered)
    return {
      answered,
      minMs: tenths(this.#min),
      meanMs: tenths(this.#mean),
      maxMs: tenths(this.#max),
      deviationMs: tenths(deviation)
    }
  }
}

function tenths(ms: number): number {
  return Math.round(10 * ms) / 10
}
