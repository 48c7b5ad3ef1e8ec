import { namePattern } from '#protocols/peer-record.ts'
import { TypedEventEmitter } from '@libp2p/interface'
import { parseConfig } from '#src/node/config-file.ts'
import { keepKey, newKey } from '#src/node/key-file.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { PeerNode } from '#src/node/peer-node.ts'
import type { Happening } from '#src/node/events.ts'
import type { ForeignNode } from '#src/node/foreign-nodes.ts'
import type { LinkedPeer } from '#src/node/peer-node.ts'
import type { ConnectionGater } from '@libp2p/interface'

export interface PeerOptions {
  /** Unique in the network: 1 to 32 of A-Z a-z 0-9 . _ - */
  readonly name: string
  /**
   * All seeds of the network, the same list for every peer, as config.txt has them.
   * @example ['127.0.0.1:5002', '127.0.0.1:7234', '127.0.0.1:6071']
   */
  readonly seeds: readonly string[]
  /**
   * Multiaddrs to listen on.
   * @default ['/ip4/0.0.0.0/tcp/0']
   */
  readonly listen?: readonly string[]
  /**
   * File that keeps the peer's identity, made on first use.
   * @default a new identity each time
   */
  readonly keyFile?: string
  /**
   * File that keeps, of each seed without an identity in `seeds`, who answered first at its address; from then on nobody else is
   * taken for it. Peers may share it. Made on first use.
   * @default whoever answers is taken for the seed
   */
  readonly knownSeeds?: string
  /**
   * Most links that the peer wants to have, 1 to 256: for one that cannot be a hub.
   * @default 256
   */
  readonly linksMax?: number
  /**
   * What the peer says by itself: `count` messages, the first `startDelayMs` after its start, then one every `intervalMs`.
   * @default { count: 0, startDelayMs: 30000, intervalMs: 5000 }
   */
  readonly gossip?: { readonly count?: number; readonly startDelayMs?: number; readonly intervalMs?: number }
  /**
   * How neighbours are watched.
   * @default { pingIntervalMs: 13000, pingFailuresMax: 3 }
   */
  readonly liveness?: { readonly pingIntervalMs?: number; readonly pingFailuresMax?: number }
}

/** A gossip message as it arrives. */
export type Message = Omit<Extract<Happening, { event: 'received' }>, 'event'>

export interface PeerEvents {
  /** A message of another peer, once. */
  message: CustomEvent<Message>
  /** Anything that happens in the peer, messages included. */
  event: CustomEvent<Happening>
}

/** The name belongs to another peer. */
export class NameTakenError extends Error {
  override readonly name = 'NameTakenError'
}

/** A running peer. Made by `createPeer`. */
export class Peer extends TypedEventEmitter<PeerEvents> {
  readonly #node: PeerNode

  constructor(node: PeerNode) {
    super()
    this.#node = node
  }

  get id(): string {
    return this.#node.id
  }

  get name(): string {
    return this.#node.name
  }

  /** Full multiaddrs, with /p2p. */
  get addresses(): string[] {
    return this.#node.addresses
  }

  /** The seeds where this peer is registered, as `HOST:PORT`. */
  get registrars(): string[] {
    return this.#node.registrars
  }

  /** Links that this peer wants, by its rank among all. */
  get target(): number {
    return this.#node.target
  }

  /** Peers whose links with this one stand, with the round trip of the last ping that each answered. */
  neighbours(): LinkedPeer[] {
    return this.#node.neighbours
  }

  /** Connected libp2p nodes that speak none of our protocols: they are pinged, and nothing else. */
  foreignNodes(): ForeignNode[] {
    return this.#node.foreignNodes
  }

  /** Whether it holds its quorum of registrations. */
  get isRegistered(): boolean {
    return this.#node.state === 'registered'
  }

  /**
   * Gossips a text to all peers.
   * @returns its number among all that this peer has said, from 1
   * @throws {RangeError} when it has more than 64 KiB, or none {BusyNetworkError} when too much waits for the neighbours
   */
  publish(text: string): number {
    return this.#node.publish(text)
  }

  /** Dials any libp2p node, once, by its multiaddr with or without /p2p. @throws {AddressError} {DialError} when it cannot be reached or is not the one that is named. Returns its id */
  async connect(address: string): Promise<string> {
    return this.#node.connect(address)
  }

  /** Leaves the network: neighbours and seeds are told. */
  async stop(): Promise<void> {
    await this.#node.leave()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/**
 * Starts a peer and resolves when it is registered, or as far registered as the seeds that answer allow.
 * @throws {NameTakenError} {RangeError} for what is no name {ConfigError} {KeyFileError} {PortInUseError}
 */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  const { peer } = await startPeer(options)
  return peer
}

/** What the test network needs beside the options of a peer. */
interface Backstage {
  readonly gater: ConnectionGater
  readonly onEvent: (event: Happening) => void
}

/** As `createPeer`, for the test network too. */
export async function startPeer(
  options: PeerOptions,
  backstage?: Backstage
): Promise<{ readonly peer: Peer; readonly node: PeerNode }> {
  if (!namePattern.test(options.name))
    throw new RangeError(`${JSON.stringify(options.name)} is no name: ${namePattern}`)
  const seeds = parseConfig(options.seeds.join('\n'), 'seeds')
  const { name, keyFile, knownSeeds, linksMax, gossip = {}, liveness = {}, listen = ['/ip4/0.0.0.0/tcp/0'] } = options
  const settled = Promise.withResolvers<'registered' | { readonly takenBy: string | undefined }>()
  let peer: Peer | undefined
  const node = await PeerNode.start({
    name,
    seeds,
    listen,
    knownSeeds: knownSeeds === undefined ? undefined : new KnownSeeds(knownSeeds),
    key: keyFile === undefined ? await newKey() : await keepKey(keyFile),
    ...(linksMax !== undefined && { linksMax }),
    broadcaster: { count: 0, ...gossip },
    liveness,
    gater: backstage?.gater,
    onHappening: happening => {
      if (happening.event === 'registered' || happening.event === 'degraded') settled.resolve('registered')
      if (happening.event === 'name-taken') settled.resolve({ takenBy: happening.holder })
      backstage?.onEvent(happening)
      peer?.safeDispatchEvent('event', { detail: happening })
      if (happening.event === 'received') peer?.safeDispatchEvent('message', { detail: happening })
    }
  })
  peer = new Peer(node)
  const outcome = await settled.promise
  if (outcome === 'registered') return { peer, node }
  await node.stop()
  const holder = outcome.takenBy === undefined ? '' : ` by ${outcome.takenBy}`
  throw new NameTakenError(`name ${name} is taken${holder}: choose another one, or give the keyFile of its holder`)
}
