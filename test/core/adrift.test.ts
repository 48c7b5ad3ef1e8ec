import { beforeEach, describe, expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { NEVER } from '#src/core/machine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { degreeLaw, topology as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { recordOf } from '../support/core/records.ts'
import type { TopologyOutput } from '#src/core/topology.ts'

// A peer that has started while no seed answers.

let said = listener<TopologyOutput<number, string>>()
let neighbours: Neighbours<number>
let topology: Topology<number, string>

beforeEach(() => {
  said = listener()
  neighbours = new Neighbours()
  const self = { id: 0, name: 'p0', linksMax: 256 }
  topology = new Topology(self, neighbours, new DegreeLaw(degreeLaw), settings, seededRandom(1))
})

function told(...peers: readonly number[]): number[] {
  const records = peers.map(id => recordOf(id))
  topology.told(records, 0, said.out)
  return said.heardOf('ask').map(([, { id }]) => id)
}

describe('without a word from any seed', () => {
  test.each([
    [1, degreeLaw.kMinSmall],
    [20, degreeLaw.kMinSmall],
    [500, degreeLaw.kMin]
  ])('a newcomer that knows %i peers wants %i links, and asks those that it remembers at once', (known, wanted) => {
    topology.adrift(known, 0, said.out)
    expect([topology.target, topology.wakeAt]).toEqual([wanted, 0])
    topology.wake(0, said.out)
    expect(said.heardOf('recall')).toHaveLength(1)
    expect(told(1, 2)).toEqual([1, 2])
  })

  test('one that knows nobody has nothing to do', () => {
    topology.adrift(0, 0, said.out)
    expect([topology.target, topology.wakeAt]).toEqual([0, NEVER])
  })

  test('it wants more as it hears of more', () => {
    topology.adrift(2, 0, said.out)
    expect(topology.target).toBe(degreeLaw.kMinSmall)
    topology.adrift(500, 0, said.out)
    expect(topology.target).toBe(degreeLaw.kMin)
  })
})

test('whoever has had a word from a seed keeps to that', () => {
  topology.viewed('s1', { peers: 1_000, rank: 0 }, 0, said.out)
  const { target } = topology
  expect(target).toBeGreaterThan(degreeLaw.kMin)
  topology.unviewed('s1')
  topology.adrift(500, 0, said.out)
  expect(topology.target).toBe(target)
})

test('the first word of a seed counts', () => {
  topology.adrift(500, 0, said.out)
  topology.viewed('s1', { peers: 1_000, rank: 0 }, 0, said.out)
  expect(topology.target).toBeGreaterThan(degreeLaw.kMin)
})

test('whoever has left wants nothing', () => {
  topology.leave(said.out)
  topology.adrift(500, 0, said.out)
  expect([topology.target, told(1)]).toEqual([0, []])
})
