import { setTimeout as delay } from 'node:timers/promises'
import { Disturbance } from '#src/node/disturbance.ts'
import { createSeed } from './seed.ts'
import { startPeer } from './peer.ts'
import type { Happening } from '#src/node/events.ts'
import type { PeerNode } from '#src/node/peer-node.ts'
import type { Peer, PeerOptions } from './peer.ts'
import type { Seed } from './seed.ts'

export interface TestNetworkOptions {
  /**
   * How many seeds to start, or the multiaddrs to start them on.
   * @default 3
   */
  readonly seeds?: number | readonly string[]
  /**
   * How many peers to start, or their names.
   * @default 8
   */
  readonly peers?: number | readonly string[]
  /** For all peers. */
  readonly peerOptions?: Partial<Omit<PeerOptions, 'name' | 'seeds'>>
  /** Told of everything that happens in any seed or peer, by the `HOST:PORT` or the name of it. Must not throw. */
  readonly onEvent?: (role: 'seed' | 'peer', node: string, event: Happening) => void
}

type OnEvent = NonNullable<TestNetworkOptions['onEvent']>

interface Backstage {
  /** How many peers were started before. */
  readonly number: number
  readonly node: PeerNode
  readonly disturbance: Disturbance
}

/** Links that nobody changes for so long are at rest, in ms: longer than the first repairs and searches take. */
const restMs = 2_500

/**
 * Peers that register at a time. All in one process share its event loop, which accepts one connection a turn and seed: of several hundred that dial at
 * once most would have given up by the time they are accepted (measured with 500).
 */
const startsAtOnce = 32

/**
 * Seeds and peers in this process: real libp2p nodes over loopback, with the faults that a test wants. Made by
 * `createTestNetwork`; everything ends with `stop` or `await using`.
 */
export class TestNetwork {
  readonly seeds: readonly Seed[]
  readonly #peerOptions: Partial<Omit<PeerOptions, 'name' | 'seeds'>>
  readonly #onEvent: OnEvent
  readonly #backstage = new Map<Peer, Backstage>()
  #started = 0
  #changedAt = performance.now()

  constructor(seeds: readonly Seed[], peerOptions: Partial<Omit<PeerOptions, 'name' | 'seeds'>>, onEvent: OnEvent) {
    this.seeds = seeds
    this.#peerOptions = peerOptions
    this.#onEvent = onEvent
  }

