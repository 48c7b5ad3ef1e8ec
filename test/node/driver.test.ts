import { describe, expect, test, vi } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { Driver } from '#src/node/driver.ts'
import type { Machine } from '#src/core/machine.ts'

describe('the driver', () => {
  test('handles inputs one at a time: one that arises meanwhile comes after', () => {
    const driver = new Driver()
    const order: string[] = []
    driver.input(() => {
      driver.input(() => order.push('second'))
      order.push('first')
    })
    expect(order).toEqual(['first', 'second'])
    expect(driver.request(() => 'answer')).toBe('answer')
    driver.input(() => expect(() => driver.request(() => 0)).toThrow('a request came from within an input'))
    driver.stop()
    driver.input(() => order.push('after the end'))
    expect(order).toEqual(['first', 'second'])
  })

  test('an input that throws leaves the driver working', () => {
    const driver = new Driver()
    expect(() =>
      driver.input(() => {
        throw new Error('bug')
      })
    ).toThrow('bug')
    expect(driver.request(() => 1)).toBe(1)
    driver.stop()
  })

  test('wakes each machine when it wants to be woken, and no other', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
    try {
      const driver = new Driver()
      const woken: string[] = []
      const machine = (name: string, every: number): Machine<undefined> & { wakeAt: number } => ({
        wakeAt: every,
        wake(now) {
          // An alarm is heard in the next turn, which the clock of the test takes for a millisecond.
          woken.push(`${name} ${10 * Math.floor(now / 10)}`)
          this.wakeAt = woken.length < 4 ? now + every : NEVER
        }
      })
      driver.drive(machine('a', 100), undefined)
      driver.drive(machine('b', 250), undefined)
      driver.input(() => {})
      vi.advanceTimersByTime(1_000)
      expect(woken).toEqual(['a 100', 'a 200', 'b 250', 'a 300', 'b 500'])
      expect(vi.getTimerCount()).toBe(0)
      driver.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  test('a thousand inputs set the alarm once, and an earlier deadline sets it anew', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
    try {
      const driver = new Driver()
      const set = vi.spyOn(globalThis, 'setTimeout')
      const machine = { wakeAt: 1_000, wake: () => {} }
      driver.drive(machine, undefined)
      for (let count = 0; count < 1_000; count++) driver.input(() => {})
      expect(set).toHaveBeenCalledTimes(1)
      machine.wakeAt = 500
      driver.input(() => {})
      expect(set).toHaveBeenCalledTimes(2)
      expect(set.mock.lastCall?.[1]).toBe(500)
      machine.wakeAt = 2_000
      driver.input(() => {})
      expect(set).toHaveBeenCalledTimes(2)
      driver.stop()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
      vi.restoreAllMocks()
    }
  })
})
