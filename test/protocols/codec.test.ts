import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeAnnouncement, decodeFollow, encodeAnnouncement, encodeFollow } from '#protocols/announcement/codec.ts'
import { announcementBytesMax, digestBuckets, digestSumLimit } from '#protocols/announcement/messages.ts'
import { decodeReport, encodeReport } from '#protocols/dead-report/codec.ts'
import { deadReportBytesMax, missedMax } from '#protocols/dead-report/messages.ts'
import { RecordDecoder, RecordEncoder } from '#protocols/gossip/codec.ts'
import {
  batchMessagesMax,
  boostMsMax,
  gossipBytesMax,
  handlesMax,
  payloadBytesMax,
  spansMax
} from '#protocols/gossip/messages.ts'
import { signBatch } from '#protocols/gossip/signature.ts'
import { decodeOverlayMessage, encodeOverlayMessage } from '#protocols/overlay/codec.ts'
import { nonceLimit, overlayBytesMax } from '#protocols/overlay/messages.ts'
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '#protocols/registration/codec.ts'
import {
  candidatesMax,
  listRecordsMax,
  neighboursMax,
  registrationReplyBytesMax,
  registrationRequestBytesMax
} from '#protocols/registration/messages.ts'
import { MalformedMessageError } from '#protocols/streams/errors.ts'
import { encodePeerId } from '#protocols/values.ts'
import { network, recordOf } from './support/peer-records.ts'
import { ada, adaKey, bob, cyd } from './support/peers.ts'
import { batchOf, decoded, encoded, key, source } from './support/records.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'

/** A record as long as records can be: a name of 32 letters and four addresses of 128 bytes. */
const longName = 'a'.repeat(32)
const longAddress = `/dns4/${'a'.repeat(123)}/tcp/65535`
const longRecord = recordOf(adaKey, longName, {
  addresses: Array.from({ length: 4 }, () => longAddress),
  epoch: Number.MAX_SAFE_INTEGER,
  seq: 0xffff_ffff
})

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item)

