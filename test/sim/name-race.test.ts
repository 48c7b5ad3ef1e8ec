import { describe, expect, test } from 'vitest'
import { race } from '#src/sim/seeds/race.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import type { RaceOutcome } from '#src/sim/seeds/race.ts'

const seedCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/** At how many seeds each peer is registered. */
function registrations({ world }: RaceOutcome): Map<number, number> {
  const found = new Map<number, number>()
  for (const seed of world.seeds) {
    for (const { record } of seed.registry.announcements()) found.set(record.id, (found.get(record.id) ?? 0) + 1)
  }
  return found
}

describe.each(seedCounts)('%i seeds', seeds => {
  test.each([2, 3, 5])('of %i peers that want one name, one gets it and the others learn who', racers => {
    for (const run of runsOf(200)) {
      const outcome = race({ seed: run, seeds, racers })
      const how = replay(run)
      const [[holder, count] = [-1, 0], ...more] = registrations(outcome)
      expect([more, count], how).toEqual([[], Math.floor(seeds / 2) + 1])
      for (const peer of outcome.racers) {
        const isHolder = peer.id === holder
        expect([peer.state, peer.holder], how).toEqual(isHolder ? ['registered', undefined] : ['refused', holder])
      }
      // Nobody but the holder holds so much as a reservation.
      for (const seed of outcome.world.seeds) {
        const reply = seed.answer(99, { type: 'reserve', name: 'ada', network: '' })
        const answer = reply.type === 'refused' ? [reply.reason, reply.holder] : [reply.type]
        expect([['name-taken', holder], ['reserved']], how).toContainEqual(answer)
      }
    }
  })

  test('as many crash in the middle of it as may: one gets it in the end, and never two at a time', () => {
    for (const run of runsOf(300)) {
      const { most, racers } = race({ seed: run, seeds, racers: 2 + (run % 3), crashes: Math.ceil(seeds / 2) - 1 })
      expect([most, racers.filter(({ state }) => state === 'registered').length], replay(run)).toEqual([1, 1])
    }
  })

  test('one is away: if any other answers, one gets the name all the same', () => {
    for (const run of runsOf(100)) {
      const outcome = race({ seed: run, seeds, racers: 2 + (run % 3), away: 1 })
      expect(registrations(outcome).size, replay(run)).toBe(seeds === 1 ? 0 : 1)
    }
  })

  test('one message in ten is lost: never two that are registered with the quorum', () => {
    for (const run of runsOf(100)) {
      // A registration whose confirmation is lost stays with the seed, so more than one may be listed.
      const { most } = race({ seed: run, seeds, racers: 3, loss: 0.1 })
      expect(most, replay(run)).toBeLessThanOrEqual(1)
    }
  })
})
