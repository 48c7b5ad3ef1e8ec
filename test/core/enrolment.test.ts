import { beforeEach, describe, expect, test } from 'vitest'
import { Enrolment } from '#src/core/enrolment.ts'
import { NEVER } from '#src/core/machine.ts'
import { seededRandom } from '#src/core/random.ts'
import { enrolment as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import type { RefusalReason } from '#protocols/registration/messages.ts'
import type { EnrolmentOutput } from '#src/core/enrolment.ts'

const { out, heard, heardOf } = listener<EnrolmentOutput<number, string>>()

/** What seeds grant. */
const leaseMs = 60_000

let enrolment: Enrolment<number, string>

function begin(seeds: number, seed = 1): void {
  const labels = Array.from({ length: seeds }, (_, index) => `s${index + 1}`)
  enrolment = new Enrolment(labels, settings, seededRandom(seed))
  enrolment.enrol(0, out)
}

function refuse(seed: string, reason: RefusalReason, holder?: number): void {
  enrolment.refused(seed, reason, holder, 0, out)
}

/** Every seed grants what it is asked, until nothing is asked any more. */
function grantAll(now = 0): void {
  for (let asked = heard(); asked.length > 0; asked = heard()) {
    for (const [what, seed] of asked) {
      if (what === 'reserve') enrolment.reserved(seed, now, out)
      if (what === 'register') enrolment.registered(seed, leaseMs, now, out)
    }
  }
}

/** The seeds where a registration was granted, as the outputs tell it. */
function seedsOf(what: 'reserve' | 'register' | 'renew' | 'leave' | 'held' | 'lost'): string[] {
  return heardOf(what).map(([, seed]) => seed)
}

beforeEach(() => {
  heard()
})

describe('registering', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4]
  ])('with %i seeds at %i of them', (seeds, quorum) => {
    begin(seeds)
    expect(enrolment.quorum).toBe(quorum)
    const reserved: string[] = []
    for (let asked = heard(); asked[0]?.[0] === 'reserve'; asked = heard()) {
      // One after another: nothing is asked before the last question is answered.
      expect(asked).toHaveLength(1)
      reserved.push(asked[0][1])
      enrolment.reserved(asked[0][1], 0, out)
      if (reserved.length === quorum) break
    }
    expect(reserved).toEqual(reserved.toSorted())
    expect(seedsOf('register')).toEqual(reserved)
    for (const seed of reserved) {
      expect(enrolment.state).toBe('joining')
      enrolment.registered(seed, leaseMs, 0, out)
    }
    expect(heard()).toEqual([...reserved.map(seed => ['held', seed]), ['registered', quorum]])
    expect(enrolment.state).toBe('registered')
  })

  test('the choice differs from peer to peer', () => {
    const choices = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      begin(5, seed)
      choices.add(seedsOf('reserve').join())
    }
    expect(choices.size).toBe(3)
  })

  test('answers that come twice or from a seed that was not asked change nothing', () => {
    begin(1)
    enrolment.registered('s1', leaseMs, 0, out)
    enrolment.reserved('s9', 0, out)
    refuse('s9', 'name-taken', 7)
    enrolment.failed('s9', 'silent', 0, out)
    enrolment.renewed('s9', leaseMs, 0)
    expect(heard()).toEqual([['reserve', 's1']])
    for (let times = 0; times < 2; times++) enrolment.reserved('s1', 0, out)
    for (let times = 0; times < 2; times++) enrolment.registered('s1', leaseMs, 0, out)
    expect(heard()).toEqual([
      ['register', 's1'],
      ['held', 's1'],
      ['registered', 1]
    ])
  })

  test('the name of somebody else: everything is given back, and it stays at that', () => {
    begin(5)
    enrolment.reserved(seedsOf('reserve')[0] as string, 0, out)
    const [second] = seedsOf('reserve') as [string]
    refuse(second, 'name-taken', 7)
    const said = heard()
    expect(said.map(([what]) => what)).toEqual(['leave', 'nameTaken'])
    expect(said.at(-1)).toEqual(['nameTaken', 7])
    expect(enrolment.state).toBe('refused')
    expect(enrolment.wakeAt).toBe(NEVER)
    enrolment.reserved(second, 0, out)
    expect(heard()).toEqual([])
  })

  test('a rival that is still registering: give way, then try again under the same name', () => {
    begin(3)
    enrolment.reserved(seedsOf('reserve')[0] as string, 0, out)
    refuse(seedsOf('reserve')[0] as string, 'name-reserved', 7)
    expect(heard().map(([what]) => what)).toEqual(['leave'])
    expect(enrolment.wakeAt).toBeGreaterThanOrEqual(settings.retryMs * 0.5)
    expect(enrolment.wakeAt).toBeLessThan(settings.retryMs * 1.5)
    enrolment.wake(enrolment.wakeAt, out)
    grantAll()
    expect(enrolment.state).toBe('registered')
  })

  test('asked too often, a seed keeps what is registered there, and is asked again later', () => {
    begin(3)
    grantAll()
    const { registrars } = enrolment
    enrolment.wake(enrolment.wakeAt, out)
    for (const seed of registrars) refuse(seed, 'full-rate')
    expect(heard().map(([what]) => what)).toEqual(['renew', 'renew'])
    expect([enrolment.state, enrolment.registrars]).toEqual(['registered', registrars])
    enrolment.wake(enrolment.wakeAt, out)
    expect(seedsOf('renew')).toEqual(registrars)
  })

  test.each(['bad-name', 'full', 'full-address', 'full-subnet', 'full-rate', 'other-network', 'stale'] as const)(
    'a seed that says %s is left out for now',
    reason => {
      begin(3)
      refuse(seedsOf('reserve')[0] as string, reason)
      grantAll()
      expect(enrolment.state).toBe('registered')
    }
  )

  test.each(['other-network', 'stale'] as const)(
    'when all say %s it says so, gives nothing up and tries again',
    reason => {
      begin(1)
      if (reason === 'stale') enrolment.reserved('s1', 0, out)
      refuse('s1', reason)
      const said = heard()
      expect(said.at(-1)).toEqual(['degraded', 0, new Map([['s1', reason]])])
      // A good-bye would end the registration of the other process.
      expect(said.map(([what]) => what)).not.toContain('leave')
      expect(enrolment.state).toBe('degraded')
      enrolment.wake(enrolment.wakeAt, out)
      grantAll()
      expect(enrolment.state).toBe('registered')
    }
  )

  test('a seed that has forgotten the reservation is asked anew', () => {
    begin(1)
    enrolment.reserved('s1', 0, out)
    refuse('s1', 'not-registered')
    expect(heardOf('reserve')).toEqual([
      ['reserve', 's1'],
      ['reserve', 's1']
    ])
    enrolment.reserved('s1', 0, out)
    grantAll()
    expect(enrolment.state).toBe('registered')
  })
})

