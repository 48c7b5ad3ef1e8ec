import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rates } from '#src/core/rates.ts'

test('nobody gets more than a burst and one in each interval, and whoever keeps to that is never refused', () => {
  const settings = { burst: 5, everyMs: 100, askersMax: 100 }
  const steps = fc.array(fc.record({ asker: fc.nat(2), wait: fc.nat(150) }), { maxLength: 200, size: 'max' })
  fc.assert(
    fc.property(steps, steps => {
      const rates = new Rates<number>(settings)
      /** A bucket for each, in the plainest way: what is in it, and when that was. */
      const buckets = new Map<number, { level: number; at: number }>()
      let now = 0
      for (const { asker, wait } of steps) {
        now += wait
        const { level, at } = buckets.get(asker) ?? { level: 0, at: now }
        const left = Math.max(0, level - (now - at) / settings.everyMs)
        const fits = left + 1 <= settings.burst + 1e-9
        expect(rates.take(asker, now)).toBe(fits)
        buckets.set(asker, { level: fits ? left + 1 : left, at: now })
      }
    })
  )
})

test('no more askers are remembered than allowed: whoever has asked least lately is forgotten', () => {
  const rates = new Rates<number>({ burst: 1, everyMs: 1_000, askersMax: 3 })
  for (let asker = 0; asker < 50; asker++) expect(rates.take(asker, asker)).toBe(true)
  expect(rates.size).toBe(3)
  expect(rates.take(49, 50)).toBe(false)
  expect(rates.take(1, 50)).toBe(true)
})
