import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { digestBuckets } from '#protocols/announcement/messages.ts'
import { Directory } from '#src/core/directory.ts'
import { below, seededRandom } from '#src/core/random.ts'
import { listener } from '../support/core/listener.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { rankOf, SeedDesk, signedRecord } from '../support/core/seed-desk.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { DirectoryOutput } from '#src/core/directory.ts'

const { out } = listener<DirectoryOutput<number>>()

const newDirectory = (): Directory<number, string> => new Directory(2_000, { rankOf })

/** Peers with the records that are known of them, in the order of their ids. */
function listOf(directory: Directory<number, string>): PeerRecord<number>[] {
  return [...directory.records()].toSorted((a, b) => a.id - b.id)
}

const peers = fc.integer({ min: 1, max: 5 })
const joined = fc
  .tuple(peers, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([id, epoch, seq]): Announcement<number> => ({ type: 'joined', record: signedRecord(id, epoch, seq) }))
const removed = peers.map((id): Announcement<number> => ({ type: 'removed', id, reason: 'left' }))
const seeds = fc.constantFrom('s1', 's2', 's3')

describe('what several seeds announce comes to the same', () => {
  const said = fc.array(fc.tuple(seeds, joined), { maxLength: 30, size: 'max' })
  const merged = (...parts: (readonly (readonly [string, Announcement<number>])[])[]): PeerRecord<number>[] => {
    const directory = newDirectory()
    for (const part of parts) for (const [seed, announcement] of part) directory.heard(seed, announcement, out)
    return listOf(directory)
  }

  test('in whatever order, and however it is put together', () => {
    fc.assert(
      fc.property(said, said, said, (a, b, c) => {
        const all = merged(a, b, c)
        expect(merged(c, b, a)).toEqual(all)
        expect(merged(b, a, c)).toEqual(all)
        expect(merged([...a, ...b, ...c].toReversed())).toEqual(all)
      })
    )
  })

  test('however often', () => {
    fc.assert(
      fc.property(said, said, (a, b) => {
        expect(merged(a, b, a, b, b)).toEqual(merged(a, b))
      })
    )
  })

  test('with removals too, as long as each seed is heard in its order', () => {
    const streams = fc.array(fc.array(fc.oneof(joined, removed), { maxLength: 15, size: 'max' }), {
      minLength: 3,
      maxLength: 3
    })
    fc.assert(
      fc.property(streams, fc.infiniteStream(fc.nat(2)), (spoken, turns) => {
        const one = newDirectory()
        for (const [seed, stream] of spoken.entries()) for (const each of stream) one.heard(`s${seed}`, each, out)
        const other = newDirectory()
        const left = spoken.map(stream => [...stream])
        while (left.some(stream => stream.length > 0)) {
          const turn = turns.next().value ?? 0
          const next = left[turn]?.shift()
          if (next !== undefined) other.heard(`s${turn}`, next, out)
        }
        expect(listOf(other).map(({ id }) => id)).toEqual(listOf(one).map(({ id }) => id))
      })
    )
  })

  test('at each of the seeds, when each has heard the others', () => {
    const registered = fc.array(fc.tuple(fc.nat(2), peers), { maxLength: 12, size: 'max' })
    fc.assert(
      fc.property(registered, fc.boolean(), (where, twice) => {
        const desks = [new SeedDesk(1), new SeedDesk(2), new SeedDesk(3)]
        for (const [at, peer] of where) desks[at]?.register(signedRecord(peer))
        for (let round = 0; round <= Number(twice); round++) {
          for (const [listens, desk] of desks.entries()) {
            for (const [speaks, other] of desks.entries()) {
              if (speaks === listens) continue
              for (const each of other.audience.list()) desk.registry.heard(`s${speaks}`, each, desk)
            }
          }
        }
        const everybody = [...new Set(where.map(([, peer]) => peer))].toSorted((a, b) => a - b)
        for (const { registry } of desks) {
          const known = [...registry.records()].map(({ id }) => id).toSorted((a, b) => a - b)
          expect([known, registry.size]).toEqual([everybody, everybody.length])
        }
      })
    )
  })
})

/** What is on its way from a seed to one that follows it: the list, told as it is taken, and then the changes. */
interface Stream {
  readonly list: Iterator<Announcement<number>>
  readonly changes: Announcement<number>[]
  isListed: boolean
}

/** A follower of a seed `a`, over streams that are cut again and again; it hears another seed too. */
class Follower {
  readonly directory = newDirectory()
  readonly #desk: SeedDesk
  readonly #comparesDigests: boolean
  stream: Stream | undefined
  told = 0

  constructor(desk: SeedDesk, comparesDigests: boolean) {
    this.#desk = desk
    this.#comparesDigests = comparesDigests
    this.directory.unheard('a', out)
  }

