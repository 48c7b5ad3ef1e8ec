import { describe, expect, test } from 'vitest'
import * as library from '#src/index.ts'
import { until } from '../support/until.ts'
import type { Message, Peer } from '#src/index.ts'

const liveness = { pingIntervalMs: 300 }

/** Collects what arrives at each peer from now on. */
function listen(peers: readonly Peer[]): Map<string, Message[]> {
  const heard = new Map<string, Message[]>()
  for (const peer of peers) {
    const messages: Message[] = []
    heard.set(peer.name, messages)
    peer.addEventListener('message', ({ detail }) => messages.push(detail))
  }
  return heard
}

describe('the library', () => {
  test('has few exports', () => {
    expect(Object.keys(library).toSorted()).toEqual(['NameTakenError', 'createPeer', 'createSeed', 'createTestNetwork'])
  })

  test('seeds and peers by hand: publish, message, neighbours, a taken name, leaving', async () => {
    await using seed = await library.createSeed()
    expect(seed.line).toMatch(/^127\.0\.0\.1:\d+\/p2p\/12D3KooW/)
    const seeds = [seed.line]
    await using ada = await library.createPeer({ name: 'ada', seeds })
    const bob = await library.createPeer({ name: 'bob', seeds })
    const heard = listen([bob])
    ada.publish('hello')
    await until('bob hears it', () => heard.get('bob')?.length === 1, 10_000)
    expect(heard.get('bob')?.[0]).toMatchObject({ origin: 'ada', originId: ada.id, number: 1, text: 'hello', hops: 1 })
    expect(ada.neighbours()).toEqual([{ id: bob.id, name: 'bob' }])
    await expect(library.createPeer({ name: 'ada', seeds })).rejects.toThrow(library.NameTakenError)
    await expect(library.createPeer({ name: 'no name', seeds })).rejects.toThrow(RangeError)
    await expect(library.createPeer({ name: 'eva', seeds: ['nonsense'] })).rejects.toThrow(
      /seeds:1: "nonsense": not of the form/
    )
    await bob.stop()
    await until('ada is alone', () => ada.neighbours().length === 0, 5_000)
    expect(seed.peers).toEqual(['ada'])
  })

  test('a killed peer is found dead, the others settle, and a new one may take its place', async () => {
    await using network = await library.createTestNetwork({
      peers: ['ada', 'bob', 'cyd', 'dan', 'eva'],
      peerOptions: { liveness }
    })
    await network.settle()
    const [first] = network.peers
    if (first === undefined) throw new Error('no peer')
    await network.kill(first)
    await network.settle()
    expect(network.peers.length).toBe(4)
    for (const seed of network.seeds) expect(seed.peers).not.toContain(first.name)
    await network.addPeer(first.name)
    await network.settle()
    expect(network.seeds.every(seed => seed.peers.length === 5)).toBe(true)
  })

  test('a paused peer misses nothing and is not called dead if it wakes in time', async () => {
    const events: string[] = []
    await using network = await library.createTestNetwork({
      peers: 5,
      onEvent: (role, _node, { event }) => role === 'seed' && events.push(event)
    })
    await network.settle()
    const [sleeper, other] = network.peers
    if (sleeper === undefined || other === undefined) throw new Error('no peer')
    const heard = listen(network.peers)
    const wake = network.pause(sleeper)
    other.publish('one')
    await until(
      'the others hear it',
      () => [...heard.values()].filter(({ length }) => length === 1).length === 3,
      5_000
    )
    expect(heard.get(sleeper.name)).toEqual([])
    wake()
    await until('it hears it too', () => heard.get(sleeper.name)?.length === 1, 5_000)
    expect(events).not.toContain('peer-removed')
  })

  test('a partition keeps messages on their side until it heals', async () => {
    await using network = await library.createTestNetwork({ peers: 6 })
    await network.settle()
    const heard = listen(network.peers)
    const [speaker] = network.peers
    const [friend] = speaker?.neighbours() ?? []
    const a = network.peers.filter(peer => peer === speaker || peer.id === friend?.id)
    const b = network.peers.filter(peer => !a.includes(peer))
    const heal = network.partition(a, b)
    speaker?.publish('from a')
    b[0]?.publish('from b')
    const texts = (side: readonly Peer[]): string[] =>
      side.flatMap(({ name }) => heard.get(name)?.map(({ text }) => text) ?? [])
    await until('the friend hears it', () => texts(a).length > 0, 5_000)
    expect(texts(a)).not.toContain('from b')
    expect(texts(b)).not.toContain('from a')
    heal()
    await until('all is heard by all', () => texts(a).length + texts(b).length === 10, 10_000)
  })
})
