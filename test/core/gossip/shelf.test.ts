import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Origin } from '#src/core/gossip/origin.ts'
import { Shelf } from '#src/core/gossip/shelf.ts'
import { batch } from '../../support/core/gossip-network.ts'
import type { Stored } from '#src/core/gossip/store.ts'

const origin = new Origin({ origin: 0, epoch: 1 })
const step = fc.record({ isTaken: fc.boolean(), sequence: fc.integer({ min: 1, max: 24 }) })

test('a shelf holds the batches of an origin in order, whatever the order in which they come and go', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const shelf = new Shelf<number>()
      const model = new Map<number, Stored<number>>()
      for (const [at, { isTaken, sequence }] of steps.entries()) {
        const known = model.get(sequence)
        if (isTaken && known !== undefined) {
          shelf.take(known)
          model.delete(sequence)
        } else if (!isTaken && known === undefined) {
          const stored = {
            batch: batch(0, sequence),
            origin,
            hops: 1,
            at,
            since: at,
            heldBy: undefined,
            next: undefined
          }
          shelf.put(stored)
          model.set(sequence, stored)
        }
        const sequences = [...model.keys()].toSorted((a, b) => a - b)
        expect([...shelf].map(stored => stored.batch.sequence)).toEqual(sequences)
        for (let each = 0; each <= 25; each++) expect(shelf.get(each)).toBe(model.get(each))
        const [first = 0, last = 0] = [sequences[0], sequences.at(-1)]
        expect([shelf.size, shelf.from, shelf.to]).toEqual([model.size, first, last])
        if (model.size > 0) expect(shelf.isWhole).toBe(last - first + 1 === model.size)
        for (const stored of model.values()) expect(shelf.latestAt).toBeGreaterThanOrEqual(stored.at)
      }
    })
  )
})
