import { setTimeout as delay } from 'node:timers/promises'
import { Liveness } from '#src/core/liveness.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { identifyRetryMs, identifyTimeoutMs, identifyTriesMax } from '#src/settings.ts'
import { connectionTo, hangUp } from './host.ts'
import { pingPeer } from './pinger.ts'
import { asError } from '#protocols/streams/exchange.ts'
import type { Connection } from '@libp2p/interface'
import type { LivenessOutput, LivenessSettings } from '#src/core/liveness.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { Driver } from './driver.ts'
import type { OnHappening } from './events.ts'
import type { Host } from './host.ts'

/** A libp2p node that speaks none of our protocols. */
export interface ForeignNode {
  readonly id: string
  /** What it calls itself, as it sent it; empty when it does not say. */
  readonly agent: string
  readonly protocols: readonly string[]
  /** Where it is connected from, or to. */
  readonly address: string
  /** Round trip of the last ping that it answered, in ms. */
  readonly latencyMs: number | undefined
}

export interface ForeignNodesSettings extends LivenessSettings {
  readonly foreignNodesMax: number
}

/**
 * The foreign nodes that are connected, whoever has dialled. They are identified, listed and watched by the same machine as
 * neighbours are, but in a table of their own: nobody links with them, gossips to them, reports them, or dials them again.
 */
export class ForeignNodes {
  readonly #host: Host
  readonly #driver: Driver
  readonly #settings: ForeignNodesSettings
  readonly #onHappening: OnHappening
  readonly #onFault: OnFault
  readonly #table = new Neighbours<string>()
  readonly #liveness: Liveness<string>
  /** By id. */
  readonly #nodes = new Map<string, ForeignNode>()
  readonly #meetings = new WeakMap<Connection, Promise<void>>()

  constructor(
    host: Host,
    driver: Driver,
    settings: ForeignNodesSettings,
    tell: { readonly onHappening: OnHappening; readonly onFault: OnFault }
  ) {
    this.#host = host
    this.#driver = driver
    this.#settings = settings
    this.#onHappening = tell.onHappening
    this.#onFault = tell.onFault
    this.#liveness = new Liveness(this.#table, settings)
    driver.drive(this.#liveness, this.#pings)
    host.addEventListener('connection:open', ({ detail }) => void this.meet(detail))
    host.addEventListener('peer:disconnect', ({ detail }) =>
      driver.input(() => this.#forget(detail.toString(), 'disconnected'))
    )
  }

  get all(): ForeignNode[] {
    return [...this.#nodes.values()]
  }

  /** Finds out what is at the other end; resolves when it is listed, or known to be no foreign node. Never rejects. */
  async meet(connection: Connection): Promise<void> {
    const meeting = this.#meetings.get(connection) ?? this.#identify(connection)
    this.#meetings.set(connection, meeting)
    await meeting
  }

  /** Forgets them all without a word: it is not they who leave. */
  stop(): void {
    for (const id of this.#nodes.keys()) this.#remove(id)
  }

  readonly #pings: LivenessOutput<string> = {
    ping: id => void this.#ping(id),
    missed: () => {},
    recovered: () => {},
    dead: ({ peer }) => {
      this.#forget(peer, 'silent')
      // Whoever is behind it may come back; nobody waits for it.
      hangUp(this.#host, peer, () => true)
    }
  }

  async #identify(connection: Connection): Promise<void> {
    const id = connection.remotePeer.toString()
    const add = (agent: string, protocols: readonly string[]): void =>
      this.#driver.input(now => this.#add(connection, { id, agent, protocols }, now))
    for (let tries = 1; connection.status === 'open'; tries++) {
      const signal = AbortSignal.timeout(identifyTimeoutMs)
      try {
        const { agentVersion = '', protocols } = await this.#host.services.identify.identify(connection, { signal })
        if (!speaksOurs(protocols)) add(agentVersion, protocols)
        return
      } catch (error) {
        // A node of ours does identify itself.
        if (asError(error).name === 'UnsupportedProtocolError') {
          add('', [])
          return
        }
        // One that is too busy to answer may be one of ours.
        if (signal.aborted) return
        // js-libp2p loses an answer that ends its stream before the two have agreed on a protocol, as smoldot's mostly does. One of
        // ours answers otherwise; besides, it has a reason to be connected, and we have seen it speak our protocols by now.
        if (tries >= identifyTriesMax) {
          if (!(await this.#hasSpokenOurs(connection))) add('', [])
          return
        }
      }
      await delay(identifyRetryMs, undefined, { ref: false })
    }
  }

  async #hasSpokenOurs({ remotePeer }: Connection): Promise<boolean> {
    const known = await this.#host.peerStore.get(remotePeer).catch(() => undefined)
    return speaksOurs(known?.protocols ?? [])
  }

  #add(connection: Connection, node: Pick<ForeignNode, 'id' | 'agent' | 'protocols'>, now: number): void {
    const { id, agent } = node
    if (connection.status !== 'open' || this.#nodes.has(id)) return
    const { foreignNodesMax } = this.#settings
    if (this.#nodes.size >= foreignNodesMax) {
      this.#onFault(id, 'a connection', new Error(`${foreignNodesMax} foreign nodes are connected already: hung up`))
      hangUp(this.#host, id, () => true)
      return
    }
    const address = connection.remoteAddr.toString()
    this.#nodes.set(id, { ...node, address, latencyMs: undefined })
    this.#table.put(id, agent, 'linked', 0)
    this.#onHappening({ event: 'foreign-connected', id, agent, address })
    this.#liveness.watch(id, now)
    this.#liveness.doubt(id, now, this.#pings)
  }

  #forget(id: string, why: 'disconnected' | 'silent'): void {
    const node = this.#nodes.get(id)
    if (node === undefined || (why === 'disconnected' && connectionTo(this.#host, id) !== undefined)) return
    this.#remove(id)
    this.#onHappening({ event: 'foreign-gone', id, agent: node.agent, why })
  }

  #remove(id: string): void {
    this.#nodes.delete(id)
    this.#table.remove(id)
    this.#liveness.unwatch(id)
  }

  async #ping(id: string): Promise<void> {
    const { outcome, rttMs } = await pingPeer(this.#host, id, [])
    this.#driver.input(() => {
      const node = this.#nodes.get(id)
      if (node === undefined) return
      if (rttMs !== undefined) this.#nodes.set(id, { ...node, latencyMs: rttMs })
      this.#liveness.pinged(id, outcome, this.#pings)
    })
  }
}

function speaksOurs(protocols: readonly string[]): boolean {
  return protocols.some(protocol => protocol.startsWith('/hubcast/'))
}
