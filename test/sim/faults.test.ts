import { describe, expect, test } from 'vitest'
import { between, sample } from '#src/core/random.ts'
import { simulation } from '#src/settings.ts'
import { expectListsOfTheLiving, OverlayRun, settle } from '../support/core/overlay-run.ts'
import { replay, runsOf } from '../support/core/runs.ts'

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
