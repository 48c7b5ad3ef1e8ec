import { beforeEach, describe, expect, test } from 'vitest'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { NEVER } from '#src/core/machine.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { deadReports as settings, degreeLaw, registry as registrySettings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'

const { out, heard, heardOf } = listener<DeadReportsOutput<number>>()

let registry: Registry<number, string>
let reports: DeadReports<number, string>

function register(peer: number, now = 0, name = `p${peer}`): void {
  registry.answer(peer, { type: 'reserve', name, network }, '/ip4/192.0.2.1', now, out)
  registry.answer(peer, { type: 'register', record: recordOf(peer, name) }, '/ip4/192.0.2.1', now, out)
}

function report(reporter: number, target: number): DeadReportReply {
  const accusation: DeadReport<number> = { target, missed: ['timeout', 'timeout', 'timeout'] }
  return reports.report(reporter, accusation, out)
}

beforeEach(() => {
  registry = new Registry(registrySettings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
  reports = new DeadReports(registry, { ...settings, probesMax: 2, suspectsMax: 1 })
  for (const peer of [1, 2, 3, 4, 5]) register(peer)
  heard()
})

describe('DeadReports', () => {
  test('however many report a peer, it is probed once and not removed before the probe has failed', () => {
    expect([report(1, 5), report(2, 5), report(1, 5)]).toEqual(['noted', 'noted', 'noted'])
    expect(heard()).toEqual([['probe', recordOf(5)]])
    expect(registry.find(5)).toBeDefined()
    reports.probed(5, false, 100, out)
    expect(heard()).toEqual([
      ['announce', { type: 'removed', id: 5, reason: 'dead' }],
      ['removed', recordOf(5), 'dead']
    ])
    expect(registry.find(5)).toBeUndefined()
    expect(report(1, 5)).toBe('unknown-target')
  })

  test('only registered peers may report, and nobody itself', () => {
    expect(report(9, 5)).toBe('not-entitled')
    expect(report(5, 5)).toBe('not-entitled')
    expect(report(9, 9)).toBe('not-entitled')
    expect(heard()).toEqual([])
  })

  test('a peer that is not registered cannot be reported or suspected', () => {
    expect(report(1, 9)).toBe('unknown-target')
    expect(reports.suspect(9, out)).toBe('unknown-target')
    expect(heard()).toEqual([])
  })

  test('more suspects than probes wait their turn; more than may wait: busy, until a probe is over', () => {
    const probed = (): number[] => heardOf('probe').map(([, { id }]) => id)
    expect([report(1, 2), report(1, 3), report(1, 4), report(2, 4), report(1, 5)]).toEqual([
      'noted',
      'noted',
      'noted',
      'noted',
      'busy'
    ])
    expect(probed()).toEqual([2, 3])
    reports.probed(3, true, 100, out)
    expect(probed()).toEqual([4])
    expect(report(1, 5)).toBe('noted')
    // One that leaves while it waits is not probed.
    registry.answer(5, { type: 'leave' }, '/ip4/192.0.2.1', 10, out)
    heard()
    reports.probed(2, true, 100, out)
    expect(probed()).toEqual([])
  })

  test('whoever answers the probe stays, has a fresh lease and is left in peace for a while', () => {
    report(1, 5)
    reports.probed(5, true, 50_000, out)
    heard()
    expect(report(1, 5)).toBe('noted')
    expect(reports.suspect(5, out)).toBe('noted')
    expect(heard()).toEqual([])
    expect(reports.wakeAt).toBe(50_000 + settings.acquittalMs)
    registry.wake(60_000, out)
    expect(heardOf('suspect').map(([, peer]) => peer)).toEqual([1, 2, 3, 4])
    reports.wake(50_000 + settings.acquittalMs)
    expect(reports.wakeAt).toBe(NEVER)
    expect(report(1, 5)).toBe('noted')
    expect(heard()).toEqual([['probe', recordOf(5)]])
  })

  test('a peer that has registered anew during the probe is not removed, dead as the old one may be', () => {
    report(1, 5)
    register(5, 10)
    heard()
    reports.probed(5, false, 100, out)
    expect(heard()).toEqual([])
    expect(registry.find(5)).toBeDefined()
    // Nor was the new one acquitted: it can be reported at once.
    report(1, 5)
    expect(heard()).toEqual([['probe', recordOf(5)]])
  })

  test('a peer that left during the probe, and a probe that nobody asked for, change nothing', () => {
    report(1, 5)
    registry.answer(5, { type: 'leave' }, '/ip4/192.0.2.1', 10, out)
    heard()
    reports.probed(5, false, 100, out)
    reports.probed(4, false, 100, out)
    expect(heard()).toEqual([])
    expect(registry.find(4)).toBeDefined()
  })

  test("a peer of another seed can report, and is that seed's to examine", () => {
    registry.heard('s2', { type: 'joined', record: recordOf(6) }, out)
    expect(report(6, 5)).toBe('noted')
    expect(report(1, 6)).toBe('unknown-target')
  })

  test('a peer that another seed stands for stays in the list, whatever a probe from here has found', () => {
    registry.heard('s2', { type: 'joined', record: recordOf(5) }, out)
    report(1, 5)
    reports.probed(5, false, 100, out)
    expect(registry.find(5)).toEqual(recordOf(5))
  })
})
