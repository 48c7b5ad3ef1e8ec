import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { fromString } from 'uint8arrays/from-string'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { announcementProtocol } from '#protocols/announcement/messages.ts'
import { deadReportProtocol } from '#protocols/dead-report/messages.ts'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { encodeOverlayMessage } from '#protocols/overlay/codec.ts'
import { overlayProtocol } from '#protocols/overlay/messages.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { encodeFrame } from '#protocols/streams/frames.ts'
import { TestNetwork, of } from '../support/network.ts'
import { until } from '../support/until.ts'
import type { Connection, Libp2p } from '@libp2p/interface'
import type { Watched } from '../support/network.ts'

// A plain libp2p node that speaks our protocols badly. Each mistake must cost it that one stream, have a name in the log, and
// leave the node and the other streams as they were.

const hex = (text: string): Uint8Array => fromString(text, 'base16')

const mistakes = [
  { what: 'a frame that is too long', bytes: hex('ffff7f00'), error: 'FrameTooLargeError' },
  { what: 'a length without end', bytes: hex('ffffffffffffffff'), error: 'FramePrefixError' },
  { what: 'an empty frame', bytes: hex('00'), error: 'FramePrefixError' },
  { what: 'a truncated frame', bytes: hex('20aabb'), error: 'TruncatedFrameError' },
  { what: 'random bytes', bytes: hex('08fe03fb5e9d2c71aa'), error: 'MalformedMessageError' },
  { what: 'a message of unknown type', bytes: encodeFrame(hex('f2030100')), error: 'MalformedMessageError' }
]

describe('a remote that breaks the protocols', () => {
  let network: TestNetwork
  let stranger: Libp2p

  beforeAll(async () => {
    network = await TestNetwork.start(1)
    const [ada] = await network.startPeers(['ada', 'bob'])
    // Before it knows how many links it wants, ada would refuse the stranger's.
    await until('ada and bob are linked', () => ada?.node.neighbours.length === 1, 15_000)
    stranger = await createLibp2p({
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionMonitor: { enabled: false }
    })
    // Without it nobody would keep a link with the stranger.
    await stranger.handle(gossipProtocol, () => {})
  })
  afterAll(async () => {
    await stranger.stop()
    await network[Symbol.asyncDispose]()
  })

  const dial = async (address: string | undefined): Promise<Connection> => stranger.dial(multiaddr(address))

  /** Sends the bytes and our end of the stream; resolves when the other side has ended the stream. */
  const send = async (connection: Connection, protocol: string, bytes: Uint8Array): Promise<void> => {
    const stream = await connection.newStream([protocol])
    const ended = new Promise(resolve => stream.addEventListener('close', resolve))
    stream.send(bytes)
    await stream.close().catch(() => {})
    await ended
  }

  const faultIn = async (node: Watched<unknown>, protocol: string, error: string, since: number): Promise<void> => {
    const told = (): boolean =>
      of({ happenings: node.happenings.slice(since) }, 'fault').some(
        fault => fault.what === protocol && fault.error === error && fault.remote === stranger.peerId.toString()
      )
    await until(`${node.name} logs ${error} on ${protocol}`, told, 15_000)
  }

  describe.each(mistakes)('$what', ({ bytes, error }) => {
    test.each([registrationProtocol, announcementProtocol, deadReportProtocol])('to a seed on %s', async protocol => {
      const [seed] = network.seeds
      if (seed === undefined) throw new Error('no seed')
      const connection = await dial(seed.node.addresses[0])
      const since = seed.happenings.length
      await send(connection, protocol, bytes)
      await faultIn(seed, protocol, error, since)
      expect(connection.status).toBe('open')
      const reply = await requestRegistration(async name => connection.newStream([name]), { type: 'list' })
      expect(reply).toMatchObject({ type: 'list', total: 2 })
    })

    test('to a peer on the overlay', async () => {
      const [ada] = network.peers
      if (ada === undefined) throw new Error('no peer')
      const connection = await dial(ada.node.addresses[0])
      const since = ada.happenings.length
      await send(connection, overlayProtocol, bytes)
      await faultIn(ada, overlayProtocol, error, since)
      expect(connection.status).toBe('open')
    })

    test('to a peer on gossip, over a link', async () => {
      const [ada] = network.peers
      if (ada === undefined) throw new Error('no peer')
      const connection = await dial(ada.node.addresses[0])
      const link = await connection.newStream([overlayProtocol])
      const answered = new Promise(resolve => link.addEventListener('message', resolve))
      link.send(
        encodeFrame(
          encodeOverlayMessage({
            type: 'link',
            nonce: Math.floor(Math.random() * 1e9),
            name: 'eve',
            want: 2,
            redeem: false
          })
        )
      )
      await answered
      const since = ada.happenings.length
      await send(connection, gossipProtocol, bytes)
      await faultIn(ada, gossipProtocol, error, since)
      expect(connection.status).toBe('open')
      expect(link.status).toBe('open')
      link.abort(new Error('done'))
      await until('the link is gone', () => ada.node.neighbours.every(({ name }) => name !== 'eve'), 5_000)
    })
  })

  test('a protocol that nobody speaks has a name in the log too', async () => {
    const [seed] = network.seeds
    if (seed === undefined) throw new Error('no seed')
    const connection = await dial(seed.node.addresses[0])
    const since = seed.happenings.length
    await expect(connection.newStream(['/hubcast/nothing/9.9.9'])).rejects.toThrow()
    await faultIn(seed, 'a stream', 'UnknownProtocolError', since)
    const announcements = await connection.newStream([announcementProtocol])
    expect(announcements.status).toBe('open')
    announcements.abort(new Error('done'))
  })

  test('after all of it the two peers still hear each other', async () => {
    const [ada, bob] = network.peers
    ada?.node.publish('still here')
    await until(
      'bob hears ada',
      () => bob !== undefined && of(bob, 'received').some(({ text }) => text === 'still here'),
      10_000
    )
  })
})
