import { beforeEach, describe, expect, test } from 'vitest'
import { candidatesMax } from '#protocols/registration/messages.ts'
import { NEVER } from '#src/core/machine.ts'
import { topology as settings } from '#src/settings.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

let bench: TopologyBench

beforeEach(() => {
  bench = new TopologyBench()
})

describe('looking for links', () => {
  test('alone it rests; with the first standing that gives it a target it looks at once', () => {
    bench.aim(0)
    expect(bench.topology.wakeAt).toBe(NEVER)
    bench.now = 700
    bench.aim(3)
    expect(bench.topology.target).toBe(3)
    expect(bench.topology.wakeAt).toBe(700)
    bench.wake(700)
    expect(bench.said.heard()).toEqual([['seek', 's1', 3]])
  })

  test('all registrars are asked, each for its share', () => {
    for (const seed of ['s1', 's2', 's3']) bench.aim(7, seed)
    bench.next()
    expect(bench.said.heardOf('seek')).toEqual(['s1', 's2', 's3'].map(seed => ['seek', seed, 3]))
    const hub = new TopologyBench()
    hub.aim(200)
    hub.next()
    expect(hub.said.heardOf('seek')).toEqual([['seek', 's1', candidatesMax]])
  })

  test('without a registrar it asks around, and again a little later, not at once', () => {
    bench.aim(2)
    bench.topology.unviewed('s1')
    bench.next()
    expect(bench.said.heard()).toEqual([['recall']])
    expect(bench.topology.wakeAt).toBeGreaterThanOrEqual(settings.seekBackoffMs * 0.5)
    bench.aim(2)
    bench.next()
    expect(bench.said.heard()).toEqual([['seek', 's1', 2]])
  })

  test('asks what the seeds have found, as many at once as it may, and goes on when one has answered', () => {
    bench.seek(6, [1, 2, 3, 4, 5, 6])
    expect(bench.in('asked')).toEqual([1, 2, 3, 4])
    const asks = bench.said.heardOf('ask')
    expect(asks.map(([, { id }, { name, want, redeem }]) => [id, name, want, redeem])).toEqual(
      [1, 2, 3, 4].map(id => [id, 'p0', 1, false])
    )
    expect(new Set(asks.map(([, , { nonce }]) => nonce)).size).toBe(4)
    bench.accepted(2)
    expect(bench.in('linked')).toEqual([2])
    expect(bench.asks()).toEqual([[5, 1]])
    bench.ended(1, 'refused')
    expect(bench.in('asked')).toEqual([3, 4, 5, 6])
  })

  test('hears what each seed has found, and does without those that do not answer', () => {
    for (const seed of ['s1', 's2', 's3']) bench.aim(4, seed)
    bench.next()
    bench.silent('s2')
    bench.found([1], [], 's3')
    expect(bench.in('asked')).toEqual([1])
    bench.found([2], [], 's1')
    expect(bench.in('asked')).toEqual([1, 2])
  })

  test('never asks itself, a neighbour, one whose fate is unknown, or one whom it is asking', () => {
    bench.aim(9)
    bench.aim(9, 's2')
    bench.linkWith(1, 2)
    bench.ended(2, 'lost')
    bench.next()
    bench.found([0, 1, 2, 3], [3])
    bench.found([3, 3], [3], 's2')
    expect(bench.asks()).toEqual([[3, 1]])
  })

  test('asks anybody while it has nobody at all, even if it lacks only one link', () => {
    bench.seek(1, [], [1, 2])
    expect(bench.asks()).toEqual([[1, 1]])
    bench.ended(1, 'refused')
    expect(bench.in('asked')).toEqual([2])
  })

  test('where everybody needs everybody it asks all whom it does not know, each for one link, to the last', () => {
    bench.aim(3, 's1', 4)
    bench.next()
    bench.found([], [1, 2, 3])
    expect(bench.asks()).toEqual([
      [1, 1],
      [2, 1],
      [3, 1]
    ])
    bench.accepted(1)
    bench.accepted(2)
    bench.ended(3, 'refused')
    bench.next()
    bench.found([], [3])
    expect(bench.asks()).toEqual([[3, 1]])
  })

  test('looks less and less often in vain, and quickly again after a success', () => {
    bench.aim(2)
    const pauses: number[] = []
    for (let seek = 0; seek < 9; seek++) {
      const before = bench.now
      bench.next()
      bench.found([])
      pauses.push(bench.now - before)
    }
    expect(pauses[0]).toBe(0)
    pauses.slice(1).forEach((pause, index) => {
      const backoff = Math.min(settings.seekBackoffMs * 2 ** (index + 1), settings.seekBackoffMsMax)
      expect(pause).toBeGreaterThanOrEqual(backoff * 0.5)
      expect(pause).toBeLessThan(backoff * 1.5)
    })
    bench.next()
    bench.found([1])
    bench.accepted(1)
    expect(bench.topology.wakeAt - bench.now).toBeLessThan(settings.seekBackoffMs * 1.5)
    bench.said.heard()
    bench.next()
    expect(bench.said.heardOf('seek')).toEqual([['seek', 's1', 1]])
  })

  test('whoever does not answer is given up after its time', () => {
    bench.seek(1, [2, 1])
    const nonce = bench.nonceOf(2)
    bench.said.heard()
    bench.wake(settings.linkTimeoutMs - 1)
    expect(bench.in('asked')).toEqual([2])
    bench.wake(settings.linkTimeoutMs)
    expect(bench.said.heardOf('unlink')).toEqual([['unlink', 2, nonce, 'too-late']])
    expect(bench.in('asked')).toEqual([1])
    // Its answer comes after all, on a stream that is closed.
    bench.topology.accepted(2, nonce, false, settings.linkTimeoutMs, bench.out)
    expect(bench.in('linked')).toEqual([])
  })

  test('an answer with another nonce is an answer to something else', () => {
    bench.seek(1, [1])
    const other = bench.nonceOf(1) + 1
    bench.topology.accepted(1, other, false, 0, bench.out)
    bench.topology.ended(1, other, 'refused', undefined, 0, bench.out)
    expect(bench.in('asked')).toEqual([1])
  })
})

