/** Peers in one chunk before it is cut in two. Measured at a million peers: an addition takes 2 us with 512 to 2,048. */
const chunkMax = 1_024

interface Chunk<Peer> {
  /** Ascending. */
  readonly keys: number[]
  readonly peers: Peer[]
}

/**
 * The order of all peers by their rank key: how many stand before a given one, and who stands at a given place. A sorted array, cut
 * into chunks so that adding moves only a few; one search among the chunks and one within.
 */
export class Ranking<Peer> {
  readonly #chunks: Chunk<Peer>[] = [{ keys: [], peers: [] }]
  /** Peers in each chunk, side by side in memory: they are summed up for every rank. */
  readonly #sizes: number[] = [0]
  /** What no key of each chunk exceeds, side by side in the same way; the last one's is never looked at. */
  readonly #bounds: number[] = [Infinity]
  #size = 0

  get size(): number {
    return this.#size
  }

  add(key: number, peer: Peer): void {
    const at = this.#chunkOf(key)
    const chunk = this.#chunks[at] as Chunk<Peer>
    const index = firstNotBelow(chunk.keys, key)
    chunk.keys.splice(index, 0, key)
    chunk.peers.splice(index, 0, peer)
    this.#size++
    this.#sizes[at] = chunk.keys.length
    if (chunk.keys.length <= chunkMax) return
    const half = chunkMax / 2
    this.#sizes.splice(at, 1, half, chunk.keys.length - half)
    this.#bounds.splice(at, 0, chunk.keys[half - 1] as number)
    this.#chunks.splice(at + 1, 0, { keys: chunk.keys.splice(half), peers: chunk.peers.splice(half) })
  }

  delete(key: number, peer: Peer): void {
    for (let at = this.#chunkOf(key); at < this.#chunks.length; at++) {
      const { keys, peers } = this.#chunks[at] as Chunk<Peer>
      // Two peers with one key happen once in 2^53; then the peer decides.
      for (let index = firstNotBelow(keys, key); index < keys.length; index++) {
        if (keys[index] !== key) return
        if (peers[index] !== peer) continue
        keys.splice(index, 1)
        peers.splice(index, 1)
        this.#size--
        this.#sizes[at] = keys.length
        if (keys.length > 0 || this.#chunks.length === 1) return
        this.#chunks.splice(at, 1)
        this.#sizes.splice(at, 1)
        this.#bounds.splice(at, 1)
        return
      }
    }
  }

  /** How many keys are greater than `key`. */
  rank(key: number): number {
    let at = this.#chunkOf(key)
    let notGreater = 0
    for (let index = 0; index < at; index++) notGreater += this.#sizes[index] as number
    for (; at < this.#chunks.length; at++) {
      const { keys } = this.#chunks[at] as Chunk<Peer>
      const above = firstAbove(keys, key)
      notGreater += above
      if (above < keys.length) break
    }
    return this.#size - notGreater
  }

  /** The peer with so many before it; nobody beyond the last. */
  at(rank: number): Peer | undefined {
    let index = this.#size - 1 - rank
    for (let at = 0; at < this.#sizes.length && index >= 0; at++) {
      const size = this.#sizes[at] as number
      if (index < size) return (this.#chunks[at] as Chunk<Peer>).peers[index]
      index -= size
    }
    return undefined
  }

  /** Index of the first chunk that may have this key or a greater one; the last chunk, if there is none. */
  #chunkOf(key: number): number {
    let low = 0
    let high = this.#bounds.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#bounds[middle] as number) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

function firstNotBelow(keys: readonly number[], key: number): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((keys[middle] as number) < key) low = middle + 1
    else high = middle
  }
  return low
}

function firstAbove(keys: readonly number[], key: number): number {
  let at = firstNotBelow(keys, key)
  while (keys[at] === key) at++
  return at
}
