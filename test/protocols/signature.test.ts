import * as crypto from 'node:crypto'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { describe, expect, test, vi } from 'vitest'
import { announcementDomain, batchDomain, gossipBytesMax } from '#protocols/gossip/messages.ts'
import { gossipId, SignatureCheck, signAnnouncement, signBatch } from '#protocols/gossip/signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { StreamFault } from '#protocols/streams/errors.ts'
import { FrameDecoder, encodeFrames } from '#protocols/streams/frames.ts'
import { encodePeerId } from '#protocols/values.ts'
import { ada, adaKey, bob, bobKey, cyd } from './support/peers.ts'
import { batchOf, decoded, encoded, key, source } from './support/records.ts'
import type { Batch, GossipRecord, OriginAnnouncement } from '#protocols/gossip/messages.ts'

vi.mock('node:crypto', async original => {
  const real = await original<typeof crypto>()
  return { ...real, createPublicKey: vi.fn<typeof real.createPublicKey>(real.createPublicKey) }
})

const batch = batchOf(3, 'hello', 'and good-bye')
const announcement = signAnnouncement(source, 7, key)

const isSigned = (signed: Batch | OriginAnnouncement): boolean => new SignatureCheck(8).check(signed)

/** What is signed, made by hand from the specification. */
function input(domain: string, epoch: number, ordinal: number, rest: Uint8Array): Uint8Array {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64BE(BigInt(epoch), 0)
  numbers.writeBigUInt64BE(BigInt(ordinal), 8)
  return concat([fromString(domain), encodePeerId(ada), numbers, rest])
}

