import { describe, expect, test } from 'vitest'
import { createPeer, createSeed, createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { crash } from '../support/crash.ts'
import { Hearing } from '../support/hearing.ts'
import { named } from '../support/named.ts'
import { RestartableNetwork } from '../support/restartable-network.ts'
import { until } from '../support/until.ts'
import { workplace } from '../support/workplace.ts'

const names = ['ada', 'bob', 'cyd', 'dan', 'eva']

/** Whether all seeds that run know exactly these, and each of these is registered at two of them. */
function allIsKnown({ running, peers }: RestartableNetwork): boolean {
  const expected = peers
    .map(({ name }) => name)
    .toSorted()
    .join()
  const atSeeds = [...running.values()].every(seed => seed.peers.toSorted().join() === expected)
  return atSeeds && peers.every(({ registrars }) => registrars.filter(label => running.has(label)).length === 2)
}

describe.concurrent('seeds', { timeout: 120_000 }, () => {
  test('may all be dead: peers go on gossiping and watching each other', async () => {
    const chronicle = new Chronicle()
    const peerOptions = { liveness: { pingIntervalMs: 1_000 } }
    await using network = await createTestNetwork({ peers: 6, peerOptions, onEvent: chronicle.onEvent })
    await network.settle()
    await Promise.all(network.seeds.map(async seed => seed.stop()))
    const hearing = new Hearing(network.peers)
    for (const peer of network.peers) peer.publish(`${peer.name} without seeds`)
    await until('all is heard', () => hearing.amiss(chronicle.of('published')).length === 0, 10_000)
    const [dead] = network.peers
    if (dead === undefined) throw new Error('no peer')
    await crash(network, dead)
    await until(
      'a neighbour finds the death',
      () => chronicle.of('reported-dead', { name: dead.name }).length > 0,
      30_000
    )
  })

  test('may lose one of three: the others remove who dies or leaves at that very moment, and free the name', async () => {
    const chronicle = new Chronicle()
    const peerOptions = { liveness: { pingIntervalMs: 1_000 } }
    await using network = await createTestNetwork({ peers: 5, peerOptions, onEvent: chronicle.onEvent })
    await network.settle()
    const [lost, ...left] = network.seeds
    const labels = left.map(({ label }) => label).toSorted()
    const [dead, leaver] = network.peers
    if (lost === undefined || dead === undefined || leaver === undefined) throw new Error('no seed, or no peers')
    await lost.stop()
    await leaver.stop()
    await crash(network, dead)
    const removals = (): string[] =>
      chronicle.of('peer-removed', { role: 'seed', name: dead.name, reason: 'dead' }).map(({ node }) => node)
    await until('both have removed it', () => removals().length >= 2, 30_000)
    expect(removals().toSorted()).toEqual(labels)
    const names = network.peers.map(({ name }) => name).toSorted()
    await until('they know the rest', () => left.every(({ peers }) => peers.toSorted().join() === names.join()), 20_000)
    for (const { name } of [dead, leaver]) await network.addPeer(name)
  })

  test('may lose the only one at which two peers are both registered: one still reports the other where it counts', async () => {
    const peerOptions = { liveness: { pingIntervalMs: 500 } }
    await using network = await createTestNetwork({ peers: ['ada'], peerOptions })
    const ada = named(network.peers, 'ada')
    let bob = await network.addPeer('bob-1')
    for (let next = 2; bob.registrars.join() === ada.registrars.join(); next++) {
      await bob.stop()
      bob = await network.addPeer(`bob-${next}`)
    }
    await network.settle()
    const shared = network.seeds.find(({ label }) => [ada, bob].every(({ registrars }) => registrars.includes(label)))
    const other = network.seeds.find(seed => seed !== shared && bob.registrars.includes(seed.label))
    await shared?.stop()
    await crash(network, bob)
    // Sooner than its lease ends.
    await until('it is removed', () => other?.peers.join() === 'ada', 30_000)
  })

  test('may lose one of three: newcomers register with the others and find neighbours', async () => {
    await using network = await RestartableNetwork.start(3)
    for (const name of names) await network.addPeer(name)
    const [lost = '', ...left] = network.running.keys()
    await network.stop([lost])
    const late = await network.addPeer('late')
    await until('it is registered', () => late.registrars.join() === left.toSorted().join(), 30_000)
    await until('it has links', () => late.neighbours().length >= 2, 30_000)
  })

  test('that are too few leave a peer degraded, which says why and is registered when they come back', async () => {
    await using network = await RestartableNetwork.start(3)
    const [here = '', ...away] = [...network.running.keys()]
    await network.stop(away)
    const ada = await network.addPeer('ada')
    expect(ada.registrars).toEqual([here])
    const degraded = await until('it says so', () => network.chronicle.of('degraded').at(-1), 20_000)
    expect(degraded).toMatchObject({ node: 'ada', seeds: [here], quorum: 2 })
    expect(Object.keys(degraded.reasons).toSorted()).toEqual(away.toSorted())
    for (const reason of Object.values(degraded.reasons)) expect(reason).toContain('ECONNREFUSED')
    await network.restart(away.slice(0, 1))
    await until('it is registered', () => network.chronicle.of('registered').length > 0, 40_000)
    expect(ada.registrars).toEqual(expect.arrayContaining([here, away[0]]))
  })

  test('that come back with their identity and no memory hear of all peers again', async () => {
    using place = workplace()
    await using network = await RestartableNetwork.start(3, place.folder)
    for (const name of names) await network.addPeer(name)
    await until('every seed knows all', () => allIsKnown(network), 20_000)
    const [first = ''] = network.running.keys()
    await network.stop([first])
    await network.restart([first])
    expect(network.lines).toContain(network.running.get(first)?.line)
    expect(network.running.get(first)?.peers, 'it has forgotten').toEqual([])
    await until('it knows all, as the others do', () => allIsKnown(network), 40_000)
  })

  test('that all come back at once, as somebody else, hear it from the peers', async () => {
    await using network = await RestartableNetwork.start(3)
    for (const name of names) await network.addPeer(name)
    await until('every seed knows all', () => allIsKnown(network), 20_000)
    const all = [...network.running.keys()]
    await network.stop(all)
    await network.restart(all)
    expect(allIsKnown(network)).toBe(false)
    await until('every seed knows all again', () => allIsKnown(network), 40_000)
  })

  test('are not taken for each other by peers that know their identities', async () => {
    await using seed = await createSeed()
    await using other = await createSeed()
    const seeds = [`${seed.label}/p2p/${other.id}`]
    await using ada = await createPeer({ name: 'ada', seeds, listen: ['/ip4/127.0.0.1/tcp/0'] })
    const chronicle = new Chronicle()
    ada.addEventListener('event', ({ detail }) => chronicle.onEvent('peer', 'ada', detail))
    const degraded = await until('it says so', () => chronicle.of('degraded').at(-1), 20_000)
    expect(degraded.seeds).toEqual([])
    expect(degraded.reasons[seed.label]).toMatch(
      /^SeedIdentityError: another identity: not \S+, whom its line names, but \S+ answers/
    )
    expect(seed.peers).toEqual([])
  })
})
