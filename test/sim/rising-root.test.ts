import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { risingRoot } from '#src/sim/rising-root.ts'

const places = fc.double({ min: -50, max: 50, noNaN: true })

test('finds the root of what is steep, flat or bent, from anywhere', () => {
  const shapes = [
    { value: (x: number) => x, slope: () => 1 },
    { value: (x: number) => Math.tanh(x), slope: (x: number) => 1 / Math.cosh(x) ** 2 },
    { value: (x: number) => Math.expm1(x), slope: (x: number) => Math.exp(x) },
    { value: (x: number) => Math.cbrt(x), slope: (x: number) => 1 / (3 * Math.cbrt(x) ** 2) },
    // A slope that is of no use.
    { value: (x: number) => x, slope: () => 0 }
  ]
  fc.assert(
    fc.property(fc.constantFrom(...shapes), places, places, (shape, root, start) => {
      const at = (x: number): { value: number; slope: number } => ({
        value: shape.value(x - root),
        slope: shape.slope(x - root)
      })
      expect(risingRoot(at, { start })).toBeCloseTo(root, 7)
      expect(risingRoot(at, { start, low: -60, high: 60 })).toBeCloseTo(root, 7)
    })
  )
})

test('gets far even where the slope says nothing', () => {
  expect(risingRoot(x => ({ value: x - 5e6, slope: 0 }), { start: 0 })).toBeCloseTo(5e6, 3)
  expect(risingRoot(x => ({ value: Math.tanh(x + 3000), slope: 0 }), { start: 0 })).toBeCloseTo(-3000, 6)
})

test('ends at a bound where the root lies outside', () => {
  const at = (x: number): { value: number; slope: number } => ({ value: x - 5, slope: 1 })
  expect(risingRoot(at, { start: 7, low: 6 })).toBe(6)
  expect(risingRoot(at, { start: 1, high: 2 })).toBe(2)
})
