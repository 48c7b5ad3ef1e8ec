import { describe, expect, test } from 'vitest'
import { crossings } from '../support/core/crossing.ts'
import type { Ending, Order } from '../support/core/crossing.ts'

const orders: Order[] = ['by-stream', 'by-connection']

/** Both sides take the same stream for their link, or neither has one. */
function agree({ links: [one, other] }: Ending): boolean {
  return one === other
}

describe.each(orders)('two peers ask each other at once; order is kept %s', order => {
  test.each([1, 3])('whatever arrives first and whatever is lost, both sides agree in the end (target %i)', target => {
    for (const losses of [0, 1, 2]) {
      const endings = crossings(target, order, losses)
      expect(endings.length).toBeGreaterThan(losses)
      expect(endings.filter(ending => !agree(ending))).toEqual([])
    }
  })
})

describe('nothing is lost', () => {
  test('over one connection there is exactly one link in the end, whatever arrives first', () => {
    const endings = crossings(1, 'by-connection', 0)
    expect(endings.filter(({ links }) => links[0] === undefined)).toEqual([])
    expect(new Set(endings.map(({ links }) => links[0]))).toEqual(new Set([10]))
  })

  // The side whose request stands may get its ACCEPT before the other's LINK, which a second connection can hold up.
  test('over two connections there is exactly one link in the end, whatever arrives first', () => {
    const endings = crossings(1, 'by-stream', 0)
    expect(endings.filter(({ links }) => links[0] === undefined)).toEqual([])
  })
})
