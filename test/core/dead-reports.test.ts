import { beforeEach, describe, expect, test } from 'vitest'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { NEVER } from '#src/core/machine.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { deadReports as settings, registry as registrySettings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { PingOutcome } from '#src/core/liveness.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'

const { out, heard, heardOf } = listener<DeadReportsOutput<number>>()

/** When reports come in: so long after the last renewals that nobody was heard lately. */
const start = 40_000
const peers = [1, 2, 3, 4, 5]

let registry: Registry<number, string>
let reports: DeadReports<number, string>

function register(peer: number, now = 0, name = `p${peer}`): void {
  registry.answer(peer, { type: 'reserve', name, network }, '/ip4/192.0.2.1', now, out)
  registry.answer(peer, { type: 'register', record: recordOf(peer, name) }, '/ip4/192.0.2.1', now, out)
}

function renew(peer: number, neighbours: readonly number[], now = 0): void {
  registry.answer(peer, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours }, '/ip4/192.0.2.1', now, out)
}

function report(reporter: number, target: number, now = start): DeadReportReply {
  const accusation: DeadReport<number> = { target, missed: ['timeout', 'timeout', 'timeout'] }
  return reports.report(reporter, accusation, now, out)
}

/** The record that is registered at this moment: the machine knows it by its identity. */
function current(peer: number): PeerRecord<number> {
  return registry.registration(peer) ?? recordOf(peer)
}

/** Everybody is probed as asked, at once and with this outcome, up to and including `until`. Gives the times of the probes. */
function probeAll(outcome: PingOutcome, until: number, from = start): number[] {
  const times: number[] = []
  const answer = (now: number): void => {
    for (const [what, given] of heard() as [string, PeerRecord<number>][]) {
      if (what === 'announce' || what === 'removed') said.push([what, given])
      if (what !== 'probe') continue
      times.push(now)
      reports.probed(given, outcome, now, out)
    }
  }
  answer(from)
  while (reports.wakeAt <= until) {
    const now = reports.wakeAt
    reports.wake(now, out)
    answer(now)
  }
  return times
}
/** What was announced meanwhile. */
let said: unknown[] = []

