import { describe, expect, test } from 'vitest'
import { createPeer, createSeed, createTestNetwork, NameTakenError } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { crash } from '../support/crash.ts'
import { named } from '../support/named.ts'
import { until } from '../support/until.ts'

const quorum = (seeds: number): number => Math.floor(seeds / 2) + 1
const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay']
const listen = ['/ip4/127.0.0.1/tcp/0']

describe.concurrent('registration', { timeout: 120_000 }, () => {
  test('is at floor(n/2)+1 of n seeds, chosen at random, and all seeds know of it', async () => {
    for (const n of [2, 3, 4, 5, 7]) {
      const chronicle = new Chronicle()
      await using network = await createTestNetwork({ seeds: n, peers: names, onEvent: chronicle.onEvent })
      // On a busy machine a seed may answer too late; whoever is short of one tries again.
      const registered = (): boolean => network.peers.every(({ registrars }) => registrars.length >= quorum(n))
      await until(`each has its quorum of ${n}`, registered, 30_000)
      for (const { name, id, registrars } of network.peers) {
        expect(registrars.length, `of ${n}`).toBe(quorum(n))
        const registeredAt = chronicle.of('peer-joined', { role: 'seed', id, name }).map(({ node }) => node)
        expect([...new Set(registeredAt)], 'the seeds say so too').toEqual(expect.arrayContaining(registrars))
      }
      const choices = new Set(network.peers.map(({ registrars }) => registrars.join()))
      // Fewer seeds leave so few choices that six peers could make the same one.
      if (n === 7) expect(choices.size, 'six peers choose alike once in 10^7 runs').toBeGreaterThan(1)
      const complete = (): boolean => network.seeds.every(({ peers }) => peers.toSorted().join() === names.join())
      await until('every seed knows all, wherever they are registered', complete, 10_000)
    }
  })

  test('at one seed needs that one', async () => {
    await using seed = await createSeed()
    await using ada = await createPeer({ name: 'ada', seeds: [seed.line], listen })
    expect(ada.registrars).toEqual([seed.label])
    const taken = new NameTakenError(
      `name ada is taken by ${ada.id}: choose another one, or give the keyFile of its holder`
    )
    await expect(createPeer({ name: 'ada', seeds: [seed.line], listen })).rejects.toThrow(taken)
    expect(seed.peers).toEqual(['ada'])
  })

  test('tells all peers of a newcomer and of its end, and the newcomer of all peers, once', async () => {
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({ peers: ['ada', 'bob', 'cyd'], onEvent: chronicle.onEvent })
    const late = await network.addPeer('late')
    const all = ['ada', 'bob', 'cyd', 'late']
    const knownTo = (node: string): string[] =>
      chronicle.of('peer-joined', { role: 'peer', node }).map(({ name }) => name)
    await until('each has heard of three', () => all.every(name => knownTo(name).length >= 3), 10_000)
    await late.stop()
    const goings = (): string[] =>
      chronicle.of('peer-removed', { role: 'peer' }).map(({ node, name, reason }) => `${node}: ${name} ${reason}`)
    await until('those who stay have heard that it left', () => goings().length >= 3, 10_000)
    expect(goings().toSorted()).toEqual(['ada: late left', 'bob: late left', 'cyd: late left'])
    for (const node of all) expect(knownTo(node).toSorted()).toEqual(all.filter(name => name !== node))
  })
})

describe.concurrent('a name', { timeout: 120_000 }, () => {
  test('has one holder when five race for it, and the others are told who', async () => {
    for (const n of [2, 3, 5]) {
      const chronicle = new Chronicle()
      await using network = await createTestNetwork({ seeds: n, peers: 0, onEvent: chronicle.onEvent })
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, async () => network.addPeer('ada')))
      const [winner, ...others] = network.peers
      expect(others).toEqual([])
      await until('it has its quorum', () => winner?.registrars.length === quorum(n), 30_000)
      const losses = outcomes.filter(outcome => outcome.status === 'rejected')
      for (const { reason } of losses) expect(reason).toBeInstanceOf(NameTakenError)
      const holders = chronicle.of('name-taken').map(({ holder }) => holder)
      expect(holders).toEqual(Array.from({ length: 4 }, () => winner?.id))
      for (const { id } of chronicle.of('peer-joined', { role: 'seed' })) expect(id).toBe(winner?.id)
    }
  })

  test('is free again when its holder has left, and not before', async () => {
    await using network = await createTestNetwork({ peers: ['ada', 'bob'] })
    const ada = named(network.peers, 'ada')
    await expect(network.addPeer('ada')).rejects.toThrow(NameTakenError)
    await ada.stop()
    const next = await network.addPeer('ada')
    expect(next.id).not.toBe(ada.id)
  })

  test('of a dead peer is free when it was removed, and not before', async () => {
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({
      peers: ['ada', 'bob', 'cyd'],
      // Long enough that somebody who asks at once comes before the removal.
      peerOptions: { liveness: { pingIntervalMs: 1_500 } },
      onEvent: chronicle.onEvent
    })
    await network.settle()
    const ada = named(network.peers, 'ada')
    await crash(network, ada)
    await expect(network.addPeer('ada')).rejects.toThrow(NameTakenError)
    const removals = (): number => chronicle.of('peer-removed', { role: 'seed', id: ada.id, reason: 'dead' }).length
    await until('every seed has removed it', () => removals() === 3, 20_000)
    const next = await network.addPeer('ada')
    expect(next.registrars.length).toBeGreaterThan(0)
  })

  test('has 1 to 32 of A-Z a-z 0-9 . _ -', async () => {
    await using seed = await createSeed()
    const seeds = [seed.line]
    for (const name of ['', 'no name', 'ä', 'a\n', 'x'.repeat(33)]) {
      await expect(createPeer({ name, seeds, listen })).rejects.toThrow(RangeError)
    }
    for (const name of ['A.z_0-9', 'x'.repeat(32)]) {
      await using peer = await createPeer({ name, seeds, listen })
      expect(seed.peers).toEqual([peer.name])
    }
  })
})
