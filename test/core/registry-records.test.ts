import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply } from '#protocols/registration/messages.ts'
import type { RegistryOutput } from '#src/core/registry.ts'

// What a seed does with records of different ages. That they are authentic is known before they come here.

const { out, heard, heardOf } = listener<RegistryOutput<number>>()

let registry: Registry<number, string>

beforeEach(() => {
  registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
  heard()
})

function reserve(peer: number, name: string): RegistrationReply<number> {
  return registry.answer(peer, { type: 'reserve', name, network }, '/ip4/192.0.2.1', 0, out)
}

function register(record: PeerRecord<number>): RegistrationReply<number> {
  const reserved = reserve(record.id, record.name)
  if (reserved.type !== 'reserved') return reserved
  const reply = registry.answer(record.id, { type: 'register', record }, '/ip4/192.0.2.1', 0, out)
  registry.dialledBack(record, 'reached', out)
  return reply
}

function elsewhere(record: PeerRecord<number>, seed = 's2'): void {
  registry.heard(seed, { type: 'joined', record }, out)
}

const signed = (record: PeerRecord<number>, byte: number): PeerRecord<number> => ({
  ...record,
  signature: new Uint8Array(64).fill(byte)
})
const moved = (seq: number, epoch = 1): PeerRecord<number> => ({
  ...recordOf(1, 'ada', epoch),
  seq,
  addresses: [`/ip4/192.0.2.${seq}/tcp/1`]
})

const stale = { type: 'refused', reason: 'stale' }

describe('a registration', () => {
  test.each([
    ['of an earlier life', recordOf(1, 'ada', 4)],
    ['of an earlier record of the same life', { ...recordOf(1, 'ada', 5), seq: 1 }]
  ])('%s is stale, here and after it was registered elsewhere only', (_what, earlier) => {
    const known = { ...recordOf(1, 'ada', 5), seq: 2 }
    elsewhere(known)
    expect(register(earlier)).toEqual(stale)
    expect(register(known).type).toBe('registered')
    heard()
    expect(register(earlier)).toEqual(stale)
    expect(heardOf('announce')).toEqual([])
    expect(registry.find(1)).toEqual(known)
  })

  test('with the number of another record is stale, with the same record it is none', () => {
    const one = signed(recordOf(1, 'ada'), 1)
    register(one)
    expect(register(signed({ ...one, addresses: [] }, 2))).toEqual(stale)
    expect(register(one).type).toBe('registered')
    expect(registry.find(1)).toEqual(one)
  })

  test('that is stale costs the peer nothing that it has, and frees a name that it has not', () => {
    register(recordOf(1, 'ada', 2))
    expect(register(recordOf(1, 'other', 1))).toEqual(stale)
    expect(reserve(2, 'ada')).toEqual({ type: 'refused', reason: 'name-taken', holder: 1 })
    expect(reserve(2, 'other').type).toBe('reserved')
  })

  test('of a later life takes the place of the one before', () => {
    register(recordOf(1, 'old', 1))
    expect(register(recordOf(1, 'new', 2))).toMatchObject({ type: 'registered', view: { peers: 1 } })
    expect(reserve(2, 'old').type).toBe('reserved')
  })

  test('may be taken up again with an older record when nobody knows the newer one any more', () => {
    register(recordOf(1, 'ada', 2))
    registry.remove(1, 'refusing', 0, out)
    expect(register(recordOf(1, 'ada', 1)).type).toBe('registered')
  })
})

