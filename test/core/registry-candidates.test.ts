import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candidatesMax, listRecordsMax } from '#protocols/registration/messages.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { sum } from '../support/core/numbers.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { RegistryOutput } from '#src/core/registry.ts'

const { out } = listener<RegistryOutput<number>>()

const law = new DegreeLaw(degreeLaw)

function rankOf(peer: number): number {
  return (peer * 0.618) % 1
}

class Book {
  readonly registry: Registry<number, string>

  constructor(peers: number, { entriesMax = settings.entriesMax, seed = 1 } = {}) {
    this.registry = new Registry({ ...settings, entriesMax }, rankOf, law, seededRandom(seed))
    for (let peer = 1; peer <= peers; peer++) this.register(peer)
  }

  ask(peer: number, request: RegistrationRequest<number>): RegistrationReply<number> {
    return this.registry.answer(peer, request, '/ip4/192.0.2.1', 0, out)
  }

  register(peer: number): RegistrationReply<number> {
    const record = recordOf(peer)
    const reserved = this.ask(peer, { type: 'reserve', name: record.name, network })
    if (reserved.type !== 'reserved') return reserved
    const reply = this.ask(peer, { type: 'register', record })
    this.registry.dialledBack(record, 'reached', out)
    return reply
  }

  /** A renewal; degree and target do not say what is offered here. */
  offer(peer: number, offer: number, neighbours: number[] = []): void {
    this.ask(peer, { type: 'renew', degree: 4, target: 9, offer, neighbours })
  }

  candidates(peer: number, wanted: number): { free: number[]; body: number[] } {
    const reply = this.ask(peer, { type: 'candidates', wanted })
    if (reply.type !== 'candidates') throw new Error(`answered ${reply.type}`)
    return { free: reply.free.map(({ id }) => id), body: reply.body.map(({ id }) => id) }
  }
}

function times(list: readonly number[], item: number): number {
  return list.filter(other => other === item).length
}

describe('standings', () => {
  test('rank counts those with a greater key, whoever comes and goes, here or elsewhere', () => {
    const step = fc.record({ peer: fc.integer({ min: 1, max: 12 }), what: fc.constantFrom('here', 'there', 'gone') })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), steps => {
        const book = new Book(0)
        const present = new Set<number>()
        for (const { peer, what } of steps) {
          if (what === 'here') book.register(peer)
          else if (what === 'there') book.registry.heard('s2', { type: 'joined', record: recordOf(peer) }, out)
          else {
            book.registry.heard('s2', { type: 'removed', id: peer, reason: 'dead' }, out)
            book.registry.remove(peer, 'refusing', 0, out)
          }
          if (what === 'gone') present.delete(peer)
          else present.add(peer)
        }
        const asker = 13
        book.register(asker)
        const before = [...present].filter(peer => rankOf(peer) > rankOf(asker))
        const reply = book.ask(asker, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] })
        expect(reply).toMatchObject({ view: { peers: present.size + 1, rank: before.length } })
      })
    )
  })
})

