import { beforeEach, describe, expect, test } from 'vitest'
import { NEVER } from '#src/core/machine.ts'
import { topology as settings } from '#src/settings.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

let bench: TopologyBench

describe('a neighbour lets this peer go and sends it to another one', () => {
  beforeEach(() => {
    bench = new TopologyBench()
    bench.aim(2)
    bench.linkWith(1, 2)
    bench.wake(0)
  })

  /** What it does about a referral that it does not follow: look for a link like after any other loss. */
  function expectNotFollowed(): void {
    expect(bench.said.heard().map(([what]) => what)).toEqual(['unlinked'])
    expect(bench.topology.wakeAt).toBeLessThan(bench.now + settings.repairDelayMs * 1.5)
  }

  test('it asks that one at once, with the nonce it was given; the addresses are not from the neighbour', () => {
    bench.spliced(1, 9, 44)
    expect(bench.said.heard()).toEqual([
      ['unlinked', expect.objectContaining({ peer: 1 }), 'spliced'],
      ['ask', { id: 9, name: 'p9', addresses: [] }, { nonce: 44, name: 'p0', want: 1, redeem: true }]
    ])
    expect([bench.in('asked'), bench.topology.pending]).toEqual([[9], 1])
    bench.accepted(9)
    expect(bench.in('linked')).toEqual([2, 9])
    expect(bench.topology.wakeAt).toBe(NEVER)
  })

  test('it follows even while it is asking as many as it may', () => {
    bench.aim(20)
    bench.next()
    bench.found([11, 12, 13, 14, 15])
    expect(bench.in('asked')).toHaveLength(settings.dialsAtOnce)
    bench.spliced(1, 9)
    expect(bench.in('asked')).toContain(9)
  })

  test('refused there, or nobody there: it looks for another link', () => {
    for (const end of ['refused', 'unreachable', 'lost'] as const) {
      bench = new TopologyBench()
      bench.aim(1)
      bench.linkWith(1)
      bench.wake(0)
      bench.spliced(1, 9)
      bench.ended(9, end)
      expect([bench.in('asked'), bench.in('lost')]).toEqual([[], []])
      expect(bench.topology.wakeAt).toBeLessThan(settings.seekBackoffMs * 1.5)
    }
  })

  test('no answer from there: it gives up after the time of any request', () => {
    bench.spliced(1, 9, 44)
    bench.said.heard()
    bench.next()
    expect(bench.now).toBe(settings.linkTimeoutMs)
    expect(bench.said.heard()).toEqual([['unlink', 9, 44, 'too-late']])
    expect(bench.topology.wakeAt).toBeGreaterThan(bench.now)
    expect(bench.topology.wakeAt).toBeLessThan(NEVER)
  })

  test('not if it is linked with that one already', () => {
    bench.spliced(1, 2)
    expectNotFollowed()
    expect([bench.in('linked'), bench.nonceOf(2)]).toEqual([[2], 1002])
  })

  test('not if it is asking that one already', () => {
    bench.aim(3)
    bench.next()
    bench.found([9])
    const nonce = bench.nonceOf(9)
    bench.said.heard()
    bench.spliced(1, 9, nonce + 1)
    expectNotFollowed()
    expect(bench.nonceOf(9)).toBe(nonce)
  })

  test('not if it does not know whether that one is alive', () => {
    bench.ended(2, 'lost')
    bench.said.heard()
    bench.spliced(1, 2)
    expectNotFollowed()
  })

  test('not to itself', () => {
    bench.spliced(1, 0)
    expectNotFollowed()
  })

  test('not if no link is missing: the target has fallen', () => {
    bench.aim(0)
    bench.spliced(1, 9)
    expectNotFollowed()
  })

  test('not if the link that is missing is on its way', () => {
    bench.ended(1, 'over-target')
    bench.next()
    bench.found([7])
    bench.aim(1)
    bench.said.heard()
    bench.spliced(2, 9)
    expectNotFollowed()
    expect(bench.in('asked')).toEqual([7])
  })

  test('not while it leaves', () => {
    const nonce = bench.nonceOf(1)
    bench.topology.leave(bench.out)
    bench.said.heard()
    bench.topology.ended(1, nonce, 'spliced', { peer: 9, name: 'p9', nonce: 44 }, 0, bench.out)
    expect(bench.said.heard()).toEqual([])
  })

  test('not on the word of a stream that is no link', () => {
    bench.topology.ended(1, 1, 'spliced', { peer: 9, name: 'p9', nonce: 44 }, 0, bench.out)
    bench.topology.ended(5, 1, 'spliced', { peer: 9, name: 'p9', nonce: 44 }, 0, bench.out)
    expect([bench.said.heard(), bench.in('linked')]).toEqual([[], [1, 2]])
  })

  test('not if it has only asked the one that sends it away', () => {
    bench.aim(3)
    bench.next()
    bench.found([7])
    bench.said.heard()
    bench.spliced(7, 9)
    expect([bench.said.heard(), bench.in('asked')]).toEqual([[], []])
  })
})

