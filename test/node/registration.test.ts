import { describe, expect, test } from 'vitest'
import { TestNetwork, of } from '../support/network.ts'
import { until } from '../support/until.ts'

const quorum = (seeds: number): number => Math.floor(seeds / 2) + 1

describe('registration', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('a name raced for by five peers at %i seeds has exactly one holder', async seeds => {
    await using network = await TestNetwork.start(seeds)
    const racers = await Promise.all(Array.from({ length: 5 }, async () => network.startPeer('ada')))
    const settled = (): boolean => racers.every(({ node }) => ['registered', 'refused'].includes(node.state))
    await until('everybody knows who has the name', settled, 30_000)

    const holders = racers.filter(({ node }) => node.state === 'registered')
    expect(holders.length).toBe(1)
    expect(holders[0]?.node.registrars.length).toBe(quorum(seeds))
    for (const loser of racers.filter(racer => racer !== holders[0])) {
      await loser.taken
      expect(loser.node.registrars).toEqual([])
      expect(of(loser, 'name-taken')).toEqual([{ event: 'name-taken', name: 'ada', holder: holders[0]?.node.id }])
    }
    for (const seed of network.seeds) {
      const registered = of(seed, 'peer-joined').map(({ id }) => id)
      expect(
        registered.every(id => id === holders[0]?.node.id),
        'seeds register nobody but the winner'
      ).toBe(true)
    }
  })

  test.each([1, 2, 3, 5])('each peer registers with a majority of %i seeds, and every seed knows all', async seeds => {
    await using network = await TestNetwork.start(seeds)
    const names = ['ada', 'bob', 'cyd', 'dan', 'eva']
    const peers = await network.startPeers(names)
    for (const { node } of peers) expect(node.registrars.length).toBe(quorum(seeds))
    await until(
      'every seed knows all peers',
      () =>
        network.seeds.every(
          ({ node }) =>
            node.peers
              .map(({ name }) => name)
              .toSorted()
              .join() === names.join()
        ),
      5_000
    )
    await until(
      'every peer has heard of all others',
      () => peers.every(peer => of(peer, 'peer-joined').length === names.length - 1),
      5_000
    )
  })

  test('with too few seeds a peer says so, goes on, and registers when they come', async () => {
    await using network = await TestNetwork.start(3, 1)
    const ada = await network.startPeer('ada')
    await until('ada is degraded', () => ada.node.state === 'degraded', 10_000)
    const [told] = of(ada, 'degraded')
    expect(told?.seeds).toEqual([network.seeds[0]?.name])
    expect(told?.quorum).toBe(2)
    const absent = network.seedAddresses.slice(1).map(({ label }) => label)
    expect(Object.keys(told?.reasons ?? {}).toSorted()).toEqual(absent.toSorted())
    expect(Object.values(told?.reasons ?? {}).every(reason => reason.includes('ECONNREFUSED'))).toBe(true)

    await network.startSeed(1)
    await until('ada is registered', () => ada.node.state === 'registered', 20_000)
    expect(ada.node.registrars.length).toBe(2)
  })

  test('a seed that has lost its memory is told again', async () => {
    await using network = await TestNetwork.start(1)
    const [ada] = await network.startPeers(['ada'])
    await network.seeds[0]?.node.stop()
    const seed = await network.startSeed(0)
    await until('the new seed knows ada', () => seed.node.peers.length === 1, 20_000)
    expect(seed.node.peers[0]?.id).toBe(ada?.node.id)
  })

  test('a seed with another identity than config.txt gives it is refused', async () => {
    await using network = await TestNetwork.start(1)
    const [address] = network.seedAddresses
    if (address === undefined) throw new Error('no seed')
    const stranger = await network.startPeer('eve')
    const ada = await network.startPeer('ada', { seeds: [{ ...address, id: stranger.node.id }] })
    const [told] = await until(
      'ada complains',
      () => (of(ada, 'degraded').length > 0 ? of(ada, 'degraded') : false),
      10_000
    )
    expect(told?.seeds).toEqual([])
    expect(told?.reasons[address.label]).toMatch(/identity|peer id|InvalidCrypto|does not match|unexpected/i)
    expect(network.seeds[0]?.node.peers.map(({ name }) => name)).not.toContain('ada')
  })

  test('a name is free again when its holder has left', async () => {
    await using network = await TestNetwork.start(3)
    const [first] = await network.startPeers(['ada'])
    await first?.node.leave()
    network.peers.splice(0)
    const [second] = await network.startPeers(['ada'])
    expect(second?.node.id).not.toBe(first?.node.id)
  })
})
