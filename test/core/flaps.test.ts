import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { Flaps } from '#src/core/flaps.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { deadReports as deadReportsSettings, registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'

const { flapMs, penaltyHalfLifeMs, suspicionFactorMax, penaltyMax, dampedMs } = settings

describe('the penalty', () => {
  let flaps: Flaps<number>
  /** Dies and is back a second later, so many times. @returns when it was back last */
  function flap(times: number, from = 0): number {
    for (let count = 0; count < times; count++) {
      flaps.died(1, from + count * 1_000)
      flaps.returned(1, from + count * 1_000 + 500)
    }
    return from + (times - 1) * 1_000 + 500
  }

  beforeEach(() => {
    flaps = new Flaps(settings)
  })

  test('is one for a return within a minute, once for each death, and none for a later one or a first registration', () => {
    flaps.returned(1, 0)
    expect(flaps.penalty(1, 0)).toBe(0)
    flaps.died(1, 0)
    flaps.returned(1, flapMs + 1)
    expect(flaps.penalty(1, flapMs + 1)).toBe(0)
    flaps.died(1, 100_000)
    flaps.returned(1, 100_000 + flapMs)
    flaps.returned(1, 100_000 + flapMs)
    expect(flaps.penalty(1, 100_000 + flapMs)).toBe(1)
    expect(flaps.penalty(2, 100_000 + flapMs)).toBe(0)
  })

  test('halves every five minutes', () => {
    const back = flap(1)
    expect(flaps.penalty(1, back + penaltyHalfLifeMs)).toBe(0.5)
    expect(flaps.penalty(1, back + 3 * penaltyHalfLifeMs)).toBe(0.125)
    flap(1, back + penaltyHalfLifeMs)
    expect(flaps.penalty(1, back + penaltyHalfLifeMs + 500)).toBeCloseTo(1.5, 2)
  })

  test('makes a suspicion last up to eight times as long', () => {
    expect(flaps.suspicionFactor(1, 0)).toBe(1)
    expect(flaps.suspicionFactor(1, flap(1))).toBe(2)
    expect(flaps.suspicionFactor(1, flap(30, 10_000))).toBe(suspicionFactorMax)
  })

  test('of four keeps others away for two minutes after the last return', () => {
    expect(flaps.isDamped(1, flap(penaltyMax))).toBe(false)
    // The first of four has lost a little by then.
    const back = flap(1, penaltyMax * 1_000)
    expect(flaps.isDamped(1, back)).toBe(true)
    expect(flaps.isDamped(1, back + dampedMs - 1)).toBe(true)
    expect(flaps.isDamped(1, back + dampedMs)).toBe(false)
  })

  test('is never negative, never rises but by a return, and no more peers are remembered than allowed', () => {
    const step = fc.record({ peer: fc.nat(6), dies: fc.boolean(), wait: fc.nat(2 * flapMs) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), steps => {
        const few = new Flaps<number>({ ...settings, flappersMax: 3 })
        let now = 0
        for (const { peer, dies, wait } of steps) {
          const before = [0, 1, 2, 3, 4, 5, 6].map(each => few.penalty(each, now))
          now += wait
          if (dies) few.died(peer, now)
          else few.returned(peer, now)
          const wrong = before.filter((was, each) => {
            const is = few.penalty(each, now)
            return is < 0 || is > was + Number(each === peer && !dies)
          })
          expect(wrong).toEqual([])
          expect(few.size).toBeLessThanOrEqual(3)
        }
      })
    )
  })
})

describe('a peer that dies and comes back again and again', () => {
  const { out, heard, heardOf } = listener<DeadReportsOutput<number>>()
  let registry: Registry<number, string>
  let reports: DeadReports<number, string>

  function register(peer: number, now: number, epoch = 1): void {
    const record = recordOf(peer, `p${peer}`, epoch)
    registry.answer(peer, { type: 'reserve', name: record.name, network }, '/ip4/192.0.2.1', now, out)
    registry.answer(peer, { type: 'register', record }, '/ip4/192.0.2.1', now, out)
    registry.dialledBack(record, 'reached', out)
  }

  function flap(times: number): number {
    for (let count = 1; count <= times; count++) {
      registry.remove(1, 'refusing', count * 1_000, out)
      register(1, count * 1_000, count + 1)
    }
    return times * 1_000
  }

  function candidatesOf(asker: number, now: number): unknown {
    return registry.answer(asker, { type: 'candidates', wanted: 4 }, '/ip4/192.0.2.1', now, out)
  }

  beforeEach(() => {
    registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
    reports = new DeadReports(registry, deadReportsSettings)
    for (const peer of [1, 2]) register(peer, 0)
    heard()
  })

  test('is no candidate for two minutes, with links to spare or without, and one again then', () => {
    const now = flap(5)
    registry.answer(1, { type: 'renew', degree: 0, target: 3, offer: 3, neighbours: [] }, '/ip4/192.0.2.1', now, out)
    expect(candidatesOf(2, now)).toMatchObject({ free: [], body: [] })
    expect(candidatesOf(2, now + dampedMs - 1)).toMatchObject({ free: [], body: [] })
    expect(candidatesOf(2, now + dampedMs)).toMatchObject({ free: [{ id: 1 }] })
  })

  test('that leaves in between is no such peer', () => {
    for (let count = 1; count <= 9; count++) {
      registry.answer(1, { type: 'leave' }, '/ip4/192.0.2.1', count, out)
      register(1, count, count + 1)
    }
    expect(candidatesOf(2, 10)).toMatchObject({ body: [{ id: 1 }] })
  })

  /** Suspected while it is silent, and probed in vain. @returns how long it takes until it is removed */
  function silence(from: number): number {
    reports.suspect(1, from, out)
    for (let now = from; now < from + 600_000; now = reports.wakeAt) {
      reports.wake(now, out)
      for (const [what, given] of heard()) {
        if (what === 'removed') return now - from
        if (what === 'probe') reports.probed(given, 'timeout', now, out)
      }
    }
    throw new Error('never removed')
  }

  test('has more time to refute a suspicion, up to eight times as much', () => {
    // By then its silence alone would be enough.
    const calm = 60_000
    const usual = silence(calm)
    expect(usual).toBe(deadReportsSettings.suspicionMs)
    register(1, calm + usual)
    const now = flapFrom(calm + usual + 1_000, 20)
    const patient = silence(now + settings.leaseMs)
    expect(patient).toBeGreaterThan(7 * usual)
    expect(patient).toBeLessThanOrEqual(8 * usual + deadReportsSettings.probeSpacingMs)
  })

  function flapFrom(from: number, times: number): number {
    for (let count = 0; count < times; count++) {
      registry.remove(1, 'refusing', from + count, out)
      register(1, from + count, 100 + count)
    }
    heardOf('probe')
    return from + times
  }
})
