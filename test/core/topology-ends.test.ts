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

/** A new link is looked for a little later, and not by all who have lost the same neighbour at the same moment. */
function expectRepair(since = 0): void {
  expect(bench.topology.wakeAt).toBeGreaterThanOrEqual(since + settings.repairDelayMs * 0.5)
  expect(bench.topology.wakeAt).toBeLessThan(since + settings.repairDelayMs * 1.5)
}

describe('the end of a link', () => {
  test('by a last word of the other side: removed, and a new link is looked for a little later', () => {
    bench.now = 500
    bench.ended(1, 'over-target')
    expect(bench.said.heard()).toEqual([['unlinked', one, 'over-target']])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], []])
    expectRepair(500)
    bench.next()
    expect(bench.said.heard()).toEqual([['seek', 's1', 1]])
  })

  test('without a word: no link any more, but watched', () => {
    bench.ended(1, 'lost')
    expect(bench.said.heard()).toEqual([['unlinked', one, 'lost']])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], [1]])
    // Whatever comes from that stream now is past.
    bench.ended(1, 'leaving')
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
      many.ended(peer, 'lost')
    }
    expect(many.in('lost')).toHaveLength(settings.lostNeighboursMax)
    expect(many.in('lost')[0]).toBe(3)
  })

  test('by death: the stream is closed and the link mended', () => {
    bench.topology.died(1, 'dead', 0, bench.out)
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'fault'],
      ['unlinked', one, 'dead']
    ])
    expectRepair()
  })

  test('death of one that was lost, and of a stranger, leaves nothing and says nothing', () => {
    bench.ended(1, 'lost')
    bench.said.heard()
    bench.topology.died(1, 'dead', 0, bench.out)
    bench.topology.died(9, 'dead', 0, bench.out)
    expect(bench.said.heard()).toEqual([])
    expect([bench.in('linked'), bench.in('lost')]).toEqual([[2], []])
  })

  // The last candidate: nothing else would make the peer look for links again.
  test('death of one that is only asked: another one is looked for', () => {
    bench.aim(3)
    bench.next()
    bench.found([7])
    const nonce = bench.nonceOf(7)
    bench.said.heard()
    bench.topology.died(7, 'dead', bench.now, bench.out)
    expect(bench.said.heard()).toEqual([['unlink', 7, nonce, 'fault']])
    expectRepair(bench.now)
  })

  test('by a broken protocol: banished', () => {
    bench.topology.banish(1, 0, bench.out)
    bench.topology.banish(9, 0, bench.out)
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, 1001, 'fault', undefined],
      ['unlinked', one, 'fault']
    ])
    expectRepair()
  })

  test('after many searches in vain: the next one comes soon', () => {
    bench.aim(3)
    for (let searches = 0; searches < 8; searches++) {
      bench.next()
      bench.found([])
    }
    expect(bench.topology.wakeAt).toBeGreaterThan(bench.now + settings.repairDelayMs * 1.5)
    bench.ended(1, 'over-target')
    expectRepair(bench.now)
  })

  test('by a lower target: as many go as are too many, anybody, and nobody is sent anywhere', () => {
    const gone = new Set<number>()
    for (let seed = 0; seed < 50; seed++) {
      bench = new TopologyBench({ seed })
      bench.aim(3)
      bench.linkWith(1, 2, 3)
      bench.wake(0)
      bench.aim(2)
      const unlinks = bench.said.heardOf('unlink')
      expect(unlinks).toEqual([['unlink', expect.any(Number), expect.any(Number), 'over-target', undefined]])
      gone.add(unlinks[0]?.[1] ?? 0)
      expect(bench.in('linked')).toHaveLength(2)
      expect(bench.topology.wakeAt).toBe(NEVER)
    }
    expect(gone).toEqual(new Set([1, 2, 3]))
  })

  test('a target of nothing cuts nothing: a seed that has lost its memory must not tear the network apart', () => {
    bench.aim(0)
    expect(bench.in('linked')).toEqual([1, 2])
  })
})

describe('leaving', () => {
  test('a last word to everybody, then nobody is asked or accepted, and nothing is offered', () => {
    bench.aim(4)
    bench.next()
    bench.found([7, 8])
    bench.said.heard()
    bench.topology.leave(bench.out)
    const unlinks = bench.said.heardOf('unlink')
    expect(unlinks.map(([, peer, , reason]) => [peer, reason])).toEqual([7, 8, 1, 2].map(peer => [peer, 'leaving']))
    bench.asked(3, { want: 2 })
    bench.found([5])
    bench.wake(100_000)
    expect(bench.said.heard()).toEqual([['refuse', 3, 1003]])
    expect([...bench.in('asked'), ...bench.in('linked')]).toEqual([])
    expect(bench.topology.offerTo('s1')).toBe(0)
    expect(bench.topology.wakeAt).toBe(NEVER)
  })

  test('the end of a search that was under way is no reason to offer or to report anything', () => {
    bench.aim(4)
    bench.next()
    bench.topology.leave(bench.out)
    bench.said.heard()
    bench.found([])
    expect([bench.said.heard(), bench.topology.offerTo('s1')]).toEqual([[], 0])
  })

  test('what was offered is offered no more', () => {
    bench.aim(4)
    bench.next()
    bench.found([])
    expect(bench.topology.offerTo('s1')).toBe(2)
    bench.topology.leave(bench.out)
    expect(bench.topology.offerTo('s1')).toBe(0)
  })

  // An alarm that is due and does nothing would ring again and again.
  test('a first standing that comes late wakes nobody', () => {
    bench = new TopologyBench()
    bench.topology.leave(bench.out)
    bench.aim(4)
    expect(bench.topology.wakeAt).toBe(NEVER)
  })
})

describe('asking each other at once', () => {
  beforeEach(() => {
    bench = new TopologyBench()
    bench.seek(2, [1])
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
    expect(bench.said.heard()).toEqual([
      ['unlink', 1, nonce, 'duplicate'],
      ['accept', 1, nonce - 1, false],
      ['linked', expect.objectContaining({ peer: 1 })]
    ])
    bench.topology.accepted(1, nonce, false, 0, bench.out)
    expect([bench.in('linked'), bench.nonceOf(1)]).toEqual([[1], nonce - 1])
    bench.wake(settings.linkTimeoutMs)
    expect(bench.said.heardOf('unlink')).toEqual([])
  })

  test('the own request has been accepted already: the other one crosses it for as long as it may be on its way', () => {
    const nonce = bench.nonceOf(1)
    bench.accepted(1)
    bench.said.heard()
    bench.now = settings.linkTimeoutMs - 1
    bench.asked(1, { nonce: nonce + 1 })
    expect([bench.said.heard(), bench.nonceOf(1)]).toEqual([[], nonce])
    bench.now = settings.linkTimeoutMs
    bench.asked(1, { nonce: nonce + 1 })
    expect([bench.in('linked'), bench.nonceOf(1)]).toEqual([[1], nonce + 1])
  })
})