  connect(): void {
    const digest = this.#comparesDigests ? this.directory.digest('a') : undefined
    this.stream = { list: this.#desk.audience.list(digest)[Symbol.iterator](), changes: [], isListed: false }
  }

  cut(): void {
    this.stream = undefined
    this.directory.unheard('a', out)
  }

  /** Hears the next thing that is on its way. */
  hear(): boolean {
    const { stream } = this
    if (stream === undefined) return false
    const next = stream.isListed ? stream.changes.shift() : (stream.list.next().value as Announcement<number>)
    if (next === undefined) return false
    if (next.type === 'caught-up') stream.isListed = true
    if (next.type === 'joined' && !stream.isListed) this.told++
    this.directory.heard('a', next, out)
    return true
  }

  hearAll(): void {
    while (this.hear());
  }
}

describe('a seed that comes back to another one', () => {
  /** Registers, moves and removes peers at seed `a` at random, while a follower comes and goes. */
  function run(seed: number, comparesDigests: boolean): { readonly follower: Follower; readonly desk: SeedDesk } {
    const random = seededRandom(seed)
    const desk = new SeedDesk(seed)
    const follower = new Follower(desk, comparesDigests)
    desk.onAnnounce = announcement => follower.stream?.changes.push(announcement)
    const lives = new Map<number, number>()
    const another = (): number => 1 + below(random, 40)
    for (let step = 0; step < 300; step++) {
      const peer = another()
      switch (below(random, 8)) {
        case 0:
        case 1:
          lives.set(peer, (lives.get(peer) ?? 0) + below(random, 2))
          desk.register(signedRecord(peer, 1 + (lives.get(peer) ?? 0)))
          break
        case 2:
          desk.registry.remove(peer, random() < 0.5 ? 'left' : 'refusing', 0, desk)
          break
        case 3:
          follower.directory.heard('b', { type: 'joined', record: signedRecord(peer, 1, 1) }, out)
          break
        case 4:
          follower.directory.heard('b', { type: 'removed', id: peer, reason: 'dead' }, out)
          break
        case 5:
          if (follower.stream === undefined) follower.connect()
          else if (random() < 0.3) follower.cut()
          break
        default:
          for (let count = below(random, 12); count > 0; count--) follower.hear()
      }
    }
    if (follower.stream === undefined) follower.connect()
    follower.hearAll()
    // What `b` has said is of no interest any more.
    for (let peer = 1; peer <= 40; peer++)
      follower.directory.heard('b', { type: 'removed', id: peer, reason: 'left' }, out)
    return { follower, desk }
  }

  test.each([true, false])(
    'knows in the end just what is registered there; with digests: %s',
    { timeout: 60_000 },
    comparesDigests => {
      for (const seed of runsOf(150)) {
        const { follower, desk } = run(seed, comparesDigests)
        const own = [...desk.registry.announcements()].map(({ record }) => record).toSorted((a, b) => a.id - b.id)
        const known = listOf(follower.directory)
        expect(
          known.map(({ id }) => id),
          replay(seed)
        ).toEqual(own.map(({ id }) => id))
        for (const [at, { id, epoch }] of own.entries())
          expect(known[at]?.epoch, `${id}, ${replay(seed)}`).toBeGreaterThanOrEqual(epoch)
      }
    }
  )

  test('is told only of buckets in which something has changed', () => {
    const desk = new SeedDesk()
    for (let peer = 1; peer <= 1_000; peer++) desk.register(signedRecord(peer))
    const follower = new Follower(desk, true)
    const told = (): number => {
      follower.cut()
      follower.told = 0
      follower.connect()
      follower.hearAll()
      return follower.told
    }
    expect(told()).toBe(1_000)
    expect(told()).toBe(0)
    desk.register(signedRecord(7, 2))
    desk.ask(8, { type: 'leave' })
    desk.register(signedRecord(1_001))
    const again = told()
    // The two that are new, and the others of three buckets that have eight each on average.
    expect(again).toBeGreaterThanOrEqual(2)
    expect(again).toBeLessThanOrEqual(3 * 16)
    expect(follower.directory.size).toBe(desk.registry.registrations)
    expect(told()).toBe(0)
  })

  test('vouches meanwhile for whom it has named before, and for nobody that it has not', () => {
    const directory = newDirectory()
    directory.unheard('a', out)
    for (const id of [1, 2]) directory.heard('a', { type: 'joined', record: signedRecord(id) }, out)
    directory.heard('a', { type: 'caught-up' }, out)
    directory.heard('b', { type: 'joined', record: signedRecord(1) }, out)
    directory.heard('b', { type: 'caught-up' }, out)
    directory.unheard('a', out)
    expect(directory.digest('a')).toBeDefined()
    directory.heard('b', { type: 'removed', id: 1, reason: 'dead' }, out)
    expect(directory.isVouchedFor(1)).toBe(true)
    // The stream ends before it has caught up: it was only an old word.
    directory.unheard('a', out)
    expect(listOf(directory).map(({ id }) => id)).toEqual([2])
  })

  test('answers with a bucket that is the same what another one has said of those in it', () => {
    const directory = newDirectory()
    for (const seed of ['a', 'b']) directory.heard(seed, { type: 'joined', record: signedRecord(1) }, out)
    directory.unheard('a', out)
    directory.digest('a')
    directory.heard('b', { type: 'removed', id: 1, reason: 'dead' }, out)
    const same = Array.from({ length: digestBuckets }, (_, bucket) => bucket)
    directory.heard('a', { type: 'caught-up', same }, out)
    directory.unheard('a', out)
    expect(directory.size).toBe(1)
  })

  test('has no digest of whom it knows nothing, and none while it listens', () => {
    const directory = newDirectory()
    directory.unheard('a', out)
    expect(directory.digest('a')).toBeUndefined()
    directory.heard('a', { type: 'joined', record: signedRecord(1) }, out)
    directory.heard('a', { type: 'caught-up' }, out)
    expect(directory.digest('a')).toBeUndefined()
  })
})
