import { describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { crash } from '../support/crash.ts'
import { allHearAll, Hearing } from '../support/hearing.ts'
import { named } from '../support/named.ts'
import { until } from '../support/until.ts'

const liveness = { pingIntervalMs: 1_000 }
const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay']

describe.concurrent('a partition', { timeout: 120_000 }, () => {
  test('keeps what is said on its side until it heals, and then nobody misses a word', async () => {
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({ peers: names, onEvent: chronicle.onEvent })
    await network.settle()
    const hearing = new Hearing(network.peers)
    const here = named(network.peers, 'ada')
    const [friend] = here.neighbours()
    const a = network.peers.filter(({ name }) => [here.name, friend?.name].includes(name))
    const b = network.peers.filter(peer => !a.includes(peer))
    const heal = network.partition(a, b)
    here.publish('from a')
    for (const peer of b) peer.publish('from b')
    await until('a friend hears it', () => hearing.of('from a').length > 0, 10_000)
    await until('those of b hear each other', () => hearing.of('from b').length >= b.length, 10_000)
    expect(hearing.of('from a').every(({ by }) => a.includes(by))).toBe(true)
    expect(hearing.of('from b').every(({ by }) => b.includes(by))).toBe(true)
    heal()
    await until('all is heard by all', () => hearing.amiss(chronicle.of('published')).length === 0, 20_000)
  })

  test('costs nobody its place if it heals after a failed ping', async () => {
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({
      peers: names,
      peerOptions: { liveness },
      onEvent: chronicle.onEvent
    })
    await network.settle()
    const heal = network.partition(network.peers.slice(0, 3), network.peers.slice(3))
    await until('a ping fails', () => chronicle.of('ping-failed').length > 0, 30_000)
    heal()
    await network.settle()
    await allHearAll(network.peers, chronicle)
    expect(chronicle.of('ping-failed').every(({ failures }) => failures < 3)).toBe(true)
    expect(chronicle.of('reported-dead')).toEqual([])
    expect(chronicle.of('peer-removed')).toEqual([])
  })

  test('makes no seed remove whom it reaches itself, whatever is reported', async () => {
    const chronicle = new Chronicle()
    const peerOptions = { liveness: { ...liveness, pingFailuresMax: 1 } }
    await using network = await createTestNetwork({ peers: names, peerOptions, onEvent: chronicle.onEvent })
    await network.settle()
    const [lonely] = network.peers.toSorted((a, b) => a.neighbours().length - b.neighbours().length)
    const linked = new Set(lonely?.neighbours().map(({ id }) => id))
    const stranger = network.peers.find(peer => peer !== lonely && !linked.has(peer.id))
    if (lonely === undefined || stranger === undefined) throw new Error('no peer')
    const heal = network.partition(
      [lonely],
      network.peers.filter(peer => peer !== lonely)
    )
    const answers = (): number => chronicle.of('report-answered', { name: lonely.name, reply: 'noted' }).length
    await until('it is reported', () => answers() > 0, 30_000)
    heal()
    // By the time that somebody else is found dead, it would have been removed too.
    await crash(network, stranger)
    const gone = (): string[] => chronicle.of('peer-removed', { role: 'seed' }).map(({ name }) => name)
    await until('the dead is removed', () => gone().length >= 3, 30_000)
    expect([...new Set(gone())]).toEqual([stranger.name])
    await until('it has links again', () => lonely.neighbours().length >= 2, 40_000)
  })
})
