import { beforeEach, describe, expect, test } from 'vitest'
import { AddressBook } from '#src/core/address-book.ts'
import { seededRandom } from '#src/core/random.ts'
import { knownPeers } from '#src/settings.ts'
import { sorted } from '../support/core/numbers.ts'
import { recordOf } from '../support/core/records.ts'

const settings = {
  ...knownPeers,
  entriesMax: 10,
  entriesPerNeighbourMax: 4,
  answerRecordsMax: 6,
  answerSpacingMs: 10_000
}
const me = 0
const neighbour = 100
const random = seededRandom(1)

let book: AddressBook<number>

beforeEach(() => {
  book = new AddressBook(me, settings)
})

function noteFrom(from: number | 'seed', ...ids: readonly number[]): void {
  for (const id of ids) book.note(recordOf(id), from)
}

function ids(): number[] {
  return [...book.acquaintances()].map(({ record }) => record.id)
}

function recalled(count: number, ...anchors: readonly number[]): number[] {
  return book.recall(count, anchors, random).map(({ id }) => id)
}

function named(now: number, to = neighbour): number[] {
  return book.nameTo(to, random, now).map(({ id }) => id)
}

describe('what is noted', () => {
  test('is the newest record of each peer, whoever tells it, and none of its owner', () => {
    noteFrom('seed', 1, me)
    const newer = recordOf(1, 'p1', 2)
    book.note(newer, neighbour)
    book.note(recordOf(1), 'seed')
    expect([...book.acquaintances()]).toEqual([{ record: newer, from: 'seed' }])
    expect([book.get(1), book.get(me), book.size]).toEqual([newer, undefined, 1])
  })

  test('comes with who has named it, of whom a seed counts more', () => {
    noteFrom(neighbour, 1, 2)
    noteFrom(neighbour + 1, 2)
    noteFrom('seed', 1)
    expect([...book.acquaintances()].map(({ record, from }) => [record.id, from])).toEqual([
      [1, 'seed'],
      [2, neighbour]
    ])
  })

  test('is bounded: a seed may say something for the oldest', () => {
    noteFrom('seed', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
    expect(ids()).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('of a neighbour is little: it cannot fill the book, and drives out only whom nobody reaches', () => {
    noteFrom(neighbour, 1, 2, 3, 4, 5, 6)
    expect(ids()).toEqual([1, 2, 3, 4])
    noteFrom('seed', 11, 12, 13, 14, 15, 16)
    noteFrom(neighbour + 1, 7)
    expect(ids()).toEqual([1, 2, 3, 4, 11, 12, 13, 14, 15, 16])
    book.failed(13)
    noteFrom(neighbour + 1, 7, 8)
    expect(ids()).toEqual([1, 2, 3, 4, 11, 12, 14, 15, 16, 7])
  })

  test('goes when a seed takes it back', () => {
    noteFrom('seed', 1, 2)
    book.forget(1)
    expect(ids()).toEqual([2])
  })
})

describe('whom to turn to', () => {
  test('are the anchors first, then the others in any order', () => {
    noteFrom('seed', 1, 2, 3, 4, 5, 6)
    const seconds = new Set<number | undefined>()
    for (let times = 0; times < 50; times++) {
      const [first, second, ...rest] = recalled(6, 5, 99)
      expect([first, rest.length]).toEqual([5, 4])
      seconds.add(second)
    }
    expect(seconds).toEqual(new Set([1, 2, 3, 4, 6]))
    expect(recalled(2, 5)).toHaveLength(2)
  })

  test('are those last that have failed most often, anchors too, until something new is heard of them', () => {
    noteFrom('seed', 1, 2, 3)
    for (const peer of [2, 1, 2]) book.failed(peer)
    expect(recalled(3, 2)).toEqual([3, 1, 2])
    // A neighbour only repeats what it has heard.
    noteFrom(neighbour, 2)
    expect(recalled(3, 2)).toEqual([3, 1, 2])
    book.note(recordOf(2, 'p2', 2), neighbour)
    noteFrom('seed', 1)
    expect(recalled(1, 2)).toEqual([2])
    expect(sorted(recalled(3))).toEqual([1, 2, 3])
    book.failed(3)
    expect(recalled(3).at(-1)).toBe(3)
    book.reached(3)
    expect(recalled(1, 3)).toEqual([3])
  })
})

describe('a neighbour that asks', () => {
  test('hears a random few, not itself, and nobody who could not be reached', () => {
    noteFrom('seed', 1, 2, 3, 4, 5, 6, 7, 8, 9, neighbour)
    book.failed(3)
    const heard = new Set<number>()
    for (let times = 0; times < 50; times++) {
      const some = named(times * settings.answerSpacingMs)
      expect(new Set(some).size).toBe(settings.answerRecordsMax)
      for (const id of some) heard.add(id)
    }
    expect(sorted([...heard])).toEqual([1, 2, 4, 5, 6, 7, 8, 9])
  })

  test('hears nothing when it asks again too soon', () => {
    noteFrom('seed', 1)
    expect([named(0), named(settings.answerSpacingMs - 1), named(settings.answerSpacingMs)]).toEqual([[1], [], [1]])
    expect(named(settings.answerSpacingMs, neighbour + 1)).toEqual([1])
  })
})
