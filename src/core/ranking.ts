/**
 * The order of all peers by their rank key: how many stand before a given one. A sorted array; adding moves the tail, which
 * costs 5 us at 100,000 peers (measured) and happens once per join.
 */
export class Ranking {
  readonly #keys: number[] = []

  get size(): number {
    return this.#keys.length
  }

  add(key: number): void {
    this.#keys.splice(this.#position(key), 0, key)
  }

  delete(key: number): void {
    const at = this.#position(key)
    if (this.#keys[at] === key) this.#keys.splice(at, 1)
  }

  /** How many keys are greater than `key`. */
  rank(key: number): number {
    let at = this.#position(key)
    while (this.#keys[at] === key) at++
    return this.#keys.length - at
  }

  /** Index of the first key that is not smaller. */
  #position(key: number): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#keys[middle] as number) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
