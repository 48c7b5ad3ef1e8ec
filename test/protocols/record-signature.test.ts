import * as crypto from 'node:crypto'
import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { describe, expect, test } from 'vitest'
import { decodeAnnouncement, decodeFollow, encodeAnnouncement, encodeFollow } from '#protocols/announcement/codec.ts'
import { networkId } from '#protocols/network-id.ts'
import { isNewer } from '#protocols/peer-record.ts'
import { isAuthentic, isAuthenticNow, signRecord } from '#protocols/record-signature.ts'
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '#protocols/registration/codec.ts'
import { signingKey } from '#protocols/signing.ts'
import { StreamFault } from '#protocols/streams/errors.ts'
import { encodePeerId } from '#protocols/values.ts'
import vectors from '#protocols/vectors.json' with { type: 'json' }
import { network, otherNetwork, recordOf } from './support/peer-records.ts'
import { ada, adaKey, bob, bobKey } from './support/peers.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'

const addresses = ['/ip4/192.0.2.7/tcp/4001', '/dns4/ada.example/tcp/4001']
const record = recordOf(adaKey, 'ada', { addresses, epoch: 1_760_000_000_000, seq: 2 })

/** Each way in which somebody else could make another record of it. */
const forgeries: [string, Partial<PeerRecord>][] = [
  ['id', { id: bob }],
  ['name', { name: 'eve' }],
  ['address', { addresses: ['/ip4/192.0.2.8/tcp/4001', addresses[1] as string] }],
  ['order of addresses', { addresses: addresses.toReversed() }],
  ['number of addresses', { addresses: addresses.slice(1) }],
  ['epoch', { epoch: record.epoch + 1 }],
  ['seq', { seq: 3 }],
  ['signature', { signature: recordOf(adaKey, 'ada', { addresses, epoch: record.epoch, seq: 3 }).signature }]
]

/** What is signed, made by hand from the specification. */
function input(domain: string, of: PeerRecord, texts: readonly Uint8Array[]): Uint8Array {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64BE(BigInt(of.epoch), 0)
  numbers.writeBigUInt64BE(BigInt(of.seq), 8)
  const rest = texts.flatMap(text => [Uint8Array.of(text.byteLength), text])
  return concat([fromString(domain), fromString(network, 'base16'), encodePeerId(of.id), numbers, ...rest])
}

const signedBytes = (domain = 'hubcast/record/1'): Uint8Array =>
  input(domain, record, [
    fromString('ada'),
    fromString('04c0000207060fa1', 'base16'),
    concat([Uint8Array.of(0x36, 11), fromString('ada.example'), Uint8Array.of(0x06, 0x0f, 0xa1)])
  ])

async function isSigned(of: PeerRecord, where = network): Promise<boolean> {
  const now = isAuthenticNow(of, where)
  expect(await isAuthentic(of, where), 'on another thread as on this one').toBe(now)
  return now
}

describe('a record', () => {
  test('is authentic as its owner has signed it, and in its network only', async () => {
    expect(await isSigned(record)).toBe(true)
    expect(await isSigned(record, otherNetwork)).toBe(false)
  })

  test.each(forgeries)('with another %s is forged', async (_what, change) => {
    expect(await isSigned({ ...record, ...change })).toBe(false)
  })

  test('is signed over the bytes that the page says', async () => {
    expect(await adaKey.publicKey.verify(signedBytes(), record.signature)).toBe(true)
    expect(await isSigned({ ...record, signature: await adaKey.sign(signedBytes()) })).toBe(true)
  })

  test.each(['hubcast/record/2', 'hubcast/gossip/2/batch', ''])(
    'signed in the domain "%s" is worth nothing',
    domain => {
      const signature = crypto.sign(null, signedBytes(domain), signingKey(adaKey.raw))
      expect(isAuthenticNow({ ...record, signature }, network)).toBe(false)
    }
  )

  test('of another peer is not signed by whoever has a key', async () => {
    const { id, name, epoch, seq } = record
    const forged = signRecord({ id, name, addresses, epoch, seq }, network, signingKey(bobKey.raw))
    expect(await isSigned(forged)).toBe(false)
    expect(await isSigned({ ...forged, id: bob })).toBe(false)
  })

  test('is newer by its life first, and by its number within the life', () => {
    const at = (epoch: number, seq: number): { epoch: number; seq: number } => ({ epoch, seq })
    expect(isNewer(at(2, 1), at(1, 9))).toBe(true)
    expect(isNewer(at(1, 9), at(2, 1))).toBe(false)
    expect(isNewer(at(1, 2), at(1, 1))).toBe(true)
    expect(isNewer(at(1, 1), at(1, 1))).toBe(false)
  })

  test('does not hold on to the frame it came in', () => {
    const payload = encodeReply({ type: 'list', records: [record], total: 1 })
    const reply = decodeReply(payload)
    const [arrived] = reply.type === 'list' ? reply.records : []
    expect(arrived?.signature.buffer.byteLength).toBe(64)
  })

  test('any flipped bit of one gets it refused, or leaves all that was signed as it was', () => {
    const bytes = encodeAnnouncement({ type: 'joined', record })
    let refused = 0
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      let heard: PeerRecord | undefined
      try {
        const announcement = decodeAnnouncement(flipped)
        if (announcement.type === 'joined') heard = announcement.record
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFault)
      }
      if (heard !== undefined && isAuthenticNow(heard, network)) expect(heard).toEqual(record)
      else refused++
    }
    // All but a few tags, whose wire types our decoder takes on trust.
    expect(refused).toBeGreaterThanOrEqual((bytes.byteLength - 10) * 8)
  })
})