describe('seeds that do not answer', () => {
  test('another takes the place of each', () => {
    begin(5)
    for (let failures = 0; failures < 2; failures++) enrolment.failed(seedsOf('reserve')[0] as string, 'silent', 0, out)
    grantAll()
    expect(enrolment.state).toBe('registered')
  })

  test('too few: registered where it can be, says so each time, and tries again less and less often', () => {
    begin(3)
    enrolment.failed(seedsOf('reserve')[0] as string, 'silent', 0, out)
    enrolment.reserved(seedsOf('reserve')[0] as string, 0, out)
    enrolment.failed(seedsOf('reserve')[0] as string, 'silent too', 0, out)
    const [only] = seedsOf('register') as [string]
    enrolment.registered(only, leaseMs, 0, out)
    expect(heardOf('degraded')).toEqual([['degraded', 1, expect.any(Map)]])
    expect(enrolment.state).toBe('degraded')
    const pauses: number[] = []
    for (let now = 0; pauses.length < 8;) {
      const { wakeAt } = enrolment
      enrolment.wake(wakeAt, out)
      const said = heard()
      for (const [what, seed] of said) if (what === 'renew') enrolment.renewed(seed, leaseMs, wakeAt)
      const reserves = said.flatMap(([what, seed]) => (what === 'reserve' ? [seed] : []))
      if (reserves.length === 0) continue
      pauses.push(wakeAt - now)
      now = wakeAt
      enrolment.failed(reserves[0] as string, 'silent', now, out)
      enrolment.failed(seedsOf('reserve')[0] as string, 'silent', now, out)
      const [[, seeds, reasons]] = heardOf('degraded') as [['degraded', number, ReadonlyMap<string, string>]]
      expect([seeds, [...reasons.values()]]).toEqual([1, ['silent', 'silent']])
    }
    pauses.forEach((pause, index) => {
      const backoff = Math.min(settings.retryMs * 2 ** index, settings.retryMsMax)
      expect(pause).toBeGreaterThanOrEqual(backoff * 0.5 - 1)
      expect(pause).toBeLessThanOrEqual(backoff * 1.5 + 1)
    })
  })

  test('none at all: degraded, and tried again', () => {
    begin(1)
    enrolment.failed('s1', 'silent', 0, out)
    expect(heardOf('degraded')).toEqual([['degraded', 0, new Map([['s1', 'silent']])]])
    expect(enrolment.state).toBe('degraded')
    enrolment.wake(enrolment.wakeAt, out)
    grantAll()
    expect(enrolment.state).toBe('registered')
  })
})

