import { beforeEach, describe, expect, test } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { topology as settings } from '#src/settings.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

let bench: TopologyBench

beforeEach(() => {
  bench = new TopologyBench()
})

function kinds(): string[] {
  return bench.said.heard().map(([what]) => what)
}

describe('looking for links', () => {
  test('alone it rests; with the first standing that gives it a target it looks at once', () => {
    bench.aim(0)
    expect(bench.topology.wakeAt).toBe(NEVER)
    bench.now = 700
    bench.aim(3)
    expect(bench.topology.target).toBe(3)
    expect(bench.topology.wakeAt).toBe(700)
    bench.wake(700)
    expect(bench.said.heard()).toEqual([
      ['report', 0],
      ['seek', 3]
    ])
  })

  test('asks what the seeds have found, as many at once as it may, and goes on when one has answered', () => {
    bench.aim(6)
    bench.found([1, 2, 3, 4, 5, 6])
    expect(bench.in('asked')).toEqual([6, 5, 4, 3])
    const asks = bench.said.heardOf('ask')
    expect(asks.map(([, { id }, { name, want }]) => [id, name, want])).toEqual([6, 5, 4, 3].map(id => [id, 'p0', 1]))
    expect(new Set(asks.map(([, , { nonce }]) => nonce)).size).toBe(4)
    bench.accepted(5)
    expect(bench.in('linked')).toEqual([5])
    expect(bench.said.heardOf('ask').map(([, { id }]) => id)).toEqual([2])
    bench.topology.ended(6, bench.nonceOf(6), 'refused', 0, bench.out)
    expect(bench.in('asked')).toEqual([4, 3, 2, 1])
  })

  test('links on their way count as taken: never more asked and linked than the target', () => {
    bench.aim(2)
    bench.found([1, 2, 3, 4])
    expect(bench.in('asked')).toHaveLength(2)
    bench.asked(9)
    expect(kinds()).not.toContain('accept')
  })

  test('never asks itself, a neighbour, or one whose fate is unknown', () => {
    bench.aim(9)
    bench.linkWith(1, 2)
    bench.topology.ended(2, 1002, 'lost', 0, bench.out)
    bench.found([0, 1, 2, 3])
    expect(bench.in('asked')).toEqual([3])
  })

  test('asks peers without links to spare only for as long as it lacks two', () => {
    bench.aim(4)
    bench.found([8], [1, 2, 3, 4])
    const asks = bench.said.heardOf('ask').map(([, { id }, { want }]) => [id, want])
    expect(asks).toEqual([
      [8, 1],
      [4, 2],
      [3, 2]
    ])
    for (const peer of [8, 4, 3]) bench.accepted(peer)
    expect(bench.in('linked')).toHaveLength(3)
    bench.found([], [1, 2])
    expect(bench.in('asked')).toEqual([])
  })

  test('asks anybody while it has nobody at all, even if it lacks only one link', () => {
    bench.aim(1)
    bench.found([], [1, 2])
    expect(bench.said.heardOf('ask').map(([, { id }, { want }]) => [id, want])).toEqual([[2, 1]])
    bench.topology.ended(2, bench.nonceOf(2), 'refused', 0, bench.out)
    expect(bench.in('asked')).toEqual([1])
  })

  test('looks less and less often in vain, and quickly again after a success', () => {
    bench.aim(2)
    const pauses: number[] = []
    for (let seek = 0; seek < 9; seek++) {
      const before = bench.now
      bench.wake(bench.topology.wakeAt)
      bench.found([])
      pauses.push(bench.now - before)
    }
    expect(pauses[0]).toBe(0)
    pauses.slice(1).forEach((pause, index) => {
      const backoff = Math.min(settings.seekBackoffMs * 2 ** (index + 1), settings.seekBackoffMsMax)
      expect(pause).toBeGreaterThanOrEqual(backoff * 0.5)
      expect(pause).toBeLessThan(backoff * 1.5)
    })
    bench.said.heard()
    bench.found([1])
    bench.accepted(1)
    bench.wake(bench.topology.wakeAt)
    expect(bench.said.heardOf('seek')).toEqual([['seek', 1]])
    expect(bench.topology.wakeAt - bench.now).toBeLessThanOrEqual(settings.seekBackoffMs * 3)
  })

  test('whoever does not answer is given up after its time', () => {
    bench.aim(1)
    bench.found([1, 2])
    const nonce = bench.nonceOf(2)
    bench.said.heard()
    bench.wake(settings.linkTimeoutMs - 1)
    expect(bench.in('asked')).toEqual([2])
    bench.wake(settings.linkTimeoutMs)
    expect(bench.said.heardOf('unlink')).toEqual([['unlink', 2, nonce, 'too-late']])
    expect(bench.in('asked')).toEqual([1])
    // Its answer comes after all, on a stream that is closed.
    bench.topology.accepted(2, nonce, settings.linkTimeoutMs, bench.out)
    expect(bench.in('linked')).toEqual([])
  })

  test('an answer with another nonce is an answer to something else', () => {
    bench.aim(1)
    bench.found([1])
    bench.topology.accepted(1, bench.nonceOf(1) + 1, 0, bench.out)
    bench.topology.ended(1, bench.nonceOf(1) + 1, 'refused', 0, bench.out)
    expect(bench.in('asked')).toEqual([1])
  })

  test('when somebody comes or goes it asks for its new standing, sooner in a small network', () => {
    bench.topology.peersChanged(50, bench.out)
    const [[, within]] = bench.said.heardOf('report') as [['report', number]]
    expect(within).toBeGreaterThanOrEqual(0)
    expect(within).toBeLessThan(5_000)
  })
})

