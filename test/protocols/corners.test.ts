import { streamPair } from '@libp2p/utils'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { describe, expect, test, vi } from 'vitest'
import { decodeReport } from '#protocols/dead-report/codec.ts'
import { encodeContent } from '#protocols/gossip/codec.ts'
import { decodeAnnouncement, encodeFollow } from '#protocols/announcement/codec.ts'
import { announcementBytesMax, announcementProtocol } from '#protocols/announcement/messages.ts'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { encodeOverlayMessage } from '#protocols/overlay/codec.ts'
import { overlayProtocol } from '#protocols/overlay/messages.ts'
import { OverlayService } from '#protocols/overlay/service.ts'
import { decodeRequest, encodeRequest } from '#protocols/registration/codec.ts'
import { encodeAddress, encodePeerId } from '#protocols/values.ts'
import { payloads } from '#protocols/streams/ends.ts'
import { SlowReaderError } from '#protocols/streams/errors.ts'
import { answer, ask, exchangeMsMax } from '#protocols/streams/exchange.ts'
import { encodeFrames } from '#protocols/streams/frames.ts'
import { Outbox } from '#protocols/streams/outbox.ts'
import { network, recordOf } from './support/peer-records.ts'
import { ada, bob, bobKey } from './support/peers.ts'
import { batchOf, decoded, encoded } from './support/records.ts'
import { FakeHost, sendFrame, settled, windowedPair } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'
import type { Announcement } from '#protocols/announcement/messages.ts'

// Corners in which the wire once went wrong.

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const text = (value: string): Uint8Array => fromString(value)
const field = (number: number, value: Uint8Array): Uint8Array => {
  const length =
    value.byteLength < 0x80 ? [value.byteLength] : [(value.byteLength & 0x7f) | 0x80, value.byteLength >> 7]
  return concat([bytes((number << 3) | 2, ...length), value])
}

describe('addresses', () => {
  const register = (address: Uint8Array): Uint8Array => {
    const owner = concat([field(1, encodePeerId(ada)), field(2, text('eve'))])
    const proof = concat([bytes(0x20, 1, 0x28, 1), field(6, new Uint8Array(64))])
    return field(2, field(1, concat([owner, field(3, address), proof])))
  }

  test('that are good are read', () => {
    const good = encodeAddress('/ip4/192.0.2.7/tcp/4001')
    expect(decodeRequest(register(good))).toMatchObject({ record: { addresses: ['/ip4/192.0.2.7/tcp/4001'] } })
  })

  // A seed announces what it has registered: one such address ends its announcements, for every follower, for as long as the
  // registration lasts.
  test.each([
    ['a slash in a DNS name', concat([bytes(54, 3), text('a/b')])],
    ['a slash in an SNI', concat([bytes(0xc1, 0x03, 3), text('x/y')])],
    ['a /p2p that is no peer id', bytes(0xa5, 0x03, 3, 1, 2, 3)]
  ])('that are read can be written: %s', (_what, address) => {
    let request
    try {
      request = decodeRequest(register(address))
    } catch {
      return
    }
    encodeRequest(request)
  })

  // 128 bytes in, 366 bytes out: four of them are longer than an announcement may be.
  test('that are read are written as they were: bytes that are no UTF-8', () => {
    const payload = register(concat([bytes(54, 100), new Uint8Array(100).fill(0xff)]))
    let request
    try {
      request = decodeRequest(payload)
    } catch {
      return
    }
    expect(encodeRequest(request).byteLength).toBe(payload.byteLength)
  })

  test('are not empty', () => {
    expect(() => decodeRequest(register(bytes()))).toThrow('no multiaddr')
  })
})

describe('protobuf', () => {
  // Other languages refuse such a message, and so the link of the honest neighbour that passes it on.
  test.each(['c0af', '80', 'e282', 'c3'])('a name that is no UTF-8 is refused: %s', hex => {
    const content = { originName: '', number: 1, time: 1, payloads: [new Uint8Array(1)] }
    const signed = concat([encodeContent(content), field(3, fromString(hex, 'base16'))])
    expect(() => decoded(encoded({ type: 'batch', batch: { ...batchOf(1), signed }, hops: 1 }))).toThrow('UTF-8')
  })

  // The .proto says [packed = false], so that generated encoders of other languages write what ours reads.
  test('packed failures of a dead report are refused', () => {
    const packed = concat([field(1, encodePeerId(bob)), field(2, bytes(1, 1, 2))])
    expect(() => decodeReport(packed)).toThrow('no dead report')
  })
})

