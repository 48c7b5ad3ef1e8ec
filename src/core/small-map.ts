/** Up to so many entries a search through an array is as quick as a hash. */
const smallMax = 8

const nothing: readonly never[] = []

/**
 * A map that usually has a few entries or none: an empty one takes 32 bytes and one of three 130, where a `Map` takes 190 and 330. Beyond
 * `smallMax` entries it is a `Map`. Entries come in the order in which they were set, and may be deleted meanwhile.
 */
export class SmallMap<Key, Value> {
  /** Each key is followed by its value. The array is made anew for each change of the keys, so it has no room to spare. */
  #entries: readonly (Key | Value)[] | Map<Key, Value> = nothing

  get size(): number {
    return this.#entries instanceof Map ? this.#entries.size : this.#entries.length / 2
  }

  get(key: Key): Value | undefined {
    const entries = this.#entries
    if (entries instanceof Map) return entries.get(key)
    const index = indexOf(entries, key)
    return index < 0 ? undefined : (entries[index + 1] as Value)
  }

  has(key: Key): boolean {
    return this.#entries instanceof Map ? this.#entries.has(key) : indexOf(this.#entries, key) >= 0
  }

  set(key: Key, value: Value): void {
    const entries = this.#entries
    if (entries instanceof Map) {
      entries.set(key, value)
      return
    }
    const index = indexOf(entries, key)
    if (index >= 0) this.#entries = entries.with(index + 1, value)
    else if (entries.length < 2 * smallMax) this.#entries = entries.concat([key, value])
    else this.#entries = new Map(this).set(key, value)
  }

  delete(key: Key): void {
    const entries = this.#entries
    if (entries instanceof Map) {
      entries.delete(key)
      return
    }
    const index = indexOf(entries, key)
    if (index >= 0) this.#entries = entries.length === 2 ? nothing : entries.toSpliced(index, 2)
  }

  clear(): void {
    this.#entries = nothing
  }

  keys(): IterableIterator<Key> {
    return this.#entries instanceof Map ? this.#entries.keys() : everySecond<Key>(this.#entries, 0)
  }

  values(): IterableIterator<Value> {
    return this.#entries instanceof Map ? this.#entries.values() : everySecond<Value>(this.#entries, 1)
  }

  *[Symbol.iterator](): Generator<[Key, Value]> {
    const entries = this.#entries
    if (entries instanceof Map) yield* entries
    else
      for (let index = 0; index < entries.length; index += 2) yield [entries[index] as Key, entries[index + 1] as Value]
  }
}

function* everySecond<Entry>(entries: readonly unknown[], first: number): Generator<Entry> {
  for (let index = first; index < entries.length; index += 2) yield entries[index] as Entry
}

/** Where a key stands; -1 if it does not. */
function indexOf(entries: readonly unknown[], key: unknown): number {
  for (let index = 0; index < entries.length; index += 2) if (entries[index] === key) return index
  return -1
}
