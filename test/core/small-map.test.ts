import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SmallMap } from '#src/core/small-map.ts'

const key = fc.nat(12)
const step = fc.oneof(
  fc.record({ type: fc.constant('set' as const), key, value: fc.nat(99) }),
  fc.record({ type: fc.constant('delete' as const), key })
)

test('does what a Map does, with few entries and with many', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const small = new SmallMap<number, number>()
      const map = new Map<number, number>()
      for (const step of steps) {
        if (step.type === 'set') {
          small.set(step.key, step.value)
          map.set(step.key, step.value)
        } else {
          small.delete(step.key)
          map.delete(step.key)
        }
        expect([small.size, small.get(step.key), small.has(step.key)]).toEqual([
          map.size,
          map.get(step.key),
          map.has(step.key)
        ])
        expect([...small]).toEqual([...map])
        expect([[...small.keys()], [...small.values()]]).toEqual([[...map.keys()], [...map.values()]])
      }
    })
  )
})

test.each([3, 30])('entries may be deleted on the way through %i of them', size => {
  const small = new SmallMap<number, number>()
  for (let key = 0; key < size; key++) small.set(key, key)
  const met: number[] = []
  for (const [key] of small) {
    small.delete(key)
    met.push(key)
  }
  expect([met.length, small.size]).toEqual([size, 0])
})

test('those that are empty do not share what one of them gets', () => {
  const [one, other] = [new SmallMap<number, number>(), new SmallMap<number, number>()]
  one.set(1, 1)
  expect(other.size).toBe(0)
  one.delete(1)
  one.set(2, 2)
  expect([...new SmallMap<number, number>(), ...other]).toEqual([])
})
