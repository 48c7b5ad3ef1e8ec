import { DegreeLaw } from '#src/core/degree-law.ts'
import { between, seededRandom } from '#src/core/random.ts'
import { degreeLaw } from '#src/settings.ts'
import { Figures } from './figures.ts'
import { Flood } from './flood.ts'
import { Gossipsub } from './gossipsub.ts'
import { Hubcast } from './hubcast.ts'
import { graphOfLaw } from './law-graph.ts'
import { Links } from './links.ts'
import { Network } from './network.ts'
import { detectionMs, partitionMs, patienceMs, planOf, reunionMs, slowMs } from './plan.ts'
import { trafficOf } from './traffic.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { GossipFigures } from './figures.ts'
import type { GossipsubRecord } from './gossipsub.ts'
import type { GossipScenario, Plan } from './plan.ts'
import type { GossipSystem } from './system.ts'
import type { Traffic } from './traffic.ts'

export interface TrialSettings {
  readonly system: GossipSystem
  readonly scenario: GossipScenario
  readonly peers: number
  /** Makes the whole run. Graph, latencies, messages and what befalls whom are the same for all systems. */
  readonly seed: number
  readonly messages: number
  /** Messages a second, from all together. */
  readonly rate: number
}

const payloadBytes = 512
/** How often a run shows how far it is, and whether it is over, in virtual time. */
const lookMs = 1_000
/** How often the slow peer handles something. */
const slowTakesMs = 100

/** What happens from outside, at a time. */
interface Event {
  readonly at: Millis
  readonly happen: () => void
}

/** One system in one scenario: the whole world, made and ready to run. */
export class Trial {
  readonly #settings: TrialSettings
  readonly #links: Links
  readonly #plan: Plan
  readonly #traffic: Traffic
  readonly #figures: Figures
  readonly #network: Network<unknown>
  /** For what happens from outside. */
  readonly #random: Random

  constructor(settings: TrialSettings) {
    const { peers, scenario, messages, rate, system } = settings
    this.#settings = settings
    const graph = graphOfLaw(peers, new DegreeLaw(degreeLaw), this.#stream(0))
    this.#links = new Links(graph, this.#stream(1))
    this.#plan = planOf(scenario, graph, (messages * 1_000) / rate, this.#stream(2))
    this.#traffic = trafficOf(this.#plan, messages, rate, this.#stream(3))
    this.#figures = new Figures(this.#plan, this.#traffic, peers)
    this.#random = this.#stream(4)
    const parts = { links: this.#links, plan: this.#plan, traffic: this.#traffic, figures: this.#figures }
    const [random, weather] = [this.#stream(5), this.#stream(6)]
    if (system === 'flood') {
      this.#network = new Network<number>(parts, random, weather, network => new Flood(network, payloadBytes))
    } else if (system === 'gossipsub') {
      this.#network = new Network<GossipsubRecord>(
        parts,
        random,
        weather,
        network => new Gossipsub(network, payloadBytes)
      )
    } else {
      this.#network = new Network<GossipRecord<number>>(
        parts,
        random,
        weather,
        network => new Hubcast(network, payloadBytes)
      )
    }
  }

  get report(): GossipFigures {
    return this.#figures.report()
  }

  /** Records that have come and alarms that have rung. */
  get done(): number {
    return this.#network.done
  }

  /** Everybody starts. */
  start(): void {
    this.#network.start()
  }

  /** Everybody ends: nothing can be run any more. */
  stop(): void {
    this.#network.stop()
  }

  /**
   * Runs until all messages have come everywhere, or for `patienceMs` after the last one.
   * @returns how far it is, now and then
   */
  *run(): Generator<{ readonly share: number }> {
    const events = [...this.#publications(), ...this.#blows()].toSorted((one, other) => one.at - other.at)
    const end = (this.#traffic.at.at(-1) ?? 0) + patienceMs
    const lastEvent = events.at(-1)?.at ?? 0
    let next = 0
    for (let time = 0; time <= end; time += lookMs) {
      for (; (events[next]?.at ?? Number.POSITIVE_INFINITY) <= time; next++) {
        this.#network.runUntil(events[next]?.at ?? 0)
        events[next]?.happen()
      }
      this.#network.runUntil(time)
      if (time > lastEvent && this.#figures.isComplete) return
      yield { share: time / end }
    }
  }

  /** Numbers of their own for each purpose: a system that draws more than another changes nothing else. */
  #stream(purpose: number): Random {
    return seededRandom(this.#settings.seed + purpose * 0x1_0000_0000)
  }

  *#publications(): Iterable<Event> {
    for (const [message, at] of this.#traffic.at.entries()) yield { at, happen: () => this.#network.publish(message) }
  }

  *#blows(): Iterable<Event> {
    const { scenario, strikeAt, crashing, beyond } = this.#plan
    const network = this.#network
    if (scenario === 'crash' || scenario === 'hubs') {
      yield {
        at: strikeAt,
        happen: () => crashing.forEach((isCrashing, peer) => isCrashing === 1 && network.kill(peer))
      }
      yield { at: strikeAt + detectionMs, happen: () => this.#loseCutLinks() }
    } else if (scenario === 'partition') {
      yield { at: strikeAt, happen: () => network.part(true) }
      yield { at: strikeAt + detectionMs, happen: () => this.#loseCutLinks() }
      const healedAt = strikeAt + partitionMs
      yield { at: healedAt, happen: () => network.part(false) }
      for (const [end, back] of this.#links.back.entries()) {
        if (back < end || beyond[this.#links.owner[end] as number] === beyond[this.#links.target[end] as number])
          continue
        yield { at: Math.ceil(healedAt + between(this.#random, 0, reunionMs)), happen: () => network.linkUp(end) }
      }
    } else if (scenario === 'slow') {
      yield { at: strikeAt, happen: () => network.slowDown() }
      for (let ms = slowTakesMs; ms < slowMs; ms += slowTakesMs) {
        yield { at: strikeAt + ms, happen: () => network.takeOne() }
      }
      yield { at: strikeAt + slowMs, happen: () => network.speedUp() }
    }
  }

  #loseCutLinks(): void {
    for (const [end, back] of this.#links.back.entries()) {
      if (back > end && this.#network.isCut(end)) this.#network.linkDown(end)
    }
  }
}
