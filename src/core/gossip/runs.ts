/**
 * Which numbers of a sequence have been seen, as runs without a gap: an origin's batches come nearly in order, so nearly always it is
 * one run. Exact, however far apart the numbers are, as long as there are not too many gaps at a time.
 */
export class Runs {
  readonly #runsMax: number
  /** First and last number of each run, ascending. */
  #ends: number[] = []

  /** @param runsMax beyond so many runs the lowest gap is given up: its numbers count as seen */
  constructor(runsMax: number) {
    this.#runsMax = runsMax
  }

  /** The highest number seen; 0 if there is none. */
  get top(): number {
    return this.#ends.at(-1) ?? 0
  }

  has(number: number): boolean {
    const run = this.#runAfter(number)
    return run < this.#ends.length && (this.#ends[run] as number) <= number
  }

  /** Whether all numbers between these two have been seen, both included. */
  hasAll(from: number, to: number): boolean {
    const run = this.#runAfter(to)
    return run < this.#ends.length && (this.#ends[run] as number) <= from
  }

  /** Returns whether it is new. */
  add(number: number): boolean {
    const ends = this.#ends
    const run = this.#runAfter(number - 1)
    const [from, to] = [ends[run] ?? Infinity, ends[run + 1] ?? Infinity]
    if (from <= number && number <= to) return false
    if (to === number - 1) {
      if (ends[run + 2] === number + 1) ends.splice(run + 1, 2)
      else ends[run + 1] = number
    } else if (from === number + 1) ends[run] = number
    // With room for nothing else: nearly always it stays the only one.
    else if (ends.length === 0) this.#ends = [number, number]
    else ends.splice(run, 0, number, number)
    if (ends.length > 2 * this.#runsMax) ends.splice(1, 2)
    return true
  }

  /** Those between `from` and `to`, both included, that have not been seen, at most `max` of them and the highest first. */
  missing(from: number, to: number, max: number): number[] {
    const found: number[] = []
    for (let run = this.#ends.length; run >= 0 && found.length < max; run -= 2) {
      const above = this.#ends[run] ?? Infinity
      const below = run === 0 ? 0 : (this.#ends[run - 1] as number)
      for (let number = Math.min(to, above - 1); number >= from && number > below && found.length < max; number--) {
        found.push(number)
      }
    }
    return found
  }

  /** Index of the first run that does not end below this number. */
  #runAfter(number: number): number {
    let [low, high] = [0, this.#ends.length / 2]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ends[2 * middle + 1] as number) < number) low = middle + 1
      else high = middle
    }
    return 2 * low
  }
}
