import { beforeEach, describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { othersWanted } from '#src/core/memory.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import { SeedDesk, signedRecord } from '../support/core/seed-desk.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { Kept } from '#src/core/memory.ts'
import type { RegistryOutput } from '#src/core/registry.ts'

const { out, heard, heardOf } = listener<RegistryOutput<number>>()

let registry: Registry<number, string>

beforeEach(() => {
  registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
  heard()
})

function ask(peer: number, request: RegistrationRequest<number>, now = 0): RegistrationReply<number> {
  return registry.answer(peer, request, '/ip4/192.0.2.1', now, out)
}

function reserve(peer: number, name = `p${peer}`, now = 0): RegistrationReply<number> {
  return ask(peer, { type: 'reserve', name, network }, now)
}

function register(peer: number, name = `p${peer}`, now = 0): RegistrationReply<number> {
  reserve(peer, name, now)
  return ask(peer, { type: 'register', record: recordOf(peer, name) }, now)
}

const reserved = { type: 'reserved', observedAddress: '/ip4/192.0.2.1' }

describe('what is kept', () => {
  /** As a disk does it. */
  const disk = new Map<string, Kept<number>>()
  function store(): void {
    for (const saying of heard()) {
      if (saying[0] === 'keep') {
        const [, kept] = saying
        disk.set(`${kept.type} ${kept.type === 'held' ? kept.id : kept.record.id}`, kept)
      } else if (saying[0] === 'discard') disk.delete(`${saying[1]} ${saying[2]}`)
    }
  }
  /** The seed ends and begins again with its disk. */
  function restart(now: number): void {
    store()
    registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(2))
    registry.restore(disk.values(), now)
  }

  beforeEach(() => disk.clear())

  test('is there after a restart: registrations, reservations, and names of the silent', () => {
    register(1, 'ada')
    register(2, 'bob')
    reserve(2, 'bob-2')
    reserve(3, 'cleo')
    register(4, 'dora')
    registry.remove(4, 'silent', 0, out)
    restart(1_000)
    expect([...registry.announcements()]).toEqual(
      [recordOf(1, 'ada'), recordOf(2, 'bob')].map(record => ({ type: 'joined', record, unreachable: true }))
    )
    expect(registry.size).toBe(2)
    for (const [name, holder] of [
      ['ada', 1],
      ['bob', 2],
      ['bob-2', 2],
      ['cleo', 3],
      ['dora', 4]
    ] as const) {
      expect(reserve(9, name)).toMatchObject({ type: 'refused', holder })
    }
    expect(ask(3, { type: 'register', record: recordOf(3, 'cleo') })).toMatchObject({ type: 'registered' })
    expect(ask(1, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] })).toMatchObject({ leaseMs: 60_000 })
  })

  test('has its whole time again', () => {
    register(1, 'ada', 0)
    reserve(2, 'bob', 0)
    restart(50_000)
    registry.wake(109_999, out)
    expect([heardOf('suspect'), reserve(9, 'bob', 109_999)]).toEqual([[], expect.objectContaining({ holder: 2 })])
    registry.wake(110_000, out)
    expect(heardOf('suspect')).toEqual([['suspect', 1]])
    expect(reserve(9, 'bob', 110_000)).toEqual(reserved)
  })

  test('is no more than there is: whoever left, was dead for certain or let its reservation expire leaves nothing', () => {
    register(1)
    register(2)
    reserve(3)
    ask(1, { type: 'leave' })
    registry.remove(2, 'refusing', 0, out)
    registry.wake(settings.reservationMs, out)
    store()
    expect([...disk]).toEqual([])
  })
})

describe('a seed without memory', () => {
  const caughtUp = (seed: string): void => registry.heard(seed, { type: 'caught-up' }, out)
  const notReady = { type: 'refused', reason: 'not-ready' }

  test('gives no name away before it has heard enough others, each once', () => {
    registry.awaitOthers(2, 0)
    expect(reserve(1, 'ada')).toEqual(notReady)
    registry.heard('s2', { type: 'joined', record: recordOf(2, 'ada') }, out)
    caughtUp('s2')
    caughtUp('s2')
    expect(reserve(1, 'ada')).toEqual(notReady)
    caughtUp('s3')
    expect(heardOf('recovered')).toEqual([])
    expect(reserve(1, 'ada')).toEqual({ type: 'refused', reason: 'name-taken', holder: 2 })
    expect(reserve(1, 'bob')).toEqual(reserved)
    expect(heardOf('recovered')).toHaveLength(1)
  })

  test('nor before the leases of its life before have ended, if it does not', () => {
    registry.awaitOthers(1, 1_000)
    expect(reserve(1, 'ada', 60_999)).toEqual(notReady)
    expect(reserve(1, 'ada', 61_000)).toEqual(reserved)
  })

  test('ends its list when whoever lives has registered anew, and takes nobody back before', () => {
    const desk = new SeedDesk()
    const other = new SeedDesk()
    desk.onAnnounce = announcement => other.registry.heard('s1', announcement, other)
    const follow = (): void => {
      other.registry.unheard('s1', other)
      const digest = other.registry.digest('s1')
      for (const announcement of desk.audience.list(digest)) other.registry.heard('s1', announcement, other)
    }
    const listed = (): number[] => [...other.registry.records()].map(({ id }) => id)
    for (const peer of [1, 2]) other.registry.heard('s1', { type: 'joined', record: signedRecord(peer) }, other)
    other.registry.heard('s2', { type: 'joined', record: signedRecord(1) }, other)
    desk.registry.awaitOthers(0, 0)
    // Nor does another one that waits for others count it as heard.
    other.registry.awaitOthers(1, 0)
    follow()
    expect(other.registry.isReady(settings.leaseMs - 1)).toBe(false)
    other.registry.unheard('s2', other)
    expect(listed()).toEqual([1, 2])
    desk.register(signedRecord(1), 1_000)
    desk.registry.wake(settings.leaseMs - 1, desk)
    follow()
    expect(listed()).toEqual([1, 2])
    desk.registry.wake(settings.leaseMs, desk)
    expect(listed()).toEqual([1])
    follow()
    expect(listed()).toEqual([1])
  })

  test('has to hear as many as have one seed of each quorum among them', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map(seeds => othersWanted(seeds))).toEqual([0, 1, 2, 2, 3, 3, 4])
  })
})
