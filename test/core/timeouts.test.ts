import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { Timeouts } from '#src/core/timeouts.ts'

interface Step {
  readonly kind: 'start' | 'stop' | 'take'
  readonly key: number
  /** Time that goes by before. */
  readonly later: number
}

/** Deadlines in the order in which they were set, searched from end to end. */
function follow(steps: readonly Step[]): void {
  const timeouts = new Timeouts<number>(10)
  const model = new Map<number, number>()
  let now = 0
  for (const { kind, key, later } of steps) {
    now += later
    if (kind === 'stop' || kind === 'start') model.delete(key)
    if (kind === 'stop') timeouts.stop(key)
    else if (kind === 'start') {
      timeouts.start(key, now)
      model.set(key, now + 10)
    } else {
      const due = [...model].filter(([, at]) => at <= now).map(([other]) => other)
      for (const other of due) model.delete(other)
      expect(timeouts.takeDue(now)).toEqual(due)
    }
    expect(timeouts.wakeAt).toBe(Math.min(NEVER, ...model.values()))
    expect(timeouts.size).toBe(model.size)
    expect(timeouts.has(key)).toBe(model.has(key))
  }
  expect(timeouts.takeDue(now + 10)).toEqual([...model.keys()])
}

function steps(kinds: readonly Step['kind'][], keys: number, later: number): fc.Arbitrary<Step> {
  return fc.record({ kind: fc.constantFrom(...kinds), key: fc.nat(keys), later: fc.nat(later) })
}

v8.setFlagsFromString('--expose-gc')
const collectGarbage = vm.runInNewContext('gc') as () => void

/** How many of these keys something still holds on to. */
async function alive(keys: readonly WeakRef<object>[]): Promise<number> {
  // Whatever was looked at in this turn is alive until its end.
  await setImmediate()
  collectGarbage()
  return keys.filter(key => key.deref() !== undefined).length
}

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

  test('what is stopped and started at the same moment, again and again, is due once', () => {
    const timeouts = new Timeouts<string>(10)
    timeouts.start('b', 0)
    for (let times = 0; times < 200; times++) {
      timeouts.start('a', 0)
      timeouts.stop('a')
      timeouts.start('a', 0)
      timeouts.start('a', 0)
    }
    expect(timeouts.takeDue(10)).toEqual(['b', 'a'])
  })

  test('agrees with a list that is searched from end to end, whatever is started and stopped', () => {
    fc.assert(fc.property(fc.array(steps(['start', 'stop', 'take'], 5, 7), { maxLength: 60 }), follow))
  })

  test('agrees with it through so many restarts and stops that the queue is made anew, several at one moment', () => {
    const busy = fc.array(steps(['start', 'start', 'start', 'stop', 'take'], 3, 1), { minLength: 150, maxLength: 400 })
    fc.assert(fc.property(busy, follow), { numRuns: 40 })
  })

  test('what is started anew for ever is held once', async () => {
    const timeouts = new Timeouts<object>(10)
    const keys: WeakRef<object>[] = []
    const stays = {}
    for (let round = 0; round < 5_000; round++) {
      const comesAndGoes = { round }
      keys.push(new WeakRef(comesAndGoes))
      // Now and then at the same moment.
      const now = Math.floor(round / 3)
      timeouts.start(comesAndGoes, now)
      timeouts.start(stays, now)
      timeouts.stop(comesAndGoes)
    }
    expect(await alive(keys)).toBeLessThan(100)
    expect(timeouts.size).toBe(1)
  })

  test('of many that were stopped little is left when others start', async () => {
    const timeouts = new Timeouts<object>(10)
    const keys: WeakRef<object>[] = []
    const startAndStop = (): void => {
      const many = Array.from({ length: 5_000 }, (_, at) => ({ at }))
      for (const key of many) {
        keys.push(new WeakRef(key))
        timeouts.start(key, 0)
      }
      for (const key of many.slice(1)) timeouts.stop(key)
    }
    startAndStop()
    for (let key = 0; key < 100; key++) timeouts.start({ key }, 1)
    expect(await alive(keys)).toBeLessThan(100)
  })
})
