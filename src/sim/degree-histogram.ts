/** How many peers have which degree: a map from degree to peers, or an array whose index is the degree. */
export type DegreeHistogram = ReadonlyMap<number, number> | ArrayLike<number>

/** The degrees that a law is fitted to, both ends included. */
export interface DegreeRange {
  /** Fewest links (xmin of Clauset, Shalizi and Newman), at least 1. */
  readonly from: number
  /** Most links (the cutoff kc). */
  readonly to: number
}

/** Peers by degree, from `range.from` on: entry 0 is how many peers have `range.from` links. Other degrees are left out. */
export function countsIn(range: DegreeRange, histogram: DegreeHistogram): Float64Array {
  const { from, to } = range
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from) {
    throw new RangeError(`no range of degrees: ${from} to ${to}`)
  }
  const counts = new Float64Array(to - from + 1)
  if ('length' in histogram) {
    const end = Math.min(to, histogram.length - 1)
    for (let degree = from; degree <= end; degree++) counts[degree - from] = histogram[degree] as number
  } else {
    for (const [degree, peers] of histogram) {
      if (degree >= from && degree <= to) counts[degree - from] = peers
    }
  }
  return counts
}

/** All peers of a histogram, whatever their degree. */
export function peersIn(histogram: DegreeHistogram): number {
  let peers = 0
  if ('length' in histogram) {
    for (let degree = 0; degree < histogram.length; degree++) peers += histogram[degree] as number
  } else {
    for (const count of histogram.values()) peers += count
  }
  return peers
}