describe('a neighbour of somebody else is sent to this peer', () => {
  let nonce: number

  beforeEach(() => {
    bench = new TopologyBench()
    bench.seek(2, [], [1])
    nonce = bench.nonceOf(1)
    bench.accepted(1, true)
    bench.said.heard()
  })

  test('it comes and is taken in', () => {
    bench.asked(5, { nonce, redeem: true })
    expect(bench.said.heard()).toEqual([
      ['accept', 5, nonce, false],
      ['linked', expect.objectContaining({ peer: 5, nonce })]
    ])
    expect([bench.in('linked'), bench.topology.pending]).toEqual([[1, 5], 0])
    expect(bench.topology.wakeAt).toBe(NEVER)
  })

  test('it is taken in though the target has fallen meanwhile: its place was kept', () => {
    bench.aim(1)
    bench.asked(5, { nonce, redeem: true })
    expect(bench.in('linked')).toEqual([1, 5])
    bench.aim(1)
    expect(bench.neighbours.count('linked')).toBe(1)
  })

  test('its place is for one only', () => {
    bench.asked(5, { nonce, redeem: true })
    bench.said.heard()
    bench.asked(6, { nonce, redeem: true })
    expect(bench.said.heard()).toEqual([['refuse', 6, nonce]])
  })

  test('its place is for nobody who does not name it', () => {
    bench.asked(6, { nonce, redeem: false })
    bench.asked(7, { nonce: nonce + 1, redeem: true })
    expect(bench.said.heard()).toEqual([
      ['refuse', 6, nonce],
      ['refuse', 7, nonce + 1]
    ])
    expect(bench.topology.pending).toBe(1)
  })

  test('it may come before the answer that announces it, which brings one link only then', () => {
    for (const spliced of [true, false]) {
      bench = new TopologyBench()
      bench.seek(2, [], [1])
      nonce = bench.nonceOf(1)
      bench.asked(5, { nonce, redeem: true })
      expect([bench.in('linked'), bench.in('asked'), bench.topology.pending]).toEqual([[5], [1], 1])
      bench.said.heard()
      bench.asked(6, { nonce, redeem: true })
      expect(bench.said.heard()).toEqual([['refuse', 6, nonce]])
      bench.accepted(1, spliced)
      expect([bench.in('linked'), bench.topology.pending, bench.topology.wakeAt]).toEqual([[5, 1], 0, NEVER])
    }
  })

  test('it does not come in place of a peer that was asked for one link only', () => {
    bench = new TopologyBench()
    bench.seek(1, [1])
    nonce = bench.nonceOf(1)
    bench.said.heard()
    bench.asked(5, { nonce, redeem: true })
    expect(bench.said.heard()).toEqual([['refuse', 5, nonce]])
  })

  test('whoever was asked for two and has sent somebody gives up after the time of any request', () => {
    bench = new TopologyBench()
    bench.seek(2, [], [1])
    nonce = bench.nonceOf(1)
    bench.now = 3_000
    bench.asked(5, { nonce, redeem: true })
    bench.said.heard()
    bench.wake(settings.linkTimeoutMs)
    expect(bench.said.heard()).toEqual([['unlink', 1, nonce, 'too-late']])
    expect(bench.topology.pending).toBe(0)
  })

  test('whoever comes with a referral that is not known is treated like anybody else', () => {
    bench.aim(3)
    bench.asked(7, { nonce: nonce + 1, redeem: true })
    expect(bench.said.heardOf('accept')).toEqual([['accept', 7, nonce + 1, false]])
    expect(bench.topology.pending).toBe(1)
  })

  test('if nobody comes, the place is free after a while, and another link is looked for', () => {
    expect(bench.topology.wakeAt).toBe(settings.referralTimeoutMs)
    bench.wake(settings.referralTimeoutMs - 1)
    expect(bench.topology.pending).toBe(1)
    bench.next()
    expect(bench.topology.pending).toBe(0)
    bench.next()
    expect(bench.said.heard()).toEqual([['seek', 's1', 1]])
    bench.asked(5, { nonce, redeem: true })
    // Its place is gone, but there happens to be another one.
    expect(bench.in('linked')).toEqual([1, 5])
  })

  test('whoever comes later than that is refused if there is no room any more', () => {
    bench.wake(settings.referralTimeoutMs)
    bench.asked(6)
    bench.said.heard()
    bench.asked(5, { nonce, redeem: true })
    expect(bench.said.heard()).toEqual([['refuse', 5, nonce]])
  })

  test('the wait outlasts the request of the one that is sent, however late that one learns of it', () => {
    expect(settings.referralTimeoutMs).toBeGreaterThan(settings.linkTimeoutMs)
  })

  test('both ask each other at once: the smaller nonce stands, be it that of the referral or of the request', () => {
    const stands = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      bench = new TopologyBench({ seed })
      bench.seek(3, [], [1])
      nonce = bench.nonceOf(1)
      bench.accepted(1, true)
      bench.next()
      bench.found([5])
      const own = bench.nonceOf(5)
      bench.said.heard()
      bench.asked(5, { nonce, redeem: true })
      if (nonce < own) {
        stands.add('referral')
        expect(bench.said.heard().map(([what]) => what)).toEqual(['unlink', 'accept', 'linked'])
        expect([bench.in('linked'), bench.nonceOf(5), bench.topology.pending]).toEqual([[1, 5], nonce, 0])
      } else {
        stands.add('request')
        expect([bench.said.heard(), bench.in('asked'), bench.topology.pending]).toEqual([[], [5], 2])
      }
    }
    expect(stands.size).toBe(2)
  })

  test('nobody is expected when one link was wanted, whatever the answer says', () => {
    bench = new TopologyBench()
    bench.seek(1, [1])
    bench.accepted(1, true)
    expect([bench.topology.pending, bench.topology.wakeAt]).toEqual([0, NEVER])
  })

  test('nobody is taken in while this peer leaves', () => {
    bench.topology.leave(bench.out)
    bench.said.heard()
    bench.asked(5, { nonce, redeem: true })
    expect(bench.said.heard()).toEqual([['refuse', 5, nonce]])
  })
})
