import { describe, expect, test } from 'vitest'
import { sentence } from '#src/node/events.ts'
import { eventLine } from '#src/terminal/event-lines.ts'
import { PingStatistics } from '#src/terminal/ping-statistics.ts'
import { table } from '#src/terminal/table.ts'
import type { NodeEvent } from '#src/node/events.ts'

const head = { time: '2026-01-01T12:34:56.789Z', role: 'peer', node: 'ada' } as const
const plain = { width: 80, colours: false }
const received: NodeEvent = {
  ...head,
  event: 'received',
  origin: 'bob',
  originId: 'b',
  number: 3,
  text: 'hi\u001b[2J there',
  hops: 1,
  from: 'c',
  ageMs: 41,
  id: '5f'
}

describe('eventLine', () => {
  test('says by a sign and by words what happened, and nothing that a terminal obeys', () => {
    expect(eventLine(received, 'received bob#3', plain)).toBe(
      '12:34:56 < received bob#3 "hi\\u001b[2J there" (1 hop, 41 ms)'
    )
    const linked: NodeEvent = { ...head, event: 'linked', name: 'bob', id: 'b', degree: 2, target: 5 }
    expect(eventLine(linked, 'linked bob', plain)).toBe('12:34:56 + linked bob, 2 of 5 links')
  })

  test('colours whole lines, and changes nothing else', () => {
    const coloured = eventLine(received, 'received bob#3', { ...plain, colours: true })
    // oxlint-disable-next-line no-control-regex -- the codes are what is looked for
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(eventLine(received, 'received bob#3', plain))
    expect(coloured).not.toBe(eventLine(received, 'received bob#3', plain))
  })

  test('goes on below the words when the terminal is narrow', () => {
    const lines = eventLine({ ...received, text: 'one two three four five six' }, 'received bob#3', {
      ...plain,
      width: 40
    }).split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line.length).toBeLessThan(40)
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {11}\S/)
  })

  test('gives each seed that is missing a line, with the reason in words', () => {
    const reasons = {
      'c:3': 'full-rate',
      'b:2': 'Error: connect ECONNREFUSED 192.0.2.7:2',
      'a:1': 'DeadlineError: no\nreply'
    }
    const degraded: NodeEvent = { ...head, event: 'degraded', seeds: [], of: 3, quorum: 2, reasons }
    const text = sentence('peer', degraded)
    expect(eventLine(degraded, text, { ...plain, width: 200 }).split('\n')).toEqual([
      '12:34:56 ! degraded: registered with none of 3 seeds, 2 are needed: gossip goes on, but somebody else may get the name; trying again',
      '           a:1: DeadlineError: no\\x0areply',
      '           b:2: nobody listens there; does this seed run?',
      '           c:3: this peer, or others at its IP address, ask more often than the seed allows: it will ask again later'
    ])
  })
})

test('a table has columns as wide as they need, and harmless cells', () => {
  expect(table([['NAME', 'ID'], ['a\u001b', 'x'], ['b']])).toBe('NAME   ID\na\\x1b  x\nb')
})

describe('PingStatistics', () => {
  test('has the least, the mean, the most and the standard deviation', () => {
    const statistics = new PingStatistics()
    for (const ms of [2, 4, 4, 4, 5, 5, 7, 9]) statistics.add(ms)
    expect(statistics.summary).toEqual({ answered: 8, minMs: 2, meanMs: 5, maxMs: 9, deviationMs: 2 })
  })

  test('has nothing to say of no answers', () => {
    expect(new PingStatistics().summary).toEqual({
      answered: 0,
      minMs: null,
      meanMs: null,
      maxMs: null,
      deviationMs: null
    })
  })
})
