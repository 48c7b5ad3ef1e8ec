import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Wheel } from '#src/sim/gossip/wheel.ts'

test('all that is planned happens at its time, and never twice', () => {
  const times = fc.array(fc.oneof(fc.nat(50), fc.nat(10_000), fc.nat(100_000)), { maxLength: 60 })
  fc.assert(
    fc.property(times, fc.array(fc.nat(100_000), { maxLength: 5 }), (times, stops) => {
      const wheel = new Wheel<string>()
      const happened: [number, number, string | undefined][] = []
      for (const [who, time] of times.entries()) wheel.at(time, who, `at ${time}`)
      for (const stop of [...stops.toSorted((one, other) => one - other), 100_000]) {
        wheel.runUntil(stop, (who, what) => happened.push([wheel.now, who, what]))
        expect(wheel.now).toBe(stop)
      }
      expect(happened.map(([now]) => now)).toEqual(times.toSorted((one, other) => one - other))
      for (const [now, who, what] of happened) expect([now, what]).toEqual([times[who], `at ${now}`])
      expect(new Set(happened.map(([, who]) => who)).size).toBe(times.length)
      expect(wheel.done).toBe(times.length)
    })
  )
})

test('what is planned for one millisecond happens in the order of planning, also while it lasts', () => {
  const wheel = new Wheel<number>()
  const happened: number[] = []
  for (const who of [3, 1, 2]) wheel.at(5, who, 0)
  wheel.runUntil(10, who => {
    happened.push(who)
    if (who < 6) wheel.at(0, who + 3, 0)
  })
  expect(happened).toEqual([3, 1, 2, 6, 4, 5, 7, 8])
})
