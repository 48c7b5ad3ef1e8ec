import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { afterEach, describe, expect, test } from 'vitest'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { gossip } from '#src/node/gossip-service.ts'
import { gossipRetryMs } from '#src/settings.ts'
import { until } from '../support/until.ts'
import type { Libp2p, Stream } from '@libp2p/interface'
import type { GossipInit, GossipService } from '#src/node/gossip-service.ts'

type Node = Libp2p<{ gossip: GossipService }>

const running: Node[] = []

/** A node as anybody makes one who has never heard of seeds. */
async function node(init: GossipInit = {}): Promise<{ node: Node; heard: string[] }> {
  const made = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), gossip: gossip(init) }
  })
  running.push(made)
  const heard: string[] = []
  made.services.gossip.addEventListener('message', ({ detail }) => void heard.push(text(detail.data)))
  return { node: made, heard }
}

async function connect(one: Node, other: Node): Promise<void> {
  await one.dial(other.getMultiaddrs())
  await until('they are neighbours', () => one.services.gossip.neighbours.includes(other.peerId.toString()), 10_000)
}

const bytes = (message: string): Uint8Array => new TextEncoder().encode(message)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)

afterEach(async () => {
  await Promise.all(running.splice(0).map(async one => one.stop()))
})

describe('gossip as a service of any libp2p node', () => {
  test('reaches all nodes through those in between, once, with origin and number', async () => {
    const [a, b, c] = [await node(), await node(), await node()]
    await connect(a.node, b.node)
    await connect(b.node, c.node)
    const details: unknown[] = []
    c.node.services.gossip.addEventListener('message', ({ detail }) => void details.push(detail))
    await a.node.services.gossip.publish(bytes('one'))
    await a.node.services.gossip.publish(bytes('two'))
    await until('all have heard both', () => c.heard.length === 2 && b.heard.length === 2, 10_000)
    expect([a.heard, b.heard.toSorted(), c.heard.toSorted()]).toEqual([[], ['one', 'two'], ['one', 'two']])
    const origin = a.node.peerId.toString()
    expect(details).toContainEqual(
      expect.objectContaining({ origin, number: 2, hops: 2, data: expect.any(Uint8Array) as unknown })
    )
    expect(b.node.services.gossip.neighbours.toSorted()).toEqual([origin, c.node.peerId.toString()].toSorted())
    expect(b.node.services.gossip.metrics.received).toBeGreaterThanOrEqual(2)
  })

  test('what is published in one turn travels as one, and each message has its number', async () => {
    const [a, b] = [await node(), await node()]
    await connect(a.node, b.node)
    const numbers: number[] = []
    b.node.services.gossip.addEventListener('message', ({ detail }) => void numbers.push(detail.number))
    await Promise.all(Array.from({ length: 100 }, async (_, at) => a.node.services.gossip.publish(bytes(`${at}`))))
    await until('all have arrived', () => numbers.length === 100, 10_000)
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, at) => at + 1))
    expect(b.node.services.gossip.metrics.received).toBe(1)
  })

  test('who connects later hears what was said before', async () => {
    const [a, b] = [await node(), await node()]
    await a.node.services.gossip.publish(bytes('to nobody yet'))
    await connect(b.node, a.node)
    await until('it has caught up', () => b.heard.length === 1, 10_000)
    const late = await node()
    await connect(late.node, b.node)
    await until('it has caught up', () => late.heard.length === 1, 10_000)
  })

  test('a message that is not valid is neither delivered nor passed on', async () => {
    const isGood = (message: string): boolean => !message.includes('spam')
    const [a, c] = [await node(), await node()]
    const b = await node({ validate: async ({ data }) => (isGood(text(data)) ? 'accept' : 'reject') })
    await connect(a.node, b.node)
    await connect(b.node, c.node)
    for (const message of ['spam', 'ham']) await a.node.services.gossip.publish(bytes(message))
    await until('the good one has arrived', () => c.heard.length === 1, 10_000)
    expect([b.heard, c.heard]).toEqual([['ham'], ['ham']])
  })

  test('neighbours come and go with their connections', async () => {
    const [a, b] = [await node(), await node()]
    await connect(a.node, b.node)
    await a.node.hangUp(b.node.peerId)
    await until('it is gone', () => a.node.services.gossip.neighbours.length === 0, 10_000)
    await connect(a.node, b.node)
    await a.node.services.gossip.publish(bytes('again'))
    await until('it is heard again', () => b.heard.length === 1, 10_000)
  })

  test('a neighbour that closes the stream in order is told again on another one', async () => {
    const [a, b] = [await node(), await node()]
    const streams: Stream[] = []
    await b.node.unhandle(gossipProtocol)
    await b.node.handle(gossipProtocol, stream => void streams.push(stream), { maxInboundStreams: 2 })
    await connect(a.node, b.node)
    await until('it has opened one', () => streams.length === 1, 10_000)
    await streams[0]?.close()
    await until('it is no neighbour', () => a.node.services.gossip.neighbours.length === 0, 10_000)
    await until('it has opened another one', () => streams.length === 2, 2 * gossipRetryMs)
    expect(a.node.services.gossip.neighbours).toEqual([b.node.peerId.toString()])
  })

  test('a message has 1 byte to 64 KiB, and a node an Ed25519 key', async () => {
    const { node: a } = await node()
    await expect(a.services.gossip.publish(new Uint8Array())).rejects.toThrow('1 to 65536 bytes')
    await expect(a.services.gossip.publish(new Uint8Array(65_537))).rejects.toThrow('shorten it')
    const privateKey = await generateKeyPair('secp256k1')
    const made = createLibp2p({ privateKey, services: { identify: identify(), gossip: gossip() } })
    await expect(made).rejects.toThrow('Ed25519')
  })
})
