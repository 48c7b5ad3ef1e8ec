import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { installed, packages, reason } from './installed.ts'

/** Plain js-libp2p nodes of three major versions: TCP, noise, yamux, identify and ping, with their default settings. */

export type Version = 1 | 2 | 3

/** For `describe.each`: which versions there are, and whether they can be had. */
export const versions = ([1, 2, 3] as const).map(version => {
  const usable = version === 3 || installed
  return { version, usable, title: `js-libp2p ${version}${usable ? '' : reason}` }
})

export interface PlainOptions {
  /** 0: any; undefined: it does not listen. */
  readonly port?: number | undefined
  readonly without?: 'identify' | 'ping'
  /** Versions 1 only. */
  readonly speaks?: 'mplex' | 'plaintext'
  /** Protocols that it takes streams of, without ever answering. */
  readonly mute?: readonly string[]
}

/** What somebody said to it by identify. */
interface Identified {
  readonly agent: string
  readonly protocols: readonly string[]
}

export interface PlainNode {
  readonly id: string
  /** Without /p2p. */
  readonly address: string
  /** How many connections others have opened, from the beginning. */
  readonly visits: number
  readonly connections: number
  /** Protocols of the streams that others have opened, from the beginning, '' for those that it does not speak. */
  readonly streams: string[]
  /** By id. */
  readonly identified: ReadonlyMap<string, Identified>
  /** Connects; what it returns pings over the connection by this node's own ping service. */
  dial(address: string): Promise<{ ping(): Promise<number>; hangUp(): Promise<void> }>
  stop(): Promise<void>
}

/** What the versions have in common, as far as it is used here. Their types are not there when they are not installed. */
interface Package {
  readonly createLibp2p: (options: object) => Promise<Libp2pNode>
  readonly multiaddr: (text: string) => unknown
  readonly tcp: () => unknown
  readonly noise: () => unknown
  readonly yamux: () => MakeMuxers
  readonly identify: () => unknown
  readonly ping: () => unknown
  readonly mplex?: () => MakeMuxers
  readonly plaintext?: () => unknown
}

interface Text {
  toString(): string
}

interface Link {
  readonly remotePeer: Text
  readonly direction: 'inbound' | 'outbound'
  close(): Promise<void>
}

interface Libp2pNode {
  readonly peerId: Text
  readonly services: { readonly ping?: { ping(peer: unknown): Promise<number> } }
  getMultiaddrs(): Text[]
  getConnections(): Link[]
  dial(address: unknown): Promise<Link>
  handle(protocol: string, handler: () => void): Promise<void>
  addEventListener(type: 'connection:open', listener: (event: { readonly detail: Link }) => void): void
  addEventListener(type: 'peer:identify', listener: (event: { readonly detail: IdentifyResult }) => void): void
  stop(): Promise<void>
}

interface IdentifyResult {
  readonly peerId: Text
  readonly agentVersion?: string
  readonly protocols: readonly string[]
}

interface MuxedStream {
  readonly protocol?: string
}

type StreamsTold<Name extends string> = Record<Name, (stream: MuxedStream) => void>

type MakeMuxers = (components: unknown) => MuxerFactory

interface MuxerFactory {
  readonly protocol: string
  /** The older versions pass options, one of which is told of streams; version 3 a connection. */
  createStreamMuxer(init: Partial<StreamsTold<'onIncomingStream'>>): Partial<StreamsTold<'onRemoteStream'>>
}

export async function startPlainNode(version: Version, options: PlainOptions = {}): Promise<PlainNode> {
  const libp2p = await load(version)
  const { noise, yamux, identify, ping } = libp2p
  const { port, without, speaks, mute = [] } = options
  const encrypter = speaks === 'plaintext' ? libp2p.plaintext?.() : noise()
  const muxers = speaks === 'mplex' ? libp2p.mplex?.() : yamux()
  const streams: MuxedStream[] = []
  const node = await libp2p.createLibp2p({
    addresses: { listen: port === undefined ? [] : [`/ip4/127.0.0.1/tcp/${port}`] },
    transports: [libp2p.tcp()],
    // The name of this option in version 1, and since version 2.
    connectionEncryption: [encrypter],
    connectionEncrypters: [encrypter],
    streamMuxers: [muxers && telling(muxers, stream => streams.push(stream))],
    services: {
      ...(without === 'identify' ? {} : { identify: identify() }),
      ...(without === 'ping' || mute.includes('/ipfs/ping/1.0.0') ? {} : { ping: ping() })
    }
  })
  for (const protocol of mute) await node.handle(protocol, () => {})
  let visits = 0
  const identified = new Map<string, Identified>()
  node.addEventListener('connection:open', ({ detail }) => {
    if (detail.direction === 'inbound') visits++
  })
  node.addEventListener('peer:identify', ({ detail: { peerId, agentVersion = '', protocols } }) =>
    identified.set(peerId.toString(), { agent: agentVersion, protocols })
  )
  return {
    id: node.peerId.toString(),
    address:
      node
        .getMultiaddrs()[0]
        ?.toString()
        .replace(/\/p2p\/.*/, '') ?? '',
    identified,
    get visits() {
      return visits
    },
    get connections() {
      return node.getConnections().length
    },
    get streams() {
      return streams.map(({ protocol }) => protocol ?? '')
    },
    dial: async address => {
      const link = await node.dial(libp2p.multiaddr(address))
      return {
        ping: async () => node.services.ping?.ping(link.remotePeer) ?? Number.NaN,
        hangUp: async () => link.close()
      }
    },
    stop: async () => node.stop()
  }
}

async function load(version: Version): Promise<Package> {
  if (version === 3) return (await import('./version-3.ts')) as unknown as Package
  const url = pathToFileURL(path.join(packages, `version-${version}/index.js`)).href
  return (await import(/* @vite-ignore */ url)) as Package
}

/** Muxers that tell of each stream that the other end opens, whatever becomes of it. */
function telling(make: MakeMuxers, tell: (stream: MuxedStream) => void): MakeMuxers {
  return components => {
    const factory = make(components)
    const create = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = init => {
      const told = 'onIncomingStream' in init
      const muxer = create(told ? tellingFirst(init, 'onIncomingStream', tell) : init)
      return told ? muxer : tellingFirst(muxer, 'onRemoteStream', tell)
    }
    return factory
  }
}

/** Changes the object: a copy would not be the muxer that it is. */
function tellingFirst<Name extends string, Owner extends Partial<StreamsTold<Name>>>(
  owner: Owner,
  name: Name,
  tell: (stream: MuxedStream) => void
): Owner {
  const then = owner[name]?.bind(owner)
  return Object.assign(owner, {
    [name]: (stream: MuxedStream): void => {
      tell(stream)
      then?.(stream)
    }
  })
}
