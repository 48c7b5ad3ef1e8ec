import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Runs } from '#src/core/gossip/runs.ts'

describe('runs of numbers that were seen', () => {
  test('are exact, in whatever order the numbers come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        (numbers, from, span) => {
          const runs = new Runs(100)
          const model = new Set<number>()
          for (const number of numbers) {
            expect(runs.add(number)).toBe(!model.has(number))
            model.add(number)
          }
          expect(runs.top).toBe(Math.max(0, ...model))
          for (let number = 1; number <= 41; number++) expect(runs.has(number)).toBe(model.has(number))
          const missing = Array.from({ length: span + 1 }, (_, at) => from + span - at).filter(
            number => !model.has(number)
          )
          expect(runs.missing(from, from + span, 100)).toEqual(missing)
          expect(runs.hasAll(from, from + span)).toBe(missing.length === 0)
          expect(runs.missing(from, from + span, 3)).toEqual(missing.slice(0, 3))
        }
      )
    )
  })

  test('an origin that counts in millions costs no more than one that counts in ones', () => {
    const runs = new Runs(3)
    for (const number of [1, 1_000_000, 4_000_000_000]) runs.add(number)
    expect(runs.missing(1, 4_294_967_295, 2)).toEqual([4_294_967_295, 4_294_967_294])
    expect([runs.has(999_999), runs.has(1_000_000), runs.top]).toEqual([false, true, 4_000_000_000])
  })

  test('beyond the bound the lowest gap is given up, and no other', () => {
    const runs = new Runs(2)
    for (const number of [1, 5, 9]) runs.add(number)
    expect([3, 4, 6, 8].map(number => runs.has(number))).toEqual([true, true, false, false])
    expect(runs.missing(1, 9, 10)).toEqual([8, 7, 6])
  })
})