describe('property', () => {
  const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,32}$/)
  const places = fc.array(fc.constantFrom(...addresses, '/ip6/2001:db8::7/tcp/1'), { maxLength: 4 })
  const networks = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(bytes => toString(bytes, 'base16'))
  const contents = fc.record({
    id: fc.constant(ada),
    name: names,
    addresses: places,
    epoch: fc.maxSafeNat(),
    seq: fc.integer({ min: 1, max: 0xffff_ffff })
  })

  test('what a peer signs is authentic after each of its journeys', () => {
    fc.assert(
      fc.property(contents, networks, (content, where) => {
        const signed = signRecord(content, where, signingKey(adaKey.raw))
        const register = decodeRequest(encodeRequest({ type: 'register', record: signed }))
        const joined = decodeAnnouncement(encodeAnnouncement({ type: 'joined', record: signed }))
        const list = decodeReply(encodeReply({ type: 'list', records: [signed], total: 1 }))
        expect([register, joined, list]).toEqual([
          { type: 'register', record: signed },
          { type: 'joined', record: signed },
          { type: 'list', records: [signed], total: 1 }
        ])
        expect(register.type === 'register' && isAuthenticNow(register.record, where)).toBe(true)
      })
    )
  })

  test('a signature is worth nothing for any other content', () => {
    fc.assert(
      fc.property(contents, contents, (one, other) => {
        const { signature } = signRecord(one, network, signingKey(adaKey.raw))
        const same = JSON.stringify(one) === JSON.stringify(other)
        expect(isAuthenticNow({ ...other, signature }, network)).toBe(same)
      })
    )
  })

  test('the id of a network travels as it is', () => {
    fc.assert(
      fc.property(networks, fc.string({ maxLength: 100 }), (id, name) => {
        expect(decodeFollow(encodeFollow({ network: id }))).toEqual({ network: id })
        const reserve = { type: 'reserve', name, network: id } as const
        expect(decodeRequest(encodeRequest(reserve))).toEqual(reserve)
      })
    )
  })
})

describe('the id of a network', () => {
  test('is that of its list of seeds, in whatever order', () => {
    const seeds = ['127.0.0.1:7234', '127.0.0.1:5002', '127.0.0.1:6071']
    const text = 'hubcast/network/1\n127.0.0.1:5002\n127.0.0.1:6071\n127.0.0.1:7234'
    const expected = crypto.createHash('sha256').update(text).digest('hex').slice(0, 32)
    expect(networkId(seeds)).toBe(expected)
    expect(networkId(seeds.toReversed())).toBe(expected)
    expect(networkId(seeds.slice(1))).not.toBe(expected)
    expect(networkId(['127.0.0.1:5003', ...seeds.slice(1)])).not.toBe(expected)
  })
})

describe('vectors', () => {
  const read = ({ record: { signature, ...content } }: (typeof vectors.records)[number]): PeerRecord => ({
    ...content,
    signature: fromString(signature.hex, 'base16')
  })

  test.each(vectors.networks)('network of $seeds', ({ seeds, id }) => {
    expect(networkId(seeds)).toBe(id)
  })

  test.each(vectors.records)('record: $name', vector => {
    expect(isAuthenticNow(read(vector), vector.network)).toBe(vector.authentic)
  })

  test('the key in them signs the same', () => {
    expect(vectors.key).toBe(toString(adaKey.raw.subarray(0, 32), 'base16'))
    const mine = vectors.records.filter(({ authentic, record: { id } }) => authentic && id === ada)
    expect(mine.length).toBeGreaterThan(2)
    for (const vector of mine) {
      const { signature, ...content } = read(vector)
      expect(signRecord(content, vector.network, signingKey(adaKey.raw)).signature).toEqual(signature)
    }
  })
})