describe('being asked', () => {
  test('accepts while there is room, then refuses', () => {
    bench.aim(2)
    for (const peer of [1, 2, 3]) bench.asked(peer)
    expect(bench.said.heard().filter(([what]) => what === 'accept' || what === 'refuse')).toEqual([
      ['accept', 1, 1001],
      ['accept', 2, 1002],
      ['refuse', 3, 1003]
    ])
    expect(bench.in('linked')).toEqual([1, 2])
  })

  test('takes one more than its target if the asker lacks two, and only one', () => {
    bench.aim(1)
    bench.linkWith(1)
    bench.asked(2, { want: 1 })
    bench.asked(3, { want: 2 })
    bench.asked(4, { want: 2 })
    expect(bench.in('linked')).toEqual([1, 3])
  })

  test('lets go what is over the target when it next hears its standing, but not who came last', () => {
    bench.aim(2)
    bench.linkWith(1, 2)
    bench.asked(3, { want: 2 })
    bench.said.heard()
    bench.aim(2)
    expect(bench.in('linked')).toHaveLength(2)
    expect(bench.in('linked')).toContain(3)
    const [[, gone, nonce, reason]] = bench.said.heardOf('unlink') as [['unlink', number, number, string]]
    expect([nonce, reason]).toEqual([1000 + gone, 'over-target'])
  })

  test('the same peer asking again has lost its end: the new link takes the place of the old', () => {
    bench.aim(1)
    bench.linkWith(1)
    bench.asked(1, { nonce: 5 })
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'duplicate'],
      ['unlinked', expect.objectContaining({ peer: 1, nonce: 1001 }), 'duplicate'],
      ['accept', 1, 5],
      ['linked', expect.objectContaining({ peer: 1, nonce: 5 })],
      ['report', settings.seekBackoffMs]
    ])
    // The end of the old stream comes late and hits nothing (invariant 8).
    bench.topology.ended(1, 1001, 'lost', 0, bench.out)
    expect(bench.in('linked')).toEqual([1])
    expect(bench.nonceOf(1)).toBe(5)
  })

  test('a lost neighbour that asks is a neighbour again', () => {
    bench.aim(1)
    bench.linkWith(1)
    bench.topology.ended(1, 1001, 'lost', 0, bench.out)
    expect(bench.in('lost')).toEqual([1])
    bench.asked(1, { nonce: 6 })
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[1], []])
  })
})

describe('targets', () => {
  test('the seed that knows most peers is right, and a seed that is no registrar any more has no word', () => {
    bench.aim(5, 's1')
    bench.aim(3, 's2')
    expect(bench.topology.target).toBe(5)
    bench.topology.unviewed('s1')
    bench.aim(3, 's2')
    expect(bench.topology.target).toBe(3)
  })

  test('a new target is told to the seeds at once, the same one is not', () => {
    bench.aim(3)
    expect(bench.said.heardOf('report')).toEqual([['report', 0]])
    bench.aim(3)
    expect(bench.said.heardOf('report')).toEqual([])
  })
})
