import { streamPair } from '@libp2p/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { decodeGossip, encodeGossip } from '#protocols/gossip/codec.ts'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { GossipService } from '#protocols/gossip/service.ts'
import { signGossip, signingKey } from '#protocols/gossip/signature.ts'
import { payloads } from '#protocols/streams/ends.ts'
import { ForgedMessageError } from '#protocols/streams/errors.ts'
import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { ada, adaKey, bob, cyd } from './support/peers.ts'
import { FakeHost, Inbox, over, sendFrame, settled } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'
import type { GossipMessage } from '#protocols/gossip/messages.ts'

const key = signingKey(adaKey.raw)

function message(number: number, text = 'hello'): GossipMessage {
  return { ...signGossip({ origin: ada, originName: 'ada', epoch: 1, number, time: 2, text }, key), hops: 1 }
}

/** A peer's service, which takes these peers for its neighbours, and everything that it tells. */
async function peer(...neighbours: string[]): Promise<{
  service: GossipService
  host: FakeHost
  heard: Inbox<string>
  told: string[]
}> {
  const host = new FakeHost()
  const heard = new Inbox<string>()
  const told: string[] = []
  const service = new GossipService({
    isNeighbour: id => neighbours.includes(id),
    onMessage: (from, { number, text }) => {
      if (text === 'forged') throw new ForgedMessageError('forged')
      heard.put(`${from} #${number}`)
    },
    onUnreachable: (id, how) => void told.push(`${id} ${how}`),
    onFault: (id, protocol, { name }) => void told.push(`${id} ${protocol} ${name}`)
  })
  await service.start(host)
  return { service, host, heard, told }
}

const signal = new AbortController().signal

afterEach(() => void vi.useRealTimers())

describe('gossip between neighbours', () => {
  test('goes both ways, each on a stream that the sender opens', async () => {
    const [first, second] = [await peer(bob), await peer(ada)]
    first.service.open(bob, second.host.from(ada))
    second.service.open(ada, first.host.from(bob))
    first.service.send(bob, message(1))
    first.service.send(bob, message(2))
    second.service.send(ada, message(3))
    expect([await second.heard.next(), await second.heard.next()]).toEqual([`${ada} #1`, `${ada} #2`])
    expect(await first.heard.next()).toBe(`${bob} #3`)
    expect([...first.told, ...second.told]).toEqual([])
  })

  test('a message for many neighbours is encoded once, and passed on byte by byte as it was signed', async () => {
    const { service } = await peer()
    const [near, far] = await streamPair()
    const [other, otherFar] = await streamPair()
    service.open(bob, async () => near)
    service.open(cyd, async () => other)
    const one = message(1)
    for (const to of [bob, cyd]) service.send(to, one)
    for (const stream of [far, otherFar]) {
      for await (const payload of payloads(stream, 1000)) {
        expect(payload).toEqual(encodeGossip(one))
        expect(Buffer.compare(decodeGossip(payload).signed, one.signed)).toBe(0)
        break
      }
    }
  })

  test('a message for somebody who is no neighbour goes nowhere', async () => {
    const { service, told } = await peer()
    service.send(cyd, message(1))
    service.close(cyd)
    await settled()
    expect(told).toEqual([])
  })

  test('after close nothing is sent, what was queued arrives, and both streams are over', async () => {
    const [first, second] = [await peer(bob), await peer(ada)]
    const inbound: Stream[] = []
    first.service.open(bob, second.host.from(ada, inbound))
    second.service.open(ada, first.host.from(bob, inbound))
    await settled()
    first.service.send(bob, message(1))
    first.service.close(bob)
    first.service.send(bob, message(2))
    expect(await second.heard.next()).toBe(`${ada} #1`)
    second.service.close(ada)
    for (const stream of inbound) await over(stream)
    expect([second.heard.waiting, first.told, second.told]).toEqual([[], [], []])
  })

  test('after close a neighbour that goes on writing is heard for a while and then cut off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { service, host, heard, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    await settled()
    service.close(bob)
    sendFrame(stream, encodeGossip(message(8)))
    await settled()
    expect([stream.status, heard.waiting]).toEqual(['open', [`${bob} #8`]])
    vi.advanceTimersByTime(exchangeMsMax)
    await settled()
    expect([stream.status, told]).toEqual(['reset', []])
  })

  test('a neighbour that closes its end in order is not at fault', async () => {
    const { host, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    await stream.close()
    await over(stream)
    expect([stream.status, told]).toEqual(['closed', []])
  })
})

