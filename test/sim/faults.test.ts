import { describe, expect, test } from 'vitest'
import { between, sample } from '#src/core/random.ts'
import { degreeLaw, simulation } from '#src/settings.ts'
import { glance } from '#src/sim/overlay-measures.ts'
import { partition } from '#src/sim/partition.ts'
import { expectListsOfTheLiving, OverlayRun, settle } from '../support/core/overlay-run.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import type { Glance } from '#src/sim/overlay-measures.ts'

const { stallMs } = simulation

describe('peers that stand still', () => {
  test('for 20 s are not removed, and nobody lets them go', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, 50, { startMs: 10_000 })
      const { world } = network
      world.run(simulation.calmMs)
      const { asks, unlinks } = world.counts
      for (const peer of sample(world.random, world.alive(), 25)) {
        world.calendar.after(between(world.random, 0, 60_000), () => peer.stall(stallMs))
      }
      world.run(60_000 + stallMs + 60_000)
      expect(world.falseRemovals, replay(run)).toBe(0)
      expect([world.counts.asks, world.counts.unlinks], replay(run)).toEqual([asks, unlinks])
      settle(network)
      expectListsOfTheLiving(network)
    }
  })

  test('while others join and die are in their places in the end', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, 40, { startMs: 30_000, loss: 0.01 })
      const { world } = network
      for (let stalls = 0; stalls < 20; stalls++) {
        world.run(5_000)
        for (const peer of sample(world.random, world.alive(), 4)) peer.stall(stallMs)
        world.join()
        if (stalls % 4 === 0) network.kill(1 / 40, 'silent')
      }
      settle(network)
      expectListsOfTheLiving(network)
    }
  })

  test('for a minute are taken for dead, and come back', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, 50, { startMs: 10_000 })
      const { world } = network
      world.run(simulation.calmMs)
      const [stopped] = sample(world.random, world.alive(), 1)
      stopped?.stall(60_000)
      world.run(59_000)
      const linked = Array.from(world.alive()).filter(({ neighbours }) => neighbours.linked.includes(stopped?.id ?? -1))
      expect(linked, replay(run)).toEqual([])
      expect(world.falseRemovals, replay(run)).toBeGreaterThan(0)
      settle(network)
      expectListsOfTheLiving(network)
    }
  })
})

describe('a network whose halves cannot reach each other', () => {
  /** Has it parted for so long, and shows it before and after. */
  function part(
    run: number,
    peers: number,
    partedMs: number,
    law = degreeLaw
  ): { readonly network: OverlayRun; readonly parted: Glance } {
    const network = new OverlayRun(run, peers, { startMs: 10_000, law })
    const { world } = network
    world.run(simulation.calmMs)
    const heal = partition(world)
    world.run(partedMs)
    const parted = glance(world)
    heal()
    return { network, parted }
  }

  test.each([
    ['a moment', 20_000, 1],
    ['just so long that some have lost a neighbour that has not lost them', 37_500, 1],
    ['a minute', 60_000, 0.5],
    ['five minutes', 300_000, 0.5]
  ])('for %s is one again, and every seed lists all', (_, partedMs, component) => {
    for (const run of runsOf(5)) {
      const { network, parted } = part(run, 50, partedMs)
      // A peer or two may have nobody left for a moment.
      expect(Math.abs(parted.component - component), replay(run)).toBeLessThan(0.1)
      network.world.run(90_000)
      expect(glance(network.world).component, replay(run)).toBe(1)
      settle(network)
      expectListsOfTheLiving(network)
    }
  })

  test('is one again even where both halves have all the links that they want', () => {
    // With so few links at most, targets hardly change when the halves meet, and nobody misses one.
    const law = { ...degreeLaw, kMin: 3, kMax: 8 }
    for (const run of runsOf(20)) {
      const { network } = part(run, 24, 300_000, law)
      network.world.run(90_000)
      expect(glance(network.world).component, replay(run)).toBe(1)
    }
  })

  test('while peers die on both sides is one again', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, 60, { startMs: 10_000, loss: 0.01 })
      const { world } = network
      world.run(simulation.calmMs)
      const heal = partition(world)
      for (const how of ['gone', 'silent', 'gone'] as const) {
        world.run(20_000)
        network.kill(0.05, how)
      }
      heal()
      settle(network)
      expectListsOfTheLiving(network)
    }
  })
})
