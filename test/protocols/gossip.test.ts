import { streamPair } from '@libp2p/utils'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { gossipBytesMax, gossipProtocol } from '#protocols/gossip/messages.ts'
import { GossipStreams } from '#protocols/gossip/service.ts'
import { payloads } from '#protocols/streams/ends.ts'
import { ForgedMessageError } from '#protocols/streams/errors.ts'
import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { encodeFrame } from '#protocols/streams/frames.ts'
import { ada, bob, cyd } from './support/peers.ts'
import { carried, decoded, encoded } from './support/records.ts'
import { FakeHost, Inbox, over, sendFrame, settled, windowedPair } from './support/streams.ts'
import type { Stream } from '@libp2p/interface'

/** A peer's service, which takes these peers for its neighbours, and everything that it tells. */
async function peer(...neighbours: string[]): Promise<Told> {
  return peerReading(Promise.resolve(), ...neighbours)
}

interface Told {
  service: GossipStreams
  host: FakeHost
  heard: Inbox<string>
  told: string[]
}

/** As `peer`, but it reads no more than one record until it is told to. */
async function peerReading(reading: Promise<void>, ...neighbours: string[]): Promise<Told> {
  const host = new FakeHost()
  const heard = new Inbox<string>()
  const told: string[] = []
  const service = new GossipStreams({
    isNeighbour: id => neighbours.includes(id),
    onRecord: async (from, record) => {
      if (record.type === 'refuse') throw new ForgedMessageError('forged')
      heard.put(`${from} ${record.type === 'batch' ? `#${record.batch.sequence}` : record.type}`)
      await reading
    },
    onCaughtUp: id => void told.push(`${id} has caught up`),
    onUnreachable: (id, how) => void told.push(`${id} ${how}`),
    onFault: (id, protocol, { name }) => void told.push(`${id} ${protocol} ${name}`)
  })
  await service.start(host)
  return { service, host, heard, told }
}

const signal = new AbortController().signal

/** Says this and nothing else on the stream. */
function say(stream: Stream, ...records: Parameters<typeof encoded>): void {
  for (const payload of encoded(...records)) sendFrame(stream, payload)
}

afterEach(() => void vi.useRealTimers())

describe('gossip between neighbours', () => {
  test('goes both ways, each on a stream that the sender opens', async () => {
    const [first, second] = [await peer(bob), await peer(ada)]
    first.service.open(bob, second.host.from(ada))
    second.service.open(ada, first.host.from(bob))
    first.service.send(bob, carried(1))
    first.service.send(bob, carried(2))
    second.service.send(ada, carried(3))
    expect([await second.heard.next(), await second.heard.next()]).toEqual([`${ada} #1`, `${ada} #2`])
    expect(await first.heard.next()).toBe(`${bob} #3`)
    expect([...first.told, ...second.told]).toEqual([])
  })

  test('an origin is defined once on each stream, and what it has signed is passed on byte by byte', async () => {
    const { service } = await peer()
    const [near, far] = await streamPair()
    const [other, otherFar] = await streamPair()
    service.open(bob, async () => near)
    service.open(cyd, async () => other)
    const [one, two] = [carried(1), carried(2)]
    expect([service.send(bob, one), service.send(bob, two), service.send(cyd, two)]).toEqual([true, true, true])
    service.close(bob)
    service.close(cyd)
    const read = async (stream: Stream): Promise<Uint8Array[]> => {
      const all: Uint8Array[] = []
      for await (const payload of payloads(stream, 1000)) all.push(payload)
      return all
    }
    expect(await read(far)).toEqual(encoded(one, two))
    const alone = await read(otherFar)
    expect(alone).toEqual(encoded(two))
    const [record] = decoded(alone)
    if (record?.type !== 'batch' || two.type !== 'batch') throw new Error('no batch')
    expect(Buffer.compare(record.batch.signed, two.batch.signed)).toBe(0)
    expect(Buffer.compare(record.batch.signature, two.batch.signature)).toBe(0)
  })

  test('a message for somebody who is no neighbour goes nowhere', async () => {
    const { service, told } = await peer()
    service.send(cyd, carried(1))
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
    first.service.send(bob, carried(1))
    first.service.close(bob)
    first.service.send(bob, carried(2))
    expect(await second.heard.next()).toBe(`${ada} #1`)
    second.service.close(ada)
    for (const stream of inbound) await over(stream)
    expect([second.heard.waiting, first.told, second.told]).toEqual([[], [], [`${ada} ended`]])
  })

  test('after close a neighbour that goes on writing is heard for a while and then cut off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { service, host, heard, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    await settled()
    service.close(bob)
    say(stream, carried(8))
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
    say(stream, carried(1))
    await over(stream)
    expect([stream.status, heard.waiting, told]).toEqual(['reset', [], []])
  })

  test('a newer stream of the same neighbour replaces the older one', async () => {
    const { host, heard, told } = await peer(bob)
    const older = await host.from(bob)(gossipProtocol, signal)
    await settled()
    const newer = await host.from(bob)(gossipProtocol, signal)
    await over(older)
    say(newer, carried(7))
    expect(await heard.next()).toBe(`${bob} #7`)
    expect(told).toEqual([])
    expect(host.options.get(gossipProtocol)).toEqual({ maxInboundStreams: 2 })
  })

  test.each<[string, Uint8Array | string]>([
    ['MalformedMessageError', encodeFrame(Uint8Array.of(0xff))],
    ['FrameTooLargeError', 'a frame that is a byte too long'],
    ['ForgedMessageError', encodeFrame(Uint8Array.of(0x20, 1))]
  ])('%s costs the stream and has a name', async (name, frame) => {
    const { host, heard, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    say(stream, carried(1))
    const length = gossipBytesMax + 1
    const tooLong = Uint8Array.of((length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14)
    stream.send(typeof frame === 'string' ? tooLong : frame)
    await over(stream)
    await settled()
    expect(told).toEqual([`${bob} ${gossipProtocol} ${name}`])
    // What came before it was good and was heard.
    expect(heard.waiting).toEqual([`${bob} #1`])
    expect(host.thrown).toEqual([])
  })

  test('what is found out later costs the stream too', async () => {
    const { service, host, told } = await peer(bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    say(stream, carried(1))
    await settled()
    service.refuse(bob, new ForgedMessageError('forged'))
    service.refuse(cyd, new ForgedMessageError('of somebody who has no stream'))
    await over(stream)
    await settled()
    expect([stream.status, told]).toEqual(['reset', [`${bob} ${gossipProtocol} ForgedMessageError`]])
  })

  test('nothing more is read while a record is being handled', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { host, heard } = await peerReading(promise, bob)
    const stream = await host.from(bob)(gossipProtocol, signal)
    say(stream, carried(1), carried(2))
    await settled()
    expect(heard.waiting).toEqual([`${bob} #1`])
    resolve()
    await settled()
    expect(heard.waiting).toEqual([`${bob} #1`, `${bob} #2`])
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

  test('a neighbour that closes its end of what we write listens no more, and what is queued still goes out', async () => {
    const { service, told } = await peer()
    const [near, far] = await streamPair()
    service.open(bob, async () => near)
    await settled()
    service.send(bob, carried(1))
    void far.close()
    const read: Uint8Array[] = []
    for await (const payload of payloads(far, 1000)) read.push(payload)
    await over(near)
    expect([told, read, near.status]).toEqual([[`${bob} ended`], encoded(carried(1)), 'closed'])
    service.send(bob, carried(2))
    expect(told).toHaveLength(1)
  })

  test('a neighbour that reads too slowly is told of, and when it has caught up; it loses the link only above 1 MiB', async () => {
    const { service, told } = await peer()
    const [near, far] = await windowedPair()
    far.pause()
    service.open(bob, async () => near)
    await settled()
    const large = 'x'.repeat(60 * 1024)
    let sequence = 0
    while (service.send(bob, carried(++sequence, large))) {
      expect(sequence).toBeLessThan(50)
      await settled()
    }
    expect(told).toEqual([])
    far.addEventListener('message', () => {})
    far.resume()
    for (let turn = 0; turn < 100 && told.length === 0; turn++) await settled()
    expect(told).toEqual([`${bob} has caught up`])
    far.pause()
    // What was on its way when it paused may let it catch up once more.
    for (let count = 0; count < 50 && !told.includes(`${bob} broken`); count++) {
      service.send(bob, carried(++sequence, large))
      await settled()
    }
    expect(told.slice(-2)).toEqual([`${bob} ${gossipProtocol} SlowReaderError`, `${bob} broken`])
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
    service.send(bob, carried(5))
    for await (const payload of payloads(againFar, 1000)) {
      expect(payload).toEqual(encoded(carried(5))[0])
      break
    }
    expect(told).toEqual([])
  })
})
