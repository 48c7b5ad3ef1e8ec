import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OverlayWatch } from '#src/http/overlay-watch.ts'
import type { Look, View } from '#src/http/view.ts'

const settings = { deadShownMs: 60_000, cheapLookMs: 10, lookShareMax: 0.05 }

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A view in which to look takes so many ms. */
function slow(costMs: number): { view: View; looks: () => number } {
  let looks = 0
  const look = (): Look => {
    looks++
    vi.advanceTimersByTime(costMs)
    return { peers: [{ id: 'ada', name: 'ada', state: 'alive', degree: looks, target: null }], links: [], degrees: [] }
  }
  return { view: { role: 'seed', look } as Partial<View> as View, looks: () => looks }
}

test('those who watch get a twentieth of the time, however often they ask', () => {
  const { view, looks } = slow(100)
  const watch = new OverlayWatch(view, settings)
  const begin = performance.now()
  while (performance.now() - begin < 60_000) {
    watch.reply()
    vi.advanceTimersByTime(1)
  }
  expect(looks() * 100).toBeLessThan(0.05 * 60_000 + 100)
  expect(looks()).toBeGreaterThan(25)
})

test('what is looked up at once is always new', () => {
  const { view, looks } = slow(5)
  const watch = new OverlayWatch(view, settings)
  expect([1, 2, 3].map(() => watch.reply().revision)).toEqual([1, 2, 3])
  expect(looks()).toBe(3)
})

test('the dead are shown for a minute, and those that nobody has seen not at all', () => {
  let names = ['ada', 'bob']
  const look = (): Look => ({
    peers: names.map(name => ({ id: name, name, state: 'alive', degree: 4, target: 4 })),
    links: [],
    degrees: []
  })
  const watch = new OverlayWatch({ role: 'swarm', look } as Partial<View> as View, settings)
  const shown = (): string[] => watch.reply().nodes.map(({ name, state, degree }) => `${name} ${state} ${degree}`)
  watch.died('bob')
  expect(shown()).toEqual(['ada alive 4', 'bob alive 4'])
  names = ['ada']
  watch.died('bob')
  watch.died('nobody')
  expect(shown()).toEqual(['ada alive 4', 'bob dead 4'])
  vi.advanceTimersByTime(59_000)
  expect(shown()).toEqual(['ada alive 4', 'bob dead 4'])
  vi.advanceTimersByTime(2_000)
  expect(shown()).toEqual(['ada alive 4'])
})
