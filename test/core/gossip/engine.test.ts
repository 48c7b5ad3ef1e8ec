import { describe, expect, test } from 'vitest'
import { hopsMax } from '#protocols/gossip/messages.ts'
import { seededRandom } from '#src/core/random.ts'
import { gossip as settings } from '#src/gossip-settings.ts'
import { announce, announcement, carried, engineAmong, have, source } from '../../support/core/gossip-engine.ts'
import { batch, GossipNetwork, ringWithChords } from '../../support/core/gossip-network.ts'
import { sorted } from '../../support/core/numbers.ts'
import type { Batch, GossipRecord } from '#protocols/gossip/messages.ts'

describe('what is missing', () => {
  test('is asked for after a while, of the one that named it, which becomes the parent', () => {
    const { from, wake, engine } = engineAmong([1, 2])
    from(1, announce(1, 1))
    from(2, announce(1, 1))
    wake(settings.settleMs)
    from(2, have(1), 1_000)
    expect(engine.wakeAt).toBe(1_000 + settings.patienceMs)
    expect(wake(1_000 + settings.patienceMs - 1)).toEqual([])
    const said = wake(1_000 + settings.patienceMs)
    expect(said).toEqual(['1 probe', '2 probe', '2 eager after 1', '1 watch after 1', '2 want 1-1'])
  })

  test('is asked for once, however much it is and of how many: a new parent is to bring by itself what comes after all that', () => {
    const { from, wake } = engineAmong([1, 2])
    const spans = [0, 1, 2].map(life => ({ ...source, epoch: source.epoch + life, from: 1, to: 2 + 2 * life }))
    from(2, { type: 'have', spans }, 1_000)
    const told = wake(1_000 + settings.patienceMs).filter(line => line.includes(' after '))
    expect(told.toSorted()).toEqual(['2 eager after 2', '2 eager after 4', '2 eager after 6'])
  })

  test('is not asked for when it comes by itself in time', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    from(2, have(1), 1_000)
    from(1, carried(1), 1_010)
    expect(wake(1_100).filter(line => line.includes('want'))).toEqual([])
  })

  test('patience grows with the time that batches usually take', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    for (let sequence = 1; sequence <= 20; sequence++) {
      from(2, have(sequence), 1_000 * sequence)
      from(1, carried(sequence), 1_000 * sequence + 15)
      wake(1_000 * sequence + settings.patienceMs + 30)
    }
    from(2, have(21), 30_000)
    expect(wake(30_000 + settings.patienceMs + 15).filter(line => line.includes('want'))).toEqual([])
    expect(wake(30_000 + settings.patienceMs + 45)).toContain('2 want 21-21')
  })

  test('is asked of the next who has it when the first brings nothing', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    from(1, announce(1, 1))
    from(1, carried(1))
    from(1, carried(5))
    for (const peer of [2, 3]) from(peer, have(3), 1_000)
    expect(wake(1_100)).toContain('2 want 3-3')
    expect(wake(1_100 + 2 * settings.askTimeoutMs)).toContain('3 want 3-3')
    expect(wake(1_100 + 5 * settings.askTimeoutMs).filter(line => line.includes('want'))).toEqual([])
  })

  test('old ones change nothing in the tree', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    from(1, carried(10))
    from(2, have(1, 9), 1_000)
    expect(wake(1_100)).toEqual(['2 want 1-9'])
  })

  test('is given to whoever wants it, as long as there is room on the link', () => {
    const { from, full } = engineAmong([1, 2, 3])
    for (let sequence = 1; sequence <= 5; sequence++) from(1, carried(sequence))
    const want: GossipRecord<number> = { type: 'want', spans: [{ ...source, from: 2, to: 9 }] }
    expect(from(2, want)).toEqual(['2 batch #2 hop 2', '2 batch #3 hop 2', '2 batch #4 hop 2', '2 batch #5 hop 2'])
    full.add(3)
    expect(from(3, want)).toEqual(['3 batch #2 hop 2'])
  })

  test('a slow neighbour gets names instead of batches, and everything that there is when it has caught up', () => {
    const { engine, from, subscribe, wake, full, out, heard } = engineAmong([1, 2])
    from(1, announce(1, 1))
    subscribe(2, 'eager')
    full.add(2)
    expect(from(1, carried(1))).toEqual(['deliver #1', '2 batch #1 hop 2'])
    expect(from(1, carried(2))).toEqual(['deliver #2'])
    expect(wake(settings.haveDelayMs)).toContain('2 have 2-2')
    full.clear()
    engine.drained(2, 100, out)
    expect(heard()).toEqual(['2 have 1-2'])
    expect(from(1, carried(3), 200)).toEqual(['deliver #3', '2 batch #3 hop 2'])
  })
})

