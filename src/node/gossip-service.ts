import './polyfill.ts'
import { TypedEventEmitter } from '@libp2p/interface'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { gossipRetryMs } from '#src/settings.ts'
import { Driver } from './driver.ts'
import { Gossiper } from './gossiper.ts'
import type { ComponentLogger, PeerId, PrivateKey, Startable } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'
import type { Batch } from '#protocols/gossip/messages.ts'
import type { Verdict } from '#src/core/gossip/engine.ts'
import type { GossipCounts } from './gossiper.ts'

/** A message of another node. Origin, epoch and number together name it; it comes once. */
export interface GossipMessage {
  /** Peer id of the node that published it, whose signature was checked. */
  readonly origin: string
  /** Start of the origin's process, Unix time in ms. */
  readonly epoch: number
  /** 1, 2, 3 … within the epoch. They need not arrive in this order. */
  readonly number: number
  /** When it was published, Unix time in ms by the origin's clock. */
  readonly time: number
  /** 1 byte to 64 KiB. */
  readonly data: Uint8Array
}

export type MessageVerdict = 'accept' | 'ignore' | 'reject'

export interface GossipInit {
  /**
   * Asked about each message, after its signature was checked and before it is delivered and passed on. `reject` and `ignore` keep it from
   * both, and so does a throw. Messages that were published in one turn of the event loop travel together: the sternest word counts for all.
   * @default everything is accepted
   */
  readonly validate?: (message: GossipMessage) => MessageVerdict | Promise<MessageVerdict>
}

export interface GossipServiceEvents {
  message: CustomEvent<GossipMessage & { /** Links that it crossed. */ readonly hops: number }>
}

export interface GossipComponents {
  readonly peerId: PeerId
  readonly privateKey: PrivateKey
  readonly registrar: Registrar
  readonly connectionManager: ConnectionManager
  readonly logger: ComponentLogger
}

/** Gossip with all connected nodes that speak the protocol. Made by `gossip`. */
export class GossipService extends TypedEventEmitter<GossipServiceEvents> implements Startable {
  readonly #components: GossipComponents
  readonly #driver = new Driver()
  readonly #gossiper: Gossiper
  /** In the order in which they came; each change makes a new one. */
  #linked: readonly string[] = []
  readonly #log: ReturnType<ComponentLogger['forComponent']>
  #topology: string | undefined
  #stopped = false

  /** @throws {TypeError} for a node whose key is not Ed25519, libp2p's default */
  constructor(components: GossipComponents, { validate }: GossipInit) {
    super()
    const { peerId, privateKey, logger } = components
    if (privateKey.type !== 'Ed25519') {
      throw new TypeError(
        `gossip needs an Ed25519 key, this node has ${privateKey.type}: leave privateKey out, or make one with generateKeyPair('Ed25519')`
      )
    }
    this.#components = components
    this.#log = logger.forComponent('hubcast:gossip')
    const linked = (): readonly string[] => this.#linked
    this.#gossiper = new Gossiper({
      id: peerId.toString(),
      key: privateKey,
      name: '',
      driver: this.#driver,
      neighbours: {
        get linked() {
          return linked()
        }
      },
      isNeighbour: peer => this.#meet(peer),
      onBatch: (batch, hops) => this.#deliver(batch, hops),
      ...(validate !== undefined && { validate: batch => verdictOn(batch, validate) }),
      onUnreachable: peer => this.#onUnreachable(peer),
      onFault: (remote, what, fault) => this.#log('%s of %s: %s', what, remote, fault)
    })
  }

  readonly [Symbol.toStringTag] = 'hubcast-gossip'

  async start(): Promise<void> {
    const { registrar } = this.#components
    this.#stopped = false
    await this.#gossiper.start(registrar)
    this.#topology = await registrar.register(gossipProtocol, {
      onConnect: peer => void this.#meet(peer.toString()),
      onDisconnect: peer => this.#lose(peer.toString(), true)
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#topology !== undefined) this.#components.registrar.unregister(this.#topology)
    await this.#components.registrar.unhandle(gossipProtocol)
    for (const peer of this.#linked) this.#lose(peer, false)
    this.#driver.stop()
  }

  /** Peer ids of the connected nodes that speak the protocol. */
  get neighbours(): readonly string[] {
    return this.#linked
  }

  /** What has gone through since the start. */
  get metrics(): Readonly<GossipCounts> {
    return this.#gossiper.counts
  }

  /**
   * Sends a message to all nodes of the network. Resolves when the neighbours take it: whoever waits for that never publishes faster than
   * the network carries.
   * @throws {RangeError} for a message that is empty or longer than 64 KiB {BusyNetworkError} when too much waits already
   */
  async publish(message: Uint8Array): Promise<void> {
    await this.#gossiper.publish(message).accepted
  }

  /** A node that speaks the protocol, whoever has noticed first. */
  #meet(peer: string): boolean {
    if (this.#stopped) return false
    if (this.#linked.includes(peer)) return true
    const { connectionManager } = this.#components
    const id = connectionManager.getConnections().find(({ remotePeer }) => remotePeer.toString() === peer)?.remotePeer
    if (id === undefined) return false
    this.#linked = [...this.#linked, peer]
    this.#gossiper.open(peer, async (protocol, signal) => connectionManager.openStream(id, protocol, { signal }))
    return true
  }

  #lose(peer: string, broken: boolean): void {
    if (!this.#linked.includes(peer)) return
    this.#linked = this.#linked.filter(neighbour => neighbour !== peer)
    this.#gossiper.close(peer, broken)
  }

  /** Its stream has ended though it may be connected: it is asked again later. */
  #onUnreachable(peer: string): void {
    this.#lose(peer, true)
    setTimeout(() => this.#meet(peer), gossipRetryMs).unref()
  }

  #deliver(batch: Batch, hops: number): void {
    for (const message of messagesOf(batch)) this.safeDispatchEvent('message', { detail: { ...message, hops } })
  }
}

/**
 * Gossip for a libp2p node, with all connected nodes that have it too. Needs the identify service, which tells who has.
 * @example createLibp2p({ services: { identify: identify(), gossip: gossip() } })
 */
export function gossip(init: GossipInit = {}): (components: GossipComponents) => GossipService {
  return components => new GossipService(components, init)
}

async function verdictOn(batch: Batch, validate: Required<GossipInit>['validate']): Promise<Verdict> {
  const verdicts = await Promise.all(messagesOf(batch).map(async message => validate(message)))
  if (verdicts.includes('reject')) return 'reject'
  return verdicts.includes('ignore') ? 'ignore' : 'accept'
}

function messagesOf({ origin, epoch, number, time, payloads }: Batch): GossipMessage[] {
  return payloads.map((data, index) => ({ origin, epoch, number: number + index, time, data }))
}
