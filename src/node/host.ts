import { noise } from '@chainsafe/libp2p-noise'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { asError } from '#protocols/streams/exchange.ts'
import { createLibp2p } from 'libp2p'
import { guard, host as limits } from '#src/settings.ts'
import { Guard } from './guard.ts'
import type { Ping } from '@libp2p/ping'
import type { ComponentLogger, Connection, ConnectionGater, Libp2p, Metrics, PrivateKey } from '@libp2p/interface'
import type { OnFault, OpenStream } from '#protocols/streams/exchange.ts'
import type { Identify } from '@libp2p/identify'

export type Host = Libp2p<{ ping: Ping; identify: Identify }>

/** Of the program, as package.json has it. */
export const version = '0.1.0'

/** An address to listen on is taken by another program. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
}

export interface HostOptions {
  readonly key: PrivateKey
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  readonly connectionsMax: number
  readonly onFault: OnFault
  /** Also asked about each connection. */
  readonly gater?: ConnectionGater | undefined
  /** Where libp2p counts what it does. */
  readonly metrics?: ((components: { readonly logger: ComponentLogger }) => Metrics) | undefined
}

/**
 * A libp2p node over TCP, noise and yamux with our limits. libp2p's defaults would break the network: its monitor aborts
 * connections whose pings collide with ours, and its limits on inbound connections refuse neighbours on the same machine.
 * @throws {PortInUseError}
 */
export async function createHost(options: HostOptions): Promise<Host> {
  const { key, listen, connectionsMax, onFault, gater, metrics } = options
  const { streamWindowBytesMax } = limits
  const protection = new Guard({ ...guard, streamWindowBytesMax }, (remote, fault) =>
    onFault(remote, 'a stream', fault)
  )
  try {
    return await createLibp2p({
      privateKey: key,
      addresses: { listen: [...listen] },
      nodeInfo: { userAgent: `hubcast/${version}` },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      ...(metrics !== undefined && { metrics }),
      streamMuxers: [
        protection.muxer({
          maxInboundStreams: limits.streamsPerConnectionMax,
          streamOptions: {
            maxStreamWindowSize: streamWindowBytesMax,
            maxReadBufferLength: limits.streamBufferBytesMax,
            maxWriteBufferLength: limits.streamBufferBytesMax
          }
        })
      ],
      connectionGater: gater === undefined ? protection.gater : both(protection.gater, gater),
      // It shares the one ping stream that libp2p allows, and aborts healthy connections when it loses the race for it.
      connectionMonitor: { enabled: false },
      connectionManager: {
        maxConnections: connectionsMax,
        inboundConnectionThreshold: limits.inboundConnectionsPerSecond,
        maxIncomingPendingConnections: limits.inboundPendingMax,
        inboundUpgradeTimeout: limits.inboundUpgradeTimeoutMs,
        dialTimeout: limits.dialTimeoutMs,
        maxParallelDials: limits.dialsAtOnceMax,
        maxDialQueueLength: limits.dialsAtOnceMax,
        maxPeerAddrsToDial: limits.addressesDialledMax,
        // Nothing is redialled behind our back: who is connected with whom is the overlay's business.
        reconnectRetries: 0
      },
      services: {
        ping: ping({ timeout: limits.inboundPingMsMax }),
        // Who wants to know the other end asks for it.
        identify: identify({ runOnConnectionOpen: false })
      }
    })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (text.includes('EADDRINUSE')) {
      throw new PortInUseError(`${listen.join(', ')} is in use by another program`, { cause: error })
    }
    throw error
  }
}

/** A gater that denies what either of the two denies. Both are asked: each may keep count. */
function both(first: ConnectionGater, second: ConnectionGater): ConnectionGater {
  const methods = Object.keys({ ...first, ...second }) as (keyof ConnectionGater)[]
  const ask = (gater: ConnectionGater, method: keyof ConnectionGater, args: unknown[]): unknown =>
    (gater[method] as ((...args: unknown[]) => unknown) | undefined)?.(...args)
  return Object.fromEntries(
    methods.map(method => [
      method,
      (...args: unknown[]) => {
        const answers = [ask(first, method, args), ask(second, method, args)]
        return answers.includes(true)
      }
    ])
  )
}

/**
 * The way to a peer: over an open connection, or by dialling the addresses that the seeds hand out for it, never those that it or
 * others claim elsewhere. The identity is part of each address, so an impostor is refused.
 */
export function toPeer(host: Host, peer: string, addresses: () => readonly string[]): OpenStream {
  return async (protocol, signal) => {
    const connection = connectionTo(host, peer) ?? (await dialPeer(host, peer, addresses(), signal))
    return connection.newStream([protocol], { signal })
  }
}

export function connectionTo(host: Host, peer: string): Connection | undefined {
  return connectionsTo(host, peer)[0]
}

/** The open connections with a peer: two, when both have dialled at the same time. */
export function connectionsTo(host: Host, peer: string): Connection[] {
  return host.getConnections().filter(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === peer)
}

/** Closes the connections with a peer that `useless` says may go. */
export function hangUp(host: Host, peer: string, useless: (connection: Connection) => boolean): void {
  for (const connection of connectionsTo(host, peer)) {
    if (useless(connection)) connection.close().catch((error: unknown) => connection.abort(asError(error)))
  }
}

/** @throws when there is no address, or none of them leads to this peer */
export async function dialPeer(
  host: Host,
  peer: string,
  addresses: readonly string[],
  signal: AbortSignal
): Promise<Connection> {
  if (addresses.length === 0) throw new Error(`no address of ${peer} is known`)
  return host.dial(
    addresses.map(address => multiaddr(`${address}/p2p/${peer}`)),
    { signal }
  )
}
