import { describe, expect, test } from 'vitest'
import { registry } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { outage } from '#src/sim/seeds/outage.ts'
import { overload } from '#src/sim/seeds/overload.ts'
import { seedless } from '#src/sim/seeds/seedless.ts'
import { split } from '#src/sim/seeds/split.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import type { OverloadReport, OverloadSettings } from '#src/sim/seeds/overload.ts'

/** The network of which the figures are asked. */
const network = { seeds: 3, peers: 100, overloaded: 0, blockedMs: 16_000, freeMs: 4_000, hours: 4, liars: 0, loss: 0 }

/** On a machine that does much else: hours of virtual time take seconds. */
const busyMs = 60_000

function hours(settings: OverloadSettings): OverloadReport {
  const run = overload(settings)
  for (;;) {
    const { done, value } = run.next()
    if (done === true) return value
  }
}

describe('nobody who lives is removed', () => {
  test(
    'in four hours in which 10 of 100 peers are blocked for 16 s and free for 4 s, on average',
    () => {
      for (const seed of runsOf(3)) {
        const { reports, falseRemovals, registered } = hours({ ...network, seed, overloaded: 10 })
        expect(reports, replay(seed)).toBeGreaterThan(0)
        expect([falseRemovals, registered], replay(seed)).toEqual([0, 100])
      }
    },
    busyMs
  )

  test.each([
    ['one that', 1, 0],
    ['ten that', 10, 0],
    ['ten, with messages lost, that', 10, 0.01]
  ])(
    'because of %s report everybody all the time and claim all as their neighbours',
    (_, liars, loss) => {
      for (const seed of runsOf(3)) {
        const { lies, falseRemovals, registered } = hours({ ...network, seed, hours: 1, liars, loss })
        expect(lies, replay(seed)).toBeGreaterThan(100_000)
        expect([falseRemovals, registered], replay(seed)).toEqual([0, 100])
      }
    },
    busyMs
  )
})

describe.each([3, 4, 5, 7])('of %i seeds', seeds => {
  test.each([
    ['kept', 30],
    // Nobody is left who knows which names are taken: no name is given away before the leases of the life before are over.
    ['lost', 30 + registry.leaseMs / 1_000]
  ] as const)('some crash, then all, and all come back with their disks %s, within %i s', (disk, backSecondsMax) => {
    for (const seed of runsOf(5)) {
      const report = outage({ seed, seeds, peers: 60, disk })
      // Two silent seeds of the choice cost a newcomer 10 s each.
      expect(report.newcomersSeconds, replay(seed)).toBeLessThanOrEqual(10 * (seeds - 1) + 10)
      expect([report.stillRegistered, report.apart], replay(seed)).toEqual([0, 0])
      expect(report.backSeconds, replay(seed)).toBeLessThanOrEqual(backSecondsMax)
      expect(report.completeSeconds, replay(seed)).toBeLessThanOrEqual(backSecondsMax)
      expect(report.falseRemovals, replay(seed)).toBe(0)
    }
  })
})

describe('without any seed', { timeout: busyMs }, () => {
  test.each([
    [12, 0.2, 0, 0.7],
    [50, 0.2, 2, 0.85],
    [200, 0.2, 8, 0.85],
    [100, 0.4, 4, 0.75]
  ])('%i peers, of which a share of %f crashes, are one network again', (peers, crash, restarts, onTarget) => {
    let struck = 1
    for (const seed of runsOf(5)) {
      const report = seedless({ seed, seeds: 3, peers, crash, restarts })
      struck = Math.min(struck, report.componentStruck)
      expect(report.component, replay(seed)).toBe(1)
      expect(report.onTarget, replay(seed)).toBeGreaterThanOrEqual(onTarget)
      expect(report.restartedLinks, replay(seed)).toBeGreaterThanOrEqual(degreeLaw.kMinSmall)
      expect(report.backSeconds, replay(seed)).toBeLessThanOrEqual(30)
    }
    if (crash > 0.3) expect(struck, 'some have lost all their neighbours').toBeLessThan(1)
  })
})

describe('a parted network', () => {
  test.each([
    [3, 60_000, 0],
    [3, 180_000, 0.1],
    [5, 180_000, 0],
    [5, 180_000, 0.1]
  ])(
    'of %i seeds for %i ms, with clocks %f off: no name has two holders at any time',
    (seeds, partitionMs, clockDrift) => {
      let takenOver = 0
      for (const seed of runsOf(5)) {
        const report = split({ seed, seeds, peers: 40, partitionMs, clockDrift })
        takenOver += report.takenOver
        expect([report.holdersMost, report.held], replay(seed)).toEqual([1, report.names])
      }
      expect(takenOver).toBeGreaterThan(0)
    }
  )
})
