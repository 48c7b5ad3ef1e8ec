import { describe, expect, test } from 'vitest'
import { between, below, seededRandom } from '#src/core/random.ts'
import { Calendar } from '../support/core/calendar.ts'
import { Network } from '../support/core/network.ts'
import { network as networkId } from '../support/core/records.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { SimMember } from '../support/core/sim-member.ts'
import { SimSeed } from '../support/core/sim-seed.ts'
import { Turns } from '../support/core/turns.ts'
import type { Presence } from '../support/core/network.ts'

interface Outcome {
  /** Peers that are registered under the name anywhere, each with the number of its registrations. */
  readonly holders: Map<number, number>
  /** What each peer was told: whom the name belongs to. */
  readonly told: Map<number, number | undefined>
  readonly states: Map<number, string>
  /** Whom a stranger is told that it cannot have the name from, at each seed that answers. */
  readonly strangerIsTold: Set<string>
}

interface Race {
  readonly seeds: number
  readonly peers: number
  readonly run: number
  /** What is wrong with one of the seeds, chosen at random. */
  readonly oneIs?: Presence
  /** Share of the messages that are lost. */
  readonly loss?: number
}

/** Several peers want one name at about the same moment. Half of the runs have seeds that follow each other. */
function race({ seeds: count, peers, run, oneIs = 'up', loss = 0 }: Race): Outcome {
  const calendar = new Calendar()
  const random = seededRandom(run * 1000 + count * 10 + peers)
  const network = new Network(calendar, random, loss)
  const seeds = Array.from({ length: count }, (_, index) => new SimSeed(`s${index}`, network))
  if (run % 2 === 0) for (const seed of seeds) for (const other of seeds) if (other !== seed) seed.follow(other)
  const wrong = seeds[below(random, count)] as SimSeed
  wrong.presence = oneIs
  const told = new Map<number, number | undefined>()
  const members = Array.from({ length: peers }, (_, index) => {
    const self = { id: index + 1, name: 'ada' }
    const turns = new Turns(calendar)
    const member = new SimMember(self, seeds, network, turns, {
      renewal: () => ({ degree: 0, target: 0, offer: 0, neighbours: [] }),
      onView: () => {},
      onNameTaken: holder => told.set(self.id, holder),
      onHeld: () => {}
    })
    calendar.at(between(random, 0, 300), () => member.enrol())
    return member
  })
  calendar.runUntil(180_000)
  const holders = new Map<number, number>()
  const strangerIsTold = new Set<string>()
  for (const seed of seeds) {
    for (const announcement of seed.registry.announcements()) {
      if (announcement.type !== 'joined') continue
      holders.set(announcement.record.id, (holders.get(announcement.record.id) ?? 0) + 1)
    }
    const reply = seed.answer(99, { type: 'reserve', name: 'ada', network: networkId })
    if (seed !== wrong || oneIs === 'up')
      strangerIsTold.add(reply.type === 'refused' ? `${reply.reason} by ${reply.holder}` : reply.type)
  }
  const states = new Map(members.map(member => [member.id, member.enrolment.state]))
  return { holders, told, states, strangerIsTold }
}

const seedCounts = [1, 2, 3, 4, 5, 6, 7]

describe.each(seedCounts)('%i seeds', seeds => {
  test.each([2, 3, 5])('of %i peers that want one name, one gets it and the others learn who', peers => {
    for (const run of runsOf(300)) {
      const { holders, told, states, strangerIsTold } = race({ seeds, peers, run })
      const [[holder, registrations] = [0, 0]] = holders
      const others = [...states.keys()].filter(peer => peer !== holder)
      const how = replay(run)
      expect([holders.size, registrations], how).toEqual([1, Math.floor(seeds / 2) + 1])
      expect(states.get(holder), how).toBe('registered')
      expect(told, how).toEqual(new Map([...told.keys()].map(peer => [peer, holder])))
      expect(new Set(told.keys()), how).toEqual(new Set(others))
      for (const other of others) expect(states.get(other), how).toBe('refused')
      // Nobody but the holder holds so much as a reservation.
      for (const answer of strangerIsTold) expect([`name-taken by ${holder}`, 'reserved'], how).toContain(answer)
    }
  })
})

describe.each(['silent', 'gone'] as const)('one seed is %s', oneIs => {
  test.each(seedCounts)('of %i: if any other answers, one gets the name all the same', seeds => {
    for (const run of runsOf(100)) {
      const { holders } = race({ seeds, peers: 2 + (run % 3), run, oneIs })
      expect(holders.size, replay(run)).toBe(seeds === 1 ? 0 : 1)
    }
  })
})

describe('one message in ten is lost', () => {
  // A registration whose confirmation is lost stays with the seed, so more than one may be listed; but only one has the quorum.
  test.each(seedCounts)('%i seeds: never two that are registered with the quorum', seeds => {
    for (const run of runsOf(100)) {
      const { states } = race({ seeds, peers: 3, run, loss: 0.1 })
      const registered = [...states.values()].filter(state => state === 'registered')
      expect(registered.length, replay(run)).toBeLessThanOrEqual(1)
    }
  })
})
