import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, between, sample, seededRandom } from '#src/core/random.ts'

const seeds = fc.maxSafeNat()

function count(boxes: number[], box: number): void {
  boxes[box] = (boxes[box] ?? 0) + 1
}

describe('seededRandom', () => {
  test('the same seed gives the same numbers, another seed gives others', () => {
    const draw = (seed: number): number[] => Array.from({ length: 20 }, seededRandom(seed))
    fc.assert(
      fc.property(seeds, seeds, (one, other) => {
        expect(draw(one)).toEqual(draw(one))
        fc.pre(one !== other)
        expect(draw(one)).not.toEqual(draw(other))
      })
    )
  })

  test('seeds that differ by one do not give alike numbers', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed)())
    expect(new Set(firsts).size).toBe(1000)
    expect(Math.abs(firsts.reduce((sum, first) => sum + first, 0) / 1000 - 0.5)).toBeLessThan(0.05)
  })

  test('fills [0, 1) evenly', () => {
    const random = seededRandom(1)
    const boxes = Array.from({ length: 16 }, () => 0)
    for (let draw = 0; draw < 16_000; draw++) {
      const number = random()
      expect(number >= 0 && number < 1).toBe(true)
      count(boxes, Math.floor(number * 16))
    }
    // Chi square with 15 degrees of freedom: 37.7 is passed once in a thousand generators.
    expect(boxes.reduce((sum, times) => sum + (times - 1000) ** 2 / 1000, 0)).toBeLessThan(37.7)
  })
})

describe('below and between', () => {
  test('below gives every whole number under the limit and nothing else', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 20 }), (seed, limit) => {
        const random = seededRandom(seed)
        const drawn = new Set(Array.from({ length: 40 * limit }, () => below(random, limit)))
        expect([...drawn].toSorted((a, b) => a - b)).toEqual(Array.from({ length: limit }, (_, number) => number))
      }),
      { numRuns: 50 }
    )
  })

  test('between stays between', () => {
    expect(between(() => 0, 3, 5)).toBe(3)
    expect(between(() => 0.75, 3, 5)).toBe(4.5)
  })
})

describe('sample', () => {
  test('gives different items of the input and leaves it as it is', () => {
    fc.assert(
      fc.property(seeds, fc.nat(30), fc.nat(40), (seed, size, count) => {
        const items = Array.from({ length: size }, (_, number) => number)
        const drawn = sample(seededRandom(seed), items, count)
        expect(drawn).toHaveLength(Math.min(size, count))
        expect(new Set(drawn).size).toBe(drawn.length)
        expect(drawn.every(number => number >= 0 && number < size)).toBe(true)
        expect(items).toEqual(Array.from({ length: size }, (_, number) => number))
      })
    )
  })

  test('every item comes about as often as the others, and at every place', () => {
    const random = seededRandom(2)
    const comes = Array.from({ length: 10 }, () => 0)
    const first = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 10_000; draw++) {
      const drawn = sample(random, new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 3)
      count(first, drawn[0] as number)
      for (const item of drawn) count(comes, item)
    }
    // Five standard deviations: 46 of 3000, 30 of 1000.
    for (const times of comes) expect(Math.abs(times - 3000)).toBeLessThan(230)
    for (const times of first) expect(Math.abs(times - 1000)).toBeLessThan(150)
  })
})
