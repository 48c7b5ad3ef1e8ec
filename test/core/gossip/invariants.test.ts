import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, sample, seededRandom } from '#src/core/random.ts'
import { GossipEngine } from '#src/core/gossip/engine.ts'
import { gossip as settings } from '#src/gossip-settings.ts'
import { batch, GossipNetwork, ringWithChords } from '../../support/core/gossip-network.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'
import type { GossipNetworkOptions } from '../../support/core/gossip-network.ts'

// Each run is named by its seed: fast-check prints it, and with it the run is the same again, byte by byte.

const seeds = fc.integer({ min: 0, max: 2 ** 31 })
const numRuns = 40

function network(seed: number, peers: number, options: GossipNetworkOptions = {}): GossipNetwork {
  const random = seededRandom(seed)
  return new GossipNetwork(peers, ringWithChords(peers, below(random, 3 * peers), random), { ...options, seed })
}

/** Nobody has been given anything twice, and everybody of these peers everything that the others have published. */
function expectAll(
  heard: GossipNetwork,
  peers: Iterable<number>,
  published: readonly { origin: number; sequence: number }[]
): void {
  for (const peer of peers) {
    const got = heard.got(peer).map(({ origin, sequence }) => `${origin}#${sequence}`)
    expect(new Set(got).size).toBe(got.length)
    const others = published.filter(({ origin }) => origin !== peer)
    expect(got.toSorted()).toEqual(others.map(({ origin, sequence }) => `${origin}#${sequence}`).toSorted())
  }
}

/** `count` batches of random peers, 20 ms apart. */
function publish(from: GossipNetwork, peers: readonly number[], count: number): { origin: number; sequence: number }[] {
  return Array.from({ length: count }, () => {
    const published = from.publish(peers[below(from.random, peers.length)] as number)
    from.run(20)
    return published
  })
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number)

describe('every batch reaches every peer, once', () => {
  test('whatever part of the announcements, subscriptions, names and batches gets lost', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 0, max: 0.6, noNaN: true }),
        (seed, peers, loss) => {
          let isLossy = true
          const loses: GossipNetworkOptions['loses'] = (_record, _from, _to, random) => isLossy && random() < loss
          const lossy = network(seed, peers, { loses })
          lossy.run(1_000)
          const published = publish(lossy, numbers(peers), 30)
          lossy.run(5_000)
          isLossy = false
          lossy.run(15 * settings.syncIntervalMs)
          expectAll(lossy, numbers(peers), published)
        }
      ),
      { numRuns }
    )
  })

  test('though there is no tree at all: what neighbours tell each other now and then is enough', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 2, max: 12 }), (seed, peers) => {
        const loses: GossipNetworkOptions['loses'] = ({ type }) => type === 'announce' || type === 'subscribe'
        const bare = network(seed, peers, { loses, settings: { haveDelayMs: 1e9 } })
        const published = publish(bare, numbers(peers), 10)
        bare.run(20 * peers * settings.syncIntervalMs)
        expectAll(bare, numbers(peers), published)
      }),
      { numRuns: 10 }
    )
  })

  test('while peers crash without a word, links come and go, and newcomers arrive', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 6, max: 20 }), (seed, peers) => {
        const random = seededRandom(seed)
        const links = ringWithChords(peers, 3 * peers, random)
        const changing = new GossipNetwork(peers + 2, links, { seed })
        changing.run(1_000)
        const dead = sample(random, numbers(peers), Math.floor(peers / 5))
        const living = numbers(peers).filter(peer => !dead.includes(peer))
        const published = publish(changing, living, 10)
        for (const peer of dead) changing.crash(peer)
        published.push(...publish(changing, living, 10))
        for (const [one, other] of links)
          if (dead.includes(one) !== dead.includes(other)) changing.unlink(one, other, true)
        // The living are linked again in a ring, as the overlay would do it, and some of their other links move.
        for (const [at, peer] of living.entries()) changing.link(peer, living[(at + 1) % living.length] as number)
        for (const newcomer of [peers, peers + 1]) {
          for (const peer of sample(random, living, 2)) changing.link(newcomer, peer)
        }
        published.push(...publish(changing, living, 10))
        changing.run(20 * settings.syncIntervalMs)
        expectAll(changing, [...living, peers, peers + 1], published)
      }),
      { numRuns }
    )
  })

  test('when two halves that knew nothing of each other meet', () => {
    fc.assert(
      fc.property(seeds, seed => {
        const half = 6
        const ring = (from: number): [number, number][] =>
          numbers(half).map(at => [from + at, from + ((at + 1) % half)])
        const halves = new GossipNetwork(2 * half, [...ring(0), ...ring(half)], { seed })
        const published = publish(halves, numbers(2 * half), 20)
        halves.run(10_000)
        halves.link(0, half)
        halves.run(5_000)
        published.push(...publish(halves, numbers(2 * half), 10))
        halves.run(10 * settings.syncIntervalMs)
        expectAll(halves, numbers(2 * half), published)
      }),
      { numRuns }
    )
  })
})

