/** Up to so many entries a search through an array is as quick as a hash. */
const smallMax = 8

const nothing: readonly never[] = []

/**
 * A map that usually has a few entries or none: an empty one takes 48 bytes and one of three 150, where a `Map` takes 190 and 330. Beyond
 * `smallMax` entries it is a `Map`. Entries come in the order in which they were set, and may be deleted meanwhile.
 */
export class SmallMap<Key, Value> {
  #keys: readonly Key[] = nothing
  #values: Value[] = nothing as unknown as Value[]
  #map: Map<Key, Value> | undefined

  get size(): number {
    return this.#map?.size ?? this.#keys.length
  }

  get(key: Key): Value | undefined {
    if (this.#map !== undefined) return this.#map.get(key)
    const index = this.#keys.indexOf(key)
    return index < 0 ? undefined : this.#values[index]
  }

  has(key: Key): boolean {
    return this.#map?.has(key) ?? this.#keys.includes(key)
  }

  set(key: Key, value: Value): void {
    const index = this.#map === undefined ? this.#keys.indexOf(key) : -1
    if (index >= 0) this.#values[index] = value
    else if (this.#map === undefined && this.#keys.length < smallMax) {
      // Arrays that are made anew have no room to spare.
      this.#keys = this.#keys.concat([key])
      this.#values = this.#values.concat([value])
    } else {
      this.#map ??= new Map(this)
      this.#map.set(key, value)
      this.#keys = nothing
      this.#values = nothing as unknown as Value[]
    }
  }

  delete(key: Key): void {
    const index = this.#keys.indexOf(key)
    this.#map?.delete(key)
    if (index < 0) return
    this.#keys = this.#keys.length === 1 ? nothing : this.#keys.toSpliced(index, 1)
    this.#values = this.#keys.length === 0 ? (nothing as unknown as Value[]) : this.#values.toSpliced(index, 1)
  }

  keys(): Iterable<Key> {
    return this.#map === undefined ? this.#keys : this.#map.keys()
  }

  values(): Iterable<Value> {
    return this.#map === undefined ? this.#values : this.#map.values()
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    if (this.#map !== undefined) return this.#map[Symbol.iterator]()
    return this.#keys.map((key, index): [Key, Value] => [key, this.#values[index] as Value])[Symbol.iterator]()
  }
}
