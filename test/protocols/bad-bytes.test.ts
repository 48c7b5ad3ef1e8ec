import fc from 'fast-check'
import { fromString } from 'uint8arrays/from-string'
import { describe, expect, test } from 'vitest'
import { decodeAnnouncement, decodeFollow, encodeAnnouncement, encodeFollow } from '#protocols/announcement/codec.ts'
import { digestBuckets } from '#protocols/announcement/messages.ts'
import { decodeReport, decodeReportReply, encodeReport } from '#protocols/dead-report/codec.ts'
import { RecordDecoder } from '#protocols/gossip/codec.ts'
import { signAnnouncement } from '#protocols/gossip/signature.ts'
import { decodeOverlayMessage, encodeOverlayMessage } from '#protocols/overlay/codec.ts'
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from '#protocols/registration/codec.ts'
import { registrationReplyBytesMax, registrationRequestBytesMax } from '#protocols/registration/messages.ts'
import { MalformedMessageError } from '#protocols/streams/errors.ts'
import { network, recordOf } from './support/peer-records.ts'
import { bob, bobKey, cyd } from './support/peers.ts'
import { batchOf, encoded, key, source } from './support/records.ts'

// What somebody sends who does not keep to the protocols.

const someDigest = Array.from({ length: digestBuckets }, (_, bucket) => bucket * 2 ** 41)

describe('what a message is made of takes no more memory than a message may', () => {
  /** As many objects of two bytes each as there is room for. */
  const empty = (tag: number, bytes: number): Uint8Array =>
    Uint8Array.from({ length: bytes - (bytes % 2) }, (_, at) => (at % 2 === 0 ? tag : 0))
  const field = (number: number, content: Uint8Array): Uint8Array => {
    const length = [(content.length & 0x7f) | 0x80, ((content.length >> 7) & 0x7f) | 0x80, content.length >> 14]
    return Uint8Array.from([(number << 3) | 2, ...length, ...content])
  }
  test.each<[string, (bytes: Uint8Array) => unknown, Uint8Array]>([
    ['a list of empty records', decodeReply, field(3, empty(0x0a, registrationReplyBytesMax - 10))],
    ['candidates that are empty records', decodeReply, field(4, empty(0x12, registrationReplyBytesMax - 10))],
    ['a renewal with empty neighbours', decodeRequest, field(3, empty(0x1a, registrationRequestBytesMax - 10))],
    ['a record with empty addresses', decodeRequest, field(2, field(1, empty(0x1a, registrationRequestBytesMax - 20)))]
  ])('%s', (_what, decode, bytes) => {
    let most = 0
    for (let turn = 0; turn < 5; turn++) {
      const before = process.memoryUsage().heapUsed
      expect(() => decode(bytes)).toThrow(MalformedMessageError)
      most = Math.max(most, process.memoryUsage().heapUsed - before)
    }
    expect(most).toBeLessThan(2 * registrationReplyBytesMax)
  })
})

describe('property: bad bytes give a MalformedMessageError and nothing else', () => {
  const record = recordOf(bobKey, 'bob', { addresses: ['/ip4/192.0.2.7/tcp/4001', '/dns4/bob.example/tcp/4001'] })
  const view = { peers: 9, rank: 1 }
  // Without them hardly any record would be looked at beyond its handle.
  const definitions = encoded({ type: 'refuse', source }).slice(0, 1)
  const wires: [string, (bytes: Uint8Array) => unknown, Uint8Array[]][] = [
    [
      'registration request',
      decodeRequest,
      [
        encodeRequest({ type: 'reserve', name: 'ada', network }),
        encodeRequest({ type: 'register', record }),
        encodeRequest({ type: 'renew', degree: 2, target: 4, offer: 2, neighbours: [bob, cyd] })
      ]
    ],
    [
      'registration reply',
      decodeReply,
      [
        encodeReply({ type: 'candidates', view, free: [record], body: [record] }),
        encodeReply({ type: 'reserved', observedAddress: '/ip4/192.0.2.7' }),
        encodeReply({ type: 'refused', reason: 'name-taken', holder: bob })
      ]
    ],
    [
      'announcement',
      decodeAnnouncement,
      [
        encodeAnnouncement({ type: 'joined', record }),
        encodeAnnouncement({ type: 'removed', id: bob, reason: 'dead' }),
        encodeAnnouncement({ type: 'caught-up', part: true, same: [1, 2, 127] })
      ]
    ],
    ['follow', decodeFollow, [encodeFollow({ network }), encodeFollow({ network, part: true, digest: someDigest })]],
    ['dead report', decodeReport, [encodeReport({ target: bob, missed: ['timeout', 'refused', 'other'] })]],
    ['reply to a dead report', decodeReportReply, [fromString('0801', 'base16')]],
    [
      'overlay',
      decodeOverlayMessage,
      [
        encodeOverlayMessage({ type: 'link', nonce: 2 ** 50, name: 'ada', want: 2, redeem: true }),
        encodeOverlayMessage({ type: 'accept', nonce: 7, spliced: true }),
        encodeOverlayMessage({ type: 'unlink', reason: 'spliced', goTo: { peer: bob, name: 'bob', nonce: 2 ** 50 } })
      ]
    ],
    [
      'gossip record',
      payload => {
        const decoder = new RecordDecoder()
        for (const definition of definitions) decoder.decode(definition)
        return decoder.decode(payload)
      },
      encoded(
        { type: 'announce', announcement: signAnnouncement(source, 1, key), hops: 3 },
        { type: 'batch', batch: batchOf(1), hops: 3 },
        { type: 'have', spans: [{ ...source, from: 1, to: 2 }] },
        { type: 'subscribe', source, mode: 'eager', after: 3, must: true },
        { type: 'boost', ms: 5 }
      )
    ]
  ]

  /** Changes, cuts and inserts bytes: nearly good messages reach further into a decoder than random ones. */
  const mutations = fc.array(
    fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), how: fc.constantFrom('set', 'insert', 'cut') }),
    { minLength: 1, maxLength: 4 }
  )
  const mutate = (good: Uint8Array, changes: readonly { at: number; byte: number; how: string }[]): Uint8Array => {
    const bytes = [...good]
    for (const { at, byte, how } of changes) {
      const place = at % (bytes.length + 1)
      if (how === 'insert') bytes.splice(place, 0, byte)
      else if (how === 'cut') bytes.splice(place, 1 + (byte % 4))
      else bytes[place] = byte
    }
    return Uint8Array.from(bytes)
  }

  const onlyMalformed = (decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): void => {
    try {
      decode(bytes)
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessageError)
    }
  }

  test.each(wires)('%s, random bytes', (_what, decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => onlyMalformed(decode, bytes)),
      { numRuns: 500 }
    )
  })

  test.each(wires)('%s, good messages with a few bytes changed', (_what, decode, good) => {
    fc.assert(
      fc.property(fc.constantFrom(...good), mutations, (bytes, changes) =>
        onlyMalformed(decode, mutate(bytes, changes))
      ),
      { numRuns: 1000 }
    )
  })
})
