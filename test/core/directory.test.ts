import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Directory } from '#src/core/directory.ts'
import { listener } from '../support/core/listener.ts'
import { sorted } from '../support/core/numbers.ts'
import { recordOf } from '../support/core/records.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { DirectoryOutput } from '#src/core/directory.ts'

const { out, heard } = listener<DirectoryOutput<number>>()

function joined(id: number, name?: string, epoch?: number): Announcement<number> {
  return { type: 'joined', record: recordOf(id, name, epoch) }
}

function removed(id: number): Announcement<number> {
  return { type: 'removed', id, reason: 'left' }
}

const caughtUp: Announcement<number> = { type: 'caught-up' }

let directory: Directory<number, string>

beforeEach(() => {
  directory = new Directory(3)
  heard()
})

function tell(seed: string, ...announcements: Announcement<number>[]): void {
  for (const announcement of announcements) directory.heard(seed, announcement, out)
}

describe('Directory', () => {
  test('a peer appears with the first seed that names it and vanishes with the last that takes it back', () => {
    tell('s1', joined(1), caughtUp)
    tell('s2', joined(1), caughtUp)
    expect(heard()).toEqual([['appeared', recordOf(1)]])
    tell('s1', removed(1))
    tell('s1', removed(1))
    expect(heard()).toEqual([])
    expect(directory.get(1)).toEqual(recordOf(1))
    tell('s2', removed(1))
    expect(heard()).toEqual([['vanished', recordOf(1), 'left']])
    expect(directory.size).toBe(0)
  })

  test('a seed that never named a peer cannot take it back', () => {
    tell('s1', joined(1))
    tell('s2', removed(1), removed(2))
    expect([...directory.records()]).toEqual([recordOf(1)])
  })

  test('what a seed said stays while its stream is broken, and goes when it has caught up without naming it', () => {
    directory.unheard('s1', out)
    tell('s1', joined(1), joined(2), caughtUp)
    heard()
    directory.unheard('s1', out)
    tell('s1', joined(2), joined(3))
    expect(heard()).toEqual([['appeared', recordOf(3)]])
    tell('s1', caughtUp)
    expect(heard()).toEqual([['vanished', recordOf(1), 'dead']])
    expect([...directory.records()].map(({ id }) => id)).toEqual([2, 3])
  })

  test('catching up touches only what that seed stood for', () => {
    tell('s2', joined(1), joined(2))
    tell('s1', joined(1))
    directory.unheard('s1', out)
    tell('s1', caughtUp)
    expect(directory.size).toBe(2)
    directory.unheard('s2', out)
    tell('s2', joined(2), removed(2), caughtUp)
    expect(directory.size).toBe(0)
  })

  test('a list that begins twice counts from its second beginning', () => {
    tell('s1', joined(1), joined(2))
    directory.unheard('s1', out)
    tell('s1', joined(1))
    directory.unheard('s1', out)
    tell('s1', joined(2), caughtUp)
    expect([...directory.records()]).toEqual([recordOf(2)])
  })

  test('the word of a seed that is not heard does not outweigh that of another, whichever comes first', () => {
    tell('s1', joined(1), joined(2), caughtUp)
    tell('s2', joined(1), joined(2), caughtUp)
    heard()
    directory.unheard('s1', out)
    tell('s2', removed(1))
    expect(heard()).toEqual([['vanished', recordOf(1), 'left']])
    tell('s1', joined(2), caughtUp)
    tell('s2', removed(2))
    expect(heard()).toEqual([])
    directory.unheard('s1', out)
    expect(heard()).toEqual([['vanished', recordOf(2), 'left']])
  })

  test('a peer that somebody names again is contested no more', () => {
    tell('s1', joined(1))
    tell('s2', joined(1), removed(1), joined(1))
    directory.unheard('s1', out)
    directory.unheard('s2', out)
    expect(directory.get(1)).toEqual(recordOf(1))
  })

  test('the listener itself can speak against a peer', () => {
    tell('s1', joined(1))
    tell('s2', joined(2))
    heard()
    directory.contest(1, 'dead', out)
    directory.contest(3, 'dead', out)
    expect(heard()).toEqual([])
    directory.unheard('s1', out)
    expect(heard()).toEqual([['vanished', recordOf(1), 'dead']])
    directory.unheard('s2', out)
    directory.contest(2, 'dead', out)
    expect(heard()).toEqual([['vanished', recordOf(2), 'dead']])
  })

  test('holds no more than its bound, and takes newcomers up again when there is room', () => {
    tell('s1', joined(1), joined(2), joined(3), joined(4))
    expect(directory.size).toBe(3)
    expect(directory.get(4)).toBeUndefined()
    heard()
    tell('s1', removed(4), removed(1), joined(4))
    expect(heard()).toEqual([
      ['vanished', recordOf(1), 'left'],
      ['appeared', recordOf(4)]
    ])
  })

  test('a peer under another name goes under the old one and comes under the new', () => {
    tell('s1', joined(1, 'old'), joined(1, 'old'))
    heard()
    tell('s2', joined(1, 'new', 2))
    expect(heard()).toEqual([
      ['vanished', recordOf(1, 'old'), 'left'],
      ['appeared', recordOf(1, 'new', 2)]
    ])
    tell('s1', removed(1))
    expect(directory.get(1)?.name).toBe('new')
  })

  test('new addresses under the same name are taken over in silence', () => {
    tell('s1', joined(1))
    heard()
    tell('s1', { type: 'joined', record: { ...recordOf(1), addresses: [], seq: 2 } })
    expect(heard()).toEqual([])
    expect(directory.get(1)?.addresses).toEqual([])
  })

  test('the newest record stands, whoever repeats an older one', () => {
    tell('s1', joined(1, 'old', 1))
    tell('s2', joined(1, 'new', 2))
    heard()
    tell('s1', joined(1, 'old', 1))
    tell('s2', joined(1, 'old', 1))
    tell('s3', joined(1, 'old', 1))
    expect(heard()).toEqual([])
    expect(directory.get(1)).toEqual(recordOf(1, 'new', 2))
  })

  test('another record of the same life and number takes nobody’s place', () => {
    tell('s1', joined(1))
    tell('s1', { type: 'joined', record: { ...recordOf(1), addresses: [] } })
    expect(directory.get(1)).toEqual(recordOf(1))
  })

  test('whoever repeats an old record stands for the peer all the same', () => {
    tell('s1', joined(1, 'new', 2))
    tell('s2', joined(1, 'old', 1))
    heard()
    tell('s1', removed(1))
    expect(heard()).toEqual([])
    tell('s2', removed(1))
    expect(heard()).toEqual([['vanished', recordOf(1, 'new', 2), 'left']])
  })

  test('after any talk of one peer, its record is the newest that was named since it was listed', () => {
    const seed = fc.constantFrom('s1', 's2')
    const word = fc.oneof(
      fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 3 })).map(([epoch, seq]): Announcement<number> => ({
        type: 'joined',
        record: { ...recordOf(1, 'p1', epoch), seq }
      })),
      fc.constant(removed(1))
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(seed, word), { maxLength: 40, size: 'max' }), talk => {
        directory = new Directory(3)
        let named: [number, number][] = []
        for (const [source, said] of talk) {
          tell(source, said)
          if (said.type === 'joined') named.push([said.record.epoch, said.record.seq])
          const record = directory.get(1)
          if (record === undefined) named = []
          else {
            const [newest] = named.toSorted(([e1, s1], [e2, s2]) => e2 - e1 || s2 - s1)
            expect([record.epoch, record.seq]).toEqual(newest)
          }
        }
      })
    )
  })

  test('after any talk, a peer is listed exactly if some seed that is heard stands for it, and the outputs add up to the list', () => {
    const seed = fc.constantFrom('s1', 's2', 's3')
    const word = fc.oneof(
      fc.nat(2).map(joinedId => joined(joinedId)),
      fc.nat(2).map(removed),
      fc.constant(caughtUp),
      fc.constant('unheard' as const)
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(seed, word), { maxLength: 80, size: 'max' }), talk => {
        directory = new Directory(3)
        heard()
        const stood = new Map<string, Set<number>>([
          ['s1', new Set()],
          ['s2', new Set()],
          ['s3', new Set()]
        ])
        const telling = new Map<string, Set<number>>()
        const contested = new Set<number>()
        // A source that is not heard, or has not named a peer yet in the list it is telling anew, does not speak for it against
        // another one, whichever comes first.
        const settle = (id: number): void => {
          if ([...stood].some(([other, ids]) => ids.has(id) && telling.get(other)?.has(id) !== false)) return
          for (const ids of stood.values()) ids.delete(id)
          contested.delete(id)
        }
        for (const [source, said] of talk) {
          const own = stood.get(source) as Set<number>
          if (said === 'unheard') {
            directory.unheard(source, out)
            telling.set(source, new Set())
            for (const id of contested) settle(id)
            continue
          }
          tell(source, said)
          const withdraw = (id: number): void => {
            if (!own.delete(id)) return
            contested.add(id)
            settle(id)
          }
          if (said.type === 'joined') contested.delete(said.record.id)
          if (said.type === 'joined') for (const set of [own, telling.get(source)]) set?.add(said.record.id)
          else if (said.type === 'removed') {
            telling.get(source)?.delete(said.id)
            withdraw(said.id)
          } else {
            const named = telling.get(source)
            telling.delete(source)
            if (named !== undefined) for (const id of own) if (!named.has(id)) withdraw(id)
          }
        }
        const listed = sorted([...directory.records()].map(({ id }) => id))
        expect(listed).toEqual(sorted(new Set([...stood.values()].flatMap(ids => [...ids]))))
        const present = new Set<number>()
        for (const [what, { id }] of heard()) {
          expect(present.has(id)).toBe(what === 'vanished')
          if (what === 'appeared') present.add(id)
          else present.delete(id)
        }
        expect(sorted(present)).toEqual(listed)
      })
    )
  })
})