describe('links that are on their way count as taken', () => {
  test('requests: never more asked and linked than the target', () => {
    bench.seek(2, [1, 2, 3, 4])
    expect(bench.in('asked')).toEqual([1, 2])
    bench.asked(9)
    expect(bench.said.heardOf('refuse')).toEqual([['refuse', 9, 1009]])
  })

  test('a request that wants two counts as two, and peers without links to spare are asked only for two', () => {
    bench.seek(6, [8], [1, 2, 3, 4])
    expect(bench.asks()).toEqual([
      [8, 1],
      [1, 2],
      [2, 2]
    ])
    expect(bench.topology.pending).toBe(5)
    bench.ended(8, 'refused')
    expect([bench.asks(), bench.topology.pending]).toEqual([[[3, 2]], 6])
    bench.asked(9)
    expect(bench.said.heardOf('refuse')).toEqual([['refuse', 9, 1009]])
  })

  test('of a request that wanted two and was taken in without a splice, the second is free again', () => {
    bench.seek(3, [], [1, 2])
    expect([bench.asks(), bench.topology.pending]).toEqual([[[1, 2]], 2])
    bench.accepted(1, false)
    expect([bench.asks(), bench.topology.pending]).toEqual([[[2, 2]], 2])
    bench.accepted(2, false)
    expect([bench.in('linked'), bench.topology.pending]).toEqual([[1, 2], 0])
    bench.asked(9)
    expect(bench.in('linked')).toEqual([1, 2, 9])
  })

  test('a neighbour that was let go for this peer counts until it comes', () => {
    bench.seek(2, [], [1, 2])
    bench.accepted(1, true)
    expect([bench.in('asked'), bench.topology.pending]).toEqual([[], 1])
    bench.asked(9)
    expect(bench.said.heardOf('refuse')).toEqual([['refuse', 9, 1009]])
  })
})

describe('being asked', () => {
  test('accepts while there is room, then refuses; the seeds need not hear of each link', () => {
    bench.aim(2)
    for (const peer of [1, 2, 3]) bench.asked(peer)
    expect(bench.said.heard()).toEqual([
      ['accept', 1, 1001, false],
      ['linked', expect.objectContaining({ peer: 1, name: 'p1', nonce: 1001 })],
      ['accept', 2, 1002, false],
      ['linked', expect.objectContaining({ peer: 2 })],
      ['refuse', 3, 1003]
    ])
  })

  test('has no room before it has a target', () => {
    bench.asked(1, { want: 2 })
    expect(bench.said.heard()).toEqual([['refuse', 1, 1001]])
  })

  test('the same peer asking again has lost its end: the new link takes the place of the old', () => {
    bench.aim(1)
    bench.linkWith(1)
    bench.asked(1, { nonce: 5 })
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'duplicate', undefined],
      ['unlinked', expect.objectContaining({ peer: 1, nonce: 1001 }), 'duplicate'],
      ['accept', 1, 5, false],
      ['linked', expect.objectContaining({ peer: 1, nonce: 5 })]
    ])
    // The end of the old stream comes late and hits nothing (invariant 8).
    bench.topology.ended(1, 1001, 'lost', undefined, 0, bench.out)
    expect([bench.in('linked'), bench.nonceOf(1)]).toEqual([[1], 5])
  })

  test('a lost neighbour that asks is a neighbour again', () => {
    bench.aim(1)
    bench.linkWith(1)
    bench.ended(1, 'lost')
    expect(bench.in('lost')).toEqual([1])
    bench.asked(1, { nonce: 6 })
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[1], []])
  })
})

describe('targets', () => {
  test('the seed that knows most peers is right, and a seed that is no registrar any more has no word', () => {
    bench.aim(5, 's1', 10)
    bench.aim(3, 's2', 9)
    expect(bench.topology.target).toBe(5)
    bench.topology.unviewed('s1')
    bench.aim(3, 's2')
    expect(bench.topology.target).toBe(3)
  })

  test('nobody wants more links than it can have', () => {
    const small = new TopologyBench({ linksMax: 3 })
    small.aim(2)
    expect(small.topology.target).toBe(2)
    small.aim(9)
    expect(small.topology.target).toBe(3)
    for (const peer of [1, 2, 3, 4]) small.asked(peer)
    expect(small.in('linked')).toEqual([1, 2, 3])
  })

  test('a higher target is made use of with the candidates that are left', () => {
    bench.seek(1, [1, 2, 3])
    bench.aim(2)
    expect(bench.in('asked')).toEqual([1, 2])
  })

  test('candidates that are left when no link is missing are forgotten: they may be gone when one is', () => {
    bench.seek(1, [1, 2])
    bench.accepted(1)
    bench.aim(2)
    expect(bench.in('asked')).toEqual([])
  })

  test('when somebody comes or goes it asks for its new standing, sooner in a small network', () => {
    bench.topology.peersChanged(50, bench.out)
    const [[, within]] = bench.said.heardOf('report') as [['report', number]]
    expect(within).toBeGreaterThanOrEqual(0)
    expect(within).toBeLessThan(50 * settings.reviewMsPerPeer)
  })
})
