import { multiaddr } from '@multiformats/multiaddr'
import { connectionTo, connectionsTo } from './host.ts'
import { pingPeer } from './pinger.ts'
import type { OpenStream } from '#protocols/streams/exchange.ts'
import type { Connection } from '@libp2p/interface'
import type { Host } from './host.ts'
import type { PingResult } from './pinger.ts'

/** A seed as config.txt names it. */
export interface SeedAddress {
  /** `HOST:PORT`, the seed's name in logs and its place in the order of all seeds. */
  readonly label: string
  /** Multiaddr without /p2p. */
  readonly address: string
  /** The peer id that the seed must have. Without it whoever answers at the address is taken for the seed. */
  readonly id: string | undefined
}

/** The ways from a node to the seeds. */
export class SeedContacts {
  readonly #host: Host
  readonly #seeds = new Map<string, SeedAddress>()
  /** Who answered at a seed's address last, by label. */
  readonly #ids = new Map<string, string>()

  constructor(host: Host, seeds: readonly SeedAddress[]) {
    this.#host = host
    for (const seed of seeds) this.#seeds.set(seed.label, seed)
  }

  /** All labels, in ascending order. */
  get labels(): string[] {
    return [...this.#seeds.keys()].toSorted()
  }

  /** The way to one seed: over its open connection, or by dialling it. */
  open(label: string): OpenStream {
    return async (protocol, signal) => {
      const id = this.#ids.get(label)
      const open = id === undefined ? undefined : connectionTo(this.#host, id)
      const connection = open ?? (await this.#dial(label, signal))
      return connection.newStream([protocol], { signal })
    }
  }

  /** Pings a seed over its open connection. Without one, the ping is inconclusive. */
  async ping(label: string): Promise<PingResult> {
    const id = this.#ids.get(label)
    return id === undefined ? { outcome: 'inconclusive' } : pingPeer(this.#host, id, [])
  }

  /** Ends the connections with a seed, and all that goes on over them. */
  cut(label: string, why: Error): void {
    for (const connection of connectionsTo(this.#host, this.#ids.get(label) ?? '')) connection.abort(why)
  }

  async #dial(label: string, signal: AbortSignal): Promise<Connection> {
    const seed = this.#seeds.get(label)
    if (seed === undefined) throw new Error(`no seed ${label}`)
    const address = seed.id === undefined ? seed.address : `${seed.address}/p2p/${seed.id}`
    const connection = await this.#host.dial(multiaddr(address), { signal })
    this.#ids.set(label, connection.remotePeer.toString())
    return connection
  }
}
