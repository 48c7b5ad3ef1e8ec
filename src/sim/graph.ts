/** Who is linked with whom, as compact as that is: the neighbours of peer p are targets[offsets[p]] to targets[offsets[p + 1] - 1]. */
export interface Graph {
  /** Peers are the numbers from 0 to `peers` - 1. */
  readonly peers: number
  /** `peers` + 1 entries. */
  readonly offsets: Uint32Array
  /** Each link twice, once at each end. */
  readonly targets: Uint32Array
}

/** One entry a peer: 0 for those that are as if they were not there, and their links with them. All count if it is left out. */
export type Counted = ArrayLike<number>

/** `ends` are the two ends of the first link, those of the second, and so on. A link that is named twice is there twice. */
export function graphOf(peers: number, ends: ArrayLike<number>): Graph {
  if (ends.length % 2 !== 0) throw new RangeError('a link has two ends')
  const offsets = new Uint32Array(peers + 1)
  for (let at = 0; at < ends.length; at++) {
    const peer = ends[at] as number
    if (!(Number.isInteger(peer) && peer >= 0 && peer < peers)) throw new RangeError(`no peer ${peer} among ${peers}`)
    if (peer === ends[at ^ 1]) throw new RangeError(`peer ${peer} is linked with itself`)
    offsets[peer + 1] = (offsets[peer + 1] as number) + 1
  }
  for (let peer = 0; peer < peers; peer++) {
    offsets[peer + 1] = (offsets[peer + 1] as number) + (offsets[peer] as number)
  }
  const targets = new Uint32Array(ends.length)
  const next = offsets.slice(0, peers)
  for (let at = 0; at < ends.length; at++) {
    const peer = ends[at] as number
    const place = next[peer] as number
    targets[place] = ends[at ^ 1] as number
    next[peer] = place + 1
  }
  return { peers, offsets, targets }
}

/** Peers by number of links: entry 3 is how many have 3. Ends with the most links that a peer has. */
export function degreeHistogram({ peers, offsets, targets }: Graph, counted?: Counted): Uint32Array {
  const degrees = new Uint32Array(peers)
  let most = 0
  for (let peer = 0; peer < peers; peer++) {
    const end = offsets[peer + 1] as number
    let degree = 0
    if (counted === undefined) degree = end - (offsets[peer] as number)
    else {
      for (let at = offsets[peer] as number; at < end; at++) if (counted[targets[at] as number] !== 0) degree++
    }
    degrees[peer] = degree
    if (degree > most && counted?.[peer] !== 0) most = degree
  }
  const histogram = new Uint32Array(most + 1)
  for (let peer = 0; peer < peers; peer++) {
    if (counted?.[peer] === 0) continue
    const degree = degrees[peer] as number
    histogram[degree] = (histogram[degree] as number) + 1
  }
  return histogram
}