describe('the limits of the protocols leave room for the longest messages', () => {
  test('of registration', () => {
    const renew = {
      type: 'renew',
      degree: 256,
      target: 256,
      offer: 256,
      neighbours: times(neighboursMax, ada)
    } as const
    const reserve = { type: 'reserve', name: '€'.repeat(256), network } as const
    const register = { type: 'register', record: longRecord } as const
    for (const request of [renew, reserve, register]) {
      const bytes = encodeRequest(request)
      expect(bytes.byteLength).toBeLessThanOrEqual(registrationRequestBytesMax)
      expect(decodeRequest(bytes)).toEqual(request)
    }
    const list = { type: 'list', records: times(listRecordsMax, longRecord), total: 0xffff_ffff } as const
    const both = times(candidatesMax, longRecord)
    const candidates = { type: 'candidates', view: { peers: 2, rank: 1 }, free: both, body: both } as const
    for (const reply of [list, candidates]) {
      const bytes = encodeReply(reply)
      expect(bytes.byteLength).toBeLessThanOrEqual(registrationReplyBytesMax)
      expect(decodeReply(bytes)).toEqual(reply)
    }
  })

  test('of announcement, dead-report and overlay', () => {
    const joined = { type: 'joined', record: longRecord } as const
    expect(encodeAnnouncement(joined).byteLength).toBeLessThanOrEqual(announcementBytesMax)
    expect(decodeAnnouncement(encodeAnnouncement(joined))).toEqual(joined)
    const digest = times(digestBuckets, digestSumLimit - 1)
    expect(encodeFollow({ network, part: true, digest }).byteLength).toBeLessThanOrEqual(announcementBytesMax)
    const all = { type: 'caught-up', part: true, same: digest.map((_, bucket) => bucket) } as const
    expect(encodeAnnouncement(all).byteLength).toBeLessThanOrEqual(announcementBytesMax)
    const report = { target: bob, missed: times(missedMax, 'refused' as const) }
    expect(encodeReport(report).byteLength).toBeLessThanOrEqual(deadReportBytesMax)
    expect(decodeReport(encodeReport(report))).toEqual(report)
    const nonce = nonceLimit - 1
    const link = { type: 'link', nonce, name: longName, want: 2, redeem: true } as const
    const unlink = { type: 'unlink', reason: 'spliced', goTo: { peer: ada, name: longName, nonce } } as const
    for (const message of [link, unlink]) {
      expect(encodeOverlayMessage(message).byteLength).toBeLessThanOrEqual(overlayBytesMax)
      expect(decodeOverlayMessage(encodeOverlayMessage(message))).toEqual(message)
    }
  })

  test('of gossip: 64 KiB of payload in 256 messages, and not a byte or a message more', () => {
    const max = Number.MAX_SAFE_INTEGER
    const longest = (payloads: Uint8Array[]): GossipRecord => {
      const content = { number: max - batchMessagesMax, time: max, originName: longName, payloads }
      return { type: 'batch', batch: signBatch({ origin: ada, epoch: max }, 2 ** 32 - 1, content, key), hops: 64 }
    }
    const each = payloadBytesMax / batchMessagesMax
    const full = times(batchMessagesMax, new Uint8Array(each))
    const payloads = encoded(longest(full))
    for (const { byteLength } of payloads) expect(byteLength).toBeLessThanOrEqual(gossipBytesMax)
    expect(decoded(payloads)).toHaveLength(1)
    expect(() => decoded(encoded(longest([...full.slice(1), new Uint8Array(each + 1)])))).toThrow(MalformedMessageError)
    expect(() => decoded(encoded(longest(times(batchMessagesMax + 1, new Uint8Array(1)))))).toThrow(
      MalformedMessageError
    )
    const span = { ...source, from: 2 ** 31, to: 2 ** 32 - 1 }
    const have = (count: number): GossipRecord => ({ type: 'have', spans: times(count, span) })
    const [, spans] = encoded(have(spansMax))
    expect(spans?.byteLength).toBeLessThanOrEqual(gossipBytesMax)
    expect(decoded(encoded(have(spansMax)))).toEqual([have(spansMax)])
    expect(() => decoded(encoded(have(spansMax + 1)))).toThrow(MalformedMessageError)
  })
})

const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,32}$/)
const addresses = fc.array(
  fc.constantFrom('/ip4/192.0.2.7/tcp/4001', '/ip6/2001:db8::7/tcp/1', '/dns4/ada.example/tcp/9'),
  {
    maxLength: 4
  }
)
const peers = fc.constantFrom(ada, bob, cyd)
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })
const records = fc.record({
  id: peers,
  name: names,
  addresses,
  epoch: fc.maxSafeNat(),
  seq: fc.integer({ min: 1, max: 0xffff_ffff }),
  signature
})
const views = fc
  .tuple(uint32, uint32)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ peers: Math.max(a, b), rank: Math.min(a, b) }))
const safe = fc.maxSafeNat()

