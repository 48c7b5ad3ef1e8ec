import { yamux } from '@chainsafe/libp2p-yamux'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { Guard } from '#src/node/guard.ts'
import type { MultiaddrConnection, Stream, StreamMuxer } from '@libp2p/interface'
import type { GuardLimits } from '#src/node/guard.ts'
import type { UnknownProtocolError } from '#protocols/streams/errors.ts'

const limits: GuardLimits = {
  bytesBeforeUpgradeMax: 1_000,
  bytesBeforeProtocolMax: 100,
  streamsPerSecondMax: 20,
  pendingPerAddressMax: 2,
  openPerAddressMax: 3,
  streamWindowBytesMax: 256 * 1024,
  unsentBytesMax: 1024 * 1024
}

const noFault = (): void => {}

/** One connection as both ends see it, with a guard at the far end; muxers are made as libp2p makes them. */
async function guarded(onFault: (remote: string, fault: UnknownProtocolError) => void = noFault): Promise<{
  guard: Guard
  near: MultiaddrConnection
  far: MultiaddrConnection
  nearMuxer: StreamMuxer
  farMuxer: StreamMuxer
  upgraded: () => Promise<string>
}> {
  const guard = new Guard(limits, onFault)
  const [near, far] = multiaddrConnectionPair()
  const init = { enableKeepAlive: false }
  const farMuxer = guard.muxer(init)().createStreamMuxer(far)
  const nearMuxer = yamux(init)().createStreamMuxer(near)
  const upgraded = async (): Promise<string> => {
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    await guard.gater.denyInboundUpgradedConnection?.(peer, far)
    return peer.toString()
  }
  return { guard, near, far, nearMuxer, farMuxer, upgraded }
}

const closed = async (end: MultiaddrConnection): Promise<void> =>
  end.status === 'open' ? new Promise(resolve => end.addEventListener('close', () => resolve())) : undefined

