import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '#src/core/random.ts'
import { degreeHistogram, graphOf } from '#src/sim/graph.ts'
import { bootstrapP, fitPowerLaw } from '#src/sim/power-law-fit.ts'
import { sorted, sum } from '../support/core/numbers.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { draws, histogramOf, overlayRange, overlayTargets, uniformLinks } from './degrees.ts'
import { referenceFits } from './reference-fits.ts'

const range = { from: 4, to: 82 }

/** Peers by degree, from 1 to 12. */
const histograms = fc
  .array(fc.nat(50), { minLength: 12, maxLength: 12 })
  .map(peers => new Map(peers.map((count, index) => [index + 1, count])))

describe('the same as other programs find', () => {
  test.each(referenceFits)('$name', ({ range, histogram, peers, peersOutside, scipy, package: powerlaw }) => {
    const fit = fitPowerLaw(histogram, range)
    expect([fit.peers, fit.peersOutside]).toEqual([peers, peersOutside])
    expect(fit.alpha).toBeCloseTo(scipy.alpha, 5)
    expect(fit.ks).toBeCloseTo(scipy.ks, 5)
    expect(fit.alpha).toBeCloseTo(powerlaw.alpha, 4)
  })

  test('words of Moby Dick, without a cutoff: exponent 1.95 (2) from 7 on, in Clauset, Shalizi and Newman (2009)', () => {
    const words = referenceFits.find(({ name }) => name === 'words')?.histogram ?? new Map()
    const fit = fitPowerLaw(words, { from: 7, to: 1_000_000 })
    // powerlaw 2.0.0: alpha 1.95272, D 0.00826 and sigma 0.0175 with an infinite tail; scipy 1.952603 and 0.008294 up to a million.
    expect(fit.alpha).toBeCloseTo(1.952603, 5)
    expect(fit.ks).toBeCloseTo(0.008294, 5)
    expect(fit.alphaError).toBeCloseTo(0.0175, 4)
  })
})

describe('fitPowerLaw', () => {
  // 2.499 to 2.501 and 0.0005, 0.00005, 0.00001 are what the design of the overlay found with another program.
  test.each([
    [1000, 2.5007, 0.00051],
    [10_000, 2.5, 0.00005],
    [100_000, 2.5, 0.00001]
  ])('the targets of %i peers follow the law they are from', (peers, alpha, ks) => {
    const fit = fitPowerLaw(histogramOf(overlayTargets(peers)), overlayRange(peers))
    expect(fit.alpha).toBeCloseTo(alpha, 4)
    expect(fit.ks).toBeCloseTo(ks, 5)
    expect(bootstrapP(fit, { replicates: 20, random: seededRandom(1) })).toBe(1)
  })

  test('no other exponent is likelier', () => {
    fc.assert(
      fc.property(histograms, fc.integer({ min: 1, max: 6 }), fc.constantFrom(-0.01, 0.01), (histogram, from, off) => {
        const range = { from, to: 12 }
        const degrees = [...histogram].flatMap(([degree, peers]) => Array.from({ length: peers }, () => degree))
        const inside = degrees.filter(degree => degree >= from)
        fc.pre(inside.some(degree => degree > from) && inside.some(degree => degree < 12))
        const { alpha, peers, peersOutside } = fitPowerLaw(histogram, range)
        const logLikelihood = (alpha: number): number => {
          const all = sum(Array.from({ length: 13 - from }, (_, index) => (from + index) ** -alpha))
          return sum(inside.map(degree => -alpha * Math.log(degree) - Math.log(all)))
        }
        expect([peers, peersOutside]).toEqual([inside.length, degrees.length - inside.length])
        expect(logLikelihood(alpha)).toBeGreaterThan(logLikelihood(alpha + off))
      })
    )
  })

  test('ks is the greatest difference between cumulative shares', () => {
    fc.assert(
      fc.property(histograms, histogram => {
        fc.pre([...histogram].some(([degree, peers]) => degree > 1 && degree < 12 && peers > 0))
        const { alpha, ks, peers } = fitPowerLaw(histogram, { from: 1, to: 12 })
        const upTo = (degree: number, weight: (degree: number) => number): number =>
          sum(Array.from({ length: degree }, (_, index) => weight(index + 1)))
        const all = upTo(12, degree => degree ** -alpha)
        const differences = Array.from({ length: 12 }, (_, index) =>
          Math.abs(
            upTo(index + 1, degree => histogram.get(degree) ?? 0) / peers -
              upTo(index + 1, degree => degree ** -alpha) / all
          )
        )
        expect(ks).toBeCloseTo(Math.max(...differences), 9)
      })
    )
  })

  test('a map and an array say the same', () => {
    const random = seededRandom(1)
    const degrees = draws(500, { from: 1, to: 100 }, random, degree => degree ** -2)
    const array = new Uint32Array(101)
    for (const degree of degrees) array[degree] = (array[degree] as number) + 1
    const fit = fitPowerLaw(histogramOf(degrees), range)
    expect(fitPowerLaw(array, range)).toEqual(fit)
    expect(fitPowerLaw([...array], range)).toEqual(fit)
    // An array may end before the range does.
    expect(fitPowerLaw(array.subarray(0, 20), range)).toEqual(
      fitPowerLaw(histogramOf(degrees.filter(degree => degree < 20)), range)
    )
  })

  test('all peers with the fewest links, or with the most', () => {
    const leaves = fitPowerLaw(new Map([[4, 10]]), range)
    expect([leaves.alpha, leaves.ks]).toEqual([Infinity, 0])
    expect(bootstrapP(leaves, { replicates: 5, random: seededRandom(1) })).toBe(1)
    const hubs = fitPowerLaw(new Map([[82, 10]]), range)
    expect([hubs.alpha, hubs.ks]).toEqual([-Infinity, 0])
    expect(bootstrapP(hubs, { replicates: 5, random: seededRandom(1) })).toBe(1)
    const one = fitPowerLaw(
      new Map([
        [4, 999_999],
        [82, 1]
      ]),
      range
    )
    expect(one.alpha).toBeGreaterThan(4)
    expect(fitPowerLaw(new Map([[9, 3]]), { from: 9, to: 9 }).ks).toBe(0)
  })

  test('nobody, and ranges that are none', () => {
    expect(() => fitPowerLaw(new Map([[3, 10]]), range)).toThrow(RangeError)
    expect(() => fitPowerLaw([], range)).toThrow(RangeError)
    for (const [from, to] of [
      [0, 5],
      [5, 4],
      [1.5, 4],
      [4, Infinity]
    ] as const) {
      expect(() => fitPowerLaw(new Map([[4, 10]]), { from, to })).toThrow(RangeError)
    }
  })

  test('a million peers are fitted within 50 ms', () => {
    const histogram = histogramOf(overlayTargets(100_000).flatMap(degree => Array.from({ length: 10 }, () => degree)))
    const started = performance.now()
    expect(fitPowerLaw(histogram, overlayRange(1_000_000)).peers).toBe(1_000_000)
    expect(performance.now() - started).toBeLessThan(50)
  })
})

