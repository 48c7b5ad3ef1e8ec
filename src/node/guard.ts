import { yamux } from '@chainsafe/libp2p-yamux'
import { UnknownProtocolError } from '#protocols/streams/errors.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { hostOf, ipOnly, isLoopback, originOf } from './addresses.ts'
import type { YamuxMuxerInit } from '@chainsafe/libp2p-yamux'
import type {
  ConnectionGater,
  MessageStream,
  MultiaddrConnection,
  PeerId,
  Stream,
  StreamMuxer,
  StreamMuxerFactory
} from '@libp2p/interface'

export interface GuardLimits {
  /** Bytes that a remote may send before its identity is proved and the connection stands. */
  readonly bytesBeforeUpgradeMax: number
  /** Bytes that a remote may send on a stream before the two sides have agreed on its protocol. */
  readonly bytesBeforeProtocolMax: number
  readonly streamsPerSecondMax: number
  /** Connections of one address that may be half set up at a time. Loopback is exempt: many nodes may share a machine. */
  readonly pendingPerAddressMax: number
  /** Connections that one address may have opened and not ended. Private networks are exempt too: all that come through one may have one address. */
  readonly openPerAddressMax: number
  readonly streamWindowBytesMax: number
  /** Bytes that may wait for a remote that goes on sending and does not read. */
  readonly unsentBytesMax: number
}

type Receives = { onData(data: { readonly byteLength: number }): void }
type GuardedMuxer = StreamMuxer &
  Receives & {
    onCreateStream(options: never): Stream & { sendWindowUpdate(): void }
    readonly decoder: { readonly buffer: { readonly byteLength: number } }
    onRemoteStream(stream: Stream): void
  }

const muxerHeaderBytes = 12

/** How many of something each address has: entries of those that have none are taken out. */
class Counts {
  readonly #counts = new Map<string, number>()

  of(address: string): number {
    return this.#counts.get(address) ?? 0
  }

  /** One more; returns what takes it back, once. */
  add(address: string): () => void {
    this.#counts.set(address, this.of(address) + 1)
    let over = false
    return () => {
      if (over) return
      over = true
      const left = this.of(address) - 1
      if (left > 0) this.#counts.set(address, left)
      else this.#counts.delete(address)
    }
  }
}

/**
 * Bounds what a remote can make this node keep or do before it has shown who it is and what it wants. libp2p counts connections
 * and streams but not these bytes. It hooks into methods that libp2p does not promise, so the versions are pinned, and a guard
 * that finds a method missing refuses to work.
 */
export class Guard {
  readonly #limits: GuardLimits
  readonly #onUnknownProtocol: (remote: string, fault: UnknownProtocolError) => void
  /** Undoes the byte count of a connection that is being upgraded. */
  readonly #upgrading = new WeakMap<MultiaddrConnection, () => void>()
  readonly #pending = new Counts()
  readonly #open = new Counts()
  readonly #settle = new WeakMap<MultiaddrConnection, () => void>()
  /** Whose muxer it is, once that is known. */
  readonly #remotes = new WeakMap<StreamMuxer, string>()
  #youngestMuxer: StreamMuxer | undefined

  constructor(limits: GuardLimits, onUnknownProtocol: (remote: string, fault: UnknownProtocolError) => void) {
    this.#limits = limits
    this.#onUnknownProtocol = onUnknownProtocol
  }

  /**
   * To be asked about each connection, in both directions. libp2p does not ask before it sets up one that was dialled without a
   * peer id, as a seed is whose line in config.txt has none; such a connection is guarded from then on.
   */
  readonly gater: ConnectionGater = {
    denyInboundConnection: connection => this.#crowded(connection) || this.#begin(connection),
    denyOutboundConnection: (_peer, connection) => this.#begin(connection),
    denyInboundUpgradedConnection: (peer, connection) => this.#upgraded(peer, connection),
    denyOutboundUpgradedConnection: (peer, connection) => this.#upgraded(peer, connection)
  }

  /** yamux with a bound on what it buffers and on how fast a remote opens streams. */
  muxer(init: YamuxMuxerInit): () => StreamMuxerFactory {
    return () => {
      const factory = yamux(init)()
      const create = factory.createStreamMuxer.bind(factory)
      factory.createStreamMuxer = connection => {
        const muxer = create(connection)
        this.#guardMuxer(muxer as unknown as GuardedMuxer, connection)
        return muxer
      }
      return factory
    }
  }

