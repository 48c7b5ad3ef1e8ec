import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, sample, seededRandom } from '#src/core/random.ts'
import { diameterAtLeast, hopsToReach, largestComponentShare } from '#src/sim/graph-measures.ts'
import { degreeHistogram, graphOf } from '#src/sim/graph.ts'
import { sum } from '../support/core/numbers.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { overlayTargets } from './degrees.ts'
import type { Graph } from '#src/sim/graph.ts'

type Links = readonly (readonly [number, number])[]

/** A small network and which of its peers count. */
const networks = fc.integer({ min: 1, max: 14 }).chain(peers =>
  fc.record({
    peers: fc.constant(peers),
    links: fc
      .array(fc.tuple(fc.nat(peers - 1), fc.nat(peers - 1)), { maxLength: 25 })
      .map(links => links.filter(([one, other]) => one !== other)),
    counted: fc.array(fc.constantFrom(0, 1, 1, 1), { minLength: peers, maxLength: peers })
  })
)

/** Hops from everybody who counts to everybody who counts, by Floyd and Warshall. */
function distances(peers: number, links: Links, counted: readonly number[]): number[][] {
  const all = Array.from({ length: peers }, (_, one) =>
    Array.from({ length: peers }, (_, other) => (one === other ? 0 : Infinity))
  )
  const hops = (one: number, other: number): number => all[one]?.[other] ?? Infinity
  const set = (one: number, other: number, to: number): void => {
    const row = all[one]
    if (row !== undefined) row[other] = Math.min(hops(one, other), to)
  }
  for (const [one, other] of links) {
    if (counted[one] === 0 || counted[other] === 0) continue
    set(one, other, 1)
    set(other, one, 1)
  }
  for (const [middle] of all.entries()) {
    for (const [one] of all.entries()) {
      for (const [other] of all.entries()) set(one, other, hops(one, middle) + hops(middle, other))
    }
  }
  const among = (_: unknown, peer: number): boolean => counted[peer] !== 0
  return all.filter(among).map(row => row.filter(among))
}

/** Hops in which the share is reached, read off the straight lines between the points (hop, peers reached). */
function hopsFrom(row: readonly number[], share: number): number {
  const reached = (hop: number): number => row.filter(hops => hops <= hop).length
  const wanted = share * row.length
  if (reached(row.length) < wanted) return Infinity
  let hop = 0
  while (reached(hop) < wanted) hop++
  return hop === 0 ? 0 : hop - (reached(hop) - wanted) / (reached(hop) - reached(hop - 1))
}

const everybody = { starts: 1000, random: seededRandom(1) }

describe('against measures that take their time', () => {
  test('the largest component, with and without those that do not count', () => {
    fc.assert(
      fc.property(networks, ({ peers, links, counted }) => {
        const rows = distances(peers, links, counted)
        const largest = Math.max(0, ...rows.map(row => row.filter(hops => hops < Infinity).length))
        const graph = graphOf(peers, links.flat())
        expect(largestComponentShare(graph, counted)).toBe(largest / Math.max(rows.length, 1))
        expect(
          largestComponentShare(
            graph,
            Uint8Array.from({ length: peers }, () => 1)
          )
        ).toBe(largestComponentShare(graph))
      })
    )
  })

  test('hops to a share of the peers', () => {
    fc.assert(
      fc.property(networks, fc.constantFrom(0.5, 0.9, 0.99, 1), ({ peers, links, counted }, share) => {
        const rows = distances(peers, links, counted)
        const expected = rows.length === 0 ? 0 : sum(rows.map(row => hopsFrom(row, share))) / rows.length
        const hops = hopsToReach(graphOf(peers, links.flat()), { ...everybody, share, counted })
        if (expected === Infinity) expect(hops).toBe(Infinity)
        else expect(hops).toBeCloseTo(expected, 9)
      })
    )
  })

  test('the diameter is never over, and never under half', () => {
    fc.assert(
      fc.property(networks, fc.maxSafeNat(), ({ peers, links, counted }, seed) => {
        const rows = distances(peers, links, counted)
        const diameter = Math.max(0, ...rows.flat().filter(hops => hops < Infinity))
        const found = diameterAtLeast(graphOf(peers, links.flat()), { ...everybody, counted })
        expect(found).toBeLessThanOrEqual(diameter)
        expect(found).toBeGreaterThanOrEqual(diameter / 2)
        const once = diameterAtLeast(graphOf(peers, links.flat()), { starts: 1, random: seededRandom(seed), counted })
        expect(once).toBeLessThanOrEqual(diameter)
        if (rows.flat().every(hops => hops < Infinity)) expect(once).toBeGreaterThanOrEqual(diameter / 2)
      })
    )
  })

  test('one double sweep finds the diameter of a tree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.maxSafeNat(), (peers, seed) => {
        const random = seededRandom(seed)
        const links = Array.from({ length: peers - 1 }, (_, index) => [index + 1, below(random, index + 1)] as const)
        const all = distances(
          peers,
          links,
          Array.from({ length: peers }, () => 1)
        ).flat()
        expect(diameterAtLeast(graphOf(peers, links.flat()), { starts: 1, random })).toBe(Math.max(...all))
      })
    )
  })

  test('peers by number of links, with and without those that do not count', () => {
    fc.assert(
      fc.property(networks, ({ peers, links, counted }) => {
        const expected = (counts: (peer: number) => boolean): number[] => {
          const degrees = Array.from({ length: peers }, (_, peer) => {
            const ends = links.filter(([one, other]) => counts(one) && counts(other)).flat()
            return counts(peer) ? ends.filter(end => end === peer).length : -1
          })
          return Array.from(
            { length: Math.max(0, ...degrees) + 1 },
            (_, degree) => degrees.filter(each => each === degree).length
          )
        }
        const graph = graphOf(peers, links.flat())
        expect([...degreeHistogram(graph)]).toEqual(expected(() => true))
        expect([...degreeHistogram(graph, counted)]).toEqual(expected(peer => counted[peer] !== 0))
      })
    )
  })
})

