import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hopsMax } from '#protocols/gossip/messages.ts'
import { GossipEngine } from '#src/core/gossip/engine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { below, sample, seededRandom } from '#src/core/random.ts'
import { listener } from '../../support/core/listener.ts'
import type { GossipMessage } from '#protocols/gossip/messages.ts'
import type { GossipOutput } from '#src/core/gossip/engine.ts'

const nothing = new Uint8Array()

function message(number: number, more: Partial<GossipMessage<number>> = {}): GossipMessage<number> {
  const content = { origin: 0, originName: 'p0', epoch: 1, number, time: 0, text: `hello ${number}` }
  return { ...content, hops: 0, signed: nothing, signature: nothing, ...more }
}

interface Setting {
  readonly linked?: readonly number[]
  readonly historyMax?: number
  readonly heldMax?: number
}

function engineWith({ linked = [1, 2, 3], historyMax = 100, heldMax = 2 }: Setting = {}) {
  const neighbours = new Neighbours<number>()
  for (const peer of linked) neighbours.put(peer, `p${peer}`, 'linked', peer)
  const questions: GossipMessage<number>[] = []
  const isAuthentic = (asked: GossipMessage<number>): boolean => {
    questions.push(asked)
    return asked.text !== 'forged'
  }
  const engine = new GossipEngine(neighbours, isAuthentic, historyMax, heldMax)
  return { engine, neighbours, questions, ...listener<GossipOutput<number>>() }
}

describe('GossipEngine', () => {
  test('publishes to all whose link stands, and delivers nothing to itself', () => {
    const { engine, neighbours, out, heard } = engineWith({ linked: [1, 2] })
    neighbours.put(3, 'p3', 'asked', 3)
    neighbours.put(4, 'p4', 'lost', 4)
    engine.publish(message(1), out)
    expect(heard()).toEqual([
      ['send', 1, message(1, { hops: 1 })],
      ['send', 2, message(1, { hops: 1 })]
    ])
    expect(engine.receive(1, message(1, { hops: 3 }), out)).toBe('duplicate')
    expect(heard()).toEqual([])
  })

  test('delivers what is new and passes it on to all but the one it came from', () => {
    const { engine, out, heard } = engineWith()
    expect(engine.receive(2, message(1, { hops: 4 }), out)).toBe('new')
    expect(heard()).toEqual([
      ['deliver', message(1, { hops: 4 })],
      ['send', 1, message(1, { hops: 5 })],
      ['send', 3, message(1, { hops: 5 })]
    ])
  })

  test('asks whether a message is authentic once, and not for duplicates', () => {
    const { engine, questions, out } = engineWith()
    const receipts = [1, 2, 3, 1].map(from => engine.receive(from, message(1), out))
    expect(receipts).toEqual(['new', 'duplicate', 'duplicate', 'duplicate'])
    expect(questions).toHaveLength(1)
  })

  test('a forged message is neither delivered, passed on nor remembered', () => {
    const { engine, out, heard } = engineWith()
    expect(engine.receive(1, message(1, { text: 'forged' }), out)).toBe('forged')
    expect(heard()).toEqual([])
    expect(engine.receive(2, message(1), out)).toBe('new')
    expect(engine.receive(1, message(1, { text: 'forged' }), out)).toBe('duplicate')
  })

  test('messages differ by origin, epoch and number and by nothing else', () => {
    const { engine, out } = engineWith()
    const versions = [{}, { origin: 5 }, { epoch: 2 }, { number: 2 }, { text: 'other' }, { time: 9 }, { hops: 9 }]
    expect(versions.map(version => engine.receive(1, message(1, version), out))).toEqual([
      'new',
      'new',
      'new',
      'new',
      'duplicate',
      'duplicate',
      'duplicate'
    ])
  })

  test('remembers as many messages as it may, and forgets the oldest first', () => {
    const { engine, out } = engineWith({ historyMax: 3 })
    for (const number of [1, 2, 3, 4]) engine.receive(1, message(number), out)
    expect([4, 3, 2].map(number => engine.receive(2, message(number), out))).toEqual([
      'duplicate',
      'duplicate',
      'duplicate'
    ])
    expect(engine.receive(2, message(1), out)).toBe('new')
    expect(engine.receive(2, message(2), out)).toBe('new')
  })

  test('a message that has travelled as far as it may is delivered and goes no further', () => {
    const { engine, out, heard, heardOf } = engineWith()
    engine.receive(1, message(1, { hops: hopsMax - 1 }), out)
    expect(heardOf('send').map(([, , { hops }]) => hops)).toEqual([hopsMax, hopsMax])
    engine.receive(1, message(2, { hops: hopsMax }), out)
    expect(heard()).toEqual([['deliver', message(2, { hops: hopsMax })]])
  })

  test('what is published without a neighbour goes out with the first link, the oldest beyond the bound is lost', () => {
    const { engine, neighbours, out, heard } = engineWith({ linked: [], heldMax: 2 })
    for (const number of [1, 2, 3]) engine.publish(message(number), out)
    expect(heard()).toEqual([])
    neighbours.put(1, 'p1', 'linked', 1)
    engine.neighbourUp(out)
    expect(heard()).toEqual([
      ['send', 1, message(2, { hops: 1 })],
      ['send', 1, message(3, { hops: 1 })]
    ])
    neighbours.put(2, 'p2', 'linked', 2)
    engine.neighbourUp(out)
    expect(heard()).toEqual([])
  })
})

describe('a network of engines', () => {
  test('a message reaches every connected peer exactly once, in any graph and any order of delivery', () => {
    const spread = (seed: number, peers: number, linkCount: number): void => {
      const random = seededRandom(seed)
      const links = Array.from({ length: peers }, () => new Set<number>())
      for (let link = 0; link < linkCount; link++) {
        const [one, other] = sample(random, links.keys(), 2) as [number, number]
        links[one]?.add(other)
        links[other]?.add(one)
      }
      const delivered: number[] = Array.from({ length: peers }, () => 0)
      const onTheWay: { from: number; to: number; what: GossipMessage<number> }[] = []
      const outputs = delivered.map((_, self): GossipOutput<number> => ({
        send: (to, what) => onTheWay.push({ from: self, to, what }),
        deliver: () => (delivered[self] = (delivered[self] ?? 0) + 1)
      }))
      const engines = links.map(linked => engineWith({ linked: [...linked] }).engine)
      engines[0]?.publish(message(1), outputs[0] as GossipOutput<number>)
      let sent = 0
      while (onTheWay.length > 0) {
        const [{ from, to, what }] = onTheWay.splice(below(random, onTheWay.length), 1) as [(typeof onTheWay)[number]]
        engines[to]?.receive(from, what, outputs[to] as GossipOutput<number>)
        sent++
      }
      const reached = new Set([0])
      for (const peer of reached) for (const neighbour of links[peer] ?? []) reached.add(neighbour)
      expect(delivered).toEqual(delivered.map((_, peer) => (peer !== 0 && reached.has(peer) ? 1 : 0)))
      // Each crosses every link of the reached part once or twice, but for the links that brought it first.
      const ends = [...reached].reduce((sum, peer) => sum + (links[peer]?.size ?? 0), 0)
      expect(sent).toBe(ends - (reached.size - 1))
    }
    fc.assert(fc.property(fc.nat(), fc.integer({ min: 2, max: 30 }), fc.nat(90), spread), { numRuns: 300 })
  })
})
