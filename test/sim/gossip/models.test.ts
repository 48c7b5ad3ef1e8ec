import { describe, expect, test } from 'vitest'
import { gossipScenarios } from '#src/sim/gossip/plan.ts'
import { Trial } from '#src/sim/gossip/trial.ts'
import { replay, runsOf } from '../../support/core/runs.ts'
import type { GossipFigures } from '#src/sim/gossip/figures.ts'
import type { TrialSettings } from '#src/sim/gossip/trial.ts'

function play(settings: Partial<TrialSettings> & Pick<TrialSettings, 'system' | 'scenario'>): GossipFigures {
  const trial = new Trial({ peers: 300, seed: 1, messages: 400, rate: 20, ...settings })
  trial.start()
  for (const { share } of trial.run()) expect(share).toBeLessThanOrEqual(1)
  return trial.report
}

describe('the model of a flood', () => {
  test('sends each message over each link, but not back', () => {
    const { delivery, duplicatesPerDelivery, bytesPerDelivery, framesPerDelivery } = play({
      system: 'flood',
      scenario: 'steady'
    })
    expect(delivery).toBe(1)
    // 300 peers have 1,184 links: twice as many copies, without one for each peer that was not the first to send.
    const copies = (2 * 1_184 - 299) / 299
    expect(duplicatesPerDelivery).toBeCloseTo(copies - 1, 1)
    expect(framesPerDelivery).toBeCloseTo(copies, 1)
    // Now and then two share a frame.
    expect(bytesPerDelivery / framesPerDelivery).toBeGreaterThan(140 + 512 + 32)
    expect(bytesPerDelivery / framesPerDelivery).toBeLessThan(140 + 512 + 40)
  })

  test.each(['cold', 'crash', 'hubs', 'loss', 'slow'] as const)('brings everything everywhere: %s', scenario => {
    expect(play({ system: 'flood', scenario }).delivery).toBe(1)
  })

  test('is as quick as the shortest ways', () => {
    const { p50Ms, p99Ms } = play({ system: 'flood', scenario: 'steady' })
    expect(p50Ms).toBeLessThan(80)
    const { p99Ms: withLoss } = play({ system: 'flood', scenario: 'loss' })
    expect(p99Ms).toBeLessThan(130)
    expect(withLoss).toBeGreaterThanOrEqual(p99Ms)
  })

  test('does not cross a partition, nor catch up after it', () => {
    const { delivery } = play({ system: 'flood', scenario: 'partition', messages: 1_000, rate: 10 })
    // 60 of 100 s come to half of all.
    expect(delivery).toBeGreaterThan(0.65)
    expect(delivery).toBeLessThan(0.75)
  })
})

describe('the model of gossipsub', () => {
  test.each([300, 1_000])('has the figures that it had in the design: %i peers', peers => {
    for (const seed of runsOf(2)) {
      const figures = play({ system: 'gossipsub', scenario: 'steady', peers, seed })
      expect(figures.delivery, replay(seed)).toBe(1)
      expect(figures.duplicatesPerDelivery, replay(seed)).toBeGreaterThan(3.3)
      expect(figures.duplicatesPerDelivery, replay(seed)).toBeLessThan(3.8)
      expect(figures.bytesPerDelivery, replay(seed)).toBeGreaterThan(3_100)
      expect(figures.bytesPerDelivery, replay(seed)).toBeLessThan(3_450)
      expect(figures.framesPerDelivery, replay(seed)).toBeGreaterThan(4.4)
      expect(figures.framesPerDelivery, replay(seed)).toBeLessThan(4.9)
      expect(figures.p99Ms, replay(seed)).toBeLessThan(170)
    }
  })

  test('loses next to nothing when a fifth of the peers crash', () => {
    const { delivery, p50Ms } = play({ system: 'gossipsub', scenario: 'crash', messages: 1_200 })
    expect(delivery).toBeGreaterThan(0.99)
    expect(p50Ms).toBeLessThan(120)
  })

  test('is slower where some pass nothing on', () => {
    const { p50Ms, duplicatesPerDelivery } = play({ system: 'gossipsub', scenario: 'droppers' })
    expect(p50Ms).toBeGreaterThan(play({ system: 'gossipsub', scenario: 'steady' }).p50Ms)
    expect(duplicatesPerDelivery).toBeLessThan(3)
  })
})

test.each(gossipScenarios)('same seed, same figures: %s', scenario => {
  const figures = (seed: number): string =>
    JSON.stringify(play({ system: 'gossipsub', scenario, peers: 100, messages: 100, seed }))
  expect(figures(1)).toBe(figures(1))
  expect(figures(1)).not.toBe(figures(2))
})
