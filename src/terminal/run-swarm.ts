import { setTimeout as delay } from 'node:timers/promises'
import { sample } from '#src/core/random.ts'
import { createTestNetwork } from '#src/library/test-network.ts'
import { jsonLine } from '#src/node/printable.ts'
import { SwarmView } from '#src/http/swarm-view.ts'
import { readConfig } from '#src/node/config-file.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { monitorOf } from './monitor-of.ts'
import { endGracefully } from './shutdown.ts'
import { histogram, progressBar, Story } from './story.ts'
import { Tally } from './tally.ts'
import type { Monitor } from '#src/http/monitor.ts'
import type { HttpAddress, HttpOptions } from './http-options.ts'
import type { Peer } from '#src/library/peer.ts'
import type { TestNetwork } from '#src/library/test-network.ts'

export interface SwarmOptions extends Omit<HttpOptions, 'http'> {
  /** The dashboard is on unless it is told otherwise. */
  readonly http?: HttpAddress | false
  readonly peers: number
  readonly for: number
  readonly kill: number
  readonly config?: string
  readonly count: number
  readonly interval: number
  readonly startDelay: number
  readonly pingInterval: number
  readonly pingFailures: number
  readonly json?: true
  readonly quiet?: true
}

/** What a swarm has shown, as the last line of `--json` has it. */
interface Summary {
  readonly peers: number
  readonly seeds: number
  readonly delivered: number
  readonly expected: number
  readonly duplicates: number
  /** Seeds that have removed every killed peer. */
  readonly removedAtSeeds: number
  /** Removals of peers that were not killed. */
  readonly falseRemovals: number
  readonly connected: boolean
  /** Peers that have just as many links as they want. */
  readonly onTarget: number
  readonly degrees: readonly number[]
  readonly p50Ms: number
  readonly p99Ms: number
}

/** Where the dashboard is if nobody says where: here, or at one of the next ports. */
const standardHttp: HttpAddress = { host: '127.0.0.1', port: 8080 }

/** How often the line at the bottom and the wait for something look again, in ms. */
const lookMs = 100

/** Runs a whole network in this process and tells its story. Ends the process. */
export async function runSwarm(options: SwarmOptions): Promise<void> {
  const swarm = new Swarm(options)
  endGracefully(async () => swarm.end())
  try {
    const ranToItsEnd = await swarm.run()
    // Otherwise a signal has ended it, and that end goes on.
    if (!ranToItsEnd) return
    await swarm.end()
    process.exit(swarm.keptItsPromises ? exitCode.ok : exitCode.failure)
  } catch (error) {
    giveUp(error)
  }
}

class Swarm {
  readonly #options: SwarmOptions
  readonly #story: Story
  readonly #tally = new Tally()
  readonly #killed: string[] = []
  #network: TestNetwork | undefined
  #summary: Summary | undefined
  #ending = false

  constructor(options: SwarmOptions) {
    this.#options = options
    this.#story = new Story(options.quiet === true || options.json === true)
  }