describe('the guard', () => {
  test('lets only so many bytes in before a connection stands, and any number after', async () => {
    const guard = new Guard(limits, noFault)
    const [near, far] = multiaddrConnectionPair()
    far.addEventListener('message', () => {})
    expect(await guard.gater.denyInboundConnection?.(far)).toBe(false)
    near.send(new Uint8Array(limits.bytesBeforeUpgradeMax + 1))
    await closed(far)
    expect(far.status).toBe('aborted')

    const [near2, far2] = multiaddrConnectionPair()
    let arrived = 0
    far2.addEventListener('message', event => (arrived += event.data.byteLength))
    const peer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    expect(await guard.gater.denyOutboundConnection?.(peer, far2)).toBe(false)
    near2.send(new Uint8Array(limits.bytesBeforeUpgradeMax))
    await expect.poll(() => arrived).toBe(limits.bytesBeforeUpgradeMax)
    expect(await guard.gater.denyOutboundUpgradedConnection?.(peer, far2)).toBe(false)
    near2.send(new Uint8Array(5_000))
    await expect.poll(() => arrived).toBe(limits.bytesBeforeUpgradeMax + 5_000)
    expect(far2.status).toBe('open')
  })

  test('lets only so many bytes in on a stream before it has a protocol', async () => {
    const { nearMuxer, farMuxer, upgraded } = await guarded()
    await upgraded()
    const streams: Stream[] = []
    farMuxer.addEventListener('stream', event => streams.push(event.detail))
    const without = await nearMuxer.createStream()
    without.send(new Uint8Array(limits.bytesBeforeProtocolMax + 1))
    await expect.poll(() => streams[0]?.status).toBe('aborted')

    const agreed = await nearMuxer.createStream()
    await expect.poll(() => streams.length).toBe(2)
    const [, stream] = streams
    if (stream === undefined) throw new Error('no stream')
    let arrived = 0
    stream.protocol = '/agreed/1.0.0'
    stream.addEventListener('message', event => (arrived += event.data.byteLength))
    agreed.send(new Uint8Array(5_000))
    await expect.poll(() => arrived).toBe(5_000)
  })

  test('ends a connection on which a remote opens streams without end', async () => {
    const { nearMuxer, farMuxer, far, upgraded } = await guarded()
    await upgraded()
    farMuxer.addEventListener('stream', () => {})
    for (let count = 0; count < limits.streamsPerSecondMax * 3; count++) await nearMuxer.createStream()
    await closed(far)
    expect(far.status).toBe('aborted')
  })

  test('ends a connection whose muxer holds more than a window', async () => {
    const { near, far, farMuxer, upgraded } = await guarded()
    await upgraded()
    let looks = 0
    const holds = (byteLength: number): object => ({
      buffer: { byteLength },
      emitFrames: () => {
        looks++
        return []
      }
    })
    Object.assign(farMuxer, { decoder: holds(limits.streamWindowBytesMax) })
    near.send(new Uint8Array(1))
    await expect.poll(() => looks).toBe(1)
    expect(far.status).toBe('open')
    Object.assign(farMuxer, { decoder: holds(limits.streamWindowBytesMax + 13) })
    near.send(new Uint8Array(1))
    await closed(far)
    expect(far.status).toBe('aborted')
  })

  test('a connection that ends while a stream is opened takes that stream along, and nothing else', async () => {
    const { farMuxer, far, upgraded } = await guarded()
    await upgraded()
    const opening = farMuxer.createStream()
    // It has ended, and the muxer has not heard of it yet.
    Object.assign(far, { writeStatus: 'closed' })
    expect((await opening).status).toBe('aborted')
  })

  test('tells of a stream that never agreed on a protocol, and by whom, but not when the connection ends with it', async () => {
    const faults: string[] = []
    const { nearMuxer, farMuxer, far, upgraded } = await guarded((remote, fault) =>
      faults.push(`${remote} ${fault.name}`)
    )
    const remote = await upgraded()
    const streams: Stream[] = []
    farMuxer.addEventListener('stream', event => streams.push(event.detail))
    const stream = await nearMuxer.createStream()
    await expect.poll(() => streams.length).toBe(1)
    stream.abort(new Error('gone'))
    await expect.poll(() => faults).toEqual([`${remote} UnknownProtocolError`])
    await nearMuxer.createStream()
    await expect.poll(() => streams.length).toBe(2)
    far.abort(new Error('gone'))
    await expect.poll(() => streams[1]?.status).not.toBe('open')
    expect(faults.length).toBe(1)
  })

  const from = (address: string): MultiaddrConnection => {
    const [, far] = multiaddrConnectionPair()
    far.remoteAddr = multiaddr(address)
    return far
  }

  test('keeps one address from taking all connections, and an IPv6 customer too; private networks are exempt', async () => {
    const guard = new Guard(limits, noFault)
    const someone = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    const open = async (address: string): Promise<MultiaddrConnection | undefined> => {
      const connection = from(address)
      if ((await guard.gater.denyInboundConnection?.(connection)) === true) return undefined
      await guard.gater.denyInboundUpgradedConnection?.(someone, connection)
      return connection
    }
    for (const addresses of [
      ['/ip4/8.8.4.4', '/ip4/8.8.4.4', '/ip4/8.8.4.4', '/ip4/8.8.4.4', '/ip4/8.8.8.8'],
      ['/ip6/2a00:1:2:3::1', '/ip6/2a00:1:2:3::2', '/ip6/2a00:1:2:3::3', '/ip6/2a00:1:2:3:4::', '/ip6/2a00:1:2:4::']
    ]) {
      const opened: (MultiaddrConnection | undefined)[] = []
      for (const ip of addresses) opened.push(await open(`${ip}/tcp/1`))
      const [first, second, third, excess, other] = opened
      expect([first, second, third, other]).not.toContain(undefined)
      expect(excess).toBeUndefined()
      second?.abort(new Error('gone'))
      expect(await open(`${addresses[0]}/tcp/1`)).toBeDefined()
      expect(await open(`${addresses[0]}/tcp/1`)).toBeUndefined()
    }
    for (let count = 0; count < 9; count++) expect(await open('/ip4/10.0.0.1/tcp/1')).toBeDefined()
  })

  test('keeps one address from filling the place of half-done connections; loopback is exempt', async () => {
    const guard = new Guard(limits, noFault)
    const held = [from('/ip4/192.0.2.7/tcp/1000'), from('/ip4/192.0.2.7/tcp/1001')]
    for (const connection of held) expect(await guard.gater.denyInboundConnection?.(connection)).toBe(false)
    expect(await guard.gater.denyInboundConnection?.(from('/ip4/192.0.2.7/tcp/1002'))).toBe(true)
    expect(await guard.gater.denyInboundConnection?.(from('/ip4/192.0.2.8/tcp/1000'))).toBe(false)
    for (let port = 1; port < 10; port++) {
      expect(await guard.gater.denyInboundConnection?.(from(`/ip4/127.0.0.1/tcp/${port}`))).toBe(false)
    }
    held[0]?.abort(new Error('gone'))
    expect(await guard.gater.denyInboundConnection?.(from('/ip4/192.0.2.7/tcp/1003'))).toBe(false)
  })
})