describe('streams', () => {
  // libp2p's onDrain() resolves at once from its second call on, and at every drain of the connection, full window or not.
  test('a slow reader fills the queue and loses the stream, though it has read slowly before', async () => {
    const [near, far] = await windowedPair()
    far.addEventListener('message', () => {})
    const faults: Error[] = []
    const outbox = new Outbox(async () => near, 512 * 1024, { onBroken: fault => void faults.push(fault) })
    far.pause()
    outbox.put(new Uint8Array(500 * 1024))
    await settled()
    far.resume()
    await settled()
    far.pause()
    for (let count = 0; count < 100 && faults.length === 0; count++) {
      outbox.put(new Uint8Array(32 * 1024))
      await settled()
    }
    expect(faults).toEqual([expect.any(SlowReaderError)])
  })

  test('an outbox that overflows before its stream stands gives the stream up when it comes', async () => {
    const [near, far] = await streamPair()
    const opened = Promise.withResolvers<Stream>()
    const outbox = new Outbox(() => opened.promise, 10, { onBroken: () => {} })
    outbox.put(new Uint8Array(11))
    opened.resolve(near)
    await settled()
    expect([near.status, far.status]).toEqual(['aborted', 'reset'])
  })

  test('a reply that is complete before our end is closed is heard', async () => {
    const [near, far] = await streamPair()
    sendFrame(far, bytes(7))
    await far.close()
    await settled()
    expect(await ask(async () => near, '/test/1', bytes(1), 100)).toEqual(bytes(7))
  })

  test('a stream that was reset before anybody read it is an ended stream', async () => {
    const [near, far] = await streamPair()
    near.abort(new Error('crash'))
    await settled()
    await expect(payloads(far, 100).next()).rejects.toThrow('reset')
  })

  test('a request that comes too late is a DeadlineError in the log', async () => {
    const controller = new AbortController()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(controller.signal)
    const host = new FakeHost()
    const faults: string[] = []
    await answer(
      host,
      '/test/1',
      100,
      request => request,
      (_remote, _protocol, { name }) => void faults.push(name)
    )
    await host.from(ada)('/test/1', new AbortController().signal)
    await settled()
    controller.abort()
    await settled()
    expect(faults).toEqual(['DeadlineError'])
  })

  test('a stream on which no link is asked for is a DeadlineError in the log', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const host = new FakeHost()
    const faults: string[] = []
    const service = new OverlayService({
      onAsked: () => {},
      onAccepted: () => {},
      onEnded: () => {},
      onFault: (_remote, _protocol, { name }) => void faults.push(name)
    })
    await service.start(host)
    await host.from(ada)(overlayProtocol, new AbortController().signal)
    await settled()
    vi.advanceTimersByTime(exchangeMsMax)
    await settled()
    vi.useRealTimers()
    expect(faults).toEqual(['DeadlineError'])
  })
})

describe('services', () => {
  // The first message is read with a decoder of its own; what came in the same chunk behind it goes with it.
  test('LINK and UNLINK in one chunk are both heard', async () => {
    const told: string[] = []
    const host = new FakeHost()
    const service = new OverlayService({
      onAsked: () => void told.push('asked'),
      onAccepted: () => {},
      onEnded: (_peer, _nonce, end) => void told.push(end),
      onFault: () => {}
    })
    await service.start(host)
    const stream = await host.from(ada)(overlayProtocol, new AbortController().signal)
    const link = encodeOverlayMessage({ type: 'link', nonce: 5, name: 'ada', want: 1, redeem: false })
    stream.send(encodeFrames([link, encodeOverlayMessage({ type: 'unlink', reason: 'duplicate' })]))
    await stream.close()
    await settled()
    expect(told).toEqual(['asked', 'duplicate'])
  })

  // The registry holds up to 100,000; from about 1,750 of the longest records, or 12,000 usual ones, on nobody can follow.
  test('a follower of a large registry gets the whole list', async () => {
    const addresses = ['/ip4/192.0.2.7/tcp/4001', '/ip6/2001:db8::7/tcp/4001']
    const record = recordOf(bobKey, 'b'.repeat(32), { addresses })
    const registered: Announcement[] = Array.from({ length: 20_000 }, () => ({ type: 'joined', record }))
    const host = new FakeHost()
    const faults: string[] = []
    const server = new AnnouncementServer(
      () => network,
      () => registered,
      10,
      (_remote, _protocol, { name }) => void faults.push(name)
    )
    await server.start(host)
    const stream = await host.from(ada)(announcementProtocol, new AbortController().signal)
    sendFrame(stream, encodeFollow({ network }))
    const { value: first = bytes() } = await payloads(stream, announcementBytesMax).next()
    expect(decodeAnnouncement(first)).toEqual({ type: 'joined', record })
    await settled()
    expect(faults).toEqual([])
  })
})
