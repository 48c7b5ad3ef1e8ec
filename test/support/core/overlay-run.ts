import { expect } from 'vitest'
import { between, sample } from '#src/core/random.ts'
import { degreeLaw, simulation } from '#src/settings.ts'
import { measure } from '#src/sim/overlay-measures.ts'
import { World } from '#src/sim/world.ts'
import { sorted } from './numbers.ts'
import { OverlayWatch } from './overlay-watch.ts'
import { replay } from './runs.ts'
import type { OverlayMeasures } from '#src/sim/overlay-measures.ts'

/**
 * A whole network in virtual time: peers, three seeds, messages that take 10 to 200 ms, and sometimes 2 s. After every input of
 * every peer the invariants are checked; see `OverlayWatch`.
 */
export class OverlayRun {
  readonly world: World
  readonly watch: OverlayWatch
  readonly run: number
  readonly #weather: { loss: number }

  /** @param startMs time in which all join */
  constructor(run: number, peers: number, { startMs = 100, loss = 0, law = degreeLaw } = {}) {
    this.run = run
    const weather = { ...simulation.weather, loss }
    this.#weather = weather
    this.world = new World({ seed: run, seeds: 3, law, weather })
    this.watch = new OverlayWatch(this.world)
    for (let left = peers; left > 0; left--) {
      this.world.calendar.at(between(this.world.random, 0, startMs), () => this.world.join())
    }
  }

  /** From now on nothing is lost. */
  clearUp(): void {
    this.#weather.loss = 0
  }

  kill(share: number, how: 'gone' | 'silent'): void {
    const { world } = this
    for (const peer of sample(world.random, world.alive(), Math.floor(share * world.size))) world.kill(peer, how)
  }
}

/** Lets the network come to rest and be at rest for a while. */
export function settle(network: OverlayRun): OverlayMeasures {
  network.world.run(simulation.calmMs)
  // Where 3 % are lost, somebody loses three pings in a row now and then, and rightly ends that link and looks for another.
  network.clearUp()
  network.world.run(60_000)
  const { asks, unlinks } = network.world.counts
  const before = [asks, unlinks]
  network.world.run(100_000)
  const overlay = measure(network.world)
  const how = replay(network.run)
  expect(network.watch.breaches, how).toEqual([])
  expect([overlay.halfLinks, overlay.duplicates, overlay.leftovers], how).toEqual([0, 0, 0])
  expect([network.world.counts.asks, network.world.counts.unlinks], `${how}: calm`).toEqual(before)
  expect(overlay.component, how).toBe(1)
  expect(overlay.worstOff, how).toBeLessThanOrEqual(1)
  const short = overlay.peers * (1 - overlay.onTarget)
  expect(short, how).toBeLessThanOrEqual(4.01)
  return overlay
}

/** Every seed but those that are no more lists those that live, and nobody else. */
export function expectListsOfTheLiving({ world, run }: OverlayRun): void {
  const living = sorted(Array.from(world.alive(), ({ id }) => id))
  for (const { registry, up } of world.seeds) {
    if (up) expect(sorted(Array.from(registry.records(), ({ id }) => id)), replay(run)).toEqual(living)
  }
}
