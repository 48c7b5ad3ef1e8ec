import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hopTree, linearTicks } from '#src/dashboard/hops/hop-tree.ts'
import { progress, waveOf } from '#src/dashboard/overlay/wave.ts'
import type { Hop } from '#src/http/contract.ts'

const hop = (node: string, from: string | null, hops: number, ageMs: number): Hop => {
  return { node, name: node.toUpperCase(), from, hops, ageMs }
}

const hops = [
  hop('a', null, 0, 0),
  hop('c', 'a', 1, 20),
  hop('b', 'a', 1, 10),
  hop('d', 'b', 2, 30),
  hop('e', 'c', 2, 25),
  hop('f', 'b', 2, 15)
]

describe('the hop tree', () => {
  test('has each peer below the one that brought it, the quickest first', () => {
    expect(hopTree(hops).map(({ node, parentRow }) => [node, parentRow])).toEqual([
      ['a', undefined],
      ['b', 0],
      ['f', 1],
      ['d', 1],
      ['c', 0],
      ['e', 4]
    ])
  })

  test('has those whose bringer nobody has seen, and those who go round in a circle do no harm', () => {
    const odd = [
      hop('a', null, 0, 0),
      hop('b', 'nobody', 3, 5),
      hop('c', 'c', 1, 7),
      hop('x', 'y', 1, 1),
      hop('y', 'x', 1, 2)
    ]
    expect(hopTree(odd).map(({ node, parentRow }) => [node, parentRow])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['c', undefined]
    ])
  })

  test('has everybody once and every parent above, also where it is one long chain', () => {
    const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 60 })
    const chain = Array.from({ length: 20_000 }, (_, at) => hop(`n${at}`, at === 0 ? null : `n${at - 1}`, at, at))
    expect(hopTree(chain).length).toBe(20_000)
    fc.assert(
      fc.property(trees, parents => {
        const random = parents.map((parent, at) => hop(`n${at}`, at === 0 ? null : `n${parent % at}`, 1, at))
        const rows = hopTree(random)
        expect(new Set(rows.map(({ node }) => node)).size).toBe(parents.length)
        for (const [row, { from, parentRow }] of rows.entries()) {
          expect(parentRow ?? -1).toBeLessThan(row)
          expect(rows[parentRow ?? -1]?.node ?? null).toBe(from)
        }
      })
    )
  })

  test('stands on an axis with round numbers', () => {
    expect(linearTicks(43, 5)).toEqual([0, 10, 20, 30, 40])
    expect(linearTicks(9, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(linearTicks(0, 5)).toEqual([0])
  })
})

describe('a wave', () => {
  const wave = waveOf(hops)

  test('crosses each link from when one has the message to when the other has it', () => {
    expect(wave.crossings.find(({ to }) => to === 'd')).toEqual({ from: 'b', to: 'd', leavesMs: 10, arrivesMs: 30 })
    expect([wave.origin, wave.durationMs, wave.arrivals.get('e')]).toEqual(['a', 30, 25])
    expect(wave.crossings.length).toBe(5)
  })

  test('is in true proportion', () => {
    const crossing = { from: 'b', to: 'd', leavesMs: 10, arrivesMs: 30 }
    expect([0, 10, 15, 30, 99].map(at => progress(crossing, at))).toEqual([0, 0, 0.25, 1, 1])
  })

  test('never arrives before it left, whatever the clocks said', () => {
    const { crossings, durationMs } = waveOf([hop('a', null, 0, 0), hop('c', 'b', 2, 5), hop('b', 'a', 1, 9)])
    expect(crossings.find(({ to }) => to === 'c')).toEqual({ from: 'b', to: 'c', leavesMs: 9, arrivesMs: 9 })
    expect(durationMs).toBe(9)
    expect(waveOf([])).toMatchObject({ crossings: [], durationMs: 0 })
  })
})
