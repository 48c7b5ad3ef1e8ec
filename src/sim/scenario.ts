import { below, sample } from '#src/core/random.ts'
import { partition } from './partition.ts'
import { World } from './world.ts'
import type { DegreeLawSettings } from '#src/core/degree-law.ts'
import type { Millis } from '#src/core/machine.ts'
import type { SimPeer } from './sim-peer.ts'
import type { WeatherSettings } from './weather.ts'

export interface ScenarioSettings {
  /** Makes the whole run: the same settings and the same seed give the same events. */
  readonly seed: number
  readonly peers: number
  readonly seeds: number
  readonly law: DegreeLawSettings
  readonly weather: WeatherSettings
  /** Time in which all join, at random moments. */
  readonly growMs: Millis
  /** How often everybody is replaced by somebody new, on average. */
  readonly turnover: number
  /** Mean of the exponential lifetimes during the turnover. */
  readonly lifetimeMs: Millis
  /** Share of the peers that stand still once, each for `stallMs`, at random moments. */
  readonly stalls: number
  readonly stallMs: Millis
  /** For so long no message passes between two halves of the network; 0, if it is never parted. */
  readonly partitionMs: Millis
  /** Shares that die at one moment: of all peers, or of those with the highest targets. */
  readonly crash: number
  readonly attackHubs: number
  /** Time without joins and deaths before it counts as rest. */
  readonly calmMs: Millis
}

/**
 * Where a scenario stands. `partitioned` is the moment before the two halves can reach each other again; `struck` is the moment after
 * a crash, before anybody can have mended anything.
 */
export type Phase =
  | 'growing'
  | 'grown'
  | 'turning-over'
  | 'turned-over'
  | 'stalling'
  | 'stalled'
  | 'partitioned'
  | 'healing'
  | 'healed'
  | 'struck'
  | 'mending'
  | 'mended'

/** How often a scenario shows itself while it runs, in virtual time: 60 s, and 1 s where it is over soon. */
const lookMs = 60_000
const closeLookMs = 1_000
/** Share of the dying whose host still answers, so that connections end at once. */
const goneShare = 0.5

/**
 * Grows a network, turns it over, strikes it, and lets it mend. Between its steps it hands the world over to be looked at; what is
 * looked at has no influence on the run.
 */
export function* play(settings: ScenarioSettings): Generator<{ readonly phase: Phase; readonly world: World }> {
  const { seed, seeds, law, weather, peers, growMs, turnover, lifetimeMs, calmMs } = settings
  const { stalls, stallMs, partitionMs, crash, attackHubs } = settings
  const world = new World({ seed, seeds, law, weather })
  const living = new Living(world)
  // One for all: there may be a million.
  const join = (): void => living.join()
  for (let left = peers; left > 0; left--) world.calendar.at(world.random() * growMs, join)
  yield* look('growing', world, growMs)
  world.run(calmMs)
  yield { phase: 'grown', world }
  if (turnover > 0) {
    const end = world.now + turnover * lifetimeMs
    const replaceOne = (): void => {
      if (world.now >= end) return
      living.kill(living.any())
      living.join()
      world.calendar.after(-Math.log(1 - world.random()) * (lifetimeMs / peers), replaceOne)
    }
    replaceOne()
    world.counts.reset()
    yield* look('turning-over', world, turnover * lifetimeMs)
    world.run(calmMs)
    yield { phase: 'turned-over', world }
  }
  if (stalls > 0) {
    for (const peer of sample(world.random, world.alive(), Math.floor(stalls * world.size))) {
      world.calendar.after(world.random() * calmMs, () => peer.stall(stallMs))
    }
    yield* look('stalling', world, calmMs + stallMs, closeLookMs)
    world.run(calmMs)
    yield { phase: 'stalled', world }
  }
  if (partitionMs > 0) {
    const heal = partition(world)
    world.run(partitionMs)
    yield { phase: 'partitioned', world }
    heal()
    yield* look('healing', world, calmMs, closeLookMs)
    yield { phase: 'healed', world }
  }
  if (crash > 0 || attackHubs > 0) {
    for (let left = Math.floor(crash * world.size); left > 0; left--) living.kill(living.any())
    for (const hub of living.hubs(attackHubs)) living.kill(hub)
    yield { phase: 'struck', world }
    yield* look('mending', world, calmMs, closeLookMs)
    yield { phase: 'mended', world }
  }
}

function* look(
  phase: Phase,
  world: World,
  time: Millis,
  every = lookMs
): Generator<{ readonly phase: Phase; readonly world: World }> {
  for (const end = world.now + time; world.now < end;) {
    world.run(Math.min(every, end - world.now))
    yield { phase, world }
  }
}

/** Those that live, in an array, so that one of them can be drawn at once. */
class Living {
  readonly #world: World
  readonly #peers: SimPeer[] = []

  constructor(world: World) {
    this.#world = world
  }

  join(): void {
    this.#peers.push(this.#world.join())
  }

  any(): number {
    return below(this.#world.random, this.#peers.length)
  }

  /** Those with the highest targets: where they are. */
  hubs(share: number): number[] {
    const places = [...this.#peers.keys()].toSorted((a, b) => this.#targetAt(b) - this.#targetAt(a))
    // From the back, so that taking one out moves none of the others.
    return places.slice(0, Math.floor(share * places.length)).toSorted((a, b) => b - a)
  }

  kill(place: number): void {
    const { random } = this.#world
    const last = this.#peers.pop()
    const victim = place === this.#peers.length ? last : this.#peers[place]
    if (last !== undefined && place < this.#peers.length) this.#peers[place] = last
    if (victim !== undefined) this.#world.kill(victim, random() < goneShare ? 'gone' : 'silent')
  }

  #targetAt(place: number): number {
    return (this.#peers[place] as SimPeer).topology.target
  }
}
