import { beforeEach, describe, expect, test } from 'vitest'
import { topology as settings } from '#src/settings.ts'
import { sorted } from '../support/core/numbers.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

let bench: TopologyBench

beforeEach(() => {
  bench = new TopologyBench()
  bench.aim(3)
  bench.linkWith(1, 2, 3)
})

let strangers = 100

/** Strangers ask for two links each, until one is refused. Gives how many were not. */
function spliceAll(now = 0): number {
  bench.now = now
  let spliced = 0
  for (; spliced < 1_000; spliced++) {
    bench.asked(strangers++, { want: 2 })
    if (bench.said.heardOf('refuse').length > 0) break
  }
  return spliced
}

describe('a peer that has all it wants is asked by one that lacks two', () => {
  test('it lets a neighbour go, sends it to the asker and takes the asker in, in one step', () => {
    bench.asked(9, { want: 2, nonce: 44 })
    const said = bench.said.heard()
    const gone = said[0]?.[1] as number
    expect([1, 2, 3]).toContain(gone)
    expect(said).toEqual([
      ['unlink', gone, 1000 + gone, 'spliced', { peer: 9, name: 'p9', nonce: 44 }],
      ['unlinked', expect.objectContaining({ peer: gone, nonce: 1000 + gone }), 'spliced'],
      ['accept', 9, 44, true],
      ['linked', expect.objectContaining({ peer: 9, name: 'p9', nonce: 44 })]
    ])
    expect(sorted([...bench.in('linked'), gone])).toEqual([1, 2, 3, 9])
  })

  test('it has as many links as before, and looks for none', () => {
    for (let asker = 10; asker < 15; asker++) {
      bench.asked(asker, { want: 2 })
      expect(bench.neighbours.count('linked')).toBe(3)
      expect(bench.topology.pending).toBe(0)
    }
    bench.said.heard()
    bench.wake(60_000)
    expect(bench.said.heard()).toEqual([])
  })

  test('one that lacks a single link is refused', () => {
    bench.asked(9, { want: 1 })
    expect(bench.said.heard()).toEqual([['refuse', 9, 1009]])
  })

  test('if there is room nobody has to go', () => {
    bench.ended(1, 'over-target')
    bench.said.heard()
    bench.asked(9, { want: 2 })
    expect(bench.said.heard()).toEqual([
      ['accept', 9, 1009, false],
      ['linked', expect.objectContaining({ peer: 9 })]
    ])
  })

  test('a peer whose missing links are on their way splices, too', () => {
    bench.aim(4)
    bench.next()
    bench.found([7])
    bench.said.heard()
    bench.asked(9, { want: 2 })
    expect(bench.said.heardOf('accept')).toEqual([['accept', 9, 1009, true]])
    expect([bench.neighbours.count('linked'), bench.in('asked')]).toEqual([3, [7]])
  })

  test('any neighbour may be the one that goes', () => {
    const gone = [0, 0, 0]
    for (let seed = 0; seed < 600; seed++) {
      bench = new TopologyBench({ seed })
      bench.aim(3)
      bench.linkWith(1, 2, 3)
      bench.asked(9, { want: 2 })
      const peer = bench.said.heardOf('unlink')[0]?.[1] ?? 0
      gone[peer - 1] = (gone[peer - 1] ?? 0) + 1
    }
    // 200 each with a standard deviation of 12.
    for (const times of gone) expect(Math.abs(times - 200)).toBeLessThan(50)
  })

  test('the old link of the asker does not count: it has lost its end', () => {
    const lonely = new TopologyBench()
    lonely.aim(1)
    lonely.linkWith(9)
    lonely.asked(9, { want: 2, nonce: 5 })
    // The end of the old one makes room, so there is nobody to let go.
    expect(lonely.said.heardOf('accept')).toEqual([['accept', 9, 5, false]])
  })

  test('it cannot without links, before it has a target', () => {
    bench = new TopologyBench()
    bench.asked(9, { want: 2 })
    expect(bench.said.heard()).toEqual([['refuse', 9, 1009]])
  })

  test('it does not while it leaves', () => {
    bench.topology.leave(bench.out)
    bench.said.heard()
    bench.asked(9, { want: 2 })
    expect(bench.said.heard()).toEqual([['refuse', 9, 1009]])
  })
})

describe('how often a peer can be made to splice', () => {
  test('a few times, or as often as it has links to lose, in a while; then again', () => {
    expect(spliceAll(5_000)).toBe(settings.splicesAtOnce)
    expect(spliceAll(5_000 + settings.spliceWindowMs - 1)).toBe(0)
    expect(spliceAll(5_000 + settings.spliceWindowMs)).toBe(settings.splicesAtOnce)
    expect(bench.neighbours.count('linked')).toBe(3)
  })

  test('in any such while, not only in those that begin at certain moments', () => {
    for (let asker = 1; asker < settings.splicesAtOnce; asker++) {
      bench.now = 9_000
      bench.asked(10 + asker, { want: 2 })
    }
    bench.said.heard()
    expect(spliceAll(10_000)).toBe(1)
    expect(spliceAll(9_000 + settings.spliceWindowMs)).toBe(settings.splicesAtOnce - 1)
  })

  test('a hub as often as it has links', () => {
    bench = new TopologyBench()
    bench.aim(20)
    bench.linkWith(...Array.from({ length: 20 }, (_, index) => index + 1))
    expect(spliceAll()).toBe(20)
  })

  test('whoever is taken in because there is room does not count', () => {
    bench = new TopologyBench()
    bench.aim(3)
    for (const peer of [1, 2, 3]) bench.asked(peer, { want: 2 })
    expect(spliceAll()).toBe(settings.splicesAtOnce)
  })
})
