import { describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { degreeLaw } from '#src/settings.ts'
import { graphOfLaw } from '#src/sim/gossip/law-graph.ts'
import { Links } from '#src/sim/gossip/links.ts'
import { largestComponentShare } from '#src/sim/graph-measures.ts'
import { sum } from '../../support/core/numbers.ts'
import { replay, runsOf } from '../../support/core/runs.ts'
import { overlayTargets } from '../degrees.ts'
import type { Graph } from '#src/sim/graph.ts'

const law = new DegreeLaw(degreeLaw)

function neighboursOf({ offsets, targets }: Graph, peer: number): number[] {
  return [...targets.subarray(offsets[peer], offsets[peer + 1])]
}

describe.each([32, 300, 1_000, 20_000])('a graph of %i peers', peers => {
  const runs = runsOf(peers < 1_000 ? 20 : 2)

  test('has the degrees of the law', () => {
    for (const run of runs) {
      const graph = graphOfLaw(peers, law, seededRandom(run))
      const degrees = Array.from({ length: peers }, (_, peer) => neighboursOf(graph, peer).length)
      const targets = overlayTargets(peers)
      // No graph has an odd sum of degrees.
      if (sum(targets) % 2 === 1) targets[peers - 1] = (targets[peers - 1] ?? 0) + 1
      const sorted = (numbers: number[]): number[] => numbers.toSorted((one, other) => one - other)
      expect(sorted(degrees), replay(run)).toEqual(sorted(targets))
    }
  })

  test('is simple and in one piece', () => {
    for (const run of runs) {
      const graph = graphOfLaw(peers, law, seededRandom(run))
      for (let peer = 0; peer < peers; peer++) {
        const neighbours = neighboursOf(graph, peer)
        expect(neighbours, replay(run)).not.toContain(peer)
        expect(new Set(neighbours).size, replay(run)).toBe(neighbours.length)
      }
      expect(largestComponentShare(graph), replay(run)).toBe(1)
    }
  })

  test('is the same for the same seed, and another for another', () => {
    const ends = (seed: number): string => String(graphOfLaw(peers, law, seededRandom(seed)).targets)
    expect(ends(1)).toBe(ends(1))
    expect(ends(1)).not.toBe(ends(2))
  })
})

test.each([32, 1_000])('the links of a graph of %i peers look alike from both ends', peers => {
  const graph = graphOfLaw(peers, law, seededRandom(1))
  const links = new Links(graph, seededRandom(2))
  expect(links.ends).toBe(graph.targets.length)
  for (let peer = 0; peer < peers; peer++) {
    const others = neighboursOf(graph, peer).toSorted((one, other) => one - other)
    expect([...links.target.subarray(links.first[peer], links.first[peer + 1])]).toEqual(others)
    for (const other of others) {
      const end = links.between(peer, other)
      const back = links.between(other, peer)
      expect([links.owner[end], links.target[end], links.back[end]]).toEqual([peer, other, back])
      expect(links.latency[back]).toBe(links.latency[end])
      expect(links.latency[end]).toBeGreaterThanOrEqual(10)
      expect(links.latency[end]).toBeLessThanOrEqual(50)
    }
    const [last] = others.slice(-1)
    expect(() => links.between(peer, peer)).toThrow(RangeError)
    expect(() => links.between(peer, (last ?? 0) + 1)).toThrow(RangeError)
  }
})

test('peers that are hardly linked are connected all the same', () => {
  // Rings, of which a random one is seldom whole.
  const rings = new DegreeLaw({ ...degreeLaw, kMin: 2, kMax: 3, gamma: 4 })
  for (const run of runsOf(20)) {
    expect(largestComponentShare(graphOfLaw(50, rings, seededRandom(run))), replay(run)).toBe(1)
  }
})
