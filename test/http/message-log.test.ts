import { describe, expect, test } from 'vitest'
import { MessageLog } from '#src/http/message-log.ts'
import type { Happening } from '#src/node/events.ts'

const start = Date.parse('2026-01-01T12:00:00.000Z')

/** A log and what to tell it, at a time in ms after noon. */
function bench(messagesMax = 10): { log: MessageLog; tell: (at: number, node: string, what: Happening) => void } {
  const log = new MessageLog({ messagesMax, listTextMax: 5 })
  const tell = (at: number, node: string, what: Happening): void => {
    log.note({ time: new Date(start + at).toISOString(), role: 'peer', node, ...what })
  }
  return { log, tell }
}

const begun = (id: string): Happening => ({ event: 'started', pid: 1, id, addresses: [] })
const said = (number: number, text = 'hello, all'): Happening => ({ event: 'published', number, text, neighbours: 2 })
const heard = (number: number, from: string, hops: number, ageMs: number, by = 'ada'): Happening => {
  const text = 'hello, all'
  return { event: 'received', origin: by, originId: `id-${by}`, number, text, hops, from, ageMs, id: `${by}${number}` }
}

describe('the message log', () => {
  test('knows by which ways a message came, and who lacks it', () => {
    const { log, tell } = bench()
    for (const name of ['ada', 'bob', 'cyd', 'dan']) tell(0, name, begun(`id-${name}`))
    tell(10, 'ada', said(1))
    expect(log.list()).toMatchObject([
      { id: 'ada#1', delivered: 0, expected: 3, p50Ms: null, lastMs: null, hopsMax: 0 }
    ])
    tell(15, 'bob', heard(1, 'id-ada', 1, 5))
    tell(35, 'cyd', heard(1, 'id-bob', 2, 25))
    expect(log.find('ada#1')).toEqual({
      id: 'ada#1',
      origin: 'ada',
      originId: 'id-ada',
      number: 1,
      text: 'hello, all',
      publishedAt: start + 10,
      delivered: 2,
      expected: 3,
      p50Ms: 5,
      lastMs: 25,
      hopsMax: 2,
      hops: [
        { node: 'id-ada', name: 'ada', from: null, hops: 0, ageMs: 0 },
        { node: 'id-bob', name: 'bob', from: 'id-ada', hops: 1, ageMs: 5 },
        { node: 'id-cyd', name: 'cyd', from: 'id-bob', hops: 2, ageMs: 25 }
      ],
      missing: [{ node: 'id-dan', name: 'dan' }]
    })
    expect(log.list()[0]?.text).toBe('hello')
    expect(log.counts('id-ada')).toEqual({ delivered: 0, published: 1 })
    expect(log.counts('id-bob')).toEqual({ delivered: 1, published: 0 })
  })

  test('nobody waits for the dead, and a newcomer that has caught up counts', () => {
    const { log, tell } = bench()
    for (const name of ['ada', 'bob', 'cyd']) tell(0, name, begun(`id-${name}`))
    tell(10, 'ada', said(1))
    tell(15, 'bob', heard(1, 'id-ada', 1, 5))
    tell(20, 'cyd', { event: 'stopped' })
    expect(log.list()).toMatchObject([{ delivered: 1, expected: 1 }])
    tell(30, 'eva', begun('id-eva'))
    expect(log.list()).toMatchObject([{ delivered: 1, expected: 1 }])
    tell(40, 'eva', heard(1, 'id-bob', 2, 30))
    expect(log.find('ada#1')).toMatchObject({ delivered: 2, expected: 2, missing: [] })
  })

  test('keeps the newest and does not make room for what is older', () => {
    const { log, tell } = bench(3)
    tell(0, 'bob', begun('id-bob'))
    for (let number = 1; number <= 5; number++) tell(number * 100, 'bob', heard(number, 'id-ada', 1, 10))
    expect(log.list().map(({ id }) => id)).toEqual(['ada#5', 'ada#4', 'ada#3'])
    // What a newcomer catches up with.
    tell(600, 'bob', heard(1, 'id-ada', 1, 510))
    expect(log.list().map(({ id }) => id)).toEqual(['ada#5', 'ada#4', 'ada#3'])
    expect(log.find('ada#1')).toBe(undefined)
  })

  test('an origin whose clock is ahead keeps nobody else out', () => {
    const { log, tell } = bench(2)
    tell(0, 'bob', begun('id-bob'))
    tell(10, 'bob', heard(1, 'id-eva', 1, -86_400_000, 'eva'))
    for (const number of [1, 2]) tell(20 + number, 'bob', heard(number, 'id-ada', 1, 5))
    expect(log.list().map(({ id }) => id)).toEqual(['ada#2', 'ada#1'])
  })

  test('tells two lives of one name apart', () => {
    const { log, tell } = bench()
    tell(0, 'bob', begun('id-bob'))
    tell(10, 'bob', heard(1, 'id-ada', 1, 5))
    const next = { ...heard(1, 'id-cyd', 3, 2), id: 'another', text: 'again' } as Happening
    tell(500, 'bob', next)
    expect(log.list()).toMatchObject([{ text: 'again', publishedAt: start + 498, hopsMax: 3 }])
    // The one of the first life comes late by another way.
    tell(510, 'bob', heard(1, 'id-ada', 1, 505))
    expect(log.list()).toMatchObject([{ text: 'again', hopsMax: 3 }])
  })
})