describe('signatures of gossip', () => {
  test('what the origin signs is authentic, after a journey too, here and on another thread', async () => {
    const record: GossipRecord = { type: 'batch', batch, hops: 9 }
    const [arrived] = decoded(encoded(record)) as [Extract<GossipRecord, { type: 'batch' }>]
    for (const signed of [batch, arrived.batch, announcement]) {
      expect(isSigned(signed)).toBe(true)
      expect(await new SignatureCheck(8).checkAside(signed)).toBe(true)
      const other = { ...signed, epoch: 2 }
      expect(isSigned(other)).toBe(false)
      expect(await new SignatureCheck(8).checkAside(other)).toBe(false)
    }
  })

  test('libp2p verifies our signatures, and we verify those of libp2p', async () => {
    const bytes = input(batchDomain, 1, 3, batch.signed)
    expect(await adaKey.publicKey.verify(bytes, batch.signature)).toBe(true)
    expect(isSigned({ ...batch, signature: await adaKey.sign(bytes) })).toBe(true)
    const announced = input(announcementDomain, 1, 7, new Uint8Array())
    expect(await adaKey.publicKey.verify(announced, announcement.signature)).toBe(true)
  })

  test.each([announcementDomain, 'hubcast/gossip/1', ''])(
    'a batch signed in the domain "%s" is worth nothing',
    domain => {
      const sign = (name: string): Uint8Array => crypto.sign(null, input(name, 1, 3, batch.signed), key)
      expect(isSigned({ ...batch, signature: sign(batchDomain) })).toBe(true)
      expect(isSigned({ ...batch, signature: sign(domain) })).toBe(false)
    }
  )

  test('nobody speaks for another, and nothing of it can be changed', () => {
    const content = { number: 1, time: 2, originName: 'ada', payloads: [new Uint8Array(1)] }
    expect(isSigned(signBatch({ origin: bob, epoch: 1 }, 1, content, key))).toBe(false)
    expect(isSigned(signBatch({ origin: bob, epoch: 1 }, 1, content, signingKey(bobKey.raw)))).toBe(true)
    for (const change of [{ origin: cyd }, { epoch: 3 }, { sequence: 4 }, { signed: batchOf(3, 'hello').signed }]) {
      expect(isSigned({ ...batch, ...change })).toBe(false)
    }
    for (const change of [{ origin: cyd }, { epoch: 3 }, { version: 8 }]) {
      expect(isSigned({ ...announcement, ...change })).toBe(false)
    }
  })

  test('any flipped bit of a batch gets it refused, or leaves all that was signed as it was', () => {
    const check = new SignatureCheck(1_000)
    const frames = encodeFrames(encoded({ type: 'batch', batch, hops: 2 }))
    let refused = 0
    for (let bit = 0; bit < frames.byteLength * 8; bit++) {
      const flipped = Uint8Array.from(frames)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      let heard: Batch | undefined
      try {
        const decoder = new FrameDecoder(gossipBytesMax)
        const payloads = [...decoder.decode(flipped)]
        decoder.end()
        for (const record of decoded(payloads)) if (record.type === 'batch') heard = record.batch
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFault)
      }
      if (heard === undefined || !check.check(heard)) {
        refused++
        continue
      }
      // Only the hops are not signed: this is all that a hostile neighbour can change.
      const { origin, epoch, sequence, number, time, payloads } = batch
      expect(heard).toMatchObject({ origin, epoch, sequence, number, time })
      expect(heard.payloads.map(payload => Buffer.from(payload))).toEqual(payloads.map(payload => Buffer.from(payload)))
      expect(Buffer.compare(heard.signed, batch.signed)).toBe(0)
    }
    // All but the hops and a few tags, whose wire types our decoder takes on trust.
    expect(refused).toBeGreaterThanOrEqual((frames.byteLength - 10) * 8)
  })

  test('any flipped bit of an announcement gets it refused, or leaves all that was signed as it was', () => {
    const check = new SignatureCheck(1_000)
    const frames = encodeFrames(encoded({ type: 'announce', announcement, hops: 2 }))
    let refused = 0
    for (let bit = 0; bit < frames.byteLength * 8; bit++) {
      const flipped = Uint8Array.from(frames)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      let heard: OriginAnnouncement | undefined
      try {
        const decoder = new FrameDecoder(gossipBytesMax)
        const payloads = [...decoder.decode(flipped)]
        decoder.end()
        for (const record of decoded(payloads)) if (record.type === 'announce') heard = record.announcement
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFault)
      }
      if (heard === undefined || !check.check(heard)) {
        refused++
        continue
      }
      expect(heard).toMatchObject({ ...source, version: 7 })
      expect(Buffer.compare(heard.signature, announcement.signature)).toBe(0)
    }
    expect(refused).toBeGreaterThanOrEqual((frames.byteLength - 10) * 8)
  })

  test.each([batchDomain, 'hubcast/gossip/1', ''])(
    'an announcement signed in the domain "%s" is worth nothing',
    domain => {
      const sign = (name: string): Uint8Array => crypto.sign(null, input(name, 1, 7, new Uint8Array()), key)
      expect(isSigned({ ...announcement, signature: sign(announcementDomain) })).toBe(true)
      expect(isSigned({ ...announcement, signature: sign(domain) })).toBe(false)
    }
  )

  test('keys of recent origins are imported once; beyond the bound the longest unused goes', () => {
    const imports = vi.mocked(crypto.createPublicKey)
    const check = new SignatureCheck(2)
    const from = (origin: string): number => {
      imports.mockClear()
      check.check({ ...batch, origin })
      return imports.mock.calls.length
    }
    expect([ada, bob, ada, bob].map(from)).toEqual([1, 1, 0, 0])
    expect([ada, cyd].map(from)).toEqual([0, 1])
    expect([ada, cyd, bob, ada].map(from)).toEqual([0, 0, 1, 1])
  })

  test('an id names a message, whatever path it took', () => {
    const ids = [gossipId(batch, 0), gossipId(batch, 1), gossipId(batchOf(4, 'hello', 'and good-bye'), 0)]
    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/)
    expect(ids[1]).toBe(`${ids[0]}.1`)
    expect(new Set(ids).size).toBe(3)
  })
})
