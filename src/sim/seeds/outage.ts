import { degreeLaw, simulation } from '#src/settings.ts'
import { sample } from '#src/core/random.ts'
import { World } from '../world.ts'
import type { Millis } from '#src/core/machine.ts'
import type { SimSeed } from '../sim-seed.ts'

export interface OutageSettings {
  /** Makes the whole run. */
  readonly seed: number
  readonly seeds: number
  readonly peers: number
  /** Whether the seeds come back with what they had on their disks. */
  readonly disk: 'kept' | 'lost'
}

export interface OutageReport {
  /** With as many seeds gone as may: time in s until all newcomers are registered. */
  readonly newcomersSeconds: number
  /** With one more gone: peers that still take themselves for registered when all leases have ended, and that are no more connected. */
  readonly stillRegistered: number
  readonly apart: number
  /** With all gone and started again: time in s until everybody is registered, and the lists of all seeds are complete. */
  readonly backSeconds: number
  readonly completeSeconds: number
  /** In the whole run: removals as dead of peers that live. */
  readonly falseRemovals: number
}

const growMs = 30_000
/** All that leases and retries allow, in ms. */
const patienceMs = 300_000
/** Longer than a lease and its last retry: whoever relies on one by then is wrong. */
const leasesMs = 75_000
const lookMs = 500

/** Seeds crash one after another until all are gone, and come back all at once. */
export function outage({ seed, seeds, peers, disk }: OutageSettings): OutageReport {
  const world = new World({ seed, seeds, law: degreeLaw, weather: { ...simulation.weather, loss: 0 }, hasDisks: true })
  const { calendar, random } = world
  for (let left = peers; left > 0; left--) calendar.at(random() * growMs, () => world.join())
  world.run(growMs + simulation.calmMs)
  const quorum = Math.floor(seeds / 2) + 1
  const unlucky = sample(random, world.seeds, seeds)
  const crash = (count: number): void => unlucky.splice(0, count).forEach(seed => seed.stop())

  crash(seeds - quorum)
  const newcomers = Array.from({ length: Math.ceil(peers / 5) }, () => world.join())
  const newcomersSeconds = secondsUntil(world, () => newcomers.every(({ state }) => state === 'registered'))

  crash(1)
  world.run(leasesMs)
  const living = [...world.alive()]
  const stillRegistered = living.filter(({ state }) => state === 'registered').length
  const apart = living.filter(({ degree }) => degree === 0).length

  crash(seeds)
  world.run(leasesMs)
  for (const seed of world.seeds) seed.restart(disk)
  const backAt = world.now
  const backSeconds = secondsUntil(world, () => living.every(({ state }) => state === 'registered'))
  const completeSeconds =
    (world.now - backAt) / 1_000 + secondsUntil(world, () => world.seeds.every(seed => isComplete(seed, world)))
  const { falseRemovals } = world
  return { newcomersSeconds, stillRegistered, apart, backSeconds, completeSeconds, falseRemovals }
}

/** Virtual time until it is so; as long as we wait, if it never is. */
function secondsUntil(world: World, isSo: () => boolean): number {
  const from: Millis = world.now
  while (!isSo() && world.now - from < patienceMs) world.run(lookMs)
  return (world.now - from) / 1_000
}

function isComplete({ registry }: SimSeed, world: World): boolean {
  if (registry.size !== world.size) return false
  for (const { id } of world.alive()) if (registry.find(id) === undefined) return false
  return true
}
