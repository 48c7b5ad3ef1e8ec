import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { Timeouts } from '#src/core/timeouts.ts'
import { sorted } from '../support/core/numbers.ts'

describe('Timeouts', () => {
  test('names the earliest deadline and gives out what is due, oldest first', () => {
    const timeouts = new Timeouts<string>(10)
    expect(timeouts.wakeAt).toBe(NEVER)
    timeouts.start('a', 0)
    timeouts.start('b', 1)
    timeouts.start('c', 5)
    expect(timeouts.wakeAt).toBe(10)
    expect(timeouts.takeDue(9)).toEqual([])
    expect(timeouts.takeDue(11)).toEqual(['a', 'b'])
    expect(timeouts.has('a')).toBe(false)
    expect(timeouts.has('c')).toBe(true)
    expect(timeouts.size).toBe(1)
    expect(timeouts.wakeAt).toBe(15)
  })

  test('starting again begins anew, stopping takes out', () => {
    const timeouts = new Timeouts<string>(10)
    timeouts.start('a', 0)
    timeouts.start('b', 2)
    timeouts.start('a', 4)
    expect(timeouts.wakeAt).toBe(12)
    timeouts.stop('b')
    timeouts.stop('never started')
    expect(timeouts.takeDue(13)).toEqual([])
    expect(timeouts.takeDue(14)).toEqual(['a'])
    expect(timeouts.wakeAt).toBe(NEVER)
  })

  test('agrees with a list that is searched from end to end, whatever is started and stopped', () => {
    const step = fc.record({
      kind: fc.constantFrom('start', 'stop', 'take'),
      key: fc.nat(5),
      later: fc.nat(7)
    })
    const follow = (steps: { kind: string; key: number; later: number }[]): void => {
      const timeouts = new Timeouts<number>(10)
      const model = new Map<number, number>()
      const taken: [number[], number[]][] = []
      let now = 0
      for (const { kind, key, later } of steps) {
        now += later
        if (kind === 'start') {
          timeouts.start(key, now)
          model.set(key, now + 10)
        } else if (kind === 'stop') {
          timeouts.stop(key)
          model.delete(key)
        } else {
          const due = [...model].filter(([, at]) => at <= now).map(([other]) => other)
          for (const other of due) model.delete(other)
          taken.push([sorted(timeouts.takeDue(now)), sorted(due)])
        }
        expect(timeouts.wakeAt).toBe(Math.min(NEVER, ...model.values()))
        expect(timeouts.size).toBe(model.size)
      }
      for (const [due, expected] of taken) expect(due).toEqual(expected)
    }
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), follow))
  })
})
