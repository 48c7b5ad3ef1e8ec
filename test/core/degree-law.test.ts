import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { degreeLaw as settings } from '#src/settings.ts'
import { sum } from '../support/core/numbers.ts'

const law = new DegreeLaw(settings)

function targets(peers: number): number[] {
  return Array.from({ length: peers }, (_, rank) => law.target({ rank, peers }))
}

/** The law computed once more, straight from its definition and as slowly as that is. */
function weight(degree: number): number {
  return 1 / (degree * degree * Math.sqrt(degree))
}

function degrees(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function fewest(peers: number): number {
  return peers < 32 ? 3 : 4
}

function expectedMean(from: number, to: number): number {
  return sum(degrees(from, to).map(degree => degree * weight(degree))) / sum(degrees(from, to).map(weight))
}

function expectedCutoff(peers: number): number {
  const halfOctaves = Math.floor(Math.log2(peers * peers))
  const size = peers < 32 ? peers : Math.sqrt(2 ** halfOctaves)
  const structural = Math.floor(Math.sqrt(expectedMean(fewest(peers), 256) * size))
  return Math.min(256, Math.max(structural, fewest(peers) + 1))
}

/** The smallest degree at which so large a share of the law lies at or below it. */
function expectedTarget(rank: number, peers: number): number {
  const from = fewest(peers)
  const to = expectedCutoff(peers)
  const share = Math.min(1 - (rank + 0.5) / peers, 1 - 0.25 / peers)
  const all = sum(degrees(from, to).map(weight))
  const quantile = degrees(from, to).find(degree => sum(degrees(from, degree).map(weight)) / all >= share) ?? to
  return Math.min(quantile, peers - 1)
}

describe('DegreeLaw', () => {
  test('target is the quantile of the truncated power law at the rank', () => {
    // Cheap sums differ from careful ones in the last digit, which matters only if a share falls exactly on a step.
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (peers, at) => {
          const rank = Math.floor(at * peers)
          expect(law.target({ rank, peers })).toBe(expectedTarget(rank, peers))
        }
      )
    )
  })

  test.each([
    [50, 20, 19],
    [1000, 82, 80],
    [10_000, 256, 251],
    [100_000, 256, 256]
  ])('the law of %i peers ends at %i links, and their biggest hub wants %i', (peers, cutoff, hub) => {
    expect(law.cutoff(peers)).toBe(cutoff)
    expect(expectedCutoff(peers)).toBe(cutoff)
    expect(law.target({ rank: 0, peers })).toBe(hub)
  })

  test('the cutoff never falls as the network grows, from 32 peers on', () => {
    const cutoffs = Array.from({ length: 12_000 }, (_, index) => law.cutoff(32 + index))
    expect(cutoffs).toEqual(cutoffs.toSorted((a, b) => a - b))
  })

  test.each([50, 200, 1000, 10_000])('the targets of %i peers have the mean of the law', peers => {
    const mean = expectedMean(4, law.cutoff(peers))
    expect(Math.abs(sum(targets(peers)) / peers - mean) / mean).toBeLessThan(peers < 1000 ? 0.02 : 0.005)
  })

  test('whoever stands further back never has a greater target, and nobody wants more links than there are others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), peers => {
        const all = targets(peers)
        expect(all).toEqual(all.toSorted((a, b) => b - a))
        expect(all[0]).toBeLessThanOrEqual(peers - 1)
      })
    )
  })

  test('networks of 0, 1 and 2', () => {
    expect(law.target({ rank: 0, peers: 0 })).toBe(0)
    expect(law.target({ rank: 0, peers: 1 })).toBe(0)
    expect(targets(2)).toEqual([1, 1])
    expect(targets(4)).toEqual([3, 3, 3, 3])
  })

  test('a standing that cannot be, from a seed that is behind, still gives a target of the law', () => {
    expect(law.target({ rank: 70, peers: 50 })).toBe(4)
    expect(law.target({ rank: 49, peers: 50 })).toBe(4)
  })

  test('the fewest links are 3 below 32 peers and 4 from there', () => {
    expect(targets(31).at(-1)).toBe(3)
    expect(targets(32).at(-1)).toBe(4)
    expect(targets(5000).at(-1)).toBe(4)
  })

  test('50 peers have hubs and many leaves', () => {
    const all = targets(50)
    expect(Math.max(...all)).toBeGreaterThanOrEqual(15)
    expect(all.filter(target => target <= 6).length).toBeGreaterThanOrEqual(25)
  })

  test('a law asked about other networks in between answers the same', () => {
    const asked = new DegreeLaw(settings)
    for (const peers of [10, 5000, 31, 700]) asked.target({ rank: 3, peers })
    expect(Array.from({ length: 50 }, (_, rank) => asked.target({ rank, peers: 50 }))).toEqual(targets(50))
  })
})

describe('who is at the end of a link that is drawn evenly', () => {
  /** Draws so often that the rarest kind of peer comes a hundred times; gives how often each rank came. */
  function drawn(peers: number, draws: number): number[] {
    const random = seededRandom(peers)
    const times = Array.from({ length: peers }, () => 0)
    for (let draw = 0; draw < draws; draw++) {
      const rank = law.linkEnd(peers, random)
      times[rank] = (times[rank] as number) + 1
    }
    return times
  }

  test.each([10, 50, 200, 1_000])('of %i peers each comes in proportion to its target', peers => {
    const draws = 400_000
    const times = drawn(peers, draws)
    expect(times).toHaveLength(peers)
    const wanted = targets(peers)
    const links = sum(wanted)
    // All peers of one target together, for one alone comes too seldom to tell.
    for (const target of new Set(wanted)) {
      const ranks = wanted.flatMap((other, rank) => (other === target ? [rank] : []))
      const share = sum(ranks.map(rank => times[rank] as number)) / draws
      const expected = (target * ranks.length) / links
      // A peer stands for a whole step of the law, of which its rank is only the middle: half a peer more or less at each end.
      const step = (target / links) * 1.05
      const deviation = Math.sqrt((expected + step) / draws)
      expect(Math.abs(share - expected)).toBeLessThan(step + 5 * deviation)
    }
  })

  test('peers with the same target come equally often', () => {
    const peers = 1_000
    const leaves = drawn(peers, 400_000).slice(700)
    const mean = sum(leaves) / leaves.length
    for (const times of leaves) expect(Math.abs(times - mean)).toBeLessThan(5 * Math.sqrt(mean))
  })

  test('the ends of the draw are peers, too', () => {
    for (const random of [() => 0, () => 1 - 2 ** -53]) {
      for (const peers of [1, 2, 31, 32, 5_000]) {
        const rank = law.linkEnd(peers, random)
        expect(Number.isInteger(rank)).toBe(true)
        expect(rank).toBeGreaterThanOrEqual(0)
        expect(rank).toBeLessThan(peers)
      }
    }
  })

  test('of no peers it is nobody, and the law of no peers does not stay in the way', () => {
    const fresh = new DegreeLaw(settings)
    expect(fresh.linkEnd(0, seededRandom(1))).toBe(-1)
    expect(fresh.cutoff(0)).toBe(4)
    expect(fresh.cutoff(1000)).toBe(82)
  })
})

test.each([2, 31, 32, 1_000, 100_000])('the range of the law for %i peers holds all targets', peers => {
  const { from, to } = law.range(peers)
  expect([from, to]).toEqual([fewest(peers), expectedCutoff(peers)])
  expect(law.target({ rank: 0, peers })).toBeLessThanOrEqual(to)
  expect(law.target({ rank: peers - 1, peers })).toBe(Math.min(from, peers - 1))
})
