import path from 'node:path'
import { createSeed } from '#src/index.ts'
import { startPeer } from '#src/library/peer.ts'
import { Chronicle } from './chronicle.ts'
import { named } from './named.ts'
import type { PeerNode } from '#src/node/peer-node.ts'
import type { Peer, PeerOptions, Seed, SeedOptions } from '#src/index.ts'

/** Seeds that can end and come back at their addresses, and peers that know them by these. All end when it is disposed of. */
export class RestartableNetwork {
  /** Seeds that run, by their `HOST:PORT`. */
  readonly running = new Map<string, Seed>()
  readonly peers: Peer[] = []
  /** All seeds, as peers are told of them. */
  readonly lines: string[] = []
  /** What happens in peers once they are there. */
  readonly chronicle = new Chronicle()
  readonly #nodes = new Map<Peer, PeerNode>()
  readonly #folder: string | undefined

  private constructor(folder: string | undefined) {
    this.#folder = folder
  }

  /** @param folder where the seeds keep their identities; without it a seed that comes back has another one */
  static async start(seeds: number, folder?: string): Promise<RestartableNetwork> {
    const network = new RestartableNetwork(folder)
    for (let index = 0; index < seeds; index++) {
      const seed = await startSomewhere(port => network.#keyOf(`127.0.0.1:${port}`))
      network.running.set(seed.label, seed)
      network.lines.push(folder === undefined ? seed.label : seed.line)
    }
    for (const [label, seed] of network.running) seed.follow(network.#othersOf(label))
    return network
  }

  async addPeer(name: string, own: Partial<PeerOptions> = {}): Promise<Peer> {
    const { peer, node } = await startPeer({ listen: ['/ip4/127.0.0.1/tcp/0'], ...own, name, seeds: this.lines })
    this.peers.push(peer)
    this.#nodes.set(peer, node)
    peer.addEventListener('event', ({ detail }) => this.chronicle.onEvent('peer', name, detail))
    return peer
  }

  /** Ends a peer without a word, as SIGKILL would. */
  async crash(name: string): Promise<void> {
    const peer = named(this.peers, name)
    this.peers.splice(this.peers.indexOf(peer), 1)
    await this.#nodes.get(peer)?.stop()
  }

  /** Ends these seeds, and with them all that they know. */
  async stop(labels: readonly string[]): Promise<void> {
    await Promise.all(labels.map(async label => this.running.get(label)?.stop()))
    for (const label of labels) this.running.delete(label)
  }

  async restart(labels: readonly string[]): Promise<void> {
    for (const label of labels) {
      const listen = `/ip4/127.0.0.1/tcp/${label.split(':')[1]}`
      const seed = await createSeed({ listen, seeds: this.#othersOf(label), ...this.#keyOf(label) })
      this.running.set(label, seed)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.peers.map(async peer => peer.stop()))
    await this.stop([...this.running.keys()])
  }

  #othersOf(label: string): string[] {
    return this.lines.filter(line => !line.startsWith(label))
  }

  #keyOf(label: string): SeedOptions {
    return this.#folder === undefined ? {} : { keyFile: path.join(this.#folder, label.replace(':', '-')) }
  }
}

/** Starts a seed at a port that nobody takes while it is down: from 32768 on, systems give them to outgoing connections. */
async function startSomewhere(options: (port: number) => SeedOptions): Promise<Seed> {
  const port = 10_000 + Math.floor(Math.random() * 20_000)
  try {
    return await createSeed({ ...options(port), listen: `/ip4/127.0.0.1/tcp/${port}` })
  } catch (error) {
    if (error instanceof Error && error.name === 'PortInUseError') return startSomewhere(options)
    throw error
  }
}