describe('a seed whose answer is lost', () => {
  test.each([1, 2])('is told to forget the registration that it may have made (seeds: %i)', seeds => {
    begin(seeds)
    for (let seed = 1; seed <= seeds; seed++) enrolment.reserved(`s${seed}`, 0, out)
    heard()
    enrolment.failed('s1', 'silent', 0, out)
    expect(seedsOf('leave')).toEqual(['s1'])
  })
})

describe('a silent seed', () => {
  test('is not waited for again when a rival has stopped the attempt', () => {
    for (let run = 0; run < 20; run++) {
      heard()
      begin(3, run)
      const [silent] = seedsOf('reserve') as [string]
      enrolment.failed(silent, 'silent', 0, out)
      refuse(seedsOf('reserve')[0] as string, 'name-reserved', 7)
      enrolment.wake(enrolment.wakeAt, out)
      const [first] = seedsOf('reserve') as [string]
      enrolment.reserved(first, 0, out)
      expect([first, ...seedsOf('reserve')], `run ${run}`).not.toContain(silent)
    }
  })
})

describe('renewing', () => {
  beforeEach(() => {
    begin(3)
    grantAll()
    heard()
  })

  test('at each seed every 20 s, give or take a tenth', () => {
    const times = new Map<string, number>()
    for (let renewals = 0; renewals < 20;) {
      const now = enrolment.wakeAt
      enrolment.wake(now - 1, out)
      enrolment.wake(now, out)
      for (const seed of seedsOf('renew')) {
        expect(Math.abs(now - (times.get(seed) ?? 0) - 20_000)).toBeLessThanOrEqual(2_000)
        times.set(seed, now)
        enrolment.renewed(seed, leaseMs, 30_000)
        renewals++
      }
    }
    expect(times.size).toBe(2)
  })

  test('sooner when there is news, but not more often than once a second', () => {
    enrolment.renewWithin(300, 5_000)
    expect(enrolment.wakeAt).toBe(5_300)
    enrolment.renewWithin(5_000, 5_000)
    expect(enrolment.wakeAt).toBe(5_300)
    enrolment.wake(5_300, out)
    expect(seedsOf('renew')).toHaveLength(2)
    enrolment.renewWithin(0, 5_400)
    expect(enrolment.wakeAt).toBe(5_300 + settings.renewSpacingMs)
  })

  test('news that fall due while a renewal is under way are told soon after its answer', () => {
    enrolment.wake(30_000, out)
    const [slow = '', quick = ''] = seedsOf('renew')
    enrolment.renewed(quick, leaseMs, 30_000)
    enrolment.renewWithin(0, 30_100)
    enrolment.wake(31_000, out)
    expect(heard()).toEqual([['renew', quick]])
    enrolment.renewed(slow, leaseMs, 31_500)
    enrolment.wake(31_000 + settings.renewSpacingMs, out)
    expect(heard()).toEqual([['renew', slow]])
  })

  test('a registration whose lease was not renewed in time is none any more, and another takes its place', () => {
    let [silent] = ['']
    // The first two are answered by neither and by one of the two; what counts is when it was asked, not when it answered.
    for (const now of [22_000, 44_000]) {
      enrolment.wake(now, out)
      const asked = seedsOf('renew')
      silent = asked[0] as string
      for (const seed of asked) {
        if (seed === silent) enrolment.failed(seed, 'silent', now + 10_000, out)
        else enrolment.renewed(seed, leaseMs, now + 10_000)
      }
    }
    const endsAt = leaseMs * settings.leaseShare
    enrolment.wake(endsAt - 1, out)
    expect(heardOf('lost')).toEqual([])
    expect(enrolment.state).toBe('registered')
    enrolment.wake(endsAt, out)
    const said = heard()
    expect(said[0]).toEqual(['lost', silent])
    expect(said[1]?.[0]).toBe('reserve')
    expect(said[1]?.[1]).not.toBe(silent)
    expect(enrolment.state).toBe('degraded')
    enrolment.reserved(said[1]?.[1] as string, endsAt, out)
    enrolment.registered(said[1]?.[1] as string, leaseMs, endsAt, out)
    expect(heardOf('registered')).toEqual([['registered', 2]])
    expect(enrolment.state).toBe('registered')
  })

  test('with fewer live leases than the quorum, and nobody to take their place, it is degraded and says so', () => {
    begin(1)
    grantAll()
    enrolment.wake(20_000, out)
    enrolment.failed('s1', 'ECONNREFUSED', 20_001, out)
    enrolment.wake(leaseMs * settings.leaseShare, out)
    expect(heard()).toEqual([
      ['renew', 's1'],
      ['lost', 's1'],
      ['degraded', 0, new Map([['s1', 'ECONNREFUSED']])]
    ])
    expect(enrolment.state).toBe('degraded')
  })

  test('longer leases are renewed less often, and no lease is taken for shorter than the least', () => {
    for (const [granted, taken] of [
      [180_000, 180_000],
      [0, settings.leaseMsMin]
    ] as const) {
      begin(1)
      heard()
      enrolment.reserved('s1', 0, out)
      enrolment.registered('s1', granted, 0, out)
      expect(Math.abs(enrolment.wakeAt - taken / 3)).toBeLessThanOrEqual(taken / 30)
    }
  })

  test('a seed that has forgotten the registration is lost, and its place filled again', () => {
    enrolment.wake(30_000, out)
    const [forgetful] = seedsOf('renew') as [string]
    refuse(forgetful, 'not-registered')
    const said = heard()
    expect(said.map(([what]) => what)).toEqual(['lost', 'reserve'])
    enrolment.reserved(said[1]?.[1] as string, 0, out)
    enrolment.registered(said[1]?.[1] as string, leaseMs, 0, out)
    expect(enrolment.state).toBe('registered')
  })

  test('a name that was given away meanwhile: everything is given back', () => {
    enrolment.wake(30_000, out)
    const [forgetful] = seedsOf('renew') as [string]
    refuse(forgetful, 'not-registered')
    refuse(seedsOf('reserve')[0] as string, 'name-taken', 7)
    expect(heard().map(([what]) => what)).toEqual(['leave', 'lost', 'nameTaken'])
  })

  test('leaving gives everything up and tries nothing more', () => {
    enrolment.leave(out)
    expect(heard().map(([what]) => what)).toEqual(['leave', 'lost', 'leave', 'lost'])
    expect(enrolment.wakeAt).toBe(NEVER)
  })
})
