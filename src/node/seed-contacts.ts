import { multiaddr } from '@multiformats/multiaddr'
import { asError } from '#protocols/streams/exchange.ts'
import { whoAnswered } from './dial-any.ts'
import { connectionTo, connectionsTo } from './host.ts'
import { pingPeer } from './pinger.ts'
import type { OpenStream } from '#protocols/streams/exchange.ts'
import type { Connection } from '@libp2p/interface'
import type { OnHappening } from './events.ts'
import type { Host } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
import type { PingResult } from './pinger.ts'

/** A seed as config.txt names it. */
export interface SeedAddress {
  /** `HOST:PORT`, the seed's name in logs and its place in the order of all seeds. */
  readonly label: string
  /** Multiaddr without /p2p. */
  readonly address: string
  /** The peer id that the seed must have. Without it whoever answers at the address first is taken for the seed. */
  readonly id: string | undefined
}

export interface SeedContact {
  readonly label: string
  /** Who answers at its address, or is to answer there; undefined as long as nobody has met it. */
  readonly id: string | undefined
  readonly isConnected: boolean
}

/** How to know a seed whose line in config.txt has no identity. */
export interface SeedTrust {
  /** Where the first to answer there is remembered. Without it, anybody may answer each time. */
  readonly knownSeeds?: KnownSeeds | undefined
  readonly onHappening: OnHappening
}

/** Somebody else answers at the address of a seed. The message says who, and what to do. */
export class SeedIdentityError extends Error {
  override readonly name = 'SeedIdentityError'
}

/** The ways from a node to the seeds. */
export class SeedContacts {
  readonly #host: Host
  readonly #seeds = new Map<string, SeedAddress>()
  readonly #trust: SeedTrust
  /** Who answered at a seed's address last, by label. */
  readonly #ids = new Map<string, string>()

  constructor(host: Host, seeds: readonly SeedAddress[], trust: SeedTrust) {
    this.#host = host
    this.#trust = trust
    for (const seed of seeds) this.#seeds.set(seed.label, seed)
  }

  /** All labels, in ascending order. */
  get labels(): string[] {
    return [...this.#seeds.keys()].toSorted()
  }

  /** All of them, in the order of their labels. */
  get all(): SeedContact[] {
    return this.labels.map(label => {
      const id = this.#ids.get(label) ?? this.#seeds.get(label)?.id ?? this.#trust.knownSeeds?.find(label)?.id
      return { label, id, isConnected: id !== undefined && connectionTo(this.#host, id) !== undefined }
    })
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
    const { knownSeeds } = this.#trust
    const pin = seed.id === undefined ? knownSeeds?.find(label) : undefined
    const expected = seed.id ?? pin?.id
    const address = expected === undefined ? seed.address : `${seed.address}/p2p/${expected}`
    const connection = await this.#host.dial(multiaddr(address), { signal }).catch((error: unknown) => {
      const stranger = whoAnswered(error)
      throw expected === undefined || stranger === undefined ? error : this.#mistaken(expected, stranger, pin?.line)
    })
    if (expected === undefined) await this.#pin(label, connection, signal)
    this.#ids.set(label, connection.remotePeer.toString())
    return connection
  }

  /** The first contact. Another process may have had it at the same moment, with somebody else. */
  async #pin(label: string, connection: Connection, signal: AbortSignal): Promise<void> {
    const { knownSeeds, onHappening } = this.#trust
    if (knownSeeds === undefined) return
    const id = connection.remotePeer.toString()
    try {
      const pin = await knownSeeds.pin(label, id, signal)
      if (pin.id !== id) throw this.#mistaken(pin.id, id, pin.line)
      if (pin.isNew) onHappening({ event: 'seed-pinned', seed: label, id, file: knownSeeds.file })
    } catch (error) {
      connection.abort(asError(error))
      throw error
    }
  }

  /** @param line of the file with the known seeds; none, if it was config.txt that named the identity */
  #mistaken(expected: string, stranger: string, line: number | undefined): SeedIdentityError {
    const [known, remedy] =
      line === undefined
        ? ['whom its line names', 'correct that line']
        : ['who was there before', `remove line ${line} of ${this.#trust.knownSeeds?.file}`]
    return new SeedIdentityError(
      `another identity: not ${expected}, ${known}, but ${stranger} answers, and was told nothing. Somebody else may have taken ` +
        `the place of the seed; only if you know that it was given a new key, ${remedy}`
    )
  }
}