  /** Whether this address has too many connections, half set up or in all; if not, this is one more. */
  #crowded(connection: MultiaddrConnection): boolean {
    const address = hostOf(connection.remoteAddr)
    if (isLoopback(address)) return false
    const { pendingPerAddressMax, openPerAddressMax } = this.#limits
    if (this.#pending.of(address) >= pendingPerAddressMax) return true
    const origin = originOf(ipOnly(connection.remoteAddr))
    if (origin !== undefined && this.#open.of(origin.address) >= openPerAddressMax) return true
    const settle = this.#pending.add(address)
    this.#settle.set(connection, settle)
    connection.addEventListener('close', settle)
    if (origin !== undefined) connection.addEventListener('close', this.#open.add(origin.address))
    return false
  }

  #begin(connection: MultiaddrConnection): boolean {
    const { bytesBeforeUpgradeMax } = this.#limits
    const end = meter(
      connection as MultiaddrConnection & Receives,
      bytesBeforeUpgradeMax,
      'a connection that is being set up'
    )
    this.#upgrading.set(connection, end)
    return false
  }

  #upgraded(peer: PeerId, connection: MultiaddrConnection): boolean {
    this.#upgrading.get(connection)?.()
    this.#upgrading.delete(connection)
    this.#settle.get(connection)?.()
    // libp2p makes the muxer and asks here in one go, so the youngest muxer is that of this connection.
    if (this.#youngestMuxer !== undefined) this.#remotes.set(this.#youngestMuxer, peer.toString())
    this.#youngestMuxer = undefined
    return false
  }

  #guardMuxer(muxer: GuardedMuxer, connection: MessageStream): void {
    this.#youngestMuxer = muxer
    const { streamWindowBytesMax, streamsPerSecondMax, bytesBeforeProtocolMax, unsentBytesMax } = this.#limits
    const onCreateStream = method(muxer, 'onCreateStream')
    const onData = method(muxer, 'onData')
    const onRemoteStream = method(muxer, 'onRemoteStream')
    let second = 0
    let streams = 0

    muxer.onCreateStream = options => {
      const stream = onCreateStream(options)
      const announce = method(stream, 'sendWindowUpdate')
      // It is called by itself a moment later. If the connection has ended by then, that is the end of the stream only.
      stream.sendWindowUpdate = () => {
        try {
          announce()
        } catch (error) {
          stream.abort(asError(error))
        }
      }
      return stream
    }
    muxer.onData = data => {
      onData(data)
      // An honest remote never has more under way than the window that we have given it.
      if (muxer.decoder.buffer.byteLength > streamWindowBytesMax + muxerHeaderBytes) {
        throw new Error(`muxer holds more than the window of ${streamWindowBytesMax} bytes`)
      }
      if (connection.writeBufferLength > unsentBytesMax) {
        throw new Error(`more than ${unsentBytesMax} bytes wait for the remote to read`)
      }
      if (streams > streamsPerSecondMax) throw new Error(`more than ${streamsPerSecondMax} streams opened in a second`)
    }
    muxer.onRemoteStream = stream => {
      const now = Math.floor(Date.now() / 1000)
      streams = now === second ? streams + 1 : 1
      second = now
      const what = 'a stream without a protocol'
      const end = meter(stream as Stream & Receives, bytesBeforeProtocolMax, what, () => stream.protocol === '')
      stream.addEventListener('close', () => {
        end()
        // With its connection every stream ends, whatever state it is in.
        if (stream.protocol !== '' || muxer.status !== 'open') return
        const remote = this.#remotes.get(muxer) ?? 'unknown remote'
        this.#onUnknownProtocol(remote, new UnknownProtocolError('stream ended before it had agreed on a protocol'))
      })
      onRemoteStream(stream)
    }
  }
}

type Bound<Key extends string> = { [name in Key]: (argument: never) => unknown }

function method<Key extends string, Owner extends Bound<Key>>(owner: Owner, name: Key): Owner[Key] {
  if (typeof owner[name] !== 'function')
    throw new Error(`this version of libp2p has no ${name}: the guard must be adapted`)
  return owner[name].bind(owner) as Owner[Key]
}

/** Aborts the stream when more than this many bytes arrive while `counts` holds. Returns what ends the counting. */
function meter(
  stream: Receives & { abort(error: Error): void },
  bytesMax: number,
  what: string,
  counts: () => boolean = () => true
): () => void {
  const onData = method(stream, 'onData')
  let bytes = 0
  const end = (): void => {
    stream.onData = onData
  }
  stream.onData = data => {
    if (!counts()) end()
    else {
      bytes += data.byteLength
      if (bytes > bytesMax) {
        stream.abort(new Error(`more than ${bytesMax} bytes on ${what}`))
        return
      }
    }
    onData(data)
  }
  return end
}