describe('a batch', () => {
  test('is delivered once, and nobody is asked about it twice', () => {
    const { engine, from, examined, out } = engineAmong([1, 2], {}, true)
    for (const peer of [1, 2, 1]) from(peer, carried(1))
    expect(examined).toHaveLength(1)
    engine.judged(examined[0] as Batch<number>, 'accept', 1, out)
    expect(engine.receive(2, carried(1), 2, out)).toBe('duplicate')
    expect(examined).toHaveLength(1)
  })

  test('that is forged leaves no trace: who sent another one meanwhile is asked for it', () => {
    const { engine, from, wake, examined, out, heard } = engineAmong([1, 2], {}, true)
    for (const peer of [1, 2]) from(peer, carried(1))
    engine.judged(examined[0] as Batch<number>, 'forged', 1, out)
    expect(heard()).toEqual([])
    expect(wake(1 + settings.patienceMs)).toContain('2 want 1-1')
    from(2, carried(1), 50)
    engine.judged(examined[1] as Batch<number>, 'accept', 51, out)
    expect(heard()[0]).toBe('deliver #1')
  })

  test('an announcement is worth nothing without the signature of its origin', () => {
    const { engine, forged, out, heard } = engineAmong([1, 2])
    const lie = announcement(1)
    forged.push(lie)
    expect(engine.receive(1, { type: 'announce', announcement: lie, hops: 1 }, 0, out)).toBe('forged')
    expect(heard()).toEqual([])
  })

  test('of another epoch is another batch; of one that is long over it is none', () => {
    const { from } = engineAmong([1, 2])
    for (const epoch of [5, 7, 6]) expect(from(1, carried(1, 1, { epoch }))[0]).toBe('deliver #1')
    expect(from(1, carried(1, 1, { epoch: 4 }))).toEqual([])
    expect(from(1, carried(1, 1, { epoch: 8 }))[0]).toBe('deliver #1')
    expect(from(1, carried(2, 1, { epoch: 5 }))).toEqual([])
  })

  test('counts its hops up to the limit, and goes on', () => {
    const { from, subscribe } = engineAmong([1, 2])
    from(1, announce(1, 1))
    subscribe(2, 'eager')
    expect(from(1, carried(1, hopsMax - 1))).toEqual(['deliver #1', `2 batch #1 hop ${hopsMax}`])
    expect(from(1, carried(2, hopsMax))).toEqual(['deliver #2', `2 batch #2 hop ${hopsMax}`])
  })

  test('of a former life of this peer is passed on and not delivered', () => {
    const { from, wake } = engineAmong([1, 2])
    const own = { type: 'batch', batch: batch(0, 1, { epoch: 0 }), hops: 2 } as const
    expect(from(1, own)).toEqual(['1 eager after 1'])
    expect(wake(settings.haveDelayMs)).toEqual(['2 have 1-1'])
  })

  test('waits for its examination: what is accepted goes on, what is not is never asked for again', () => {
    const { engine, from, wake, examined, out, heard } = engineAmong([1, 2, 3], { examinedMax: 2 }, true)
    from(1, announce(1, 1))
    expect(from(1, carried(1))).toEqual([])
    expect(from(2, carried(1))).toEqual([])
    expect(engine.receive(1, carried(2), 0, out)).toBe('taken')
    expect(engine.receive(1, carried(3), 0, out)).toBe('ignored')
    const [first, second] = examined as [Batch<number>, Batch<number>]
    engine.judged(first, 'accept', 5, out)
    expect(heard()).toEqual(['deliver #1'])
    engine.judged(second, 'reject', 5, out)
    engine.judged(second, 'accept', 5, out)
    from(2, have(2), 10)
    expect([heard(), wake(5_000).filter(line => line.includes('want'))]).toEqual([[], []])
    expect(engine.receive(2, carried(2), 0, out)).toBe('duplicate')
  })
})