describe('networks that everybody knows', () => {
  const peers = 100
  const path = Array.from({ length: peers - 1 }, (_, peer) => [peer, peer + 1]).flat()
  const ring = [...path, peers - 1, 0]
  const star = Array.from({ length: peers - 1 }, (_, peer) => [0, peer + 1]).flat()
  const complete = Array.from({ length: peers }, (_, one) =>
    Array.from({ length: one }, (_, other) => [one, other])
  ).flat(2)
  const measures = (ends: number[]): [number, number, number] => {
    const graph = graphOf(peers, ends)
    const hops = hopsToReach(graph, { ...everybody, share: 0.995 })
    return [largestComponentShare(graph), diameterAtLeast(graph, everybody), Number(hops.toFixed(6))]
  }

  test('a path', () => {
    // From peer p one reaches all but half a peer half a hop before the far end: max(p, 99 - p) - 0.5.
    expect(measures(path)).toEqual([1, 99, 74.5 - 0.5])
    expect([...degreeHistogram(graphOf(peers, path))]).toEqual([0, 2, 98])
  })

  test('a ring', () => {
    expect(measures(ring)).toEqual([1, 50, 49.5])
    expect([...degreeHistogram(graphOf(peers, ring))]).toEqual([0, 0, 100])
  })

  test('a star', () => {
    // From the hub 98.5 of the 99 others of the first hop; from a leaf 97.5 of the 98 of the second.
    expect(measures(star)).toEqual([1, 2, Number(((98.5 / 99 + 99 * (1 + 97.5 / 98)) / 100).toFixed(6))])
    expect(degreeHistogram(graphOf(peers, star))[99]).toBe(1)
  })

  test('everybody with everybody', () => {
    expect(measures(complete)).toEqual([1, 1, Number((98.5 / 99).toFixed(6))])
  })

  test('two parts', () => {
    const cut = path.filter((_, at) => Math.floor(at / 2) !== 69)
    expect(measures(cut)).toEqual([0.7, 69, Infinity])
    expect(
      largestComponentShare(
        graphOf(peers, cut),
        Uint8Array.from({ length: peers }, (_, p) => (p < 70 ? 1 : 0))
      )
    ).toBe(1)
  })

  test('nobody, one, and one without links', () => {
    const random = seededRandom(1)
    const empty = graphOf(0, [])
    expect(largestComponentShare(empty)).toBe(0)
    expect(diameterAtLeast(empty, { starts: 3, random })).toBe(0)
    expect(hopsToReach(empty, { starts: 3, random })).toBe(0)
    expect([...degreeHistogram(empty)]).toEqual([0])
    const one = graphOf(1, [])
    expect([largestComponentShare(one), hopsToReach(one, { starts: 3, random })]).toEqual([1, 0])
    expect([...degreeHistogram(one)]).toEqual([1])
  })

  test('links that cannot be', () => {
    expect(() => graphOf(3, [0, 3])).toThrow(RangeError)
    expect(() => graphOf(3, [0, -1])).toThrow(RangeError)
    expect(() => graphOf(3, [0, 0.5])).toThrow(RangeError)
    expect(() => graphOf(3, [1, 1])).toThrow(RangeError)
    expect(() => graphOf(3, [0, 1, 2])).toThrow(RangeError)
    expect(() => largestComponentShare(graphOf(3, [0, 1]), [1, 1])).toThrow(RangeError)
  })
})

/** Peers with the degrees of the overlay's law, linked at random. */
function overlayAtRandom(peers: number, seed: number): Graph {
  const stubs = overlayTargets(peers).flatMap((degree, peer) => Array.from({ length: degree }, () => peer))
  const ends = sample(seededRandom(seed), stubs, stubs.length)
  const links = Array.from({ length: Math.floor(ends.length / 2) }, (_, link) => ends.slice(2 * link, 2 * link + 2))
  return graphOf(peers, links.filter(([one, other]) => one !== other).flat())
}

describe('a random network with the degrees of the overlay', () => {
  // The design of the overlay found diameters of 5 to 6, 6 and 7, and 4.1 to 4.2, 4.6 to 4.8 and 5.2 to 5.3 hops to 99 %.
  test.each([
    [1000, 6, 4.1],
    [10_000, 6, 4.6],
    [100_000, 7, 5.1]
  ])('%i peers', (peers, diameter, hops) => {
    for (const run of runsOf(1)) {
      const graph = overlayAtRandom(peers, run)
      const sampling = { starts: 10, random: seededRandom(run) }
      expect(largestComponentShare(graph), replay(run)).toBeGreaterThan(0.999)
      expect(Math.abs(diameterAtLeast(graph, sampling) - diameter), replay(run)).toBeLessThanOrEqual(1)
      expect(Math.abs(hopsToReach(graph, sampling) - hops), replay(run)).toBeLessThan(0.4)
    }
  })

  test('starts are in the seed, and all different', () => {
    const graph = overlayAtRandom(1000, 1)
    const hops = (seed: number): number => hopsToReach(graph, { starts: 5, random: seededRandom(seed) })
    expect(hops(1)).toBe(hops(1))
    expect(new Set([1, 2, 3, 4].map(hops)).size).toBeGreaterThan(1)
    expect(hopsToReach(graph, { starts: 1000, random: seededRandom(1) })).toBeCloseTo(
      hopsToReach(graph, { starts: 5000, random: seededRandom(2) }),
      9
    )
  })
})
