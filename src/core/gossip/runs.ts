/**
 * Which numbers of a sequence have been seen, as runs without a gap: an origin's batches come nearly in order, so nearly always it is
 * one run. Exact, however far apart the numbers are, as long as there are not too many gaps at a time.
 */
export class Runs {
  readonly #runsMax: number
  /** First and last number of the highest run. */
  #from = 1
  #to = 0
  /** The same of the runs below it, ascending; there are seldom any. */
  #lower: number[] | undefined

  /** @param runsMax beyond so many runs the lowest gap is given up: its numbers count as seen */
  constructor(runsMax: number) {
    this.#runsMax = runsMax
  }

  /** The highest number seen; 0 if there is none. */
  get top(): number {
    return this.#to
  }

  has(number: number): boolean {
    return this.hasAll(number, number)
  }

  /** Whether all numbers between these two have been seen, both included. */
  hasAll(from: number, to: number): boolean {
    if (from >= this.#from) return to <= this.#to
    const lower = this.#lower ?? []
    const run = runAfter(lower, to)
    return run < lower.length && (lower[run] as number) <= from
  }

  /** Returns whether it is new. */
  add(number: number): boolean {
    if (number === this.#to + 1 && this.#to > 0) this.#to = number
    else if (this.has(number)) return false
    else this.#insert(number)
    return true
  }

  #insert(number: number): void {
    const ends = [...(this.#lower ?? []), ...(this.#to > 0 ? [this.#from, this.#to] : [])]
    const run = runAfter(ends, number - 1)
    const [from, to] = [ends[run] ?? Infinity, ends[run + 1] ?? Infinity]
    if (to === number - 1) {
      if (ends[run + 2] === number + 1) ends.splice(run + 1, 2)
      else ends[run + 1] = number
    } else if (from === number + 1) ends[run] = number
    else ends.splice(run, 0, number, number)
    if (ends.length > 2 * this.#runsMax) ends.splice(1, 2)
    this.#to = ends.pop() as number
    this.#from = ends.pop() as number
    this.#lower = ends.length === 0 ? undefined : ends
  }

  /** Those between `from` and `to`, both included, that have not been seen, at most `max` of them and the highest first. */
  missing(from: number, to: number, max: number): number[] {
    const found: number[] = []
    const ends = [...(this.#lower ?? []), this.#from, this.#to]
    for (let run = ends.length; run >= 0 && found.length < max; run -= 2) {
      const above = ends[run] ?? Infinity
      const below = run === 0 ? 0 : (ends[run - 1] as number)
      for (let number = Math.min(to, above - 1); number >= from && number > below && found.length < max; number--) {
        found.push(number)
      }
    }
    return found
  }
}

/** Index of the first run that does not end below this number. */
function runAfter(ends: readonly number[], number: number): number {
  let [low, high] = [0, ends.length / 2]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[2 * middle + 1] as number) < number) low = middle + 1
    else high = middle
  }
  return 2 * low
}
