import { degreeLaw, simulation } from '#src/settings.ts'
import { sample } from '#src/core/random.ts'
import { glance } from '../overlay-measures.ts'
import { World } from '../world.ts'
import type { Millis } from '#src/core/machine.ts'

export interface SeedlessSettings {
  /** Makes the whole run. */
  readonly seed: number
  readonly seeds: number
  readonly peers: number
  /** Share of the peers that die once the seeds are gone, half of them without a word. */
  readonly crash: number
  /** Peers that start at that moment, and remember two each that live. */
  readonly restarts: number
}

export interface SeedlessReport {
  /** Largest connected part of those that live, 0 to 1: right after the crash, and two minutes later. */
  readonly componentStruck: number
  readonly component: number
  /** Share of the peers with as many links as they want, then. */
  readonly onTarget: number
  /** Fewest links that one of those has which have started then. */
  readonly restartedLinks: number
  /** Requests for a link that it took, for each peer that lives. */
  readonly asks: number
  /** All seeds back: time in s until everybody is registered. */
  readonly backSeconds: number
}

const growMs = 30_000
/** Nobody has a lease any more: the network has long been without seeds. */
const goneMs = 75_000
const mendMs = 120_000
/** As few as the anchors are. */
const rememberedCount = 2
const patienceMs = 300_000
const lookMs = 500

/** All seeds are gone for good when many peers die at one blow: those that are left have nobody to turn to but each other. */
export function seedless({ seed, seeds, peers, crash, restarts }: SeedlessSettings): SeedlessReport {
  const world = new World({ seed, seeds, law: degreeLaw, weather: { ...simulation.weather, loss: 0 }, hasDisks: true })
  const { calendar, random } = world
  for (let left = peers; left > 0; left--) calendar.at(random() * growMs, () => world.join())
  world.run(growMs + simulation.calmMs)
  for (const one of world.seeds) one.stop()
  world.run(goneMs)
  const unlucky = sample(random, world.alive(), Math.floor(crash * world.size))
  for (const [index, peer] of unlucky.entries()) world.kill(peer, index % 2 === 0 ? 'gone' : 'silent')
  const { component: componentStruck } = glance(world)
  const remembered = [...world.listedLast()].filter(({ id }) => world.peer(id) !== undefined)
  const restarted = Array.from({ length: restarts }, () => world.join())
  for (const { acquaintances } of restarted) {
    for (const record of sample(random, remembered, rememberedCount)) acquaintances.book.note(record, 'seed')
  }
  world.counts.reset()
  world.run(mendMs)
  const { component, onTarget } = glance(world)
  const restartedLinks = Math.min(...restarted.map(({ degree }) => degree))
  const asks = world.counts.asks / world.size
  for (const one of world.seeds) one.restart('kept')
  const backAt: Millis = world.now
  const areRegistered = (): boolean => [...world.alive()].every(({ state }) => state === 'registered')
  while (!areRegistered() && world.now - backAt < patienceMs) world.run(lookMs)
  const backSeconds = (world.now - backAt) / 1_000
  return { componentStruck, component, onTarget, restartedLinks, asks, backSeconds }
}
