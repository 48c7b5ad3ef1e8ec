import { describe, expect, test } from 'vitest'
import { Enrolment } from '#src/core/enrolment.ts'
import { seededRandom } from '#src/core/random.ts'
import { enrolment as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import type { EnrolmentOutput } from '#src/core/enrolment.ts'

const { out, heardOf } = listener<EnrolmentOutput<number, string>>()
const seeds = ['s1', 's2', 's3']
const leaseMs = 60_000

function enrolled(seed: number): Enrolment<number, string> {
  const enrolment = new Enrolment<number, string>(seeds, settings, seededRandom(seed))
  enrolment.enrol(0, out)
  return enrolment
}

/** The seed that is asked to reserve the name now, if any is. */
function asked(): string | undefined {
  return heardOf('reserve')[0]?.[1]
}

describe('seeds that come back', () => {
  test('find that the next attempt comes soon, once one of them has answered', () => {
    const enrolment = enrolled(1)
    let now = 0
    const failAll = (): void => {
      for (let seed = asked(); seed !== undefined; seed = asked()) enrolment.failed(seed, 'silent', now, out)
    }
    for (let vain = 0; vain < 8; vain++) {
      failAll()
      const backoff = Math.min(settings.retryMs * 2 ** vain, settings.retryMsMax)
      expect(enrolment.wakeAt - now).toBeGreaterThanOrEqual(backoff / 2)
      now = enrolment.wakeAt
      enrolment.wake(now, out)
    }
    const back = asked() ?? ''
    enrolment.reserved(back, now, out)
    failAll()
    enrolment.registered(back, leaseMs, now, out)
    expect(enrolment.registrars).toEqual([back])
    expect(enrolment.wakeAt - now).toBeLessThanOrEqual(settings.retryMs * 1.5)
  })

  test('hear the peers that notice it at one moment one after another', () => {
    const { returnMsMax } = settings
    const now = 2_000
    const times = Array.from({ length: 100 }, (_, peer) => {
      const enrolment = enrolled(peer)
      for (let seed = asked(); seed !== undefined; seed = asked()) enrolment.reserved(seed, 0, out)
      for (const seed of seeds) enrolment.registered(seed, leaseMs, 0, out)
      expect(enrolment.state).toBe('registered')
      enrolment.seedReturned(now)
      return enrolment.wakeAt - now
    })
    expect(Math.max(...times)).toBeLessThan(returnMsMax)
    // Evenly: no second has a herd.
    for (let second = 0; second < returnMsMax; second += 1_000) {
      expect(times.filter(time => time >= second && time < second + 1_000).length).toBeLessThan(40)
    }
  })
})