beforeEach(() => {
  registry = new Registry(registrySettings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
  reports = new DeadReports(registry, { ...settings, probesMax: 2, suspectsMax: 3 })
  for (const peer of peers) register(peer)
  for (const peer of peers)
    renew(
      peer,
      peers.filter(other => other !== peer)
    )
  heard()
  said = []
})

describe('who may report whom', () => {
  test('only registered peers, and nobody itself', () => {
    expect(report(9, 5)).toBe('not-entitled')
    expect(report(5, 5)).toBe('not-entitled')
    expect(report(9, 9)).toBe('not-entitled')
    expect(heard()).toEqual([])
  })

  test('a peer that is not registered cannot be reported or suspected', () => {
    expect(report(1, 9)).toBe('unknown-target')
    expect(reports.suspect(9, start, out)).toBe('unknown-target')
    expect(heard()).toEqual([])
  })

  test('only neighbours that have both named each other', () => {
    renew(1, [2, 3, 4], 1_000)
    renew(4, [1, 2, 3], 1_000)
    expect([report(1, 5), report(4, 5), report(5, 4)]).toEqual(['not-entitled', 'not-entitled', 'not-entitled'])
    expect(heard()).toEqual([])
    expect(report(2, 5)).toBe('noted')
  })

  test("of a peer that is registered elsewhere only, the accused's own word is enough; its seed examines it", () => {
    registry.heard('s2', { type: 'joined', record: recordOf(6) }, out)
    expect(report(6, 5)).toBe('not-entitled')
    renew(5, [1, 6], 1_000)
    expect(report(6, 5)).toBe('noted')
    expect(report(1, 6)).toBe('unknown-target')
  })

  test('who has reported the living too often is not listened to for a while', () => {
    for (let count = 1; count <= settings.strikesMax; count++) {
      const now = start + count * 30_000
      reports.wake(now, out)
      for (const peer of peers) renew(peer, peers, now - 10_000)
      expect(report(1, 5, now)).toBe('noted')
      const [[, probed] = ['', recordOf(0)]] = heardOf('probe')
      reports.probed(probed, 'answered', now, out)
      heard()
    }
    const now = start + 200_000
    expect(report(1, 5, now)).toBe('not-entitled')
    expect(report(2, 5, now)).toBe('noted')
    expect(report(1, 4, start + 30_000 + settings.strikeMs)).toBe('noted')
  })
})

describe('a suspect', () => {
  test('however many report it, is announced and probed once, and no other seed is needed for that', () => {
    expect([report(1, 5), report(2, 5), report(1, 5)]).toEqual(['noted', 'noted', 'noted'])
    expect(heard()).toEqual([
      ['announce', { type: 'suspected', id: 5 }],
      ['probe', recordOf(5)]
    ])
  })

  test('that refuses twice, 3 s apart, is dead a second later', () => {
    report(1, 5)
    expect(probeAll('refused', start + 60_000)).toEqual([start, start + 3_000])
    expect(said.at(-1)).toEqual(['removed', recordOf(5)])
    expect(registry.find(5)).toBeUndefined()
    expect(reports.wakeAt).toBe(NEVER)
    expect(report(1, 5, start + 5_000)).toBe('unknown-target')
  })

  test('that is silent is dead 13 s after the suspicion arose, if it has been silent for 30 s by then', () => {
    report(1, 5)
    probeAll('timeout', start + settings.suspicionMs - 1)
    expect(registry.find(5)).toBeDefined()
    probeAll('timeout', start + settings.suspicionMs)
    expect(said.slice(-2)).toEqual([
      ['announce', { type: 'removed', id: 5, reason: 'dead' }],
      ['removed', recordOf(5)]
    ])
    expect(registry.find(5)).toBeUndefined()
  })

  test('that was heard lately has longer to answer', () => {
    renew(5, peers, 28_000)
    report(1, 5)
    probeAll('timeout', 28_000 + settings.silenceMs - 1)
    expect(registry.find(5)).toBeDefined()
    probeAll('timeout', 28_000 + settings.silenceMs)
    expect(registry.find(5)).toBeUndefined()
  })

  test('that refuses once and is silent then, as a process that restarts, is not dead at once', () => {
    report(1, 5)
    const [[, probed] = ['', recordOf(0)]] = heardOf('probe')
    reports.probed(probed, 'refused', start, out)
    probeAll('timeout', start + settings.suspicionMs - 1)
    expect(registry.find(5)).toBeDefined()
  })

  test('that answers a probe stays, has a fresh lease and is left in peace for a while', () => {
    report(1, 5)
    reports.probed(current(5), 'answered', 50_000, out)
    heard()
    reports.wake(60_001, out)
    expect(report(1, 5, 60_001)).toBe('noted')
    expect(heard().map(([what]) => what)).toEqual(['announce', 'probe'])
    reports.probed(current(5), 'answered', 60_002, out)
    expect(reports.suspect(5, 60_003, out)).toBe('noted')
    expect(heard()).toEqual([])
    registry.wake(60_002, out)
    expect(heardOf('suspect').map(([, peer]) => peer)).toEqual([1, 2, 3, 4])
  })

  test('that renews has refuted it, whatever the probes say', () => {
    report(1, 5)
    probeAll('timeout', start + 9_000)
    renew(5, peers, start + 9_500)
    probeAll('timeout', start + 60_000)
    expect(registry.find(5)).toBeDefined()
    expect(reports.wakeAt).toBe(NEVER)
  })

  test('that cannot be probed, for reasons of our own, is not dead on that account', () => {
    report(1, 5)
    probeAll('inconclusive', start + 100_000)
    expect(registry.find(5)).toBeDefined()
    expect(reports.wakeAt).toBeLessThan(start + 110_000)
  })

  test('that has registered anew is not the one that was suspected, and can be suspected itself', () => {
    report(1, 5)
    const old = current(5)
    register(5, start + 100)
    heard()
    reports.probed(old, 'refused', start + 200, out)
    expect(reports.suspect(5, start + 300, out)).toBe('noted')
    expect(heard()).toEqual([
      ['announce', { type: 'suspected', id: 5 }],
      ['probe', recordOf(5)]
    ])
    reports.probed(old, 'refused', start + 400, out)
    expect(probeAll('answered', start + 400)).toEqual([])
  })

  test('that left, and a probe that nobody asked for, change nothing', () => {
    report(1, 5)
    registry.answer(5, { type: 'leave' }, '/ip4/192.0.2.1', start, out)
    heard()
    reports.probed(recordOf(5), 'refused', start + 100, out)
    reports.probed(current(4), 'refused', start + 100, out)
    expect(heard()).toEqual([])
    expect(registry.find(4)).toBeDefined()
  })

  test('that another seed stands for stays in the list, whatever the probes from here have found', () => {
    registry.heard('s2', { type: 'joined', record: recordOf(5) }, out)
    report(1, 5)
    probeAll('refused', start + 10_000)
    expect(registry.registration(5)).toBeUndefined()
    expect(registry.find(5)).toEqual(recordOf(5))
  })
})

describe('many suspects', () => {
  test('more than can be probed at once wait their turn; more than may wait: busy, until one is over', () => {
    const probed = (): number[] => heardOf('probe').map(([, { id }]) => id)
    expect([report(1, 2), report(1, 3), report(1, 4), report(2, 4), report(1, 5)]).toEqual([
      'noted',
      'noted',
      'noted',
      'noted',
      'busy'
    ])
    expect(probed()).toEqual([2, 3])
    reports.probed(current(3), 'answered', start + 100, out)
    expect(probed()).toEqual([4])
    expect(report(1, 5)).toBe('noted')
    // One that leaves while it waits is not probed.
    registry.answer(5, { type: 'leave' }, '/ip4/192.0.2.1', start + 100, out)
    heard()
    reports.probed(current(2), 'answered', start + 200, out)
    expect(probed()).toEqual([])
  })

  test('half of all silent at a time, and this seed may be the one that is cut off: they get longer, and go if they stay silent', () => {
    const crowd = Array.from({ length: 20 }, (_, index) => index + 1)
    reports = new DeadReports(registry, settings)
    for (const peer of crowd) register(peer)
    const removedBy = (until: number): number => {
      probeAll('timeout', until)
      return crowd.filter(peer => registry.find(peer) === undefined).length
    }
    heard()
    for (const peer of crowd.slice(0, 10)) reports.suspect(peer, start, out)
    expect(removedBy(start + settings.brakeMs)).toBe(0)
    expect(removedBy(start + settings.brakeMs + 30_000)).toBe(10)
  })

  test('when they refuse, or are fewer than half, nothing is held up', () => {
    const crowd = Array.from({ length: 20 }, (_, index) => index + 1)
    reports = new DeadReports(registry, settings)
    for (const peer of crowd) register(peer)
    heard()
    for (const peer of crowd.slice(0, 9)) reports.suspect(peer, start, out)
    probeAll('timeout', start + settings.suspicionMs)
    expect(crowd.filter(peer => registry.find(peer) === undefined)).toHaveLength(9)
    for (const peer of crowd.slice(9)) reports.suspect(peer, start + 20_000, out)
    probeAll('refused', start + 24_000, start + 20_000)
    expect([...registry.records()]).toEqual([])
  })
})
