import { beforeEach, describe, expect, test } from 'vitest'
import { Liveness } from '#src/core/liveness.ts'
import { NEVER } from '#src/core/machine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { liveness as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import type { LivenessOutput } from '#src/core/liveness.ts'
import type { NeighbourState } from '#src/core/neighbours.ts'

const { out, heard, heardOf } = listener<LivenessOutput<number>>()

let neighbours: Neighbours<number>
let liveness: Liveness<number>

function neighbour(peer: number, state: NeighbourState = 'linked', now = 0): void {
  neighbours.put(peer, `p${peer}`, state, 77)
  liveness.watch(peer, now)
}

/** Wakes at each deadline up to and including `until`; every ping fails at once. Gives the times of the pings. */
function pingInVain(until: number): number[] {
  const times: number[] = []
  while (liveness.wakeAt <= until) {
    const now = liveness.wakeAt
    liveness.wake(now, out)
    for (const [, peer] of heardOf('ping')) {
      times.push(now)
      liveness.pinged(peer, 'refused', out)
    }
  }
  heard()
  return times
}

beforeEach(() => {
  neighbours = new Neighbours()
  liveness = new Liveness(neighbours, settings)
  heard()
})

describe('Liveness', () => {
  test('pings each neighbour every 13 s, from 13 s after the link stands', () => {
    neighbour(1, 'linked', 0)
    neighbour(2, 'linked', 500)
    const pings: [number, number][] = []
    while (liveness.wakeAt <= 40_000) {
      const now = liveness.wakeAt
      liveness.wake(now - 1, out)
      expect(heard()).toEqual([])
      liveness.wake(now, out)
      for (const [, peer] of heardOf('ping')) {
        pings.push([now, peer])
        liveness.pinged(peer, 'answered', out)
      }
    }
    expect(pings).toEqual([
      [13_000, 1],
      [13_500, 2],
      [26_000, 1],
      [26_500, 2],
      [39_000, 1],
      [39_500, 2]
    ])
  })

  test('three failures in a row are death, 13 s apart even if each fails at once; told once, then no more watched', () => {
    neighbour(1)
    expect(pingInVain(38_999)).toEqual([13_000, 26_000])
    liveness.wake(39_000, out)
    liveness.pinged(1, 'timeout', out)
    const dead = expect.objectContaining({ peer: 1, missed: ['refused', 'refused', 'timeout'] })
    expect(heard()).toEqual([
      ['ping', 1],
      ['missed', dead],
      ['dead', dead, 'dead']
    ])
    expect(liveness.wakeAt).toBe(NEVER)
    liveness.pinged(1, 'timeout', out)
    liveness.wake(100_000, out)
    expect(heard()).toEqual([])
  })

  test('the failures of one neighbour are not those of another, nor of its life before', () => {
    neighbour(1)
    neighbour(2)
    liveness.wake(13_000, out)
    liveness.pinged(1, 'timeout', out)
    const told = heard().find(([what]) => what === 'missed')?.[1]
    liveness.pinged(2, 'answered', out)
    expect([1, 2].map(peer => neighbours.get(peer)?.missed)).toEqual([['timeout'], []])
    neighbour(1, 'linked', 14_000)
    expect(neighbours.get(1)?.missed).toEqual([])
    expect(told).toMatchObject({ peer: 1, missed: ['timeout'] })
  })

  test('an answer wipes out the failures before it', () => {
    neighbour(1)
    expect(pingInVain(26_000)).toHaveLength(2)
    liveness.wake(39_000, out)
    liveness.pinged(1, 'answered', out)
    expect(neighbours.get(1)?.missed).toEqual([])
    heard()
    expect(pingInVain(65_000)).toEqual([52_000, 65_000])
    expect(neighbours.get(1)?.missed).toEqual(['refused', 'refused'])
    expect(pingInVain(200_000)).toEqual([78_000])
  })

  test('a ping that is still under way is not doubled', () => {
    neighbour(1)
    liveness.wake(13_000, out)
    liveness.wake(26_000, out)
    expect(heard()).toEqual([['ping', 1]])
    liveness.pinged(1, 'timeout', out)
    liveness.wake(39_000, out)
    expect(heardOf('ping')).toEqual([['ping', 1]])
  })

  test('a ping that could not be tried counts for nothing', () => {
    neighbour(1)
    for (const now of [13_000, 26_000, 39_000, 52_000]) {
      liveness.wake(now, out)
      liveness.pinged(1, 'inconclusive', out)
    }
    expect(heard()).toEqual(Array.from({ length: 4 }, () => ['ping', 1]))
    expect(neighbours.get(1)?.missed).toEqual([])
  })

  test('a lost neighbour that answers has recovered and is not watched any more', () => {
    neighbour(1, 'lost')
    liveness.doubt(1, 100, out)
    liveness.pinged(1, 'answered', out)
    expect(heard()).toEqual([
      ['ping', 1],
      ['recovered', 1]
    ])
    expect(liveness.wakeAt).toBe(NEVER)
  })

  test('a lost neighbour that does not answer is dead after three failures like any other', () => {
    neighbour(1, 'lost')
    liveness.doubt(1, 100, out)
    liveness.pinged(1, 'refused', out)
    heard()
    liveness.wake(13_100, out)
    liveness.pinged(1, 'refused', out)
    liveness.wake(26_100, out)
    liveness.pinged(1, 'refused', out)
    expect(heard().map(([what]) => what)).toEqual(['ping', 'missed', 'doubtful', 'ping', 'missed', 'dead'])
  })

  test('others are asked when one more ping may fail; if one of them reaches the neighbour, only our way to it is broken', () => {
    neighbour(1)
    liveness.vouched(1)
    liveness.wake(13_000, out)
    liveness.pinged(1, 'timeout', out)
    expect(heardOf('doubtful')).toEqual([])
    liveness.wake(26_000, out)
    liveness.pinged(1, 'timeout', out)
    expect(heardOf('doubtful')).toEqual([['doubtful', expect.objectContaining({ peer: 1 })]])
    liveness.vouched(1)
    liveness.wake(39_000, out)
    liveness.pinged(1, 'timeout', out)
    expect(heardOf('dead')).toEqual([['dead', expect.objectContaining({ peer: 1 }), 'unreachable']])
  })

  test('what others say counts for these pings only: an answer in between, or a new life, makes it old', () => {
    neighbour(1)
    expect(pingInVain(26_000)).toHaveLength(2)
    liveness.vouched(1)
    liveness.wake(39_000, out)
    liveness.pinged(1, 'answered', out)
    heard()
    expect(pingInVain(65_000)).toHaveLength(2)
    liveness.wake(78_000, out)
    liveness.pinged(1, 'timeout', out)
    expect(heardOf('dead')).toEqual([['dead', expect.objectContaining({ peer: 1 }), 'dead']])
  })

  test('doubt pings at once and moves the next ping; while a failure is being counted it does nothing', () => {
    neighbour(1)
    liveness.doubt(1, 5_000, out)
    expect(heard()).toEqual([['ping', 1]])
    liveness.pinged(1, 'timeout', out)
    heard()
    liveness.doubt(1, 6_000, out)
    expect(heard()).toEqual([])
    expect(liveness.wakeAt).toBe(18_000)
  })

  test('an answer to a ping from before the doubt acquits nobody: only the next one does', () => {
    neighbour(1)
    liveness.wake(13_000, out)
    neighbours.put(1, 'p1', 'lost', 77)
    liveness.doubt(1, 14_000, out)
    expect(heard()).toEqual([['ping', 1]])
    liveness.pinged(1, 'answered', out)
    expect(heard()).toEqual([['ping', 1]])
    liveness.pinged(1, 'answered', out)
    expect(heard()).toEqual([['recovered', 1]])
  })

  test('that holds while failures are being counted too', () => {
    neighbour(1)
    liveness.doubt(1, 0, out)
    liveness.pinged(1, 'timeout', out)
    liveness.wake(13_000, out)
    heard()
    liveness.doubt(1, 14_000, out)
    liveness.pinged(1, 'answered', out)
    expect(heard()).toEqual([['ping', 1]])
    expect(neighbours.get(1)?.missed).toEqual(['timeout'])
    liveness.pinged(1, 'refused', out)
    expect(neighbours.get(1)?.missed).toEqual(['timeout', 'refused'])
  })

  test('an answer that is slower than the rounds counts', () => {
    neighbour(1, 'lost')
    liveness.wake(13_000, out)
    liveness.wake(26_000, out)
    liveness.pinged(1, 'answered', out)
    expect(heardOf('recovered')).toEqual([['recovered', 1]])
  })

  test('doubt about a stranger or about a peer that is only asked does nothing', () => {
    neighbours.put(2, 'p2', 'asked', 1)
    liveness.doubt(1, 0, out)
    liveness.doubt(2, 0, out)
    expect(heard()).toEqual([])
    expect(liveness.wakeAt).toBe(NEVER)
  })

  test('whoever is no neighbour any more is pinged no more, and its late answers change nothing', () => {
    neighbour(1)
    neighbour(2)
    neighbours.remove(1)
    liveness.unwatch(2)
    liveness.wake(13_000, out)
    expect(heard()).toEqual([])
    expect(liveness.wakeAt).toBe(NEVER)
    liveness.pinged(1, 'answered', out)
    liveness.pinged(1, 'other', out)
    liveness.pinged(2, 'other', out)
    expect(heard()).toEqual([])
  })
})
