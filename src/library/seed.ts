import { keepKey, newKey } from '#src/node/key-file.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { parseConfig } from '#src/node/config-file.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import type { Happening } from '#src/node/events.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

export interface SeedOptions {
  /**
   * Multiaddr to listen on.
   * @default '/ip4/127.0.0.1/tcp/0'
   */
  readonly listen?: string
  /**
   * `HOST:PORT` by which config.txt names this seed. All seeds of a network and all its peers must have the same names in their lists.
   * @default the first address that it listens on
   */
  readonly label?: string
  /**
   * The other seeds of the network, as config.txt has them. Those whose addresses are not known yet can be given to `follow` later,
   * before the first peer comes.
   * @default []
   * @example ['192.0.2.7:5002', '192.0.2.8:5002/p2p/12D3KooW…']
   */
  readonly seeds?: readonly string[]
  /**
   * File that keeps the seed's identity, made on first use.
   * @default a new identity each time
   */
  readonly keyFile?: string
  /**
   * File that keeps who the other seeds are, as `knownSeeds` of a peer does.
   * @default whoever answers is taken for the seed
   */
  readonly knownSeeds?: string
  /** Told of everything that happens in the seed. Must not throw. */
  readonly onEvent?: (event: Happening) => void
}

/** A running seed. Made by `createSeed`. */
export class Seed {
  readonly #node: SeedNode

  constructor(node: SeedNode) {
    this.#node = node
  }

  get id(): string {
    return this.#node.id
  }

  /** Full multiaddrs, with /p2p. */
  get addresses(): readonly string[] {
    return this.#node.addresses
  }

  /** `HOST:PORT`, the seed's name in logs. */
  get label(): string {
    return this.#node.label
  }

  /** `HOST:PORT/p2p/ID`, as a line of config.txt or an entry of `seeds` has it. */
  get line(): string {
    return `${this.label}/p2p/${this.id}`
  }

  /** Names of all peers that this seed knows, wherever they are registered. */
  get peers(): string[] {
    return this.#node.peers.map(({ name }) => name)
  }

  /** Peers that are registered with this seed itself. */
  get registrations(): number {
    return this.#node.registrations
  }

  /** Whether it gives names away: not while it has lost its memory and has not heard from enough others. */
  get isReady(): boolean {
    return this.#node.isReady
  }

  /** Hears from now on what these seeds announce: they and this one are the seeds of its network. */
  follow(seeds: readonly string[]): void {
    if (seeds.length > 0) this.#node.follow(parseSeeds(seeds))
  }

  async stop(): Promise<void> {
    await this.#node.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/**
 * Starts a seed.
 * @throws {PortInUseError} {KeyFileError} {ConfigError}
 */
export async function createSeed(options: SeedOptions = {}): Promise<Seed> {
  const { listen = '/ip4/127.0.0.1/tcp/0', label, seeds = [], keyFile, onEvent = () => {} } = options
  const others = seeds.length > 0 ? parseSeeds(seeds) : []
  const knownSeeds = options.knownSeeds === undefined ? undefined : new KnownSeeds(options.knownSeeds)
  const key = keyFile === undefined ? await newKey() : await keepKey(keyFile)
  return new Seed(await SeedNode.start({ key, listen: [listen], label, others, knownSeeds, onHappening: onEvent }))
}

function parseSeeds(seeds: readonly string[]): SeedAddress[] {
  return parseConfig(seeds.join('\n'), 'seeds')
}
