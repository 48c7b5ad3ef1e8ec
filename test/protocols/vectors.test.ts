import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { describe, expect, test } from 'vitest'
import * as announcement from '#protocols/announcement/codec.ts'
import { announcementBytesMax } from '#protocols/announcement/messages.ts'
import announcementVectors from '#protocols/announcement/vectors.json' with { type: 'json' }
import * as deadReport from '#protocols/dead-report/codec.ts'
import { deadReportBytesMax } from '#protocols/dead-report/messages.ts'
import deadReportVectors from '#protocols/dead-report/vectors.json' with { type: 'json' }
import * as overlay from '#protocols/overlay/codec.ts'
import { overlayBytesMax } from '#protocols/overlay/messages.ts'
import overlayVectors from '#protocols/overlay/vectors.json' with { type: 'json' }
import * as registration from '#protocols/registration/codec.ts'
import { registrationReplyBytesMax, registrationRequestBytesMax } from '#protocols/registration/messages.ts'
import registrationVectors from '#protocols/registration/vectors.json' with { type: 'json' }
import { FrameDecoder, encodeFrame } from '#protocols/streams/frames.ts'

// The vectors are the contract with implementations in other languages: what this test holds us to, they can hold theirs to. Those of
// gossip, which are whole streams, are in gossip-vectors.test.ts, those of signed records in record-signature.test.ts.

interface Vector {
  readonly name: string
  readonly as?: string
  /** The whole frame with its length, in hex. */
  readonly frame: string
  readonly message?: unknown
  readonly error?: string
  /** The frame is read as this message, but nobody who writes the message writes it like that. */
  readonly decodeOnly?: boolean
}

interface Wire {
  readonly protocol: string
  readonly vectors: unknown
  readonly bytesMax: number
  /** The payload's message in the form that it has in vectors.json. */
  decode(payload: Uint8Array): unknown
  encode(message: never): Uint8Array
  readonly as?: string
}

const wires: Wire[] = [
  {
    protocol: 'registration',
    as: 'request',
    vectors: registrationVectors,
    bytesMax: registrationRequestBytesMax,
    decode: registration.decodeRequest,
    encode: registration.encodeRequest
  },
  {
    protocol: 'registration',
    as: 'reply',
    vectors: registrationVectors,
    bytesMax: registrationReplyBytesMax,
    decode: registration.decodeReply,
    encode: registration.encodeReply
  },
  {
    protocol: 'announcement',
    vectors: announcementVectors,
    bytesMax: announcementBytesMax,
    decode: announcement.decodeAnnouncement,
    encode: announcement.encodeAnnouncement
  },
  {
    protocol: 'announcement',
    as: 'follow',
    vectors: announcementVectors,
    bytesMax: announcementBytesMax,
    decode: announcement.decodeFollow,
    encode: announcement.encodeFollow
  },
  {
    protocol: 'dead-report',
    as: 'request',
    vectors: deadReportVectors,
    bytesMax: deadReportBytesMax,
    decode: deadReport.decodeReport,
    encode: deadReport.encodeReport
  },
  {
    protocol: 'dead-report',
    as: 'reply',
    vectors: deadReportVectors,
    bytesMax: deadReportBytesMax,
    decode: deadReport.decodeReportReply,
    encode: deadReport.encodeReportReply
  },
  {
    protocol: 'overlay',
    vectors: overlayVectors,
    bytesMax: overlayBytesMax,
    decode: overlay.decodeOverlayMessage,
    encode: overlay.encodeOverlayMessage
  }
]

function read(wire: Wire, frame: string): unknown {
  const decoder = new FrameDecoder(wire.bytesMax)
  const payloads = [...decoder.decode(fromString(frame, 'base16'))]
  decoder.end()
  expect(payloads).toHaveLength(1)
  return wire.decode(payloads[0] as Uint8Array)
}

function toJson(message: unknown): unknown {
  const hex = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { hex: toString(value, 'base16') } : value
  return JSON.parse(JSON.stringify(message, hex))
}

function fromJson(message: unknown): unknown {
  const bytes = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'hex' in value ? fromString(String(value.hex), 'base16') : value
  return JSON.parse(JSON.stringify(message), bytes)
}

function errorOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
  return 'none'
}

for (const wire of wires) {
  const mine = (wire.vectors as Vector[]).filter(({ as }) => as === wire.as)
  const good = mine.filter(({ error }) => error === undefined)
  const bad = mine.filter(({ error }) => error !== undefined)

  describe(`vectors of ${wire.protocol} ${wire.as ?? ''}`, () => {
    test.each(good)('message: $name', ({ frame, message, decodeOnly }) => {
      expect(toJson(read(wire, frame))).toEqual(message)
      const encoded = toString(encodeFrame(wire.encode(fromJson(message) as never)), 'base16')
      expect(encoded === frame).toBe(decodeOnly !== true)
    })

    test.each(bad)('error: $name', ({ frame, error }) => {
      expect(errorOf(() => read(wire, frame))).toBe(error)
    })

    test('have names of their own', () => {
      expect(new Set(mine.map(({ name }) => name)).size).toBe(mine.length)
    })
  })
}

test('no vector is left out', () => {
  for (const { vectors } of wires) {
    const allowed = new Set(wires.filter(wire => wire.vectors === vectors).map(({ as }) => as))
    for (const { as } of vectors as Vector[]) expect(allowed).toContain(as)
  }
})
