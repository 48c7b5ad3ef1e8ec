import { beforeEach, describe, expect, test } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { topology as settings } from '#src/settings.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

let bench: TopologyBench

beforeEach(() => {
  bench = new TopologyBench()
  bench.aim(2)
  bench.linkWith(1, 2)
  bench.wake(0)
})

const one = expect.objectContaining({ peer: 1, nonce: 1001 })

describe('the end of a link', () => {
  test('by a last word of the other side: removed, and a new link is looked for a little later', () => {
    bench.topology.ended(1, 1001, 'over-target', 500, bench.out)
    expect(bench.said.heard()).toEqual([
      ['unlinked', one, 'over-target'],
      ['report', 0]
    ])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], []])
    expect(bench.topology.wakeAt).toBeGreaterThanOrEqual(500 + settings.repairDelayMs * 0.5)
    expect(bench.topology.wakeAt).toBeLessThan(500 + settings.repairDelayMs * 1.5)
  })

  test('without a word: no link any more, but watched', () => {
    bench.topology.ended(1, 1001, 'lost', 0, bench.out)
    expect(bench.said.heardOf('unlinked')).toEqual([['unlinked', one, 'lost']])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], [1]])
    // Whatever comes from that stream now is past.
    bench.topology.ended(1, 1001, 'leaving', 0, bench.out)
    expect(bench.in('lost')).toEqual([1])
    bench.topology.recovered(2)
    bench.topology.recovered(1)
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], []])
  })

  test('as many lost neighbours are watched as may be, the oldest is forgotten first', () => {
    const many = new TopologyBench()
    many.aim(100)
    for (let peer = 1; peer <= settings.lostNeighboursMax + 2; peer++) {
      many.asked(peer)
      many.topology.ended(peer, 1000 + peer, 'lost', 0, many.out)
    }
    expect(many.in('lost')).toHaveLength(settings.lostNeighboursMax)
    expect(many.in('lost')[0]).toBe(3)
  })

  test('by death: the stream is closed and the link mended', () => {
    bench.topology.died(1, 0, bench.out)
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'fault'],
      ['unlinked', one, 'dead'],
      ['report', 0]
    ])
    expect(bench.topology.wakeAt).toBeLessThan(settings.repairDelayMs * 1.5)
  })

  test('death of one that was lost, and of a stranger, leaves nothing and says nothing', () => {
    bench.topology.ended(1, 1001, 'lost', 0, bench.out)
    bench.said.heard()
    bench.topology.died(1, 0, bench.out)
    bench.topology.died(9, 0, bench.out)
    expect(bench.said.heard()).toEqual([])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], []])
  })

  test('by a broken protocol: banished', () => {
    bench.topology.banish(1, 0, bench.out)
    bench.topology.banish(9, 0, bench.out)
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'fault'],
      ['unlinked', one, 'fault'],
      ['report', 0]
    ])
  })

  test('by a lower target: as many go as are too many', () => {
    bench.aim(1)
    expect(bench.in('linked')).toHaveLength(1)
    expect(bench.topology.wakeAt).toBe(NEVER)
  })

  test('a target of nothing cuts nothing: a seed that has lost its memory must not tear the network apart', () => {
    bench.aim(0)
    expect(bench.in('linked')).toEqual([1, 2])
  })

  test('by leaving: a last word to everybody, then nobody is asked or accepted', () => {
    bench.aim(4)
    bench.found([7, 8])
    bench.said.heard()
    bench.topology.leave(bench.out)
    const unlinks = bench.said.heardOf('unlink')
    expect(unlinks.map(([, peer, , reason]) => [peer, reason])).toEqual([8, 7, 1, 2].map(peer => [peer, 'leaving']))
    bench.asked(3)
    bench.found([5])
    bench.wake(100_000)
    expect(bench.said.heard()).toEqual([['refuse', 3, 1003]])
    expect([...bench.in('asked'), ...bench.in('linked')]).toEqual([])
  })
})

describe('asking each other at once', () => {
  beforeEach(() => {
    bench = new TopologyBench()
    bench.aim(2)
    bench.wake(0)
    bench.found([1])
    bench.said.heard()
  })

  test('the own request with the smaller nonce stands, and nothing is said to the other', () => {
    const nonce = bench.nonceOf(1)
    bench.asked(1, { nonce: nonce + 1 })
    expect(bench.said.heard()).toEqual([])
    expect(bench.in('asked')).toEqual([1])
    bench.accepted(1)
    expect(bench.nonceOf(1)).toBe(nonce)
  })

  test('the own request with the greater nonce is dropped, and the other accepted', () => {
    const nonce = bench.nonceOf(1)
    bench.asked(1, { nonce: nonce - 1 })
    expect(bench.said.heard().slice(0, 2)).toEqual([
      ['unlink', 1, nonce, 'duplicate'],
      ['accept', 1, nonce - 1]
    ])
    expect(bench.in('linked')).toEqual([1])
    bench.topology.accepted(1, nonce, 0, bench.out)
    expect(bench.nonceOf(1)).toBe(nonce - 1)
    bench.wake(settings.linkTimeoutMs)
    expect(bench.said.heardOf('unlink')).toEqual([])
  })
})
