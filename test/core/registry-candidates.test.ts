import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { candidatesMax, listRecordsMax } from '#protocols/registration/messages.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { recordOf } from '../support/core/records.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { RegistryOutput } from '#src/core/registry.ts'

const { out } = listener<RegistryOutput<number>>()

class Book {
  readonly registry: Registry<number, string>

  constructor(peers: number, { entriesMax = settings.entriesMax, seed = 1 } = {}) {
    this.registry = new Registry({ ...settings, entriesMax }, peer => (peer * 0.618) % 1, seededRandom(seed))
    for (let peer = 1; peer <= peers; peer++) this.register(peer)
  }

  ask(peer: number, request: RegistrationRequest<number>): RegistrationReply<number> {
    return this.registry.answer(peer, request, '/ip4/192.0.2.1', 0, out)
  }

  register(peer: number): RegistrationReply<number> {
    const { name, addresses } = recordOf(peer)
    const reserved = this.ask(peer, { type: 'reserve', name })
    return reserved.type === 'reserved' ? this.ask(peer, { type: 'register', name, addresses }) : reserved
  }

  offer(peer: number, offer: number): void {
    this.ask(peer, { type: 'renew', degree: 4, target: 4 + offer, neighbours: [] })
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
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const book = new Book(0)
        const present = new Set<number>()
        for (const { peer, what } of steps) {
          if (what === 'here') book.register(peer)
          else if (what === 'there') book.registry.heard('s2', { type: 'joined', record: recordOf(peer) }, out)
          else {
            book.registry.heard('s2', { type: 'removed', id: peer, reason: 'dead' }, out)
            book.registry.remove(peer, 'dead', out)
          }
          if (what === 'gone') present.delete(peer)
          else present.add(peer)
        }
        const asker = 13
        book.register(asker)
        const before = [...present].filter(peer => (peer * 0.618) % 1 > (asker * 0.618) % 1)
        const reply = book.ask(asker, { type: 'renew', degree: 0, target: 0, neighbours: [] })
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

  test('nobody is given itself, nor anybody twice in one answer, nor more than was wanted or allowed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), fc.nat(50), (seed, peers, wanted) => {
        const book = new Book(peers, { seed })
        for (let peer = 1; peer <= peers; peer += 2) book.offer(peer, 1 + (peer % 3))
        const { free, body } = book.candidates(1, wanted)
        for (const list of [free, body]) {
          expect(list).not.toContain(1)
          expect(new Set(list).size).toBe(list.length)
          expect(list.length).toBeLessThanOrEqual(Math.min(wanted, candidatesMax))
        }
        expect(body.length).toBe(Math.min(wanted, candidatesMax, peers - 1))
        expect(free.length).toBe(Math.min(wanted, candidatesMax, Math.ceil(peers / 2) - 1))
      })
    )
  })

  test('offers are drawn by how many links they have to spare', () => {
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

  test('the body is drawn evenly', () => {
    const book = new Book(11)
    const drawn = Array.from({ length: 2000 }, () => book.candidates(1, 2).body).flat()
    // 400 each with a standard deviation of 18.
    for (let peer = 2; peer <= 11; peer++) expect(Math.abs(times(drawn, peer) - 400)).toBeLessThan(95)
  })

  test('the offers of a peer that is gone are gone', () => {
    const book = new Book(3)
    book.offer(1, 3)
    book.ask(1, { type: 'leave' })
    expect(book.candidates(2, 8)).toEqual({ free: [], body: [3] })
    book.register(1)
    expect(book.candidates(2, 8).free).toEqual([])
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
    expect(book.ask(3, { type: 'reserve', name: 'p3' }).type).toBe('reserved')
    expect(book.ask(4, { type: 'reserve', name: 'p4' })).toEqual({ type: 'refused', reason: 'full' })
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
    expect(book.ask(1, { type: 'reserve', name: 'p1' }).type).toBe('reserved')
    expect(book.ask(1, { type: 'reserve', name: 'p1' }).type).toBe('reserved')
  })
})
