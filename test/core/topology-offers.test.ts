import { beforeEach, describe, expect, test } from 'vitest'
import { sorted } from '../support/core/numbers.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

const seeds = ['s1', 's2', 's3']

let bench: TopologyBench

beforeEach(() => {
  bench = new TopologyBench()
  for (const seed of seeds) bench.aim(3, seed)
})

function offers(): number[] {
  return seeds.map(seed => bench.topology.offerTo(seed))
}

/** A search that finds nobody. */
function searchInVain(): void {
  bench.next()
  for (const seed of seeds) bench.found([], [], seed)
}

describe('links that nobody was found for', () => {
  test('are offered when all seeds have answered or failed to, at one of them only, which is told at once', () => {
    bench.next()
    bench.said.heard()
    bench.found([], [], 's1')
    bench.silent('s2')
    expect([bench.said.heard(), offers()]).toEqual([[], [0, 0, 0]])
    bench.silent('s3')
    expect(bench.said.heard()).toEqual([['report', 0]])
    expect(sorted(offers())).toEqual([0, 0, 3])
  })

  test('are offered at any of them', () => {
    const where = [0, 0, 0]
    for (let seed = 0; seed < 300; seed++) {
      bench = new TopologyBench({ seed })
      for (const name of seeds) bench.aim(3, name)
      searchInVain()
      const at = offers().indexOf(3)
      where[at] = (where[at] ?? 0) + 1
    }
    // 100 each with a standard deviation of 8.
    for (const times of where) expect(Math.abs(times - 100)).toBeLessThan(35)
  })

  test('are as many as are missing at the moment, without those that are on their way', () => {
    searchInVain()
    bench.asked(1)
    expect(Math.max(...offers())).toBe(2)
    bench.asked(2)
    bench.asked(3)
    expect(offers()).toEqual([0, 0, 0])
    for (const seed of seeds) bench.aim(2, seed)
    expect(offers()).toEqual([0, 0, 0])
  })

  test('are not offered while this peer looks for links, but anew when it has looked again in vain', () => {
    searchInVain()
    const places = new Set<number>()
    for (let searches = 0; searches < 20; searches++) {
      bench.next()
      bench.said.heard()
      expect(offers()).toEqual([0, 0, 0])
      for (const seed of seeds) bench.found([], [], seed)
      expect(bench.said.heard()).toEqual([['report', 0]])
      places.add(offers().indexOf(3))
    }
    expect(places.size).toBe(3)
  })

  test('are not offered while somebody is asked', () => {
    bench.next()
    bench.found([1], [], 's1')
    bench.silent('s2')
    bench.silent('s3')
    bench.said.heard()
    expect(offers()).toEqual([0, 0, 0])
    bench.accepted(1)
    expect(bench.said.heardOf('report')).toEqual([])
  })

  test('are not offered when none is missing any more', () => {
    bench.next()
    for (const peer of [1, 2, 3]) bench.asked(peer)
    bench.said.heard()
    for (const seed of seeds) bench.found([], [], seed)
    expect([bench.said.heard(), offers()]).toEqual([[], [0, 0, 0]])
  })

  test('one that gets lost while links are offered is offered, too, without another word', () => {
    bench.linkWith(1, 2)
    searchInVain()
    bench.said.heard()
    expect(Math.max(...offers())).toBe(1)
    bench.ended(1, 'over-target')
    expect(bench.said.heardOf('report')).toEqual([])
    expect(Math.max(...offers())).toBe(2)
  })

  test('are offered nowhere without a registrar', () => {
    for (const seed of seeds) bench.topology.unviewed(seed)
    bench.next()
    bench.silent('s1')
    expect(offers()).toEqual([0, 0, 0])
    expect(bench.said.heardOf('report')).toEqual([])
  })

  test('an answer that nobody waits for changes nothing', () => {
    searchInVain()
    bench.said.heard()
    bench.found([7], [8], 's1')
    bench.found([7], [8], 's9')
    expect(bench.said.heard()).toEqual([])
    expect(bench.in('asked')).toEqual([])
  })
})