describe('draws from a known law', () => {
  test.each([2.1, 2.5, 3.2])('the exponent %d is found again, as exactly as the fit says', gamma => {
    for (const run of runsOf(3)) {
      const random = seededRandom(run)
      const errors = Array.from({ length: 100 }, () => {
        const fit = fitPowerLaw(histogramOf(draws(1000, range, random, degree => degree ** -gamma)), range)
        return (fit.alpha - gamma) / fit.alphaError
      })
      // 100 normal numbers: 4.5 is passed by one of them once in 1400 runs, 0.5 and 1.7 by their mean square once in 50,000.
      expect(Math.max(...errors.map(Math.abs)), replay(run)).toBeLessThan(4.5)
      const square = sum(errors.map(error => error ** 2)) / 100
      expect(square, replay(run)).toBeGreaterThan(0.5)
      expect(square, replay(run)).toBeLessThan(1.7)
    }
  })

  test('p is even between 0 and 1 when the law is right', () => {
    for (const run of runsOf(2)) {
      const random = seededRandom(run)
      const ps = sorted(
        Array.from({ length: 150 }, () => {
          const fit = fitPowerLaw(histogramOf(draws(300, range, random, degree => degree ** -2.5)), range)
          return bootstrapP(fit, { replicates: 50, random })
        })
      )
      // Kolmogorov-Smirnov: 1.95 / sqrt(150) is passed once in 1000 runs; p comes in steps of 1 / 50.
      const farthest = Math.max(...ps.map((p, at) => Math.max(p - at / 150, (at + 1) / 150 - p)))
      expect(farthest, replay(run)).toBeLessThan(1.95 / Math.sqrt(150) + 1 / 50)
    }
  })

  test.each([200, 1000])('a uniform random graph of %i peers is no power law', peers => {
    for (const run of runsOf(5)) {
      const random = seededRandom(run)
      const graph = graphOf(peers, uniformLinks(peers, 4.7 * peers, random))
      const fit = fitPowerLaw(degreeHistogram(graph), overlayRange(peers))
      expect(fit.ks, replay(run)).toBeGreaterThan(0.15)
      expect(bootstrapP(fit, { replicates: 50, random }), replay(run)).toBe(0)
    }
  })

  test.each([
    ['geometric', (degree: number) => Math.exp(-0.2 * degree)],
    ['a power law with twice as many leaves', (degree: number) => (degree === 4 ? 2 : 1) * degree ** -2.5]
  ])('%s is rejected', (_, weight) => {
    for (const run of runsOf(5)) {
      const random = seededRandom(run)
      const fit = fitPowerLaw(histogramOf(draws(2000, range, random, weight)), range)
      expect(bootstrapP(fit, { replicates: 50, random }), replay(run)).toBe(0)
    }
  })
})

describe('bootstrapP', () => {
  const histogram = histogramOf(draws(300, range, seededRandom(3), degree => degree ** -2.5))
  const fit = fitPowerLaw(histogram, range)

  test('is all in the seed', () => {
    const p = (seed: number): number => bootstrapP(fit, { replicates: 40, random: seededRandom(seed) })
    expect(p(1)).toBe(p(1))
    expect(new Set([1, 2, 3, 4, 5].map(p)).size).toBeGreaterThan(1)
  })

  test('draws by inverse transform: evenly spread numbers give degrees that are nearer to the law than any draw', () => {
    let drawn = 0
    const random = (): number => ((drawn++ % fit.peers) + 0.5) / fit.peers
    expect(bootstrapP(fit, { replicates: 3, random })).toBe(0)
    expect(drawn).toBe(3 * fit.peers)
    expect(bootstrapP({ ...fit, ks: 1.5 / fit.peers }, { replicates: 3, random })).toBe(0)
    expect(bootstrapP({ ...fit, ks: 0.1 / fit.peers }, { replicates: 3, random })).toBe(1)
  })

  test('numbers next to 0 and to 1 are drawn from, too', () => {
    for (const number of [0, 1 - 2 ** -32, 1 - 2 ** -53]) {
      expect(bootstrapP(fit, { replicates: 1, random: () => number })).toBe(0)
    }
  })
})
