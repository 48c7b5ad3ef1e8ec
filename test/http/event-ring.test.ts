import { expect, test } from 'vitest'
import { EventRing } from '#src/http/event-ring.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { Excerpt } from '#src/http/event-ring.ts'

const none = new Set<string>()
const event = (text: string, node = 'ada'): NodeEvent => {
  return { time: '2026-01-01T12:00:00.000Z', role: 'peer', node, event: 'published', number: 1, text, neighbours: 3 }
}
const numbers = ({ events }: Excerpt): number[] => events.map(({ number }) => number)

test('the ring keeps the last events, and says from where on', () => {
  const ring = new EventRing({ eventsMax: 3, eventCharactersMax: 100_000 }, 1_000)
  for (const text of ['a', 'b', 'c', 'd', 'e']) ring.note(event(text))
  expect(ring.last).toBe(1_004)
  expect(ring.after(1_002, none, 100_000)).toMatchObject({ resumedAt: undefined, last: 1_004 })
  expect(numbers(ring.after(1_002, none, 100_000))).toEqual([1_003, 1_004])
  // The one after 1001 is the oldest that is kept: nothing is lost.
  expect(ring.after(1_001, none, 100_000).resumedAt).toBe(undefined)
  expect(ring.after(1_000, none, 100_000)).toMatchObject({ resumedAt: 1_002, last: 1_004 })
  expect(numbers(ring.after(1_000, none, 100_000))).toEqual([1_002, 1_003, 1_004])
})

test('a number of another process is a gap, whether it is smaller or greater', () => {
  const ring = new EventRing({ eventsMax: 3, eventCharactersMax: 100_000 }, 1_000)
  ring.note(event('a'))
  for (const foreign of [0, 7, 1_001, 5_000])
    expect(ring.after(foreign, none, 100_000), String(foreign)).toMatchObject({ resumedAt: 1_000, last: 1_000 })
  expect(ring.after(1_000, none, 100_000)).toEqual({ resumedAt: undefined, events: [], last: 1_000 })
})

test('long texts take the place of many short ones', () => {
  const ring = new EventRing({ eventsMax: 1_000, eventCharactersMax: 10_000 }, 1)
  for (let count = 0; count < 50; count++) ring.note(event('x'.repeat(4_000)))
  const { events } = ring.after(0, none, Infinity)
  expect(events.length).toBe(2)
  for (let count = 0; count < 1_000; count++) ring.note(event('x'))
  const kept = ring.after(0, none, Infinity).events
  expect(kept.reduce((sum, { line }) => sum + line.length, 0)).toBeLessThanOrEqual(10_000)
  expect(kept.length).toBeGreaterThan(50)
})

test('a chunk is bounded, and what is not wanted takes no place in it', () => {
  const ring = new EventRing({ eventsMax: 1_000, eventCharactersMax: 1_000_000 }, 1)
  for (let count = 0; count < 100; count++) ring.note(event('x'.repeat(900)))
  const first = ring.after(0, none, 5_000)
  expect(numbers(first)).toEqual([1, 2, 3, 4, 5])
  expect(numbers(ring.after(first.last, none, 2_000))).toEqual([6, 7])
  ring.note({ time: '2026-01-01T12:00:00.000Z', role: 'peer', node: 'ada', event: 'stopped' })
  const wanted = ring.after(0, new Set(['published']), 5_000)
  expect(wanted.events.map(({ event }) => event)).toEqual(['stopped'])
  expect(wanted.last).toBe(101)
})

test('the last events of one node come oldest first and as they were', () => {
  const ring = new EventRing({ eventsMax: 1_000, eventCharactersMax: 1_000_000 }, 1)
  for (const text of ['a', 'b', '<i>\u202e\n', 'd']) {
    ring.note(event(text))
    ring.note(event('of somebody else', 'bob'))
  }
  expect(ring.of('ada', 2)).toEqual([event('<i>\u202e\n'), event('d')])
  expect(ring.of('nobody', 2)).toEqual([])
  expect(ring.after(ring.before(3), none, Infinity).events.length).toBe(3)
  expect(ring.after(ring.before(5_000), none, Infinity).events.length).toBe(8)
})

test('whoever waits is woken by the next event, or after its patience', async () => {
  const ring = new EventRing({ eventsMax: 10, eventCharactersMax: 10_000 }, 1)
  const waiting = ring.changed(ring.last, 60_000)
  ring.note(event('a'))
  await waiting
  await ring.changed(0, 60_000)
  await ring.changed(ring.last, 1)
})
