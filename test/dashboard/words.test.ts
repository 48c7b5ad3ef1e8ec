import { describe, expect, test } from 'vitest'
import { logScale, logTicks, tailOf } from '#src/dashboard/components/degree-tail.ts'
import { phrase, weightOf } from '#src/dashboard/components/phrase.ts'
import { count, counted, millis, percent, shortId } from '#src/dashboard/format.ts'
import { hashOf, routeOf, tokenIn } from '#src/dashboard/route.ts'
import { isTouchedBy } from '#src/dashboard/topics.ts'
import type { StreamedEvent } from '#src/http/contract.ts'

describe('figures', () => {
  test('as people read them', () => {
    expect([count(1234567), count(999), counted(1, 'link'), counted(2, 'link')]).toEqual([
      '1\u202f234\u202f567',
      '999',
      '1 link',
      '2 links'
    ])
    expect([millis(null), millis(0), millis(2.34), millis(999), millis(1500), millis(12_300)]).toEqual([
      '–',
      '0\u202fms',
      '2.3\u202fms',
      '999\u202fms',
      '1.5\u202fs',
      '12\u202fs'
    ])
    expect([shortId('12D3KooWAbCdEfGhIjKlMn'), shortId('short')]).toEqual(['12D3…IjKlMn', 'short'])
  })

  test('100 % means all', () => {
    expect([percent(9999, 10_000), percent(10_000, 10_000), percent(0, 3), percent(0, 0)]).toEqual([
      '99.9\u202f%',
      '100\u202f%',
      '0.0\u202f%',
      '–'
    ])
  })
})

describe('the degree distribution', () => {
  test('as a tail: how many have so many links or more', () => {
    const degrees = [
      { degree: 3, count: 5, law: 4 },
      { degree: 4, count: 2, law: 3 },
      { degree: 9, count: 1, law: 1 }
    ]
    expect(tailOf({ degrees })).toEqual([
      { degree: 3, peers: 8, law: 8 },
      { degree: 4, peers: 3, law: 4 },
      { degree: 9, peers: 1, law: 1 }
    ])
  })

  test('on logarithmic axes', () => {
    const scale = logScale(1, 100, 0, 200)
    expect([1, 10, 100].map(scale)).toEqual([0, 100, 200])
    expect([logScale(3, 3, 0, 200)(3), logTicks(3, 9)]).toEqual([100, [3, 4, 5, 6, 7, 8, 9]])
    expect([logTicks(4, 60), logTicks(1, 2000)]).toEqual([
      [5, 10, 20, 50],
      [1, 10, 100, 1000]
    ])
  })
})

describe('addresses', () => {
  test('lead to a page and back, whatever the id is', () => {
    for (const id of ['ada#1', 'a/b?c=d', '100%', '<b>']) {
      expect(routeOf(hashOf('messages', id))).toMatchObject({ page: 'messages', id })
    }
    expect(routeOf(hashOf('overlay', undefined, { wave: 'ada#1' })).query.get('wave')).toBe('ada#1')
  })

  test('that make no sense lead to the overlay', () => {
    for (const hash of ['', '#', '#/', '#/nothing', '#token=x', '#/constructor']) {
      expect(routeOf(hash)).toMatchObject({ page: 'overlay', id: undefined })
    }
    expect(routeOf('#/messages/%E0%A4%A')).toMatchObject({ page: 'messages', id: undefined })
  })

  test('may hold the token', () => {
    expect([tokenIn('#token=a-b_c'), tokenIn('#/overlay'), tokenIn('')]).toEqual(['a-b_c', undefined, undefined])
  })
})

describe('events', () => {
  const subject = { time: '2026-01-01T12:00:00.000Z', role: 'peer', node: 'ada' } as const
  const linked: StreamedEvent = { ...subject, event: 'linked', name: 'bob', id: 'id-bob', degree: 1, target: 3 }
  const unknown = { ...subject, event: 'danced', with: 'bob' } as unknown as StreamedEvent

  test('say what they touch; those that are new to the page touch everything', () => {
    const published: StreamedEvent = { ...subject, event: 'published', number: 1, text: 'hello', neighbours: 3 }
    const topics = ['links', 'messages', 'registrations', 'peers'] as const
    const touched = (event: StreamedEvent): string[] => topics.filter(topic => isTouchedBy(topic, event))
    expect([touched(linked), touched(published), touched(unknown)]).toEqual([
      ['links', 'peers'],
      ['messages'],
      [...topics]
    ])
  })

  test('are told in words, those that are new to the page as they came', () => {
    expect([phrase(linked), weightOf(linked)]).toEqual(['with bob, 1 of 3 links', 'good'])
    expect([phrase(unknown), weightOf(unknown)]).toEqual([JSON.stringify(unknown), 'plain'])
  })
})
