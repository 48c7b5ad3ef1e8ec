import { DegreeLaw } from '#src/core/degree-law.ts'
import { below } from '#src/core/random.ts'
import { degreeLaw as settings } from '#src/settings.ts'
import type { Random } from '#src/core/random.ts'
import type { DegreeRange } from '#src/sim/degree-histogram.ts'

const law = new DegreeLaw(settings)

/** Peers by degree. */
export function histogramOf(degrees: Iterable<number>): Map<number, number> {
  const histogram = new Map<number, number>()
  for (const degree of degrees) histogram.set(degree, (histogram.get(degree) ?? 0) + 1)
  return histogram
}

/** From the fewest links of a peer to the cutoff, as the overlay has them in networks of 32 peers and more. */
export function overlayRange(peers: number): DegreeRange {
  return { from: settings.kMin, to: law.cutoff(peers) }
}

/** The degrees that the overlay's peers want to have. */
export function overlayTargets(peers: number): number[] {
  return Array.from({ length: peers }, (_, rank) => law.target({ rank, peers }))
}

/** Degrees of a range, drawn independently with these weights. */
export function draws(
  count: number,
  { from, to }: DegreeRange,
  random: Random,
  weight: (degree: number) => number
): number[] {
  const cumulative: number[] = []
  let total = 0
  for (let degree = from; degree <= to; degree++) cumulative.push((total += weight(degree)))
  return Array.from({ length: count }, () => {
    const number = random() * total
    let [low, high] = [0, cumulative.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((cumulative[middle] as number) > number) high = middle
      else low = middle + 1
    }
    return from + low
  })
}

/** Both ends of each link of a graph in which every pair of peers is equally likely to be linked. */
export function uniformLinks(peers: number, links: number, random: Random): number[] {
  const pairs = new Set<number>()
  while (pairs.size < links) {
    const one = below(random, peers)
    const other = below(random, peers)
    if (one !== other) pairs.add(Math.min(one, other) * peers + Math.max(one, other))
  }
  return [...pairs].flatMap(pair => [Math.floor(pair / peers), pair % peers])
}
