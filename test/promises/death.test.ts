import { describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { crash } from '../support/crash.ts'
import { allHearAll, Hearing } from '../support/hearing.ts'
import { oneSidedLinks } from '../support/links.ts'
import { named } from '../support/named.ts'
import { until } from '../support/until.ts'
import type { TestNetwork } from '#src/index.ts'

const pingIntervalMs = 1_000
const seven = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay', 'gus']

async function start(
  peers: number | readonly string[],
  chronicle: Chronicle,
  pingFailuresMax = 3
): Promise<TestNetwork> {
  const peerOptions = { liveness: { pingIntervalMs, pingFailuresMax } }
  return createTestNetwork({ peers, peerOptions, onEvent: chronicle.onEvent })
}

/** Resolves when every seed has removed every one of these for dead. */
async function removed(chronicle: Chronicle, network: TestNetwork, dead: readonly string[]): Promise<void> {
  const isRemoved = (node: string, name: string): boolean =>
    chronicle.of('peer-removed', { role: 'seed', node, name, reason: 'dead' }).length > 0
  const all = (): boolean => network.seeds.every(({ label }) => dead.every(name => isRemoved(label, name)))
  await until(`every seed has removed ${dead.join(' and ')}`, all, 80_000)
}

/** Resolves when all are connected again and hear each other. */
async function healed(network: TestNetwork, chronicle: Chronicle): Promise<void> {
  const enough = (): boolean => network.peers.every(peer => peer.neighbours().length >= 2)
  await until('the others are whole again', () => enough() && network.isConnected, 40_000)
  await network.settle()
  expect(oneSidedLinks(network.peers)).toEqual([])
  await allHearAll(network.peers, chronicle)
}

describe.concurrent('no death', { timeout: 120_000 }, () => {
  test('are two pings that fail, if the third is answered', async () => {
    const chronicle = new Chronicle()
    await using network = await start(seven, chronicle)
    await network.settle()
    const hearing = new Hearing(network.peers)
    const sleeper = named(network.peers, 'ada')
    const wake = network.pause(sleeper)
    named(network.peers, 'cyd').publish('while you slept')
    const failed = (): boolean => chronicle.of('ping-failed', { name: 'ada', failures: 2 }).length > 0
    await until('a second ping fails', failed, 60_000)
    expect(hearing.by(sleeper)).toEqual([])
    wake()
    const late = await until('it hears what was said', () => hearing.by(sleeper)[0], 20_000)
    expect(late).toMatchObject({ text: 'while you slept', origin: 'cyd' })
    expect(late.ageMs, 'the time of two pings').toBeGreaterThan(15_000)
    // By the time that another one, who says nothing, is removed, it would have been too.
    await crash(network, named(network.peers, 'bob'))
    await removed(chronicle, network, ['bob'])
    expect(chronicle.of('ping-failed', { name: 'ada', failures: 3 })).toEqual([])
    expect(chronicle.of('peer-removed', { role: 'seed', name: 'ada' })).toEqual([])
  })

  test('lasts for ever: who was taken for dead while it slept registers anew when it wakes', async () => {
    const chronicle = new Chronicle()
    await using network = await start(seven, chronicle, 1)
    await network.settle()
    const wake = network.pause(named(network.peers, 'ada'))
    await removed(chronicle, network, ['ada'])
    wake()
    await until('every seed knows it again', () => network.seeds.every(({ peers }) => peers.includes('ada')), 40_000)
    await until('it has links again', () => network.isConnected, 40_000)
  })

  test('is a good-bye: whoever leaves is gone at once', async () => {
    const chronicle = new Chronicle()
    await using network = await start(seven, chronicle)
    await network.settle()
    const leaver = named(network.peers, 'ada')
    const neighbours = leaver.neighbours().map(({ name }) => name)
    const leftAt = performance.now()
    await leaver.stop()
    const goings = (): ReturnType<typeof chronicle.of<'peer-removed'>> =>
      chronicle.of('peer-removed', { role: 'seed', name: 'ada' })
    await until('every seed knows', () => goings().length === 3, 10_000)
    for (const { at, reason } of goings())
      expect({ reason, soon: at - leftAt < 5_000 }).toEqual({ reason: 'left', soon: true })
    const partings = (): string[] =>
      chronicle.of('unlinked', { name: 'ada', reason: 'leaving' }).map(({ node }) => node)
    await until('every neighbour knows', () => neighbours.every(name => partings().includes(name)), 10_000)
    // By the time that another one, who says nothing, is removed, it would have been too.
    await crash(network, named(network.peers, 'bob'))
    await removed(chronicle, network, ['bob'])
    expect(chronicle.of('ping-failed', { name: 'ada', failures: 2 }), 'one may have been on its way').toEqual([])
    expect(chronicle.of('reported-dead', { name: 'ada' })).toEqual([])
    expect(goings().length).toBe(3)
  })
})

describe.concurrent('a death', { timeout: 120_000 }, () => {
  test('is three pings in a row that fail, a report, and removal at every seed; the others mend their links', async () => {
    const chronicle = new Chronicle()
    await using network = await start(seven, chronicle)
    await network.settle()
    const dead = named(network.peers, 'ada')
    const neighbours = dead.neighbours().map(({ name }) => name)
    const killedAt = performance.now()
    await crash(network, dead)
    expect(network.peers).not.toContain(dead)
    await removed(chronicle, network, ['ada'])
    const reporters = chronicle.of('reported-dead').map(({ node }) => node)
    expect(reporters.length).toBeGreaterThan(0)
    for (const node of reporters) {
      expect(neighbours).toContain(node)
      const failures = chronicle.of('ping-failed', { node })
      expect(failures.map(({ name, failures }) => `${name} ${failures}`)).toEqual(['ada 1', 'ada 2', 'ada 3'])
      // The first may have been under way, two more are a whole interval apart.
      expect((failures[2]?.at ?? 0) - killedAt).toBeGreaterThan(1.5 * pingIntervalMs)
    }
    await healed(network, chronicle)
    expect(chronicle.of('peer-removed', { role: 'seed' }).map(({ name }) => name)).toEqual(['ada', 'ada', 'ada'])
  })

  test('of the hub leaves the others connected', async () => {
    const chronicle = new Chronicle()
    await using network = await start(9, chronicle)
    await network.settle()
    const [hub] = network.peers.toSorted((a, b) => b.neighbours().length - a.neighbours().length)
    if (hub === undefined) throw new Error('no peer')
    expect(hub.neighbours().length).toBeGreaterThanOrEqual(5)
    await crash(network, hub)
    await removed(chronicle, network, [hub.name])
    await healed(network, chronicle)
    const most = (): number => Math.max(...network.peers.map(peer => peer.neighbours().length))
    await until('another hub grows', () => most() >= 5, 30_000)
  })

  test('of three at once is found as well, and nobody else is taken for dead', async () => {
    const chronicle = new Chronicle()
    await using network = await start(9, chronicle)
    await network.settle()
    const dead = network.peers.slice(0, 3)
    await crash(network, ...dead)
    const names = dead.map(({ name }) => name).toSorted()
    await removed(chronicle, network, names)
    await healed(network, chronicle)
    const gone = new Set(chronicle.of('peer-removed', { role: 'seed' }).map(({ name }) => name))
    expect([...gone].toSorted()).toEqual(names)
  })
})
