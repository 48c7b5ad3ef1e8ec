import { newKey } from '#src/node/key-file.ts'
import { PeerNode } from '#src/node/peer-node.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import { until } from './until.ts'
import { freePorts } from './workplace.ts'
import type { Happening } from '#src/node/events.ts'
import type { PeerNodeOptions } from '#src/node/peer-node.ts'
import type { SeedNodeOptions } from '#src/node/seed-node.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

/** A node with what has happened in it. */
export interface Watched<Node> {
  readonly node: Node
  readonly name: string
  readonly happenings: Happening[]
}

export type WatchedPeer = Watched<PeerNode>

/** Seeds and peers of one test, real libp2p nodes over loopback in this process. All end with the test. */
export class TestNetwork {
  readonly seeds: Watched<SeedNode>[] = []
  readonly peers: WatchedPeer[] = []
  readonly #ports: number[]
  readonly #seedOptions: Partial<SeedNodeOptions>

  private constructor(ports: number[], seedOptions: Partial<SeedNodeOptions>) {
    this.#ports = ports
    this.#seedOptions = seedOptions
  }

  static async start(seeds: number, seedOptions: Partial<SeedNodeOptions> = {}): Promise<TestNetwork> {
    const network = new TestNetwork(await freePorts(seeds), seedOptions)
    for (let index = 0; index < seeds; index++) await network.startSeed(index)
    return network
  }

  get seedAddresses(): SeedAddress[] {
    return this.#ports.map(port => ({
      label: `127.0.0.1:${port}`,
      address: `/ip4/127.0.0.1/tcp/${port}`,
      id: undefined
    }))
  }

  async startSeed(index: number): Promise<Watched<SeedNode>> {
    const own = this.seedAddresses[index]
    if (own === undefined) throw new RangeError(`no seed ${index}`)
    const happenings: Happening[] = []
    const node = await SeedNode.start({
      key: await newKey(),
      listen: [own.address],
      others: this.seedAddresses.filter(({ label }) => label !== own.label),
      onHappening: happening => happenings.push(happening),
      ...this.#seedOptions
    })
    const seed = { node, name: own.label, happenings }
    this.seeds[index] = seed
    return seed
  }

  /** Starts a peer that says nothing by itself, unless `options` has it otherwise. */
  async startPeer(name: string, options: Partial<PeerNodeOptions> = {}): Promise<WatchedPeer> {
    const happenings: Happening[] = []
    const node = await PeerNode.start({
      name,
      key: await newKey(),
      seeds: this.seedAddresses,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      broadcaster: { count: 0 },
      onHappening: happening => happenings.push(happening),
      ...options
    })
    const peer = { node, name, happenings }
    this.peers.push(peer)
    return peer
  }

  /** Starts peers with these names at once and waits until all are registered. */
  async startPeers(names: readonly string[], options: Partial<PeerNodeOptions> = {}): Promise<WatchedPeer[]> {
    const started = await Promise.all(names.map(async name => this.startPeer(name, options)))
    await until('all peers are registered', () => started.every(({ node }) => node.state === 'registered'), 30_000)
    return started
  }

  /** Ends everything without a word. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.peers, ...this.seeds].map(async ({ node }) => node.stop()))
  }
}

/** The happenings of one kind. */
export function of<Kind extends Happening['event']>(
  { happenings }: Pick<Watched<unknown>, 'happenings'>,
  event: Kind
): Extract<Happening, { event: Kind }>[] {
  return happenings.filter((happening): happening is Extract<Happening, { event: Kind }> => happening.event === event)
}

/** Whether every peer reaches every other one over links that both ends have. */
export function isConnected(peers: readonly WatchedPeer[]): boolean {
  const links = new Map(peers.map(({ node }) => [node.id, new Set(node.neighbours.map(({ id }) => id))]))
  const [first] = links.keys()
  if (first === undefined) return true
  const reached = new Set([first])
  for (const id of reached) {
    for (const other of links.get(id) ?? []) if (links.get(other)?.has(id) === true) reached.add(other)
  }
  return reached.size === links.size
}

/** Resolves when no link has come or gone for 2.5 s: what is said while links move may miss a peer. */
export async function linksAtRest(peers: readonly WatchedPeer[]): Promise<void> {
  let changes = -1
  let since = 0
  const rest = (): boolean => {
    const now = peers.reduce((sum, peer) => sum + of(peer, 'linked').length + of(peer, 'unlinked').length, 0)
    if (now !== changes) since = performance.now()
    changes = now
    return performance.now() - since > 2_500
  }
  await until('the links are at rest', rest, 30_000)
}
