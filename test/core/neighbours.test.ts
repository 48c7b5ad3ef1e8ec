import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Neighbours } from '#src/core/neighbours.ts'
import type { NeighbourState } from '#src/core/neighbours.ts'

const states = ['asked', 'linked', 'lost'] as const satisfies NeighbourState[]

describe('Neighbours', () => {
  test('one entry a peer; the counts are the lengths of the lists, whatever is put and removed', () => {
    const step = fc.record({ peer: fc.nat(6), state: fc.constantFrom(...states, 'gone' as const) })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const neighbours = new Neighbours<number>()
        const model = new Map<number, NeighbourState>()
        for (const { peer, state } of steps) {
          model.delete(peer)
          if (state === 'gone') neighbours.remove(peer)
          else {
            neighbours.put(peer, `p${peer}`, state, 1)
            model.set(peer, state)
          }
        }
        for (const state of states) {
          const listed = [...neighbours.in(state)].map(({ peer }) => peer)
          expect(listed).toEqual([...model].filter(([, other]) => other === state).map(([peer]) => peer))
          expect(neighbours.count(state)).toBe(listed.length)
        }
      })
    )
  })

  test('a new entry starts without missed pings', () => {
    const neighbours = new Neighbours<number>()
    neighbours.put(1, 'p1', 'linked', 5).missed.push('timeout')
    expect(neighbours.put(1, 'p1', 'linked', 6)).toMatchObject({ peer: 1, nonce: 6, missed: [] })
  })
})
