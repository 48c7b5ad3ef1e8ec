import { below } from '#src/core/random.ts'
import { BreadthFirst } from '../breadth-first.ts'
import { graphOf } from '../graph.ts'
import type { DegreeLaw } from '#src/core/degree-law.ts'
import type { Random } from '#src/core/random.ts'
import type { Graph } from '../graph.ts'

/** Swaps that are tried for one bad link, or to connect what is not connected, before there is taken to be no such graph. */
const triesMax = 10_000

/**
 * A random simple connected graph with the degrees of the law: the ends of links are drawn at random in pairs, and what is bad about the
 * pairs (links with oneself, the same link twice, parts without a link between them) is mended by swaps, which keep every degree.
 *
 * Ranks are dealt out at random. Where the degrees have an odd sum, which no graph has, a peer with the fewest links gets one more.
 */
export function graphOfLaw(peers: number, law: DegreeLaw, random: Random): Graph {
  const degrees = new Uint32Array(peers)
  for (let rank = 0; rank < peers; rank++) degrees[rank] = law.target({ rank, peers })
  let sum = 0
  for (const degree of degrees) sum += degree
  if (sum % 2 === 1) degrees[peers - 1] = (degrees[peers - 1] as number) + 1
  shuffle(degrees, random)
  const pairing = new Pairing(degrees, random)
  pairing.makeSimple()
  pairing.connect()
  return graphOf(peers, pairing.ends)
}

function shuffle(items: Uint32Array, random: Random): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = below(random, at + 1)
    const item = items[at] as number
    items[at] = items[other] as number
    items[other] = item
  }
}

/** Links as pairs of ends: those of link i are at 2i and 2i + 1. */
class Pairing {
  readonly ends: Uint32Array
  readonly #peers: number
  readonly #random: Random
  /** Where the ends of peer p are: at places[offsets[p]] to places[offsets[p + 1] - 1]. */
  readonly #offsets: Uint32Array
  readonly #places: Uint32Array

  constructor(degrees: Uint32Array, random: Random) {
    this.#peers = degrees.length
    this.#random = random
    this.#offsets = new Uint32Array(degrees.length + 1)
    for (const [peer, degree] of degrees.entries()) {
      this.#offsets[peer + 1] = (this.#offsets[peer] as number) + degree
    }
    const ends = new Uint32Array(this.#offsets[degrees.length] as number)
    for (const [peer, degree] of degrees.entries()) {
      const from = this.#offsets[peer] as number
      ends.fill(peer, from, from + degree)
    }
    shuffle(ends, random)
    this.ends = ends
    this.#places = new Uint32Array(ends.length)
    const next = this.#offsets.slice(0, degrees.length)
    for (let place = 0; place < ends.length; place++) {
      const peer = ends[place] as number
      const at = next[peer] as number
      this.#places[at] = place
      next[peer] = at + 1
    }
  }

  /** Swaps away links with oneself and links that are there twice. */
  makeSimple(): void {
    for (const place of this.#bad()) {
      for (let tries = 0; this.#isBad(place); tries++) {
        if (tries === triesMax) throw new Error('no simple graph with these degrees was found')
        this.#swap(place, below(this.#random, this.ends.length))
      }
    }
  }

  /** Swaps a link of a part that cannot be reached with one of the rest, until everybody is reached. */
  connect(): void {
    for (let tries = 0; tries < triesMax; tries++) {
      const search = new BreadthFirst(graphOf(this.#peers, this.ends))
      search.layersFrom(0)
      const apart = this.ends.findIndex(peer => !search.seen(peer))
      if (apart < 0) return
      let place = below(this.#random, this.ends.length)
      while (!search.seen(this.ends[place] as number)) place = below(this.#random, this.ends.length)
      this.#swap(apart, place)
    }
    throw new Error('no connected graph with these degrees was found')
  }

  /** Gives the link at one place the far end of the link at the other, and the other way round, unless that makes a bad link. */
  #swap(one: number, other: number): void {
    const { ends } = this
    const [near, far] = [ends[one] as number, ends[one ^ 1] as number]
    const [otherNear, otherFar] = [ends[other] as number, ends[other ^ 1] as number]
    if (near === otherFar || otherNear === far) return
    if (this.#links(near, otherFar) > 0 || this.#links(otherNear, far) > 0) return
    this.#move(far, one ^ 1, other ^ 1)
    this.#move(otherFar, other ^ 1, one ^ 1)
  }

  #move(peer: number, from: number, to: number): void {
    const at = this.#places.indexOf(from, this.#offsets[peer])
    this.#places[at] = to
    this.ends[to] = peer
  }

  #links(peer: number, other: number): number {
    let links = 0
    const stop = this.#offsets[peer + 1] as number
    for (let at = this.#offsets[peer] as number; at < stop; at++) {
      if (this.ends[(this.#places[at] as number) ^ 1] === other) links++
    }
    return links
  }

  #isBad(place: number): boolean {
    const [peer, other] = [this.ends[place] as number, this.ends[place ^ 1] as number]
    return peer === other || this.#links(peer, other) > 1
  }

  /** A place of each link that is bad as it was drawn. */
  #bad(): number[] {
    const bad: number[] = []
    const metBy = new Int32Array(this.#peers).fill(-1)
    for (let peer = 0; peer < this.#peers; peer++) {
      const stop = this.#offsets[peer + 1] as number
      for (let at = this.#offsets[peer] as number; at < stop; at++) {
        const place = this.#places[at] as number
        const other = this.ends[place ^ 1] as number
        if (other === peer || metBy[other] === peer) bad.push(place)
        metBy[other] = peer
      }
    }
    return bad
  }
}
