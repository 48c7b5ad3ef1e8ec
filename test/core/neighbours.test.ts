import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Neighbours } from '#src/core/neighbours.ts'
import { sum } from '../support/core/numbers.ts'
import type { NeighbourState } from '#src/core/neighbours.ts'

const states = ['asked', 'linked', 'lost'] as const satisfies NeighbourState[]

describe('Neighbours', () => {
  test('one entry a peer; the counts are the lengths of the lists, whatever is put and removed', () => {
    const step = fc.record({
      peer: fc.nat(6),
      state: fc.constantFrom(...states, 'gone' as const),
      reserves: fc.constantFrom(1 as const, 2 as const)
    })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const neighbours = new Neighbours<number>()
        const model = new Map<number, { state: NeighbourState; reserves: number }>()
        for (const { peer, state, reserves } of steps) {
          model.delete(peer)
          if (state === 'gone') neighbours.remove(peer)
          else {
            neighbours.put(peer, `p${peer}`, state, 1, reserves)
            model.set(peer, { state, reserves })
          }
          const modelled = [...model]
          for (const state of states) {
            const listed = [...neighbours.in(state)].map(({ peer }) => peer)
            expect(listed).toEqual(modelled.filter(([, other]) => other.state === state).map(([peer]) => peer))
            expect(neighbours.count(state)).toBe(listed.length)
          }
          expect(neighbours.linked).toEqual([...neighbours.in('linked')].map(({ peer }) => peer))
          const asked = modelled.filter(([, { state }]) => state === 'asked')
          expect(neighbours.reserved).toBe(sum(asked.map(([, { reserves }]) => reserves)))
        }
      })
    )
  })

  test('a list of links that was handed out stays as it was', () => {
    const neighbours = new Neighbours<number>()
    neighbours.put(1, 'p1', 'linked', 1)
    const before = neighbours.linked
    expect(neighbours.linked).toBe(before)
    neighbours.put(2, 'p2', 'asked', 1)
    neighbours.put(3, 'p3', 'linked', 1)
    neighbours.remove(1)
    expect([before, neighbours.linked]).toEqual([[1], [3]])
  })

  test('a new entry starts without missed pings', () => {
    const neighbours = new Neighbours<number>()
    neighbours.put(1, 'p1', 'linked', 5).missed = ['timeout']
    expect(neighbours.put(1, 'p1', 'linked', 6)).toMatchObject({ peer: 1, nonce: 6, missed: [], crossingUntil: 0 })
  })
})