  /** Peers that run: those that were started and neither left nor were killed, in the order of their starts. */
  get peers(): Peer[] {
    return [...this.#backstage].toSorted(([, a], [, b]) => a.number - b.number).map(([peer]) => peer)
  }

  /**
   * Starts one more peer.
   * @param own what this peer has different from the others
   * @throws {NameTakenError}
   */
  async addPeer(name: string, own: Partial<Omit<PeerOptions, 'name' | 'seeds'>> = {}): Promise<Peer> {
    const number = this.#started++
    const disturbance = new Disturbance()
    const seeds = this.seeds.map(({ line }) => line)
    const options = { listen: ['/ip4/127.0.0.1/tcp/0'], ...this.#peerOptions, ...own, name, seeds }
    const { peer, node } = await startPeer(options, {
      gater: disturbance.gater,
      onEvent: event => {
        if (event.event === 'linked' || event.event === 'unlinked') this.#changedAt = performance.now()
        this.#onEvent('peer', name, event)
      }
    })
    this.#backstage.set(peer, { number, node, disturbance })
    peer.addEventListener('event', ({ detail }) => {
      if (detail.event === 'stopped') this.#backstage.delete(peer)
    })
    this.#changedAt = performance.now()
    return peer
  }

  /** Starts peers with these names, so many at a time as one process bears. */
  async addPeers(names: readonly string[]): Promise<void> {
    const queue = names.values()
    const startNext = async (): Promise<void> => {
      for (const name of queue) await this.addPeer(name)
    }
    await Promise.all(Array.from({ length: startsAtOnce }, startNext))
  }

  /** Whether every running peer reaches every other one over links that both ends have. */
  get isConnected(): boolean {
    const links = new Map(this.peers.map(peer => [peer.id, new Set(peer.neighbours().map(({ id }) => id))]))
    const reached = new Set([...links.keys()].slice(0, 1))
    for (const id of reached) {
      for (const other of links.get(id) ?? []) if (links.get(other)?.has(id) === true) reached.add(other)
    }
    return reached.size === links.size
  }

  /** Ends a peer without a word, as SIGKILL would. */
  async kill(peer: Peer): Promise<void> {
    await this.#behind(peer).node.stop()
  }

  /** Stops a peer in its tracks, as SIGSTOP would: it neither hears, answers nor decides. Returns what wakes it. */
  pause(peer: Peer): () => void {
    const { node, disturbance } = this.#behind(peer)
    const set = (paused: boolean): void => {
      node.paused = paused
      disturbance.silent = paused
    }
    set(true)
    return () => set(false)
  }

  /** Cuts all peers of `a` off from all of `b`, silently. Returns what heals the network. */
  partition(a: readonly Peer[], b: readonly Peer[]): () => void {
    const cut = (side: readonly Peer[], other: readonly string[]): void => {
      for (const peer of side) this.#behind(peer).disturbance.cutOff = new Set(other)
    }
    cut(
      a,
      b.map(({ id }) => id)
    )
    cut(
      b,
      a.map(({ id }) => id)
    )
    return () => {
      const running = (peer: Peer): boolean => this.#backstage.has(peer)
      cut(a.filter(running), [])
      cut(b.filter(running), [])
    }
  }

  /**
   * Resolves when no link has come or gone for a while, every peer has a link if there is anybody to have one with, and every
   * seed knows exactly the running peers.
   * @throws when that takes longer than `deadlineMs`
   */
  async settle(deadlineMs = 60_000): Promise<void> {
    const end = performance.now() + deadlineMs
    while (!this.#settled()) {
      if (performance.now() > end) throw new Error(`network has not settled within ${deadlineMs} ms`)
      await delay(50)
    }
  }

  /** Ends everything: peers leave, seeds stop. */
  async stop(): Promise<void> {
    await Promise.all(this.peers.map(async peer => peer.stop()))
    await Promise.all(this.seeds.map(async seed => seed.stop()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #settled(): boolean {
    if (performance.now() - this.#changedAt < restMs) return false
    const names = this.peers
      .map(({ name }) => name)
      .toSorted()
      .join()
    const known = this.seeds.every(seed => seed.peers.toSorted().join() === names)
    return known && this.peers.every(peer => this.peers.length === 1 || peer.neighbours().length > 0)
  }

  #behind(peer: Peer): Backstage {
    const backstage = this.#backstage.get(peer)
    if (backstage === undefined) throw new Error(`${peer.name} does not run in this network`)
    return backstage
  }
}

/**
 * Starts a network of seeds and peers in this process, on free ports of loopback.
 * @example
 * await using network = await createTestNetwork({ seeds: 3, peers: ['ada', 'bob', 'cyd'] })
 * await network.settle()
 * network.peers[0].publish('hello')
 */
export async function createTestNetwork(options: TestNetworkOptions = {}): Promise<TestNetwork> {
  const { seeds: wanted = 3, peers = 8, peerOptions = {}, onEvent = () => {} } = options
  const listen = typeof wanted === 'number' ? Array.from({ length: wanted }, () => '/ip4/127.0.0.1/tcp/0') : wanted
  const seeds = await Promise.all(listen.map(async address => startSeed(address, onEvent)))
  for (const seed of seeds) seed.follow(seeds.filter(other => other !== seed).map(({ line }) => line))
  const network = new TestNetwork(seeds, peerOptions, onEvent)
  const names = typeof peers === 'number' ? Array.from({ length: peers }, (_, index) => `peer-${index + 1}`) : peers
  await network.addPeers(names)
  return network
}

async function startSeed(listen: string, onEvent: OnEvent): Promise<Seed> {
  // Its name is the port that it is about to get.
  let label = ''
  const early: Happening[] = []
  const seed = await createSeed({
    listen,
    onEvent: event => (label === '' ? early.push(event) : onEvent('seed', label, event))
  })
  label = seed.label
  for (const event of early) onEvent('seed', label, event)
  return seed
}