  /** Whether everything arrived once, the killed are gone everywhere and nobody else is. */
  get keptItsPromises(): boolean {
    if (this.#summary === undefined) return false
    const { delivered, expected, duplicates, falseRemovals, removedAtSeeds, seeds, connected } = this.#summary
    const gone = this.#killed.length === 0 || removedAtSeeds === seeds
    return delivered === expected && duplicates === 0 && falseRemovals === 0 && gone && connected
  }

  /** Returns whether it ran as long as it should. */
  async run(): Promise<boolean> {
    const { peers, count, interval, startDelay, pingInterval, pingFailures } = this.#options
    const config = readConfig(this.#options.config ?? 'config.txt')
    const monitor = await this.#monitor()
    const network = await createTestNetwork({
      seeds: this.#options.config === undefined ? config.length : config.map(({ address }) => address),
      peers: 0,
      peerOptions: {
        gossip: { count, intervalMs: interval, startDelayMs: startDelay },
        liveness: { pingIntervalMs: pingInterval, pingFailuresMax: pingFailures }
      },
      onEvent: (role, node, event) => {
        this.#tally.note(role, node, event)
        const told = { time: new Date().toISOString(), role, node, ...event }
        monitor?.note(told)
        if (this.#options.json === true) console.log(jsonLine(told))
      }
    })
    this.#network = network
    if (monitor !== undefined) {
      const view = new SwarmView(network, { onKill: name => this.#killed.push(name) })
      this.#tellDashboard(await monitor.serve(view))
    }
    this.#story.tell('swarm', `${config.length} seeds and ${peers} peers in this process; Ctrl-C ends it`)
    await network.addPeers(Array.from({ length: peers }, (_, index) => `peer-${index + 1}`))
    if (this.#ending) return false
    const quorum = Math.floor(network.seeds.length / 2) + 1
    this.#story.tell(
      'registered',
      `${this.#tally.registered.size} of ${peers} peers, each with ${quorum} of ${config.length} seeds`
    )
    const links = this.#tellLinks(network)
    const gossip = this.#tellGossip(network)
    await Promise.all([links, gossip, this.#killSome(network)])
    while (!this.#ending && this.#story.seconds * 1000 < this.#options.for) await this.#look(network)
    // What was said last is still on its way.
    for (let patience = 50; patience > 0 && !this.#ending && !this.#complete(network); patience--) await delay(lookMs)
    return !this.#ending
  }

  /** Programs that read what is printed have no use for a dashboard, unless they ask for it. */
  async #monitor(): Promise<Monitor | undefined> {
    const { http, json, quiet } = this.#options
    if (http === false || (http === undefined && (json ?? quiet) === true)) return undefined
    return monitorOf({ ...this.#options, http: http ?? standardHttp }, 0, http === undefined)
  }

  #tellDashboard(url: string): void {
    const { json, quiet } = this.#options
    if ((json ?? quiet) === true) console.error(`hubcast: dashboard at ${url}`)
    else this.#story.tell('dashboard', url)
  }

  /** Says what came of it and ends the network. Does nothing the second time. */
  async end(): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    const summary = this.#sumUp()
    this.#summary = summary
    await this.#network?.stop()
    this.#story.status('')
    if (this.#options.json === true) {
      console.log(JSON.stringify(summary))
      return
    }
    const { delivered, expected, duplicates, degrees, onTarget, connected, p50Ms, p99Ms } = summary
    const story = this.#options.quiet === true ? new Story(false) : this.#story
    story.tell(
      'summary',
      `${delivered} of ${expected} deliveries, ${duplicates} of them twice`,
      `half of them within ${p50Ms} ms, 99 % within ${p99Ms} ms`,
      `${onTarget} of ${degrees.length} peers are on target, ${connected ? 'all are connected' : 'NOT all are connected'}`,
      ...(this.#killed.length === 0
        ? []
        : [`${this.#killed.join(', ')} killed, and removed at ${summary.removedAtSeeds} of ${summary.seeds} seeds`]),
      ...(summary.falseRemovals === 0 ? [] : [`${summary.falseRemovals} removals of peers that were alive`])
    )
  }

  async #tellLinks(network: TestNetwork): Promise<void> {
    await network.settle().catch(() => {})
    if (this.#ending) return
    const degrees = network.peers.map(peer => peer.neighbours().length)
    const links = degrees.reduce((sum, degree) => sum + degree, 0) / 2
    this.#story.tell(
      'linked',
      `${links} links, ${network.isConnected ? 'all peers connected' : 'not all connected yet'}`,
      ...histogram(
        degrees,
        network.peers.map(({ target }) => target)
      )
    )
  }

  async #tellGossip(network: TestNetwork): Promise<void> {
    const { startDelay, count } = this.#options
    if (count === 0) return
    if (this.#deliveries(network).delivered === 0)
      await this.#until(network, () => this.#deliveries(network).delivered > 0, startDelay + 30_000)
    if (!this.#ending) this.#story.tell('gossip', `begins: ${count} messages of each peer, to all others`)
  }

  /** In the middle of the gossip, where it hurts most. */
  async #killSome(network: TestNetwork): Promise<void> {
    const { kill, startDelay, count, interval, pingInterval, pingFailures } = this.#options
    const killAt = startDelay + 0.4 * count * interval
    // Of somebody without links nobody would notice it before its lease ends.
    const linked = (): Peer[] => network.peers.filter(peer => peer.neighbours().length > 0)
    const isTime = (): boolean => this.#story.seconds * 1000 >= killAt && linked().length >= kill
    await this.#until(network, isTime, killAt + 60_000)
    if (this.#ending || kill === 0) return
    const victims = sample(Math.random, linked(), kill)
    for (const peer of victims) {
      this.#killed.push(peer.name)
      this.#story.tell('killed', `${peer.name}, which had ${peer.neighbours().length} links`)
    }
    await Promise.all(victims.map(async peer => network.kill(peer)))
    const killedAt = this.#story.seconds
    const noticeMs = pingInterval * pingFailures + 25_000
    const named = this.#killed.join(', ')
    const reporters = (): Set<string> =>
      new Set(this.#killed.flatMap(name => [...(this.#tally.reports.get(name) ?? [])]))
    await this.#until(network, () => this.#killed.every(name => this.#tally.reports.has(name)), noticeMs)
    if (this.#ending || reporters().size === 0) return
    this.#story.tell('reported', `${named} by ${[...reporters()].join(', ')}: ${pingFailures} pings in a row failed`)
    await this.#until(network, () => this.#removedAtSeeds() === network.seeds.length, 20_000)
    if (this.#ending) return
    const after = (this.#story.seconds - killedAt).toFixed(1)
    this.#story.tell(
      'removed',
      `${named} at ${this.#removedAtSeeds()} of ${network.seeds.length} seeds, ${after} s after its death`
    )
    await network.settle().catch(() => {})
    if (this.#ending) return
    const healed = network.isConnected ? 'all peers are connected' : 'not all peers are connected'
    this.#story.tell('healed', `${healed}, ${onTarget(network.peers)} of ${network.peers.length} are on target`)
  }

  async #until(network: TestNetwork, condition: () => boolean, deadlineMs: number): Promise<void> {
    const end = performance.now() + deadlineMs
    const over = (): boolean =>
      this.#ending || performance.now() > end || this.#story.seconds * 1000 > this.#options.for
    while (!over() && !condition()) await this.#look(network)
  }

  async #look(network: TestNetwork): Promise<void> {
    const { delivered, expected } = this.#deliveries(network)
    const countdown = Math.ceil(this.#options.startDelay / 1000 - this.#story.seconds)
    const waiting = expected === 0 && countdown > 0
    this.#story.status(
      waiting ? `         first gossip in ${countdown} s` : `         ${progressBar(delivered, expected)} deliveries`
    )
    await delay(lookMs)
  }

  #deliveries(network: TestNetwork): ReturnType<Tally['deliveries']> {
    return this.#tally.deliveries(network.peers.map(({ name }) => name))
  }

  #complete(network: TestNetwork): boolean {
    const { delivered, expected } = this.#deliveries(network)
    return delivered === expected
  }

  #removedAtSeeds(): number {
    const seeds = this.#network?.seeds.map(({ label }) => label) ?? []
    return seeds.filter(seed => this.#killed.every(name => this.#tally.removals.get(name)?.has(seed) === true)).length
  }

  #sumUp(): Summary {
    const peers = this.#network?.peers ?? []
    const falseRemovals = [...this.#tally.removals.keys()].filter(name => !this.#killed.includes(name)).length
    return {
      peers: this.#options.peers,
      seeds: this.#network?.seeds.length ?? 0,
      ...this.#tally.deliveries(peers.map(({ name }) => name)),
      removedAtSeeds: this.#killed.length === 0 ? 0 : this.#removedAtSeeds(),
      falseRemovals,
      connected: this.#network?.isConnected ?? true,
      onTarget: onTarget(peers),
      degrees: peers.map(peer => peer.neighbours().length).toSorted((a, b) => b - a),
      p50Ms: this.#tally.agePercentile(0.5),
      p99Ms: this.#tally.agePercentile(0.99)
    }
  }
}

function onTarget(peers: readonly Peer[]): number {
  return peers.filter(peer => peer.neighbours().length === peer.target).length
}