describe('property: what is encoded is decoded as it was', () => {
  const same = <Message>(
    messages: fc.Arbitrary<Message>,
    encode: (message: Message) => Uint8Array,
    decode: (bytes: Uint8Array) => unknown
  ): void =>
    fc.assert(
      fc.property(messages, message => {
        expect(decode(encode(message))).toEqual(message)
      })
    )

  test('candidates', () => {
    const both = fc.array(records, { maxLength: candidatesMax })
    const type = fc.constant('candidates' as const)
    same(fc.record({ type, view: views, free: both, body: both }), encodeReply, decodeReply)
  })

  test('list', () => {
    const type = fc.constant('list' as const)
    same(fc.record({ type, records: fc.array(records), total: uint32 }), encodeReply, decodeReply)
  })

  test('joined', () => {
    const type = fc.constant('joined' as const)
    same(fc.record({ type, record: records }), encodeAnnouncement, decodeAnnouncement)
  })

  test('caught up and follow', () => {
    const buckets = fc.uniqueArray(fc.nat(digestBuckets - 1), { minLength: 1 })
    const type = fc.constant('caught-up' as const)
    const part = fc.constant(true)
    const optional = { requiredKeys: ['type' as const] }
    same(fc.record({ type, part, same: buckets }, optional), encodeAnnouncement, decodeAnnouncement)
    const digest = fc.array(fc.nat({ max: digestSumLimit - 1 }), { minLength: digestBuckets, maxLength: digestBuckets })
    const follows = fc.record({ network: fc.constant(network), part, digest }, { requiredKeys: ['network'] })
    same(follows, encodeFollow, decodeFollow)
  })

  test('renew', () => {
    const type = fc.constant('renew' as const)
    const count = fc.nat(neighboursMax)
    const neighbours = fc.array(peers, { maxLength: neighboursMax })
    same(fc.record({ type, degree: count, target: count, offer: count, neighbours }), encodeRequest, decodeRequest)
  })

  const nonce = fc.integer({ min: 0, max: nonceLimit - 1 })

  test('link', () => {
    const type = fc.constant('link' as const)
    const want = fc.constantFrom(1 as const, 2 as const)
    const links = fc.record({ type, nonce, name: names, want, redeem: fc.boolean() })
    same(links, encodeOverlayMessage, decodeOverlayMessage)
  })

  test('accept and refuse', () => {
    const accepts = fc.record({ type: fc.constant('accept' as const), nonce, spliced: fc.boolean() })
    const refusals = fc.record({ type: fc.constant('refuse' as const), nonce })
    same(fc.oneof(accepts, refusals), encodeOverlayMessage, decodeOverlayMessage)
  })

  test('unlink', () => {
    const type = fc.constant('unlink' as const)
    const reasons = ['spliced', 'leaving', 'over-target', 'duplicate', 'fault', 'too-late'] as const
    const goTo = fc.record({ peer: peers, name: names, nonce })
    const plain = fc.record({ type, reason: fc.constantFrom(...reasons) })
    const spliced = fc.record({ type, reason: fc.constant('spliced' as const), goTo })
    same(fc.oneof(plain, spliced), encodeOverlayMessage, decodeOverlayMessage)
  })

  test('gossip, any records on one stream', () => {
    const uint32 = fc.integer({ min: 1, max: 2 ** 32 - 1 })
    const sources = fc.record({ origin: peers, epoch: safe })
    const spans = fc.array(
      fc
        .tuple(sources, uint32, fc.nat(9))
        .map(([one, from, more]) => ({ ...one, from, to: Math.min(from + more, 2 ** 32 - 1) })),
      { maxLength: 5 }
    )
    const hops = fc.integer({ min: 1, max: 64 })
    const content = fc.record({
      number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - batchMessagesMax }),
      time: safe,
      originName: fc.oneof(names, fc.constant('')),
      payloads: fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 4 })
    })
    const batch = fc.tuple(sources, uint32, content).map(([one, sequence, said]) => {
      const { signed, signature: own, ...rest } = signBatch(one, sequence, said, key)
      // As the decoder gives them, for a Buffer is no equal of a Uint8Array.
      return { ...rest, signed: Uint8Array.from(signed), signature: Uint8Array.from(own) }
    })
    const record: fc.Arbitrary<GossipRecord> = fc.oneof(
      fc.record(
        { type: fc.constant('batch' as const), batch, hops, flood: fc.constant(true as const) },
        { requiredKeys: ['type', 'batch', 'hops'] }
      ),
      fc.record({ type: fc.constant('want' as const), spans }),
      fc.record(
        { type: fc.constant('have' as const), spans, all: fc.constant(true as const) },
        { requiredKeys: ['type', 'spans'] }
      ),
      fc.record({
        type: fc.constant('subscribe' as const),
        source: sources,
        mode: fc.constantFrom('none' as const, 'lazy' as const, 'watch' as const, 'eager' as const),
        after: fc.nat(2 ** 32 - 1),
        must: fc.boolean()
      }),
      fc.record({ type: fc.constant('refuse' as const), source: sources }),
      fc.tuple(sources, uint32, signature, hops).map(([one, version, own, count]) => ({
        type: 'announce' as const,
        announcement: { ...one, version, signature: own },
        hops: count
      })),
      fc.record(
        { type: fc.constant('boost' as const), ms: fc.nat(boostMsMax), lost: fc.constant(true as const) },
        { requiredKeys: ['type', 'ms'] }
      ),
      fc.record({ type: fc.constantFrom('probe' as const, 'alive' as const) })
    )
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), records => {
        expect(decoded(encoded(...records))).toEqual(records)
      })
    )
  })

  test('gossip of more sources than a stream may have numbered: the table begins anew', () => {
    const encoder = new RecordEncoder()
    const decoder = new RecordDecoder()
    let definitions = 0
    for (let epoch = 1; epoch <= handlesMax + 2; epoch++) {
      const record: GossipRecord = { type: 'refuse', source: { origin: ada, epoch } }
      const payloads = encoder.encode(record)
      definitions += payloads.length - 1
      expect(payloads.flatMap(payload => decoder.decode(payload) ?? [])).toEqual([record])
    }
    expect(definitions).toBe(handlesMax + 2)
    const spans = Array.from({ length: 3 }, (_, epoch) => ({ origin: bob, epoch, from: 1, to: 1 }))
    const payloads = encoder.encode({ type: 'have', spans })
    expect(payloads.flatMap(payload => decoder.decode(payload) ?? [])).toEqual([{ type: 'have', spans }])
  })

  test('gossip: the sources of one record are numbered in one table, though it begins anew just there', () => {
    const encoder = new RecordEncoder()
    const decoder = new RecordDecoder()
    const say = (record: GossipRecord): [GossipRecord[], number] => {
      const payloads = encoder.encode(record)
      return [payloads.flatMap(payload => decoder.decode(payload) ?? []), payloads.length]
    }
    for (let epoch = 1; epoch < handlesMax; epoch++) say({ type: 'refuse', source: { origin: ada, epoch } })
    // One place is left, and the first of these has its number already.
    const spans = [
      { origin: ada, epoch: 1, from: 1, to: 1 },
      { origin: bob, epoch: 1, from: 2, to: 3 },
      { origin: cyd, epoch: 1, from: 4, to: 4 }
    ]
    expect(say({ type: 'want', spans })).toEqual([[{ type: 'want', spans }], 4])
    expect(say({ type: 'have', spans })).toEqual([[{ type: 'have', spans }], 1])
  })

  test('gossip: no more sources are taken than a stream may have numbered', () => {
    const decoder = new RecordDecoder()
    // Written out, because our encoder never says it. All of them are of epoch 0, which the decoder does not mind.
    const define = (handle: number): Uint8Array => {
      const varint = [(handle & 0x7f) | 0x80, ((handle >> 7) & 0x7f) | 0x80, handle >> 14]
      return Uint8Array.from([0x0a, 44, 0x08, ...varint, 0x12, 38, ...encodePeerId(ada)])
    }
    for (let handle = 1; handle <= handlesMax; handle++) decoder.decode(define(handle))
    expect(() => decoder.decode(define(handlesMax + 1))).toThrow(`handle ${handlesMax + 1} after ${handlesMax}`)
  })

  test('a source that was numbered is not named again', () => {
    const encoder = new RecordEncoder()
    const sizes = [1, 2].map(sequence => encoder.encode({ type: 'batch', batch: batchOf(sequence), hops: 1 }).length)
    expect(sizes).toEqual([2, 1])
    const [name] = encoder.encode({ type: 'have', spans: [{ ...source, from: 1, to: 1 }] })
    expect(name?.byteLength).toBeLessThanOrEqual(10)
  })
})
