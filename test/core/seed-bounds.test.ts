import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { neighboursMax } from '#protocols/registration/messages.ts'
import { DeadReports } from '#src/core/dead-reports.ts'
import { Directory } from '#src/core/directory.ts'
import { below, seededRandom } from '#src/core/random.ts'
import { deadReports as settings } from '#src/seed-settings.ts'
import { listener } from '../support/core/listener.ts'
import { network } from '../support/core/records.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { SeedDesk, signedRecord } from '../support/core/seed-desk.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { DirectoryOutput } from '#src/core/directory.ts'

// Whatever peers and other seeds say, and however many of them, a seed holds no more than its settings allow.

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const entriesMax = 50
const suspectsMax = 10
/** A tenth of what it took to keep a line of 256 neighbours of each peer that comes. */
const growthMax = 1_500_000

test(
  'in what it keeps of peers that come for ever, at its own desk and at those of others',
  { timeout: 120_000 },
  () => {
    for (const run of runsOf(1)) {
      const random = seededRandom(run)
      const desk = new SeedDesk(run, { everybodyPeersMax: 20, everybodyPeersMin: 15 }, entriesMax)
      const deadReports = new DeadReports(desk.registry, { ...settings, suspectsMax, probesMax: 4, strikersMax: 10 })
      const { out } = listener<Pick<DeadReportsOutput<number>, 'probe'>>()
      const all = Object.assign(desk, { probe: out.probe })
      const suspects = new Set<number>()
      desk.onSuspect = peer => void suspects.add(peer)
      const rarely: ((seed: string) => void)[] = [
        seed => desk.registry.unheard(seed, desk),
        seed => void desk.registry.digest(seed),
        seed => desk.registry.heard(seed, { type: 'caught-up', same: [below(random, 128)] }, desk)
      ]
      let now = 0
      let known = 1
      /** Somebody new, or one of the last hundred. */
      const anybody = (): number => (random() < 0.3 ? known++ : Math.max(1, known - below(random, 100)))
      const step = (): void => {
        const peer = anybody()
        const seed = `s${below(random, 3)}`
        switch (below(random, 12)) {
          case 0:
            desk.ask(peer, { type: 'reserve', name: `p${anybody()}`, network }, now)
            break
          case 1:
          case 2:
            desk.register(signedRecord(peer, 1 + below(random, 3)), now)
            break
          case 3:
            desk.renew(peer, Array.from({ length: neighboursMax }, anybody), below(random, neighboursMax), now)
            break
          case 4:
            desk.audience.introduced(desk.ask(peer, { type: 'candidates', wanted: 32 }, now))
            break
          case 5:
            if (random() < 0.3) desk.ask(peer, { type: 'leave' }, now)
            break
          case 6:
          case 7:
            desk.registry.heard(seed, { type: 'joined', record: signedRecord(peer, 1 + below(random, 3)) }, desk)
            break
          case 8:
            desk.registry.heard(seed, { type: 'removed', id: peer, reason: 'dead' }, desk)
            break
          case 9:
            if (random() < 0.2) rarely[below(random, 3)]?.(seed)
            break
          case 10: {
            deadReports.report(peer, { target: anybody(), missed: ['timeout'] }, now, all)
            const record = desk.registry.registration(peer)
            const outcome = (['answered', 'refused', 'timeout'] as const)[below(random, 3)] ?? 'timeout'
            if (record !== undefined) deadReports.probed(record, outcome, now, all)
            break
          }
          default:
            now += below(random, 2_000)
            desk.registry.wake(now, desk)
            for (const suspect of suspects) deadReports.suspect(suspect, now, all)
            suspects.clear()
            deadReports.wake(now, all)
        }
        const { registrations, size } = desk.registry
        expect(registrations, replay(run)).toBeLessThanOrEqual(2 * entriesMax)
        expect(size, replay(run)).toBeLessThanOrEqual(3 * entriesMax)
        // A name that is registered, and one that is held.
        expect(desk.disk.size, replay(run)).toBeLessThanOrEqual(4 * entriesMax)
      }
      for (let count = 0; count < 5_000; count++) step()
      const before = heapUsed()
      for (let count = 0; count < 30_000; count++) step()
      expect(known).toBeGreaterThan(150 * entriesMax)
      expect(heapUsed() - before, replay(run)).toBeLessThan(growthMax)
    }
  }
)

test('in registrations, though a full seed takes those that another one has registered, and they leave that one for the next', () => {
  const desk = new SeedDesk(1, {}, entriesMax)
  for (let peer = 1; peer <= 10 * entriesMax; peer++) {
    desk.registry.heard('s2', { type: 'joined', record: signedRecord(peer) }, desk)
    desk.register(signedRecord(peer))
    desk.registry.heard('s2', { type: 'removed', id: peer, reason: 'left' }, desk)
  }
  expect(desk.registry.registrations).toBe(2 * entriesMax)
})

test('a peer that hears a part forgets those of whom it has heard least lately, and tells nobody that they have gone', () => {
  const { out, heardOf } = listener<DirectoryOutput<number>>()
  const directory = new Directory<number, string>(3, { forgetsOldest: true })
  directory.unheard('s1', out)
  for (let peer = 1; peer <= 5; peer++) directory.heard('s1', { type: 'joined', record: signedRecord(peer) }, out)
  expect([...directory.records()].map(({ id }) => id)).toEqual([3, 4, 5])
  directory.heard('s1', { type: 'caught-up', part: true }, out)
  directory.unheard('s1', out)
  directory.heard('s1', { type: 'joined', record: signedRecord(6) }, out)
  // Of a part nobody is missing; of the whole list all that are not in it.
  directory.heard('s1', { type: 'caught-up', part: true }, out)
  expect(heardOf('vanished')).toEqual([])
  expect([...directory.records()].map(({ id }) => id)).toEqual([4, 5, 6])
  directory.unheard('s1', out)
  directory.heard('s1', { type: 'joined', record: signedRecord(6) }, out)
  directory.heard('s1', { type: 'caught-up' }, out)
  expect(heardOf('vanished').map(([, { id }]) => id)).toEqual([4, 5])
})

test('a peer to which a seed tells peers without end remembers as many as it may', () => {
  const { out, heard } = listener<DirectoryOutput<number>>()
  const directory = new Directory<number, string>(100, { forgetsOldest: true })
  directory.unheard('s1', out)
  const tell = (from: number, to: number): void => {
    for (let peer = from; peer < to; peer++) directory.heard('s1', { type: 'joined', record: signedRecord(peer) }, out)
    heard()
  }
  tell(0, 1_000)
  const before = heapUsed()
  tell(1_000, 50_000)
  expect(heapUsed() - before).toBeLessThan(500_000)
})
