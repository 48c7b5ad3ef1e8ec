import { degreeLaw, simulation } from '#src/settings.ts'
import { between, sample } from '#src/core/random.ts'
import { World } from '../world.ts'
import type { Millis } from '#src/core/machine.ts'
import type { SimPeer } from '../sim-peer.ts'

export interface OverloadSettings {
  /** Makes the whole run. */
  readonly seed: number
  readonly seeds: number
  readonly peers: number
  /** Peers that stand still again and again, and for how long on average, and between times. */
  readonly overloaded: number
  readonly blockedMs: Millis
  readonly freeMs: Millis
  readonly hours: number
  /** Peers that tell the seeds every ten seconds that everybody else is dead, and that all are their neighbours. */
  readonly liars: number
  /** Share of the messages that are lost. */
  readonly loss: number
}

export interface OverloadReport {
  /** Neighbours that peers took for dead and reported, liars apart, and reports of liars. */
  readonly reports: number
  readonly lies: number
  /** Removals as dead, by any seed, of peers that live. */
  readonly falseRemovals: number
  /** Peers that are registered with the quorum at the end, of all. */
  readonly registered: number
  readonly peers: number
}

/** All join within this time, and lies and stalls begin after it. */
const growMs = 60_000
const lieMs = 10_000
const hourMs = 3_600_000
/** No neighbour list of more is taken (`neighboursMax`). */
const claimedMax = 256

/**
 * Hours in the life of a network of whose peers some are too busy to answer most of the time, and some lie.
 * @returns after each hour how many are over, and at the end the report
 */
export function* overload(settings: OverloadSettings): Generator<number, OverloadReport> {
  const { seed, seeds, peers, overloaded, hours, liars, loss } = settings
  const world = new World({ seed, seeds, law: degreeLaw, weather: { ...simulation.weather, loss } })
  const { calendar, random } = world
  for (let left = peers; left > 0; left--) calendar.at(random() * growMs, () => world.join())
  world.run(growMs + simulation.calmMs)
  world.counts.reset()
  let lies = 0
  const chosen = sample(random, world.alive(), overloaded + liars)
  for (const peer of chosen.slice(0, overloaded)) block(world, peer, settings)
  for (const liar of chosen.slice(overloaded)) {
    const lie = (): void => {
      lies += tellLies(world, liar)
      calendar.after(lieMs, lie)
    }
    calendar.after(between(random, 0, lieMs), lie)
  }
  for (let hour = 1; hour <= hours; hour++) {
    world.run(hourMs)
    yield hour
  }
  const registered = [...world.alive()].filter(({ state }) => state === 'registered').length
  const { falseRemovals, counts } = world
  return { reports: counts.reports, lies, falseRemovals, registered, peers }
}

/** Each time half as long as on average at least, and half as long again at most. */
function block(world: World, peer: SimPeer, { blockedMs, freeMs }: OverloadSettings): void {
  const { calendar, random } = world
  const stall = (): void => {
    const time = between(random, 0.5, 1.5) * blockedMs
    peer.stall(time)
    calendar.after(time + between(random, 0.5, 1.5) * freeMs, stall)
  }
  calendar.after(random() * (blockedMs + freeMs), stall)
}

/** Returns how many seeds were told how many lies in all. */
function tellLies(world: World, liar: SimPeer): number {
  const others = [...world.alive()].filter(peer => peer !== liar).map(({ id }) => id)
  let told = 0
  for (const seed of world.seeds) {
    const claim = { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: others.slice(0, claimedMax) } as const
    if (seed.registry.registration(liar.id) !== undefined) seed.answer(liar.id, claim)
    for (const target of others) {
      seed.report(liar.id, { target, missed: ['timeout', 'timeout', 'timeout'] })
      told++
    }
  }
  return told
}
