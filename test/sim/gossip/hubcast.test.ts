import { describe, expect, test } from 'vitest'
import { gossipScenarios } from '#src/sim/gossip/plan.ts'
import { Trial } from '#src/sim/gossip/trial.ts'
import { replay, runsOf } from '../../support/core/runs.ts'
import type { GossipFigures } from '#src/sim/gossip/figures.ts'
import type { GossipScenario } from '#src/sim/gossip/plan.ts'

function play(scenario: GossipScenario, seed: number, peers = 60, rate = 2): GossipFigures {
  const trial = new Trial({ system: 'hubcast', peers, seed, messages: 100, rate, scenario })
  trial.start()
  for (const { share } of trial.run()) expect(share).toBeLessThanOrEqual(1)
  return trial.report
}

describe.each(gossipScenarios)('the engine: %s', scenario => {
  test('brings every message to everybody', () => {
    for (const seed of runsOf(2)) expect(play(scenario, seed).delivery, replay(seed)).toBe(1)
  })

  test('does the same for the same seed', () => {
    expect(JSON.stringify(play(scenario, 1))).toBe(JSON.stringify(play(scenario, 1)))
  })
})

test('the engine sends hardly anything twice', () => {
  for (const seed of runsOf(2)) {
    const { duplicatesPerDelivery, framesPerDelivery, p99Ms } = play('steady', seed, 150, 20)
    expect(duplicatesPerDelivery, replay(seed)).toBeLessThan(0.1)
    expect(framesPerDelivery, replay(seed)).toBeLessThan(4)
    expect(p99Ms, replay(seed)).toBeLessThan(150)
  }
})
