import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { describe, expect, test } from 'vitest'
import { RecordDecoder } from '#protocols/gossip/codec.ts'
import { gossipBytesMax } from '#protocols/gossip/messages.ts'
import { SignatureCheck, signAnnouncement, signBatch } from '#protocols/gossip/signature.ts'
import file from '#protocols/gossip/vectors.json' with { type: 'json' }
import { ForgedMessageError } from '#protocols/streams/errors.ts'
import { encodeFrames, FrameDecoder } from '#protocols/streams/frames.ts'
import { adaKey } from './support/peers.ts'
import { encoded, key } from './support/records.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'

// As vectors.test.ts, for streams: what a record says depends on those before it.

interface Vector {
  readonly name: string
  /** All that is said on a stream, with the lengths, in hex. */
  readonly frames: string[]
  readonly records?: unknown[]
  readonly error?: string
  /** It is read like that, but nobody writes it so. */
  readonly decodeOnly?: boolean
}

const vectors: readonly Vector[] = file.vectors

const check = new SignatureCheck(8)

function read(all: string[]): GossipRecord[] {
  const decoder = new FrameDecoder(gossipBytesMax)
  const records = new RecordDecoder()
  const said = [...decoder.decode(fromString(all.join(''), 'base16'))].flatMap(payload => records.decode(payload) ?? [])
  decoder.end()
  for (const record of said) {
    const isForged =
      (record.type === 'batch' && !check.check(record.batch)) ||
      (record.type === 'announce' && !check.check(record.announcement))
    if (isForged) throw new ForgedMessageError('not signed by its origin')
  }
  return said
}

function toJson(value: unknown): unknown {
  const hex = (_key: string, one: unknown): unknown =>
    one instanceof Uint8Array ? { hex: toString(one, 'base16') } : one
  return JSON.parse(JSON.stringify(value, hex))
}

function fromJson(json: unknown): GossipRecord[] {
  const bytes = (_key: string, one: unknown): unknown =>
    typeof one === 'object' && one !== null && 'hex' in one ? fromString(String(one.hex), 'base16') : one
  return JSON.parse(JSON.stringify(json), bytes) as GossipRecord[]
}

describe('vectors of gossip', () => {
  test.each(vectors.filter(({ records }) => records !== undefined))(
    'records: $name',
    ({ frames, records, decodeOnly }) => {
      expect(toJson(read(frames))).toEqual(records)
      const written = toString(encodeFrames(encoded(...fromJson(records))), 'base16')
      expect(written === frames.join('')).toBe(decodeOnly !== true)
    }
  )

  test.each(vectors.filter(({ error }) => error !== undefined))('error: $name', ({ frames, error }) => {
    let thrown = 'none'
    try {
      read(frames)
    } catch (caught) {
      thrown = (caught as Error).name
    }
    expect(thrown).toBe(error)
  })

  test('have names of their own, and each shows records or an error', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
    for (const { records, error } of vectors) expect([records === undefined, error === undefined]).toContain(false)
  })

  test('show every kind of record', () => {
    const kinds = new Set(vectors.flatMap(({ records = [] }) => fromJson(records).map(({ type }) => type)))
    expect([...kinds].toSorted()).toEqual([
      'alive',
      'announce',
      'batch',
      'boost',
      'have',
      'probe',
      'refuse',
      'subscribe',
      'want'
    ])
  })
})

test('whoever holds the key of the gossip vectors signs the very same bytes', () => {
  expect(toString(adaKey.raw.subarray(0, 32), 'base16')).toBe(file.key)
  const records = vectors.flatMap(vector => fromJson(vector.records ?? []))
  const hex = ({ signature }: { readonly signature: Uint8Array }): string => toString(signature, 'base16')
  // The first of each kind is as plain as can be.
  const said = records.find(record => record.type === 'batch')
  const announced = records.find(record => record.type === 'announce')
  if (said?.type !== 'batch' || announced?.type !== 'announce') throw new Error('no vector to sign')
  const { batch } = said
  const { announcement } = announced
  expect(toString(signBatch(batch, batch.sequence, batch, key).signed, 'base16')).toBe(toString(batch.signed, 'base16'))
  expect(hex(signBatch(batch, batch.sequence, batch, key))).toBe(hex(batch))
  expect(hex(signAnnouncement(announcement, announcement.version, key))).toBe(hex(announcement))
})
