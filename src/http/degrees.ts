import { DegreeLaw } from '#src/core/degree-law.ts'
import { degreeLaw } from '#src/settings.ts'
import { countsIn } from '#src/sim/degree-histogram.ts'
import { fitPowerLaw } from '#src/sim/power-law-fit.ts'
import type { DegreesReply } from './contract.ts'

const law = new DegreeLaw(degreeLaw)

/** How many peers have which degree, and how many should by the law in a network of so many. */
export function degreesReply(degrees: readonly number[]): DegreesReply {
  const peers = degrees.length
  const counts = tally(degrees)
  const expected = tally(degrees.map((_, rank) => law.target({ rank, peers })))
  const all = [...new Set([...counts.keys(), ...expected.keys()])].toSorted((a, b) => a - b)
  return {
    peers,
    degrees: all.map(degree => ({ degree, count: counts.get(degree) ?? 0, law: expected.get(degree) ?? 0 })),
    exponent: { fitted: fitted(counts, peers), law: degreeLaw.gamma }
  }
}

function fitted(counts: ReadonlyMap<number, number>, peers: number): number | null {
  const range = law.range(peers)
  // A small network may have nobody, or nothing but peers alike, where the law begins.
  if (countsIn(range, counts).filter(count => count > 0).length < 2) return null
  const { alpha } = fitPowerLaw(counts, range)
  return Number.isFinite(alpha) ? alpha : null
}

function tally(numbers: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return counts
}
