import { describe, expect, test } from 'vitest'
import { Broadcaster } from '#src/core/broadcaster.ts'
import { NEVER } from '#src/core/machine.ts'
import { broadcaster as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import type { BroadcasterOutput } from '#src/core/broadcaster.ts'

const { out, heard } = listener<BroadcasterOutput>()

describe('Broadcaster', () => {
  test('says ten things, the first after 30 s, the others 5 s apart', () => {
    const broadcaster = new Broadcaster(settings)
    expect(broadcaster.wakeAt).toBe(NEVER)
    broadcaster.begin(1000)
    const said: unknown[] = []
    while (broadcaster.wakeAt !== NEVER) {
      const now = broadcaster.wakeAt
      broadcaster.wake(now, out)
      said.push(...heard().map(([, ...what]) => [now, ...what]))
    }
    expect(said).toEqual(Array.from({ length: 10 }, (_, index) => [31_000 + 5_000 * index, index + 1, 10]))
  })

  test('says nothing when woken early, and nothing once it has said all', () => {
    const broadcaster = new Broadcaster({ ...settings, count: 1 })
    broadcaster.wake(99_999, out)
    broadcaster.begin(0)
    broadcaster.wake(29_999, out)
    expect(heard()).toEqual([])
    broadcaster.wake(30_000, out)
    broadcaster.wake(90_000, out)
    expect(heard()).toEqual([['say', 1, 1]])
  })

  test('a stall gives no burst: what comes after it is 5 s apart as ever', () => {
    const broadcaster = new Broadcaster(settings)
    broadcaster.begin(0)
    broadcaster.wake(30_000, out)
    broadcaster.wake(63_000, out)
    broadcaster.wake(63_000, out)
    broadcaster.wake(67_999, out)
    expect(heard()).toEqual([
      ['say', 1, 10],
      ['say', 2, 10]
    ])
    expect(broadcaster.wakeAt).toBe(68_000)
  })

  test('with nothing to say it never wakes', () => {
    const broadcaster = new Broadcaster({ ...settings, count: 0 })
    broadcaster.begin(0)
    expect(broadcaster.wakeAt).toBe(NEVER)
  })
})
