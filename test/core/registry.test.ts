import { beforeEach, describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { NEVER } from '#src/core/machine.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
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

function register(peer: number, name = `p${peer}`, now = 0, epoch = 1): RegistrationReply<number> {
  reserve(peer, name, now)
  const record = recordOf(peer, name, epoch)
  const reply = ask(peer, { type: 'register', record }, now)
  registry.dialledBack(record, 'reached', out)
  return reply
}

function elsewhere(peer: number, name = `p${peer}`, seed = 's2'): void {
  registry.heard(seed, { type: 'joined', record: recordOf(peer, name) }, out)
}

function goneElsewhere(peer: number, seed = 's2'): void {
  registry.heard(seed, { type: 'removed', id: peer, reason: 'dead' }, out)
}

/** What was said, apart from what is to be kept. */
function said(): unknown[] {
  return heard().filter(([what]) => what !== 'keep' && what !== 'discard')
}

const reserved = { type: 'reserved', observedAddress: '/ip4/192.0.2.1' }

function taken(holder: number): RegistrationReply<number> {
  return { type: 'refused', reason: 'name-taken', holder }
}

describe('names', () => {
  test('a name is reserved, then registered, then taken', () => {
    expect(reserve(1, 'ada')).toEqual(reserved)
    expect(reserve(2, 'ada')).toEqual({ type: 'refused', reason: 'name-reserved', holder: 1 })
    expect(heardOf('announce')).toEqual([])
    expect(register(1, 'ada')).toEqual({
      type: 'registered',
      leaseMs: settings.leaseMs,
      view: { peers: 1, rank: 0 }
    })
    expect(said()).toEqual([
      ['registered', recordOf(1, 'ada')],
      ['announce', { type: 'joined', record: recordOf(1, 'ada') }]
    ])
    expect(reserve(2, 'ada')).toEqual(taken(1))
    expect([...registry.announcements()]).toEqual([{ type: 'joined', record: recordOf(1, 'ada') }])
  })

  test.each(['', 'a b', 'ä', 'x'.repeat(33), '../x'])('%j is no name', name => {
    expect(reserve(1, name)).toEqual({ type: 'refused', reason: 'bad-name' })
  })

  test('a name that is registered at another seed is taken here as well', () => {
    elsewhere(1, 'ada')
    expect(reserve(2, 'ada')).toEqual(taken(1))
    goneElsewhere(1)
    expect(heard()).toEqual([['removed', recordOf(1, 'ada'), 'dead']])
    expect(reserve(2, 'ada')).toEqual(reserved)
  })

  test('a reservation ends after its time and frees the name', () => {
    reserve(1, 'ada', 100)
    expect(registry.wakeAt).toBe(100 + settings.reservationMs)
    registry.wake(99 + settings.reservationMs, out)
    expect(reserve(2, 'ada', 99 + settings.reservationMs)).toMatchObject({ reason: 'name-reserved' })
    registry.wake(100 + settings.reservationMs, out)
    expect(reserve(2, 'ada')).toEqual(reserved)
    expect(ask(1, { type: 'register', record: recordOf(1, 'ada') })).toMatchObject({ reason: 'not-registered' })
  })

  test('a reservation outlives the wait for one silent seed and the questions to the others', () => {
    const silenceMs = 10_000
    reserve(1, 'ada', 0)
    registry.wake(silenceMs + 1_000, out)
    const request = { type: 'register', record: recordOf(1, 'ada') } as const
    expect(ask(1, request, silenceMs + 1_000).type).toBe('registered')
  })

  test('whoever reserves another name gives the first one back', () => {
    reserve(1, 'ada')
    reserve(1, 'bob')
    expect(reserve(2, 'ada')).toEqual(reserved)
    expect(reserve(3, 'bob')).toMatchObject({ reason: 'name-reserved', holder: 1 })
  })

  test('nobody registers without a reservation, or under another name than the reserved one', () => {
    expect(ask(1, { type: 'register', record: recordOf(1, 'ada') })).toMatchObject({ reason: 'not-registered' })
    reserve(1, 'ada')
    expect(ask(1, { type: 'register', record: recordOf(1, 'bob') })).toMatchObject({ reason: 'not-registered' })
  })

  test('the holder may register again, which changes nothing but its lease and addresses', () => {
    register(1)
    register(2)
    const again = register(1)
    expect(again).toMatchObject({ type: 'registered', view: { peers: 2, rank: 1 } })
    expect([...registry.records()]).toHaveLength(2)
    expect(reserve(3, 'p1')).toEqual(taken(1))
  })

  test('a reservation that the holder lets expire does not cost it the name', () => {
    register(1)
    reserve(1, 'p1', 50)
    registry.wake(50 + settings.reservationMs, out)
    expect(reserve(2, 'p1')).toEqual(taken(1))
  })

  test('a peer that takes a new name frees the old one and is counted once', () => {
    register(1, 'old')
    expect(register(1, 'new', 0, 2)).toMatchObject({ view: { peers: 1, rank: 0 } })
    expect(reserve(2, 'old')).toEqual(reserved)
    expect(reserve(2, 'new')).toEqual(taken(1))
  })

  test('leaving frees name and reservation', () => {
    register(1, 'ada')
    reserve(1, 'bob')
    heard()
    expect(ask(1, { type: 'leave' })).toEqual({ type: 'left' })
    expect(said()).toEqual([
      ['announce', { type: 'removed', id: 1, reason: 'left' }],
      ['removed', recordOf(1, 'ada'), 'left']
    ])
    expect([reserve(2, 'ada'), reserve(3, 'bob')]).toEqual([reserved, reserved])
    expect(ask(4, { type: 'leave' })).toEqual({ type: 'left' })
    expect(said()).toEqual([])
    expect(registry.size).toBe(0)
  })

  test('a dead peer that has reserved its name again keeps it until the reservation is over', () => {
    register(1, 'ada')
    reserve(1, 'ada', 10)
    registry.remove(1, 'refusing', 0, out)
    expect(reserve(2, 'ada', 20)).toMatchObject({ reason: 'name-reserved', holder: 1 })
    registry.wake(10 + settings.reservationMs, out)
    expect(reserve(2, 'ada', 30)).toEqual(reserved)
  })
})

describe('leases', () => {
  test('a lease that runs out makes a peer suspect, again and again, and never removes it', () => {
    register(1, 'ada', 0)
    registry.wake(settings.reservationMs, out)
    heard()
    for (const now of [60_000, 120_000]) {
      expect(registry.wakeAt).toBe(now)
      registry.wake(now, out)
      expect(heard()).toEqual([['suspect', 1]])
    }
    expect(registry.find(1)).toBeDefined()
  })

  test('a renewal and a sign of life begin the lease anew', () => {
    register(1, 'ada', 0)
    ask(1, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] }, 20_000)
    registry.wake(settings.reservationMs, out)
    expect(registry.wakeAt).toBe(80_000)
    registry.confirm(1, 70_000)
    expect(registry.wakeAt).toBe(130_000)
    registry.confirm(2, 70_000)
    registry.remove(1, 'refusing', 0, out)
    expect(registry.wakeAt).toBe(NEVER)
  })

  test('the name of one that nobody hears any more is free when its lease ends, that of one that refuses at once', () => {
    register(1, 'ada', 0)
    register(2, 'bob', 0)
    registry.remove(1, 'silent', 0, out)
    registry.remove(2, 'refusing', 0, out)
    expect([registry.find(1), registry.find(2)]).toEqual([undefined, undefined])
    expect(reserve(3, 'ada')).toEqual({ type: 'refused', reason: 'name-reserved', holder: 1 })
    expect(reserve(4, 'bob')).toMatchObject({ type: 'reserved' })
    registry.wake(59_999, out)
    expect(reserve(3, 'ada')).toMatchObject({ type: 'refused' })
    registry.wake(60_000, out)
    expect(reserve(3, 'ada')).toMatchObject({ type: 'reserved' })
  })

  test('the one that was removed for its silence takes its name back at once, and keeps it', () => {
    register(1, 'ada', 0)
    registry.remove(1, 'silent', 0, out)
    register(1, 'ada', 40_000)
    registry.wake(60_000, out)
    expect(reserve(3, 'ada')).toEqual({ type: 'refused', reason: 'name-taken', holder: 1 })
  })

  test('leases grow with the network: twice as long with ten times as many peers as have the usual one', () => {
    const leaseOf = (peers: number): unknown => {
      for (let peer = registry.size + 1; peer <= peers; peer++) elsewhere(peer)
      register(peers)
      return ask(peers, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] })
    }
    expect(leaseOf(1_000)).toMatchObject({ leaseMs: 60_000 })
    expect(leaseOf(10_000)).toMatchObject({ leaseMs: 120_000 })
    registry.wake(60_000, out)
    expect(heardOf('suspect').map(([, peer]) => peer)).toEqual([1_000])
    registry.wake(120_000, out)
    expect(heardOf('suspect').map(([, peer]) => peer)).toContain(10_000)
  })

  test('whoever is not registered here can neither renew nor ask for candidates', () => {
    elsewhere(1)
    const refused = { type: 'refused', reason: 'not-registered' }
    expect(ask(1, { type: 'renew', degree: 0, target: 4, offer: 4, neighbours: [] })).toEqual(refused)
    expect(ask(1, { type: 'candidates', wanted: 4 })).toEqual(refused)
  })

  test('removing a stranger does nothing', () => {
    registry.remove(9, 'refusing', 0, out)
    expect(heard()).toEqual([])
  })
})

