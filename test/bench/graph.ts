import { DegreeLaw } from '#src/core/degree-law.ts'
import { below, sample } from '#src/core/random.ts'
import { degreeLaw } from '#src/settings.ts'
import type { Random } from '#src/core/random.ts'

export type GraphKind = 'random' | 'power-law'
export type Edge = readonly [number, number]

const randomDegree = 8
const attemptsMax = 1_000

/** A connected graph without loops and double edges. The smaller end of an edge comes first. */
export function graphOf(kind: GraphKind, peers: number, random: Random): Edge[] {
  const degrees = kind === 'random' ? Array.from({ length: peers }, () => randomDegree) : powerLawDegrees(peers, random)
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const edges = matchStubs(degrees, random)
    if (isConnected(peers, edges)) return edges
  }
  throw new Error(`no connected ${kind} graph of ${peers} peers was found`)
}

/** Shuffled, so that a low number of a node says nothing about its degree. */
function powerLawDegrees(peers: number, random: Random): number[] {
  const law = new DegreeLaw(degreeLaw)
  const degrees = Array.from({ length: peers }, (_, rank) => law.target({ rank, peers }))
  return sample(random, degrees, peers)
}

/**
 * Joins the ends of links by chance. A pair that would be a loop or a double edge cuts open an edge that stands already and puts
 * itself in its middle; what cannot be placed even so is left out, so a few nodes have a link or two less than they should.
 */
function matchStubs(degrees: readonly number[], random: Random): Edge[] {
  const stubs = sample(
    random,
    degrees.flatMap((degree, node) => Array.from({ length: degree }, () => node)),
    Infinity
  )
  const edges: Edge[] = []
  const taken = new Set<number>()
  const keyOf = (a: number, b: number): number => Math.min(a, b) * degrees.length + Math.max(a, b)
  const fits = (a: number, b: number): boolean => a !== b && !taken.has(keyOf(a, b))
  const join = (a: number, b: number, at = edges.length): void => {
    edges[at] = a < b ? [a, b] : [b, a]
    taken.add(keyOf(a, b))
  }
  for (let at = 0; at + 1 < stubs.length; at += 2) {
    const [a, b] = [stubs[at] as number, stubs[at + 1] as number]
    if (fits(a, b)) {
      join(a, b)
      continue
    }
    for (let attempt = 0; attempt < attemptsMax && edges.length > 0; attempt++) {
      const place = below(random, edges.length)
      const [c, d] = edges[place] as Edge
      if (!fits(a, c) || !fits(b, d) || keyOf(a, c) === keyOf(b, d)) continue
      taken.delete(keyOf(c, d))
      join(a, c, place)
      join(b, d)
      break
    }
  }
  return edges
}

function isConnected(peers: number, edges: readonly Edge[]): boolean {
  const reached = new Set([0])
  for (const node of reached) {
    for (const [a, b] of edges) {
      if (a === node) reached.add(b)
      if (b === node) reached.add(a)
    }
  }
  return reached.size === peers
}
