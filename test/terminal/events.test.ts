import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageLine, sentence } from '#src/node/events.ts'
import { faultsOf } from '#src/node/faults.ts'
import { jsonLine, printable } from '#src/node/printable.ts'
import { readDelivery } from '../support/logs.ts'
import type { Happening } from '#src/node/events.ts'

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '\r', '\u001b', '\u0007', '\u0085', '\u2028', '\u202e', '\ud800', '"'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
  )
})
const breaksLines = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/ // oxlint-disable-line no-control-regex

const received = (text: string): Extract<Happening, { event: 'received' }> => ({
  event: 'received',
  origin: 'ada',
  originId: '12D3',
  number: 3,
  text,
  hops: 2,
  from: '12D4',
  ageMs: 41,
  id: '0123456789abcdef'
})

describe('what is written about events', () => {
  test('text of others becomes one harmless line that still says what it was', () => {
    fc.assert(
      fc.property(anyText, text => {
        const line = printable(text)
        expect(line).not.toMatch(breaksLines)
        expect(line.isWellFormed()).toBe(true)
      })
    )
    expect(printable('a\u001b]0;owned\u0007\nb\u202e')).toBe('a\\x1b]0;owned\\x07\\x0ab\\u202e')
    expect(printable('Grüße, 你好 🙂')).toBe('Grüße, 你好 🙂')
  })

  test('JSON for programs is as harmless and reads back as what it was', () => {
    fc.assert(
      fc.property(anyText, text => {
        const line = jsonLine({ text })
        expect(line).not.toMatch(breaksLines)
        expect(JSON.parse(line)).toEqual({ text })
      })
    )
  })

  test('a remote that makes fault after fault does not fill the log', () => {
    const told: Happening[] = []
    const onFault = faultsOf(happening => told.push(happening))
    for (let count = 0; count < 1_000; count++) onFault('eve', 'a stream', new Error('no'))
    onFault('bob', 'a stream', new Error('no'))
    expect(told.length).toBe(62)
    expect(told.at(-2)).toMatchObject({ remote: 'eve', message: 'no (its further faults in this minute are not told)' })
    expect(told.at(-1)).toMatchObject({ remote: 'bob', message: 'no' })
  })

  test('a received message is one line of ML.txt whatever its text', () => {
    expect(messageLine(received('hi "you"'), 'bob')).toBe(
      'bob received ada#3 "hi \\"you\\"" hops=2 age=41 id=0123456789abcdef'
    )
    fc.assert(
      fc.property(anyText, text => {
        const line = messageLine(received(text), 'bob')
        expect(line).not.toMatch(breaksLines)
        expect(readDelivery(`2026-01-01T00:00:00.000Z ${line}`)).toMatchObject({ origin: 'ada', number: 3, hops: 2 })
      })
    )
  })

  test('the sentences that the log promises', () => {
    const id = '12D3'
    expect(sentence('seed', { event: 'peer-joined', name: 'ada', id })).toBe('registered ada')
    expect(sentence('seed', { event: 'peer-removed', name: 'ada', id, reason: 'dead' })).toBe('removed ada (dead)')
    expect(sentence('seed', { event: 'peer-removed', name: 'ada', id, reason: 'left' })).toBe('left ada')
    expect(sentence('peer', { event: 'linked', name: 'ada', id, degree: 1, target: 3 })).toBe('linked ada')
    expect(sentence('peer', { event: 'unlinked', name: 'ada', id, reason: 'lost', degree: 0 })).toBe(
      'unlinked ada (lost)'
    )
    expect(sentence('peer', { event: 'ping-failed', name: 'ada', id, failures: 2, of: 3, how: 'timeout' })).toBe(
      'ping ada failed 2 of 3'
    )
    expect(sentence('peer', { event: 'reported-dead', name: 'ada', id })).toBe('reported ada dead')
    const fault = {
      event: 'fault',
      remote: 'x\ny',
      what: '/hubcast/gossip/2.0.0',
      error: 'FramePrefixError',
      message: 'a\u001bb'
    } as const
    expect(sentence('peer', fault)).toBe('fault of x\\x0ay on /hubcast/gossip/2.0.0: FramePrefixError: a\\x1bb')
  })
})
