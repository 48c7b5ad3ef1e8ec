import { describe, expect, test } from 'vitest'
import { audience as settings } from '#src/seed-settings.ts'
import { sorted } from '../support/core/numbers.ts'
import { SeedDesk, signedRecord } from '../support/core/seed-desk.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'

const { everybodyPeersMax, everybodyPeersMin, othersTold } = settings
const large = everybodyPeersMax + 1
const caughtUp = { type: 'caught-up' }

/** A seed at which peers 1, 2, 3 … are registered, with what it has announced since, and to whom. */
function seedWith(peers: number): {
  readonly desk: SeedDesk
  readonly told: [Announcement<number>, readonly number[] | undefined][]
} {
  const desk = new SeedDesk()
  for (let peer = 1; peer <= peers; peer++) desk.register(signedRecord(peer))
  const told: [Announcement<number>, readonly number[] | undefined][] = []
  desk.onAnnounce = (announcement, to) => void told.push([announcement, to])
  return { desk, told }
}

function named(list: Iterable<Announcement<number>>): number[] {
  return [...list].flatMap(each => (each.type === 'joined' ? [each.record.id] : []))
}

describe(`in a network of ${everybodyPeersMax} peers`, () => {
  const { desk, told } = seedWith(everybodyPeersMax)

  test('everybody hears everything', () => {
    const left: Announcement<number> = { type: 'removed', id: 5, reason: 'left' }
    desk.ask(5, { type: 'leave' })
    desk.register(signedRecord(5, 2))
    expect(told).toEqual([
      [left, undefined],
      [{ type: 'joined', record: signedRecord(5, 2) }, undefined]
    ])
    expect(desk.audience.introduced(desk.ask(5, { type: 'candidates', wanted: 4 }))).toEqual([])
  })

  test('a new follower is told the whole list', () => {
    const list = [...desk.audience.listFor(1)]
    expect(sorted(named(list))).toEqual(Array.from({ length: everybodyPeersMax }, (_, at) => at + 1))
    expect(list.at(-1)).toEqual(caughtUp)
  })
})

describe(`in a network of ${large} peers`, () => {
  const { desk, told } = seedWith(large)

  test('a newcomer is announced to some others, who are registered here, never to all', () => {
    const newcomer = large + 1
    told.length = 0
    desk.register(signedRecord(newcomer))
    const [[, to = []] = []] = told
    expect([told.length, to.length, new Set(to).size]).toEqual([1, othersTold, othersTold])
    for (const peer of to) expect(desk.registry.registration(peer)).toBeDefined()
    // Not always the same ones.
    told.length = 0
    desk.register(signedRecord(newcomer + 1))
    expect(told[0]?.[1]).not.toEqual(to)
  })

  test('and to those that it may ask for a link', () => {
    desk.renew(7, [], 2)
    const reply = desk.ask(1, { type: 'candidates', wanted: 3 })
    const introduced = desk.audience.introduced(reply)
    expect(introduced).toContain(7)
    // One or two on offer, and three others.
    expect(introduced.length).toBeGreaterThanOrEqual(4)
    if (reply.type !== 'candidates') throw new Error(`answered ${reply.type}`)
    expect(introduced).toEqual([...reply.free, ...reply.body].map(({ id }) => id))
  })

  test('a removal is told to its neighbours, however it comes about, and a suspicion to the suspect', () => {
    desk.renew(8, [9, 10])
    desk.renew(9, [8])
    told.length = 0
    desk.registry.remove(8, 'silent', 0, desk)
    desk.renew(9, [11])
    desk.ask(9, { type: 'leave' })
    desk.announce({ type: 'suspected', id: 12 })
    expect(told.map(([{ type }, to]) => [type, to])).toEqual([
      ['removed', [9, 10]],
      ['removed', [11]],
      ['suspected', [12]]
    ])
  })

  test('a new follower is told of its neighbours and some others, and that this is a part', () => {
    desk.renew(20, [21, 22])
    const list = [...desk.audience.listFor(20)]
    const peers = named(list)
    expect(peers).toEqual(expect.arrayContaining([21, 22]))
    expect(peers).not.toContain(20)
    expect(peers.length).toBeLessThanOrEqual(othersTold + 2)
    expect(peers.length).toBeGreaterThanOrEqual(othersTold - 1)
    expect(list.at(-1)).toEqual({ ...caughtUp, part: true })
  })

  test('whoever wants everything is told everything', () => {
    const list = [...desk.audience.list()]
    expect(named(list).length).toBe(desk.registry.registrations)
    expect(list.at(-1)).toEqual(caughtUp)
  })
})

test('a network that shrinks is large for a while, so that one that comes and goes does not make everybody be told everything', () => {
  const { desk, told } = seedWith(large)
  let wasLarge = true
  for (let peer = large; peer > everybodyPeersMin - 10; peer--) {
    const { size } = desk.registry
    desk.ask(peer, { type: 'leave' })
    const isLarge = told.at(-1)?.[1] !== undefined
    if (wasLarge && !isLarge) expect(size).toBe(everybodyPeersMin)
    wasLarge = isLarge
  }
  expect(wasLarge).toBe(false)
  // Growing again it is small for as long.
  for (let peer = everybodyPeersMin; peer <= everybodyPeersMax; peer++) desk.register(signedRecord(peer, 2))
  expect(told.at(-1)?.[1]).toBeUndefined()
})

test('a peer is looked up by its id, wherever it is registered', () => {
  const { desk } = seedWith(3)
  desk.registry.heard('s2', { type: 'joined', record: signedRecord(9) }, desk)
  const lookUp = (peer: number): unknown => desk.ask(99, { type: 'list', peer })
  expect(lookUp(2)).toEqual({ type: 'list', records: [signedRecord(2)], total: 4 })
  expect(lookUp(9)).toEqual({ type: 'list', records: [signedRecord(9)], total: 4 })
  expect(lookUp(8)).toEqual({ type: 'list', records: [], total: 4 })
})