test("the first origins are on nobody's account", () => {
  const { engine, out } = engineAmong([1], { originsFree: 3, newOriginsBurst: 1, newOriginsPerMinute: 0 })
  const open = (origin: number): string =>
    engine.receive(1, { type: 'announce', announcement: announcement(1, origin), hops: 1 }, 0, out)
  expect([11, 12, 13, 14, 15].map(open)).toEqual(['taken', 'taken', 'taken', 'taken', 'ignored'])
})

describe('a network', () => {
  test('newcomers catch up on everything that is still held, oldest gap included', () => {
    const network = new GossipNetwork(4, [
      [0, 1],
      [1, 2]
    ])
    network.run(1_000)
    for (let count = 0; count < 50; count++) {
      network.publish(count % 3)
      network.run(100)
    }
    network.link(2, 3)
    network.run(2_000)
    expect(network.got(3)).toHaveLength(50)
  })

  test('what was said while nobody was linked goes out with the first link', () => {
    const network = new GossipNetwork(2, [])
    for (let count = 0; count < 3; count++) network.publish(0)
    network.link(0, 1)
    network.run(1_000)
    expect(sorted(network.got(1).map(({ sequence }) => sequence))).toEqual([1, 2, 3])
  })

  test('settled trees carry nothing twice', () => {
    const peers = 40
    const random = seededRandom(7)
    const times = new Map<string, number>()
    const network = new GossipNetwork(peers, ringWithChords(peers, 120, random), {
      latency: (one, other) => {
        const link = `${Math.min(one, other)} ${Math.max(one, other)}`
        const time = times.get(link) ?? 10 + Math.floor(random() * 40)
        times.set(link, time)
        return time
      }
    })
    network.run(2_000)
    const published = 100
    for (let count = 0; count < published; count++) {
      network.publish(count % peers)
      network.run(50)
    }
    network.run(1_000)
    const deliveries = published * (peers - 1)
    expect(network.batchesSent).toBeGreaterThanOrEqual(deliveries)
    expect(network.batchesSent).toBeLessThan(1.05 * deliveries)
  })

  test('the first batch of an origin that nobody knows yet needs no second copy either', () => {
    const random = seededRandom(3)
    const network = new GossipNetwork(30, ringWithChords(30, 90, random), {
      isPrepared: false
    })
    network.publish(4)
    network.run(2_000)
    for (let peer = 0; peer < 30; peer++) expect(network.got(peer)).toHaveLength(peer === 4 ? 0 : 1)
    expect(network.batchesSent).toBeLessThan(1.3 * 29)
  })
})

describe('a summary', () => {
  const summaryIn = (said: readonly string[]): string | undefined => said.find(line => line.includes('have'))

  test('of all that a neighbour has is answered with what it lacks and does not get by itself', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    for (let sequence = 1; sequence <= 6; sequence++) from(1, carried(sequence), 1_000)
    from(1, carried(7), 9_000)
    wake(9_000)
    const spans = [
      { ...source, from: 1, to: 2 },
      { ...source, from: 5, to: 5 }
    ]
    expect(from(2, { type: 'have', spans }, 10_000)).toEqual([])
    expect(summaryIn(from(2, { type: 'have', spans, all: true }, 10_000))).toBe('2 have 3-4 6-6')
    // The answer can be much longer than the question.
    expect(summaryIn(from(2, { type: 'have', spans, all: true }, 10_100))).toBeUndefined()
    expect(summaryIn(from(3, { type: 'have', spans: [], all: true }, 10_100))).toBe('3 have 1-6')
    expect(summaryIn(from(2, { type: 'have', spans, all: true }, 13_000))).toContain('2 have 3-4')
  })

  test('lets a peer with one neighbour wait no longer than its own interval', () => {
    // A hub with thirty neighbours, of which the last hears nothing for a while.
    let isDeaf = true
    const network = new GossipNetwork(
      31,
      Array.from({ length: 30 }, (_, peer) => [0, peer + 1] as [number, number]),
      { loses: (_record, from, to) => isDeaf && from === 0 && to === 30 }
    )
    network.run(2_000)
    for (let count = 0; count < 9; count++) {
      network.publish(1)
      network.run(200)
    }
    isDeaf = false
    network.publish(30)
    network.run(2.5 * settings.syncIntervalMs)
    expect(network.got(30)).toHaveLength(9)
  })
})
