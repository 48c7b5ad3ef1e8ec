import { describe, expect, test } from 'vitest'
import { sample } from '#src/core/random.ts'
import { degreeLaw } from '#src/settings.ts'
import { measure } from '#src/sim/overlay-measures.ts'
import { expectListsOfTheLiving, OverlayRun, settle } from '../support/core/overlay-run.ts'
import { replay, runsOf } from '../support/core/runs.ts'

/** How whole networks come to rest; what holds at all times is checked after every input, see `OverlayRun`. */

describe.each([8, 50])('%i peers', peers => {
  test.each([
    ['that start at once', 100],
    ['that start one after another', peers * 1_000]
  ])('%s reach their targets', (_, startMs) => {
    for (const run of runsOf(8)) {
      const network = new OverlayRun(run, peers, { startMs })
      network.world.run(startMs)
      const { degreeMax } = settle(network)
      expect(network.world.size).toBe(peers)
      expect(degreeMax, replay(run)).toBeGreaterThanOrEqual(peers === 50 ? 16 : 5)
    }
  })

  test('reach them when messages are lost, and streams with them', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, peers, { loss: 0.03 })
      network.world.run(120_000)
      settle(network)
    }
  })
})

test.each([2, 3, 4])('%i peers that start at once are all linked with all within seconds', peers => {
  const seconds = runsOf(50).map(run => {
    const network = new OverlayRun(run, peers, { startMs: 200 })
    const links = (): number => [...network.world.alive()].reduce((sum, { degree }) => sum + degree, 0)
    let second = 0
    for (; links() < peers * (peers - 1); second++) {
      // News that went astray come with a renewal.
      expect(second, replay(run)).toBeLessThanOrEqual(45)
      network.world.run(1_000)
    }
    return second
  })
  // Where messages take up to 2 s.
  expect(seconds.toSorted((a, b) => a - b)[Math.floor(0.9 * seconds.length)]).toBeLessThanOrEqual(10)
})

describe('a thousand peers', () => {
  test('obey the law exactly', () => {
    for (const run of runsOf(1)) {
      const network = new OverlayRun(run, 1_000, { startMs: 60_000 })
      network.world.run(60_000)
      const { alpha, ks, onTarget, zExponential, hops99, dialsPerJoin, refusalsPerJoin } = settle(network)
      expect(Math.abs(alpha - degreeLaw.gamma)).toBeLessThan(0.05)
      expect(ks).toBeLessThan(0.004)
      expect(zExponential).toBeGreaterThan(4)
      expect(onTarget).toBeGreaterThanOrEqual(0.99)
      expect(hops99).toBeLessThan(5.5)
      expect(dialsPerJoin).toBeLessThan(12)
      expect(refusalsPerJoin).toBeLessThan(1)
    }
  })
})

describe('deaths', () => {
  test.each(['gone', 'silent'] as const)(
    'three of ten are %s: every seed finds out, and the others fill the gaps',
    how => {
      for (const run of runsOf(5)) {
        const network = new OverlayRun(run, 50, { startMs: 10_000, loss: 0.01 })
        network.world.run(120_000)
        network.kill(0.3, how)
        expect(settle(network).peers).toBe(35)
        expectListsOfTheLiving(network)
      }
    }
  )

  test('the biggest hub dies, and the next one takes its place', () => {
    for (const run of runsOf(5)) {
      const network = new OverlayRun(run, 50)
      network.world.run(120_000)
      const [hub] = [...network.world.alive()].toSorted((a, b) => b.degree - a.degree)
      if (hub !== undefined) network.world.kill(hub, 'silent')
      expect(settle(network).degreeMax, replay(run)).toBeGreaterThanOrEqual(16)
    }
  })

  test('peers come, leave and die all the time', () => {
    for (const run of runsOf(4)) {
      const network = new OverlayRun(run, 40)
      for (let joined = 0; joined < 20; joined++) {
        network.world.run(10_000)
        const [leaver] = sample(network.world.random, network.world.alive(), 1)
        if (joined % 3 === 0 && leaver !== undefined) network.world.leave(leaver)
        else network.kill(1 / 40, joined % 2 === 0 ? 'gone' : 'silent')
        network.world.join()
      }
      expect(settle(network).peers).toBe(40)
    }
  })

  test('a seed is gone, then peers are: the other seeds list only the living', () => {
    for (const run of runsOf(4)) {
      const network = new OverlayRun(run, 40)
      network.world.run(run % 2 === 0 ? 0 : 60_000)
      network.world.seeds[0]?.stop()
      network.world.run(100_000)
      network.kill(0.2, 'gone')
      settle(network)
      expectListsOfTheLiving(network)
    }
  })
})

test('the same seed gives the same run, another one another', () => {
  const story = (run: number): string => {
    const network = new OverlayRun(run, 100, { startMs: 20_000, loss: 0.01 })
    network.world.run(40_000)
    network.kill(0.2, 'silent')
    network.world.run(60_000)
    return JSON.stringify([measure(network.world), network.world.calendar.done, network.world.weather.sent])
  }
  expect(story(1)).toBe(story(1))
  expect(story(1)).not.toBe(story(2))
})
