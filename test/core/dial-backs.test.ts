import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { DialBacks } from '#src/core/dial-backs.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { dialBacks as settings, registry as registrySettings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { DialBacksOutput } from '#src/core/dial-backs.ts'
import type { PingOutcome } from '#src/core/liveness.ts'

const { out, heard, heardOf } = listener<DialBacksOutput<number>>()

let registry: Registry<number, string>
let dialBacks: DialBacks<number, string>

beforeEach(() => {
  registry = new Registry(registrySettings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
  dialBacks = new DialBacks(registry, { ...settings, dialBacksMax: 2, retriedMax: 3 })
  heard()
})

function ask(peer: number, request: RegistrationRequest<number>): RegistrationReply<number> {
  return registry.answer(peer, request, '/ip4/192.0.2.1', 0, out)
}

/** Registers as on a node: what the registry says of it reaches the dial-backs. */
function register(record: PeerRecord<number>): RegistrationReply<number> {
  ask(record.id, { type: 'reserve', name: record.name, network })
  const reply = ask(record.id, { type: 'register', record })
  dialBacks.registered(record, 0, out)
  return reply
}

function renew(peer: number, offer = 0): RegistrationReply<number> {
  return ask(peer, { type: 'renew', degree: 0, target: 0, offer, neighbours: [] })
}

function dialled(): PeerRecord<number>[] {
  return heardOf('dialBack').map(([, record]) => record)
}

/** Ids that the peer is given as candidates, and that anybody gets in a list. */
function handedOut(asker: number): { candidates: number[]; list: number[] } {
  const reply = ask(asker, { type: 'candidates', wanted: 32 })
  const list = ask(asker, { type: 'list' })
  if (reply.type !== 'candidates' || list.type !== 'list') throw new Error(`answered ${reply.type} and ${list.type}`)
  const ids = (records: readonly PeerRecord<number>[]): number[] => records.map(({ id }) => id)
  return { candidates: [...ids(reply.free), ...ids(reply.body)], list: ids(list.records).toSorted((a, b) => a - b) }
}

const [ada, bob, cyd] = [recordOf(1), recordOf(2), recordOf(3)]
const joined = (record: PeerRecord<number>): unknown => ['announce', { type: 'joined', record }]
const unreachable = (record: PeerRecord<number>): unknown => ['announce', { type: 'joined', record, unreachable: true }]

describe('a newcomer', () => {
  test('is answered at once, and announced and handed out when it was reached', () => {
    expect(register(ada).type).toBe('registered')
    register(bob)
    expect(heardOf('announce')).toEqual([])
    renew(1, 3)
    expect(handedOut(2)).toEqual({ candidates: [], list: [] })
    dialBacks.tried(ada, 'answered', 0, out)
    expect(heardOf('announce')).toEqual([joined(ada)])
    expect(handedOut(2)).toEqual({ candidates: [1], list: [1] })
    expect(renew(1)).not.toHaveProperty('unreachable')
  })

  test.each(['refused', 'timeout', 'other'] as const)(
    'that is not reached (%s) is announced as such, tried again soon, and then told',
    outcome => {
      register(ada)
      register(bob)
      heard()
      dialBacks.tried(ada, outcome, 0, out)
      expect(heardOf('announce')).toEqual([unreachable(ada)])
      // Once may be bad luck.
      expect(renew(1)).not.toHaveProperty('unreachable')
      dialBacks.wake(dialBacks.wakeAt, out)
      expect(dialled()).toEqual([ada])
      dialBacks.tried(ada, outcome, settings.retryMs, out)
      expect(renew(1)).toMatchObject({ type: 'registered', unreachable: true })
      expect(handedOut(2)).toEqual({ candidates: [], list: [] })
      expect([...registry.announcements()]).toContainEqual({ type: 'joined', record: ada, unreachable: true })
    }
  )

  test('that is reached after all is announced anew, handed out, and told', () => {
    register(ada)
    register(bob)
    for (const now of [0, 5_000]) {
      dialBacks.tried(ada, 'timeout', now, out)
      dialBacks.wake(dialBacks.wakeAt, out)
    }
    heard()
    dialBacks.tried(ada, 'answered', 20_000, out)
    expect(heardOf('announce')).toEqual([joined(ada)])
    expect(handedOut(2).candidates).toEqual([1])
    expect(renew(1)).not.toHaveProperty('unreachable')
    expect(dialBacks.wakeAt).toBe(Infinity)
  })

  test('is not blamed for a dial that could not be tried, however often', () => {
    register(ada)
    for (let count = 0; count < 5; count++) {
      dialBacks.tried(ada, 'inconclusive', count * 10_000, out)
      expect(renew(1)).not.toHaveProperty('unreachable')
      expect(dialBacks.wakeAt).toBe(count * 10_000 + settings.retryMs)
      dialBacks.wake(dialBacks.wakeAt, out)
    }
  })

  test('is tried again twice as late each time, up to ten minutes', () => {
    register(ada)
    const waits: number[] = []
    for (let now = 0, count = 0; count < 12; count++) {
      dialBacks.tried(ada, 'timeout', now, out)
      waits.push(dialBacks.wakeAt - now)
      now = dialBacks.wakeAt
      dialBacks.wake(now, out)
    }
    expect(waits.slice(0, 4)).toEqual([3_000, 6_000, 12_000, 24_000])
    expect(waits.at(-1)).toBe(settings.retryMsMax)
  })

  test('that has registered anew is judged by its new record only', () => {
    const moved = { ...recordOf(1), seq: 2, addresses: ['/ip4/192.0.2.9/tcp/9'] }
    register(ada)
    register(moved)
    dialBacks.tried(ada, 'answered', 0, out)
    register(bob)
    expect(handedOut(2).candidates).toEqual([])
    dialBacks.tried(moved, 'answered', 0, out)
    expect(handedOut(2).candidates).toEqual([1])
  })
})

describe('other seeds', () => {
  const tell = (record: PeerRecord<number>, isReached: boolean, seed = 's2'): void =>
    registry.heard(seed, { type: 'joined', record, ...(!isReached && { unreachable: true }) }, out)

  test('are believed: who was reached there is handed out, and not dialled', () => {
    register(bob)
    tell(ada, false)
    expect(handedOut(2).candidates).toEqual([])
    tell(ada, true, 's3')
    expect(handedOut(2).candidates).toEqual([1])
    heard()
    register(ada)
    expect([dialled(), handedOut(2).candidates]).toEqual([[], [1]])
  })

  test('are believed of the record that they have reached only, not of a newer one', () => {
    register(bob)
    tell(ada, true)
    register({ ...ada, seq: 2 })
    expect(handedOut(2).candidates).toEqual([])
    tell({ ...ada, seq: 3 }, false, 's3')
    expect(handedOut(2).candidates).toEqual([])
  })

  test('whom one of them has reached is told nothing bad by one that cannot', () => {
    register(ada)
    for (const now of [0, 5_000]) {
      dialBacks.tried(ada, 'timeout', now, out)
      dialBacks.wake(dialBacks.wakeAt, out)
    }
    expect(renew(1)).toHaveProperty('unreachable')
    tell(ada, true)
    expect(renew(1)).not.toHaveProperty('unreachable')
  })

  test('may take it back, or be gone', () => {
    register(bob)
    for (const seed of ['s2', 's3']) tell(ada, true, seed)
    tell(ada, false)
    expect(handedOut(2).candidates).toEqual([1])
    registry.heard('s3', { type: 'removed', id: 1, reason: 'left' }, out)
    expect(handedOut(2).candidates).toEqual([])
  })
})

test('a retry of an earlier record does not take the place of a later one that waits for its turn', () => {
  register(ada)
  dialBacks.tried(ada, 'timeout', 0, out)
  for (const record of [bob, cyd]) register(record)
  const moved = { ...ada, seq: 2 }
  register(moved)
  heard()
  dialBacks.wake(dialBacks.wakeAt, out)
  dialBacks.tried(bob, 'answered', 5_000, out)
  expect(dialled()).toEqual([moved])
})

test('those that wait for a silent address keep nobody else waiting for long', () => {
  dialBacks = new DialBacks(registry, { ...settings, dialBacksMax: 4, freshMax: 2 })
  const records = [1, 2, 3, 4, 5, 6].map(id => recordOf(id))
  for (const record of records) register(record)
  const ids = (): number[] => dialled().map(({ id }) => id)
  expect(ids()).toEqual([1, 2])
  heard()
  expect(dialBacks.wakeAt).toBe(settings.freshMs)
  dialBacks.wake(settings.freshMs, out)
  expect(ids()).toEqual([3, 4])
  heard()
  // All places are taken.
  expect(dialBacks.wakeAt).toBe(Infinity)
  dialBacks.tried(recordOf(1), 'timeout', 5_000, out)
  expect(ids()).toEqual([])
  for (const silent of records.slice(0, 2)) dialBacks.tried(silent, 'timeout', 5_000, out)
  expect(ids()).toEqual([5, 6])
})

describe('bounds', () => {
  test('so many dials at once, in the order of registration; who has gone meanwhile is not dialled', () => {
    for (const id of [1, 2, 3, 4, 5]) register(recordOf(id))
    const [first, second, ...others] = dialled()
    expect([first?.id, second?.id, others]).toEqual([1, 2, []])
    ask(3, { type: 'leave' })
    for (const record of [first, second]) if (record !== undefined) dialBacks.tried(record, 'answered', 0, out)
    expect(dialled().map(({ id }) => id)).toEqual([4, 5])
  })

  test('whoever finds no place to wait is announced, though not as reachable', () => {
    dialBacks = new DialBacks(registry, { ...settings, dialBacksMax: 1, waitingMax: 1 })
    for (const record of [ada, bob, cyd]) register(record)
    expect(heardOf('announce')).toEqual([unreachable(cyd)])
  })

  test('no more are tried again than allowed, those that failed first', () => {
    const failing = [1, 2, 3, 4, 5].map(id => recordOf(id))
    for (const record of failing) register(record)
    for (const record of failing) dialBacks.tried(record, 'timeout', 0, out)
    heard()
    const again = new Set<number>()
    for (let now = settings.retryMs; again.size < 3;) {
      dialBacks.wake(now, out)
      for (const record of dialled()) {
        again.add(record.id)
        dialBacks.tried(record, 'answered', now, out)
      }
    }
    expect([[...again].toSorted((a, b) => a - b), dialBacks.wakeAt]).toEqual([[1, 2, 3], Infinity])
  })

  test('no more are under way than allowed, and everybody is announced, whatever happens', () => {
    const outcome = fc.constantFrom<PingOutcome>('answered', 'refused', 'timeout', 'inconclusive')
    const step = fc.record({ what: fc.constantFrom('register', 'leave', 'tried', 'wake'), peer: fc.nat(7), outcome })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), steps => {
        registry = new Registry(registrySettings, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1))
        dialBacks = new DialBacks(registry, { ...settings, dialBacksMax: 2, retriedMax: 3 })
        heard()
        const underWay = new Set<PeerRecord<number>>()
        const announced = new Set<PeerRecord<number>>()
        let [now, epoch] = [0, 0]
        const hear = (): void => {
          for (const saying of heard()) {
            if (saying[0] === 'dialBack') underWay.add(saying[1])
            if (saying[0] === 'announce' && saying[1].type === 'joined') announced.add(saying[1].record)
          }
          expect(underWay.size).toBeLessThanOrEqual(2)
        }
        const try_ = (record: PeerRecord<number>, how: PingOutcome): void => {
          underWay.delete(record)
          dialBacks.tried(record, how, now, out)
          hear()
        }
        for (const { what, peer, outcome } of steps) {
          const [first] = underWay
          if (what === 'register') register(recordOf(peer, `p${peer}`, ++epoch))
          else if (what === 'leave') ask(peer, { type: 'leave' })
          else if (what === 'tried' && first !== undefined) try_(first, outcome)
          else if (dialBacks.wakeAt < Infinity) dialBacks.wake((now = Math.max(now, dialBacks.wakeAt)), out)
          hear()
        }
        for (const record of underWay) try_(record, 'answered')
        for (const record of registry.records()) expect(announced).toContain(record)
      })
    )
  })
})