describe('who gossips to us', () => {
  test('somebody who is no neighbour is refused, and it is no fault', async () => {
    const { host, heard, told } = await peer(bob)
    const stream = await host.from(cyd)(gossipProtocol, signal)
    sendFrame(stream, encodeGossip(message(1)))
    await over(stream)
    expect([stream.status, heard.waiting, told]).toEqual(['reset', [], []])
  })

  test('a newer stream of the same neighbour replaces the older one', async () => {
    const { host, heard, told } = await peer(bob)
    const older = await host.from(bob)(gossipProtocol, signal)
    await settled()
    const newer = await host.from(bob)(gossipProtocol, signal)
    await over(older)
    sendFrame(newer, encodeGossip(message(7)))
    expect(await heard.next()).toBe(`${bob} #7`)
    expect(told).toEqual([])
    expect(host.options.get(gossipProtocol)).toEqual({ maxInboundStreams: 2 })
  })

  test.each<[string, Uint8Array | string]>([
    ['MalformedMessageError', Uint8Array.of(0xff)],
    ['FrameTooLargeError', 'a frame of 64 KiB and a byte'],
    ['ForgedMessageError', encodeGossip(message(1, 'forged'))]
  ])('%s costs the stream and has a name', async (name, payload) => {
    const { host, heard, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    sendFrame(stream, encodeGossip(message(1)))
    if (typeof payload === 'string') stream.send(Uint8Array.of(0x81, 0x80, 0x04))
    else sendFrame(stream, payload)
    await over(stream)
    await settled()
    expect(told).toEqual([`${bob} ${gossipProtocol} ${name}`])
    // What came before it was good and was heard.
    expect(heard.waiting).toEqual([`${bob} #1`])
    expect(host.thrown).toEqual([])
  })

  test('an end inside a message is a TruncatedFrameError', async () => {
    const { host, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    stream.send(Uint8Array.of(9, 1))
    await stream.close().catch(() => {})
    await over(stream)
    await settled()
    expect(told).toEqual([`${bob} ${gossipProtocol} TruncatedFrameError`])
  })

  test('a neighbour that crashes is not at fault', async () => {
    const { host, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    await settled()
    stream.abort(new Error('crash'))
    await settled()
    expect(told).toEqual([])
  })
})

describe('whom we cannot reach', () => {
  test('a neighbour that cannot be dialled is told of with the reason', async () => {
    const { service, told } = await peer()
    service.open(bob, () => Promise.reject(new TypeError('no address')))
    await settled()
    expect(told).toEqual([`${bob} ${gossipProtocol} TypeError`, `${bob} broken`])
  })

  test('a neighbour that ends the stream is told of without blame', async () => {
    const { service, told } = await peer()
    const [near, far] = await streamPair()
    service.open(bob, async () => near)
    await settled()
    far.abort(new Error('let go'))
    await settled()
    expect(told).toEqual([`${bob} ended`])
  })

  test('a neighbour that reads too slowly loses the link, and what waits for it stays below 1 MiB', async () => {
    const { service, told } = await peer()
    const [near] = await streamPair()
    const opened = Promise.withResolvers<Stream>()
    service.open(bob, () => opened.promise)
    const large = message(1, 'x'.repeat(60 * 1024))
    for (let count = 0; count < 18; count++) service.send(bob, large)
    opened.resolve(near)
    await settled()
    expect(told).toEqual([`${bob} ${gossipProtocol} SlowReaderError`, `${bob} broken`])
  })

  test('a dial that fails after another one has taken its place is of no interest', async () => {
    const { service, told } = await peer()
    const [near] = await streamPair()
    const dialled = Promise.withResolvers<Stream>()
    service.open(bob, () => dialled.promise)
    service.open(bob, async () => near)
    dialled.reject(new Error('no address'))
    await settled()
    expect(told).toEqual([])
  })

  test('a stream that is opened anew takes the place of the old one, whose end is of no interest', async () => {
    const { service, told } = await peer()
    const [near, far] = await streamPair()
    const [again, againFar] = await streamPair()
    service.open(bob, async () => near)
    await settled()
    service.open(bob, async () => again)
    far.abort(new Error('let go'))
    service.send(bob, message(5))
    for await (const payload of payloads(againFar, 1000)) {
      expect(decodeGossip(payload).number).toBe(5)
      break
    }
    expect(told).toEqual([])
  })
})
