import { setTimeout as delay } from 'node:timers/promises'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { into, payloads } from '#protocols/streams/ends.ts'
import { ask } from '#protocols/streams/exchange.ts'
import { encodeFrame } from '#protocols/streams/frames.ts'
import { connectionTo, dialPeer } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import { plainHost } from '../support/plain-host.ts'
import { until } from '../support/until.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { Host } from '#src/node/host.ts'

// What only real connections show: windows, and streams that stay open.

describe('streams between two nodes', () => {
  let hosts: Host[]
  let connection: Connection

  beforeAll(async () => {
    hosts = await Promise.all([plainHost(), plainHost()])
    connection = (await hosts[0]?.dial(multiaddr(hosts[1]?.getMultiaddrs()[0]?.toString()))) as Connection
  })
  afterAll(async () => {
    await Promise.all(hosts.map(async host => host.stop()))
  })

  test('a consumer that takes its time holds the sender back, and loses nothing', async () => {
    const frame = encodeFrame(new Uint8Array(32 * 1024))
    const frames = 150
    let consumed = 0
    const done = Promise.withResolvers<void>()
    await hosts[1]?.handle('/test/slow/1.0.0', async (stream: Stream) => {
      try {
        for await (const payload of payloads(stream, 64 * 1024)) {
          consumed += payload.byteLength > 0 ? 1 : 0
          expect(stream.readBufferLength).toBeLessThan(2 * 1024 * 1024)
          if (consumed < 50) await delay(10)
        }
        done.resolve()
      } catch (error) {
        done.reject(error)
      }
    })
    const stream = await connection.newStream(['/test/slow/1.0.0'])
    let written = 0
    const sending = into(stream)(
      (function* () {
        for (; written < frames; written++) yield frame
      })()
    )
    await until('some are consumed', () => consumed >= 10, 10_000)
    expect(written, 'the sender waits').toBeLessThan(frames)
    await Promise.all([sending, done.promise])
    expect(consumed).toBe(frames)
  })

  test('a peer with another identity than the seeds give it is refused', async () => {
    const [near, far] = hosts
    if (near === undefined || far === undefined) throw new Error('no host')
    const address = far.getMultiaddrs()[0]?.decapsulate('/p2p').toString() ?? ''
    const other = peerIdFromPrivateKey(await newKey()).toString()
    const dial = dialPeer(near, other, [address], AbortSignal.timeout(5_000))
    await expect(dial).rejects.toThrow(/identity|does not match|mismatch|expected|InvalidCrypto/i)
    expect(connectionTo(near, other)).toBeUndefined()
  })

  test('an answer from a remote that leaves its end open is heard, and the stream does not stay for ever', async () => {
    const open: Stream[] = []
    await hosts[1]?.handle('/test/open/1.0.0', (stream: Stream) => {
      open.push(stream)
      stream.send(encodeFrame(Uint8Array.of(7)))
    })
    const reply = await ask(
      async protocol => connection.newStream([protocol]),
      '/test/open/1.0.0',
      Uint8Array.of(1),
      10
    )
    expect(reply).toEqual(Uint8Array.of(7))
    await until('our side has ended the stream', () => open[0]?.status === 'reset', 15_000)
  })
})