test('the same seed gives the same words', () => {
  const words = (seed: number): string => {
    const one = network(seed, 12)
    publish(one, numbers(12), 10)
    one.run(10_000)
    return one.transcript()
  }
  expect(words(5)).toBe(words(5))
  expect(words(5)).not.toBe(words(6))
})

test('a peer sends a batch to no more children than it serves, whatever its degree', () => {
  fc.assert(
    fc.property(seeds, seed => {
      const peers = 40
      const random = seededRandom(seed)
      // A hub that all are linked with, and a few other links.
      const links = [
        ...ringWithChords(peers, 60, random),
        ...numbers(peers - 1).map(peer => [peer + 1, 0] as [number, number])
      ]
      const hubbed = new GossipNetwork(peers, links, { seed })
      hubbed.run(2_000)
      const [published] = publish(hubbed, [1 + below(random, peers - 1)], 1)
      hubbed.run(2_000)
      const sends = hubbed.said.filter(
        ({ from, record }) => from === 0 && record.type === 'batch' && record.batch.sequence === published?.sequence
      )
      const musts = hubbed.said.filter(({ to, record }) => to === 0 && record.type === 'subscribe' && record.must)
      const wants = hubbed.said.filter(({ to, record }) => to === 0 && record.type === 'want')
      expect(sends.length).toBeLessThanOrEqual(settings.childrenMax + musts.length + wants.length)
    }),
    { numRuns }
  )
})

test('no record in any order breaks an engine or makes it send without end', () => {
  const sources = fc.record({ origin: fc.nat(5), epoch: fc.nat(4) })
  const sequence = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 32 - 1 }))
  const spans = fc.array(
    fc
      .tuple(sources, sequence, fc.nat(20))
      .map(([source, from, more]) => ({ ...source, from, to: Math.min(from + more, 2 ** 32 - 1) })),
    { maxLength: 5 }
  )
  const nothing = new Uint8Array()
  const record: fc.Arbitrary<GossipRecord<number>> = fc.oneof(
    fc.record({ type: fc.constant('have' as const), spans }),
    fc.record({ type: fc.constant('want' as const), spans }),
    fc.record({ type: fc.constant('refuse' as const), source: sources }),
    fc.record(
      { type: fc.constant('boost' as const), ms: fc.nat(60_000), lost: fc.constant(true as const) },
      { requiredKeys: ['type', 'ms'] }
    ),
    fc.record({ type: fc.constantFrom('probe' as const, 'alive' as const) }),
    fc.record({
      type: fc.constant('subscribe' as const),
      source: sources,
      mode: fc.constantFrom('none' as const, 'watch' as const, 'eager' as const),
      after: fc.nat(2 ** 32 - 1),
      must: fc.boolean()
    }),
    fc.record({
      type: fc.constant('announce' as const),
      announcement: fc
        .tuple(sources, fc.nat(9))
        .map(([source, version]) => ({ ...source, version: version + 1, signature: nothing })),
      hops: fc.integer({ min: 1, max: 64 })
    }),
    fc
      .tuple(sources, sequence, fc.integer({ min: 1, max: 64 }), fc.boolean())
      .map(([{ origin, epoch }, number, hops, flood]) => ({
        type: 'batch' as const,
        batch: batch(origin, number, { epoch }),
        hops,
        ...(flood && { flood })
      }))
  )
  const step = fc.record({ from: fc.nat(6), record, after: fc.nat(300) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const signatures = {
        announcement: (version: number) => ({ origin: 0, epoch: 1, version, signature: nothing }),
        isAuthentic: () => true
      }
      const engine = new GossipEngine<number>(
        { origin: 0, epoch: 1 },
        { linked: [1, 2, 3] },
        signatures,
        settings,
        seededRandom(1)
      )
      const delivered = new Set<string>()
      let sent = 0
      const out = {
        send: () => {
          sent++
          return true
        },
        deliver: ({ origin, epoch, sequence: number }: { origin: number; epoch: number; sequence: number }) => {
          const id = `${origin}/${epoch}#${number}`
          expect(delivered.has(id)).toBe(false)
          delivered.add(id)
        }
      }
      let now = 0
      for (const { from, record: given, after } of steps) {
        sent = 0
        engine.receive(from, given, now, out)
        engine.wake(now, out)
        // An answer to everybody, a few words to change the tree, and what was wanted.
        expect(sent).toBeLessThan(400)
        now += after
      }
    }),
    { numRuns: 300 }
  )
})
