import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestNetwork } from '../support/network.ts'
import { until } from '../support/until.ts'
import { freePorts } from '../support/workplace.ts'
import { installed, reason } from './installed.ts'
import { startPlainNode } from './plain-nodes.ts'
import { Wire } from './wire.ts'
import type { AddressInfo } from 'node:net'
import type { WatchedPeer } from '../support/network.ts'

// What a peer cannot connect to, and how it says so.

describe('a peer that connects to what it cannot speak with', { concurrent: true }, () => {
  let network: TestNetwork
  let ada: WatchedPeer

  beforeAll(async () => {
    network = await TestNetwork.start(1)
    const [first] = await network.startPeers(['ada'])
    if (first === undefined) throw new Error('no peer')
    ada = first
  })
  afterAll(async () => network[Symbol.asyncDispose]())

  const refused = async (address: string, why: string, name = 'DialError'): Promise<void> => {
    const message =
      name === 'DialError' ? `cannot connect to ${address}: ${why}` : (expect.stringContaining(why) as string)
    const since = ada.happenings.length
    await expect(ada.node.connect(address)).rejects.toMatchObject({ name, message })
    expect(ada.happenings.slice(since).map(({ event }) => event)).toEqual([])
    expect(ada.node.foreignNodes).toEqual([])
  }

  test.skipIf(!installed).each([
    [
      'mplex',
      'it does not speak yamux (UnsupportedProtocolError: Protocol selection failed - could not negotiate /yamux/1.0.0)'
    ],
    ['plaintext', 'it does not speak libp2p with noise (Protocol selection failed - could not negotiate /noise)']
  ] as const)(`a node that speaks only %s${reason}`, async (speaks, why) => {
    const plain = await startPlainNode(1, { port: 0, speaks })
    try {
      await refused(plain.address, why)
      await until('the connection has ended', () => plain.connections === 0, 5_000)
    } finally {
      await plain.stop()
    }
  })

  test('something that hangs up, as what is no libp2p node does', async () => {
    const server = createServer(socket =>
      socket
        .on('error', () => {})
        .resume()
        .end()
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = `/ip4/127.0.0.1/tcp/${(server.address() as AddressInfo).port}`
    await refused(address, 'it hangs up at once: it refuses us, or is no libp2p node')
    await new Promise(resolve => server.close(resolve))
  })

  test('something that never says a word', async () => {
    await using wire = await Wire.to()
    await refused(wire.address, 'it takes connections, but does not answer')
    await until('the connection has ended', () => wire.open === 0, 5_000)
  }, 20_000)

  test('nobody, itself, and what is no address for it', async () => {
    await refused(`/ip4/127.0.0.1/tcp/${(await freePorts(1))[0]}`, 'nobody listens there (connection refused)')
    await refused(ada.node.addresses[0] ?? '', 'it is the address of this node itself')
    const untouchable = 'only addresses with a host and a TCP port can be dialled'
    await refused('/ip4/127.0.0.1/udp/4001/quic-v1', untouchable)
    await refused('/ip4/127.0.0.1', untouchable)
    for (const text of [
      '',
      '/',
      'nonsense',
      '127.0.0.1:4001',
      '/ip4/127.0.0.1/tcp/70000',
      '/ip4/127.0.0.1/tcp/1/p2p/abc'
    ])
      await refused(text, `${JSON.stringify(text)} is no multiaddr: write one such as`, 'AddressError')
  })
})
