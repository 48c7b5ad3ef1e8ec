import { beforeEach, describe, expect, test } from 'vitest'
import { PendingReports } from '#src/core/pending-reports.ts'
import type { PendingReport } from '#src/core/pending-reports.ts'

const settings = { pendingMax: 3, pendingMsMax: 600_000 }

let reports: PendingReports<number>

beforeEach(() => {
  reports = new PendingReports(settings)
})

function pending(target: number, since = 0): PendingReport<number> {
  return { name: `p${target}`, report: { target, missed: ['refused', 'refused', 'refused'] }, since }
}

function taken(now: number): number[] {
  return reports.take(now).map(({ report }) => report.target)
}

describe('reports that no seed has heard', () => {
  test('wait for one, once', () => {
    reports.add(pending(1))
    reports.add(pending(2))
    expect([taken(1), taken(1)]).toEqual([[1, 2], []])
  })

  test('wait on if they are not heard the next time either, as old as they are', () => {
    reports.add(pending(1))
    for (const each of reports.take(500_000)) reports.add(each)
    expect(taken(settings.pendingMsMax)).toEqual([])
  })

  test('are dropped when the peer lives', () => {
    reports.add(pending(1))
    reports.add(pending(2))
    reports.seenAlive(1)
    expect(taken(1)).toEqual([2])
  })

  test('are dropped when they are old', () => {
    reports.add(pending(1, 0))
    reports.add(pending(2, 1))
    expect(taken(settings.pendingMsMax)).toEqual([2])
  })

  test('are few: the oldest goes, and each peer has one', () => {
    for (const target of [1, 2, 3]) reports.add(pending(target))
    reports.add(pending(1, 5))
    expect(reports.take(5)).toEqual([pending(2), pending(3), pending(1, 5)])
    for (const target of [1, 2, 3, 4]) reports.add(pending(target))
    expect(taken(5)).toEqual([2, 3, 4])
  })
})