describe('a newer record elsewhere', () => {
  test('of the same life is what the seed hands out, and the registration stands', () => {
    register(moved(1))
    elsewhere(moved(2))
    expect(registry.find(1)).toEqual(moved(2))
    expect(registry.registration(1)).toEqual(moved(2))
    expect([...registry.records()]).toEqual([moved(2)])
    expect([...registry.announcements()]).toEqual([{ type: 'joined', record: moved(1) }])
    registry.heard('s2', { type: 'removed', id: 1, reason: 'left' }, out)
    expect(registry.find(1)).toEqual(moved(1))
  })

  test('of a later life ends the registration here; the peer stays in the list', () => {
    register(recordOf(1, 'ada', 1))
    heard()
    elsewhere(recordOf(1, 'ada', 2))
    expect(heardOf('announce')).toEqual([['announce', { type: 'removed', id: 1, reason: 'left' }]])
    expect([registry.registration(1), registry.find(1), registry.size]).toEqual([undefined, recordOf(1, 'ada', 2), 1])
    expect(reserve(2, 'ada')).toMatchObject({ reason: 'name-taken', holder: 1 })
    // It was not contested: the end of a stream is no reason to forget it.
    registry.unheard('s2', out)
    expect(heardOf('removed')).toEqual([])
    expect(registry.find(1)).toEqual(recordOf(1, 'ada', 2))
  })

  test('under another name frees the old one', () => {
    register(recordOf(1, 'old', 1))
    elsewhere({ ...recordOf(1, 'new', 1), seq: 2 })
    expect(reserve(2, 'old').type).toBe('reserved')
    expect(reserve(2, 'new')).toMatchObject({ reason: 'name-taken', holder: 1 })
    expect(registry.size).toBe(1)
  })

  test('is no excuse for an older one that comes after it', () => {
    elsewhere(recordOf(1, 'new', 2))
    heard()
    elsewhere(recordOf(1, 'old', 1), 's3')
    elsewhere(recordOf(1, 'old', 1))
    expect(heardOf('announce')).toEqual([])
    expect(registry.find(1)).toEqual(recordOf(1, 'new', 2))
    expect(reserve(2, 'old').type).toBe('reserved')
  })
})

test('after any lives of two peers at three seeds, every name is free when both are gone, and nobody is counted twice', () => {
  const records = fc
    .record({
      id: fc.integer({ min: 1, max: 2 }),
      name: fc.constantFrom('ada', 'bob', 'cyd'),
      epoch: fc.integer({ min: 1, max: 3 }),
      seq: fc.integer({ min: 1, max: 2 })
    })
    .map(({ id, name, epoch, seq }) => ({ ...recordOf(id, name, epoch), seq }))
  const seed = fc.constantFrom('s2', 's3')
  const act = fc.oneof(
    records.map(record => () => void register(record)),
    fc.tuple(records, seed).map(
      ([record, where]) =>
        () =>
          elsewhere(record, where)
    ),
    fc.tuple(fc.integer({ min: 1, max: 2 }), seed).map(
      ([id, where]) =>
        () =>
          registry.heard(where, { type: 'removed', id, reason: 'dead' }, out)
    ),
    fc.integer({ min: 1, max: 2 }).map(id => () => registry.remove(id, 'refusing', 0, out)),
    seed.map(where => () => registry.unheard(where, out))
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40, size: 'max' }), acts => {
      registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
      for (const one of acts) {
        one()
        expect([...registry.records()].length).toBe(registry.size)
      }
      for (const id of [1, 2]) {
        registry.answer(id, { type: 'leave' }, '/ip4/192.0.2.1', 0, out)
        for (const where of ['s2', 's3']) registry.heard(where, { type: 'removed', id, reason: 'dead' }, out)
      }
      expect(registry.size).toBe(0)
      for (const name of ['ada', 'bob', 'cyd']) expect(reserve(9, name).type, name).toBe('reserved')
    }),
    { numRuns: 500 }
  )
})

test('whatever of a peer is repeated while it is registered, here or by another seed, changes nothing', () => {
  const records = fc
    .record({
      id: fc.integer({ min: 1, max: 2 }),
      epoch: fc.integer({ min: 1, max: 3 }),
      seq: fc.integer({ min: 1, max: 3 })
    })
    .map(({ id, epoch, seq }) => ({ ...recordOf(id, `p${id}`, epoch), seq }))
  fc.assert(
    fc.property(
      fc.array(records, { minLength: 1, maxLength: 20, size: 'max' }),
      fc.infiniteStream(fc.nat()),
      (said, which) => {
        registry = new Registry(settings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
        for (const record of said) register(record)
        const list = (): unknown => [[...registry.records()], [...registry.announcements()], registry.size]
        const before = list()
        heard()
        for (let turn = 0; turn < 10; turn++) {
          const again = said[(which.next().value ?? 0) % said.length] as PeerRecord<number>
          const newest = registry.find(again.id)
          const repeated = register(again)
          const isNewest = again.epoch === newest?.epoch && again.seq === newest.seq
          expect(repeated).toMatchObject(isNewest ? { type: 'registered' } : stale)
          elsewhere(again)
          expect(list()).toEqual(before)
        }
        expect(heardOf('removed')).toEqual([])
      }
    )
  )
})
