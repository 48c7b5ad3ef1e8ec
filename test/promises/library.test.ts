import path from 'node:path'
import { describe, expect, test } from 'vitest'
import * as library from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { Hearing } from '../support/hearing.ts'
import { named } from '../support/named.ts'
import { until } from '../support/until.ts'
import { workplace } from '../support/workplace.ts'

const { createPeer, createSeed, createTestNetwork } = library
const listen = ['/ip4/127.0.0.1/tcp/0']

test('the library has few exports, and says what is wrong with a line that is no seed', async () => {
  expect(Object.keys(library).toSorted()).toEqual(['NameTakenError', 'createPeer', 'createSeed', 'createTestNetwork'])
  const made = createPeer({ name: 'ada', seeds: ['127.0.0.1:5002', 'nonsense'] })
  await expect(made).rejects.toThrow(/seeds:2: "nonsense": not of the form/)
})

describe.concurrent('networks in one process', { timeout: 120_000 }, () => {
  test('do not mix, even if their peers have the same names', async () => {
    const names = ['dan', 'cyd', 'bob', 'ada']
    await using one = await createTestNetwork({ seeds: 1, peers: names })
    await using two = await createTestNetwork({ peers: names })
    await Promise.all([one.settle(), two.settle()])
    for (const { peers, isConnected } of [one, two]) {
      expect(peers.map(({ name }) => name)).toEqual(names)
      expect(isConnected).toBe(true)
    }
    const eva = await one.addPeer('eva')
    expect([eva.neighbours(), one.isConnected], 'nobody knows a newcomer').toEqual([[], false])
    await one.settle()
    expect(one.isConnected).toBe(true)
    const inOne = new Hearing(one.peers)
    const inTwo = new Hearing(two.peers)
    for (let round = 0; round < 2; round++) {
      named(one.peers, 'ada').publish(`${round} for one`)
      named(two.peers, 'ada').publish(`${round} for two`)
    }
    const last = (): boolean => inOne.of('1 for one').length >= 3 && inTwo.of('1 for two').length >= 3
    await until('each hears its own', last, 10_000)
    for (const round of [0, 1]) {
      expect(inOne.of(`${round} for two`)).toEqual([])
      expect(inTwo.of(`${round} for one`)).toEqual([])
    }
    const ids = new Set(one.peers.map(({ id }) => id))
    for (const peer of two.peers) expect(peer.neighbours().filter(({ id }) => ids.has(id))).toEqual([])
  })

  test('end with `await using`: all say so, nothing is left, and nobody answers at their addresses', async () => {
    const chronicle = new Chronicle()
    const addresses: string[] = []
    let ended: library.TestNetwork | undefined
    {
      await using network = await createTestNetwork({ seeds: 2, peers: 3, onEvent: chronicle.onEvent })
      for (const node of [...network.seeds, ...network.peers]) addresses.push(...node.addresses)
      ended = network
    }
    expect(ended.peers).toEqual([])
    expect(addresses.length).toBe(5)
    expect(chronicle.of('stopped').length).toBe(5)
    expect(chronicle.of('reported-dead')).toEqual([])
    await using seed = await createSeed()
    await using stranger = await createPeer({ name: 'stranger', seeds: [seed.line], listen })
    for (const address of addresses) await expect(stranger.connect(address)).rejects.toThrow(/cannot connect/)
    await stranger.connect(seed.addresses[0] ?? '')
  })
})

describe.concurrent('peers made by hand', { timeout: 120_000 }, () => {
  test('come back as themselves with their key file, count from 1 again and are heard', async () => {
    using place = workplace()
    const keyFile = path.join(place.folder, 'ada.key')
    await using seed = await createSeed()
    const seeds = [seed.line]
    await using bob = await createPeer({ name: 'bob', seeds, listen })
    const hearing = new Hearing([bob])
    const ids: string[] = []
    for (const life of ['first life', 'second life']) {
      await using ada = await createPeer({ name: 'ada', seeds, listen, keyFile })
      ids.push(ada.id)
      ada.publish(life)
      await until(`bob hears of the ${life}`, () => hearing.of(life).length > 0, 20_000)
    }
    expect(ids[1]).toBe(ids[0])
    expect(hearing.of('first life')[0]?.message).toMatchObject({ originId: ids[0], number: 1 })
    expect(hearing.of('second life')[0]?.message).toMatchObject({ originId: ids[0], number: 1 })
    await until('bob is alone', () => bob.neighbours().length === 0, 10_000)
  })
})