describe('other seeds', () => {
  test('what another seed says of a peer that is registered here only makes it suspect', () => {
    register(1)
    elsewhere(1)
    heard()
    goneElsewhere(1)
    expect(heard()).toEqual([['suspect', 1]])
    goneElsewhere(1, 's3')
    expect(heard()).toEqual([['suspect', 1]])
    expect(registry.find(1)).toBeDefined()
    expect(registry.size).toBe(1)
  })

  test('a peer that is registered here and elsewhere is counted and listed once, and one that went elsewhere is gone', () => {
    elsewhere(1)
    elsewhere(1, 'p1', 's3')
    register(1)
    register(2)
    elsewhere(3)
    expect(registry.size).toBe(3)
    expect([...registry.records()].map(({ id }) => id)).toEqual([1, 2, 3])
    goneElsewhere(3)
    expect(registry.size).toBe(2)
    heard()
    registry.remove(1, 'left', 0, out)
    expect([registry.size, registry.find(1), heardOf('removed')]).toEqual([2, recordOf(1), []])
    goneElsewhere(1)
    expect(registry.find(1)).toBeDefined()
    registry.heard('s3', { type: 'removed', id: 1, reason: 'left' }, out)
    expect([registry.size, registry.find(1)]).toEqual([1, undefined])
    expect(heardOf('removed')).toEqual([['removed', recordOf(1), 'left']])
  })

  test('a seed that starts its list again takes back what it no longer names', () => {
    registry.unheard('s2', out)
    elsewhere(1)
    elsewhere(2)
    registry.heard('s2', { type: 'caught-up' }, out)
    registry.unheard('s2', out)
    elsewhere(2)
    heard()
    registry.heard('s2', { type: 'caught-up' }, out)
    expect(heard()).toEqual([['removed', recordOf(1), 'dead']])
    expect(registry.size).toBe(1)
  })

  test('who was removed here and stands elsewhere goes with the stream of that seed, and the name is free', () => {
    register(1, 'ada')
    elsewhere(1, 'ada')
    registry.remove(1, 'refusing', 0, out)
    expect([registry.size, heardOf('removed')]).toEqual([1, []])
    heard()
    registry.unheard('s2', out)
    expect(heard()).toEqual([['removed', recordOf(1, 'ada'), 'dead']])
    expect(reserve(2, 'ada')).toMatchObject({ type: 'reserved' })
  })

  test('only its own registrations are announced', () => {
    elsewhere(1)
    expect(heardOf('announce')).toEqual([])
    expect([...registry.announcements()]).toEqual([])
    registry.remove(1, 'refusing', 0, out)
    expect(heard()).toEqual([])
  })
})

describe('names that two peers hold, as after a partition', () => {
  test('a reservation that expires does not free a name that was meanwhile registered elsewhere', () => {
    reserve(1, 'ada')
    elsewhere(2, 'ada')
    registry.wake(settings.reservationMs, out)
    expect(reserve(3, 'ada', settings.reservationMs)).toEqual(taken(2))
  })

  test('a holder that leaves does not free a name that another peer has elsewhere', () => {
    register(1, 'ada')
    elsewhere(2, 'ada')
    ask(1, { type: 'leave' })
    expect(reserve(3, 'ada')).toEqual(taken(2))
  })

  test('of two holders elsewhere the one that stays keeps the name', () => {
    elsewhere(1, 'ada')
    elsewhere(2, 'ada', 's3')
    goneElsewhere(1)
    expect(reserve(3, 'ada')).toEqual(taken(2))
  })
})
