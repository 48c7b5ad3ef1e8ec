import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from '#src/core/deadlines.ts'
import { NEVER } from '#src/core/machine.ts'

test('deadlines come due in the order of their times, whenever they were set', () => {
  const step = fc.oneof(fc.record({ set: fc.nat(50) }), fc.record({ takeUntil: fc.nat(50) }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const deadlines = new Deadlines<number>()
      let model: number[] = []
      for (const one of steps) {
        if ('set' in one) {
          deadlines.set(one.set, one.set)
          model = [...model, one.set].toSorted((a, b) => a - b)
        } else {
          const due = model.filter(time => time <= one.takeUntil)
          model = model.filter(time => time > one.takeUntil)
          for (const time of due) expect(deadlines.takeDue(one.takeUntil)).toBe(time)
          expect(deadlines.takeDue(one.takeUntil)).toBeUndefined()
        }
        expect([deadlines.wakeAt, deadlines.size]).toEqual([model[0] ?? NEVER, model.length])
      }
    })
  )
})