describe('candidates', () => {
  test('each link to spare is handed out once, until the owner offers anew', () => {
    const book = new Book(10)
    book.offer(1, 3)
    book.offer(2, 1)
    const handedOut = [3, 4, 5, 6, 7].flatMap(asker => book.candidates(asker, 8).free)
    expect([times(handedOut, 1), times(handedOut, 2), handedOut.length]).toEqual([3, 1, 4])
    book.offer(1, 1)
    expect(book.candidates(3, 8).free).toEqual([1])
    book.offer(1, 5)
    book.offer(1, 0)
    expect(book.candidates(3, 8).free).toEqual([])
  })

  test('nobody is given itself, nor anybody twice, nor more than was wanted or allowed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), fc.nat(50), (seed, peers, wanted) => {
        const book = new Book(peers, { seed })
        for (let peer = 1; peer <= peers; peer += 2) book.offer(peer, 1 + (peer % 3))
        const { free, body } = book.candidates(1, wanted)
        const all = [...free, ...body]
        expect(all).not.toContain(1)
        expect(new Set(all).size).toBe(all.length)
        for (const list of [free, body]) expect(list.length).toBeLessThanOrEqual(Math.min(wanted, candidatesMax))
        for (const peer of free) expect(peer % 2).toBe(1)
      })
    )
  })

  // They are drawn, and whoever was drawn before is drawn in vain: not all that there are come every time.
  test.each([
    [2, 1, 0.9],
    [5, 4, 0.9],
    [40, 4, 0.99],
    [40, 32, 0.6]
  ])('of %i peers, %i are wanted: as many as there are, or nearly', (peers, wanted, share) => {
    let [free, body] = [0, 0]
    for (let seed = 0; seed < 100; seed++) {
      const book = new Book(peers, { seed })
      body += book.candidates(1, wanted).body.length
      for (let peer = 2; peer <= peers; peer++) book.offer(peer, 1)
      free += book.candidates(1, wanted).free.length
    }
    for (const found of [free, body]) {
      expect(found / (100 * Math.min(wanted, peers - 1))).toBeGreaterThanOrEqual(share)
    }
  })

  test('offers are drawn by how many links they are', () => {
    const book = new Book(3)
    let hub = 0
    for (let round = 0; round < 2000; round++) {
      book.offer(1, 9)
      book.offer(2, 3)
      hub += times(book.candidates(3, 1).free, 1)
    }
    // 1500 of 2000 with a standard deviation of 19.
    expect(Math.abs(hub - 1500)).toBeLessThan(100)
  })

  test('whoever looks for links does not wait for others to come: what it has offered is offered no more', () => {
    const book = new Book(4)
    book.offer(1, 3)
    book.offer(2, 1)
    expect(book.candidates(1, 8).free).toEqual([2])
    expect(book.candidates(3, 8).free).toEqual([])
    book.offer(1, 2)
    expect(book.candidates(3, 8).free).toEqual([1])
  })

  test('nobody is given those it is linked with; an offer that it could not use stays for others', () => {
    const book = new Book(5)
    book.offer(2, 1)
    book.offer(1, 0, [2, 3])
    expect(book.candidates(1, 8)).toEqual({ free: [], body: expect.arrayContaining([4, 5]) })
    expect(book.candidates(1, 8).body).toHaveLength(2)
    expect(book.candidates(3, 8).free).toEqual([2])
  })

  test('nobody is given twice in one set, with links to spare and without', () => {
    const book = new Book(4)
    for (const peer of [2, 3]) book.offer(peer, 2)
    const { free, body } = book.candidates(1, 8)
    expect([free.toSorted((a, b) => a - b), body]).toEqual([[2, 3], [4]])
  })

  test('a peer of another seed may be asked by anybody, and can offer nothing here', () => {
    const book = new Book(1)
    book.registry.heard('s2', { type: 'joined', record: recordOf(7) }, out)
    book.offer(7, 3)
    expect(book.candidates(1, 8)).toEqual({ free: [], body: [7] })
  })

  test('the body is drawn in proportion to the links that each peer should have', () => {
    const peers = 60
    const book = new Book(peers)
    const rounds = 6_000
    const drawn = new Map<number, number>()
    // One at a time: of two, the second is drawn from the others.
    for (let round = 0; round < rounds; round++) {
      for (const peer of book.candidates(peers, 1).body) drawn.set(peer, (drawn.get(peer) ?? 0) + 1)
    }
    const byRank = Array.from({ length: peers }, (_, index) => index + 1).toSorted((a, b) => rankOf(b) - rankOf(a))
    const wanted = byRank.map((_, rank) => law.target({ rank, peers }))
    const others = byRank.flatMap((peer, rank) => (peer === peers ? [] : [{ peer, target: wanted[rank] as number }]))
    const links = sum(others.map(({ target }) => target))
    // The upper half of the peers has two thirds of the links.
    const upper = others.filter(({ target }) => target > 5)
    const expected = (sum(upper.map(({ target }) => target)) / links) * rounds
    const came = sum(upper.map(({ peer }) => drawn.get(peer) ?? 0))
    expect(sum(drawn.values())).toBe(rounds)
    expect(expected / rounds).toBeGreaterThan((upper.length / others.length) * 1.3)
    expect(Math.abs(came - expected)).toBeLessThan(0.06 * rounds)
    // And nobody is left out.
    expect(drawn.size).toBe(others.length)
  })

  test('the offers of a peer that is gone are gone', () => {
    const book = new Book(3)
    book.offer(1, 3)
    book.ask(1, { type: 'leave' })
    expect(book.candidates(2, 8)).toEqual({ free: [], body: [3] })
    book.register(1)
    expect(book.candidates(2, 8).free).toEqual([])
  })

  test('the offers of a peer that is found dead are gone, and so is what it said of its neighbours', () => {
    const book = new Book(3)
    book.offer(1, 3, [3])
    book.registry.remove(1, 'refusing', 0, out)
    book.register(1)
    expect(book.candidates(1, 8).body.toSorted((a, b) => a - b)).toEqual([2, 3])
    expect(book.candidates(2, 8).free).toEqual([])
  })

  test('a peer that registers anew has neither the links nor the offers of its life before', () => {
    const book = new Book(3)
    book.offer(1, 3, [2, 3])
    book.register(1)
    expect(book.candidates(2, 8)).toEqual({ free: [], body: expect.arrayContaining([1, 3]) })
    expect(book.candidates(1, 8).body).toHaveLength(2)
  })
})

describe('bounds', () => {
  test('a list has as many records as fit, and says how many there are', () => {
    const book = new Book(listRecordsMax + 10)
    const reply = book.ask(1, { type: 'list' })
    if (reply.type !== 'list') throw new Error(`answered ${reply.type}`)
    expect(new Set(reply.records.map(({ id }) => id)).size).toBe(listRecordsMax)
    expect(reply.total).toBe(listRecordsMax + 10)
    expect(book.ask(99_999, { type: 'list' })).toMatchObject({ total: listRecordsMax + 10 })
  })

  test('a full seed takes nobody more, but those it knows may still come', () => {
    const book = new Book(2, { entriesMax: 3 })
    book.registry.heard('s2', { type: 'joined', record: recordOf(7) }, out)
    expect(book.ask(3, { type: 'reserve', name: 'p3', network }).type).toBe('reserved')
    expect(book.ask(4, { type: 'reserve', name: 'p4', network })).toEqual({ type: 'refused', reason: 'full' })
    expect(book.register(1).type).toBe('registered')
    expect(book.register(7).type).toBe('registered')
    book.ask(1, { type: 'leave' })
    book.ask(2, { type: 'leave' })
    expect(book.register(4).type).toBe('registered')
  })
})

describe('a full seed', () => {
  test('confirms a reservation that it has already given', () => {
    const book = new Book(0, { entriesMax: 1 })
    expect(book.ask(1, { type: 'reserve', name: 'p1', network }).type).toBe('reserved')
    expect(book.ask(1, { type: 'reserve', name: 'p1', network }).type).toBe('reserved')
  })
})
