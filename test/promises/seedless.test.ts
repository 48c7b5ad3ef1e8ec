import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { deadReportProtocol } from '#protocols/dead-report/messages.ts'
import { sentence } from '#src/node/events.ts'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { crash } from '../support/crash.ts'
import { allHearAll, Hearing } from '../support/hearing.ts'
import { named } from '../support/named.ts'
import { RestartableNetwork } from '../support/restartable-network.ts'
import { until } from '../support/until.ts'
import { workplace } from '../support/workplace.ts'
import type { Peer } from '#src/index.ts'

const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay']
const quick = { liveness: { pingIntervalMs: 1_000 } }

/** All but an odd one have the links that they want, and that one lacks one. */
function areOnTarget(peers: readonly Peer[]): boolean {
  const missing = peers.map(peer => Math.max(0, peer.target - peer.neighbours().length))
  return Math.max(...missing) <= 1 && missing.filter(count => count > 0).length <= 3
}

describe.concurrent('without any seed', { timeout: 180_000 }, () => {
  test('twelve peers of which two are killed find new links, and nobody misses a message', async () => {
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({ peers: 12, peerOptions: quick, onEvent: chronicle.onEvent })
    await network.settle()
    await Promise.all(network.seeds.map(async seed => seed.stop()))
    const victims = network.peers.toSorted((a, b) => b.neighbours().length - a.neighbours().length).slice(0, 2)
    const lost = victims.map(({ id }) => id)
    await crash(network, ...victims)
    const struckAt = performance.now()
    const hearing = new Hearing(network.peers)
    const before = chronicle.of('published').length
    for (const peer of network.peers) peer.publish(`${peer.name} without seeds`)
    const isLost = ({ id }: { readonly id: string }): boolean => lost.includes(id)
    const isMended = (): boolean => network.isConnected && areOnTarget(network.peers)
    const seeNobodyDead = (): boolean => network.peers.every(peer => !peer.neighbours().some(isLost))
    await until('links are mended', () => seeNobodyDead() && isMended(), 120_000)
    const isNew = ({ at }: { readonly at: number }): boolean => at > struckAt
    expect(chronicle.of('linked').filter(isNew).length, 'by new links').toBeGreaterThan(0)
    for (const peer of network.peers) peer.publish(`${peer.name} mended`)
    const said = (): readonly { readonly node: string; readonly number: number }[] =>
      chronicle.of('published').slice(before)
    expect(said()).toHaveLength(20)
    await until('all is heard', () => hearing.amiss(said()).length === 0, 20_000)
  })

  test('a peer that starts again finds links by its address book, is degraded, and gossips', async () => {
    using place = workplace()
    await using network = await RestartableNetwork.start(3)
    const kept = {
      keyFile: path.join(place.folder, 'ada.key'),
      addressBook: path.join(place.folder, 'ada.peers.txt')
    }
    const first = await network.addPeer('ada', kept)
    for (const name of names.slice(1)) await network.addPeer(name)
    const isKnown = (name: string): boolean =>
      network.chronicle.of('peer-joined').some(event => event.node === 'ada' && event.name === name)
    await until(
      'it has links, and has heard of all the others',
      () => first.neighbours().length >= 2 && names.slice(1).every(isKnown),
      30_000
    )
    const { id } = first
    await first.stop()
    network.peers.splice(network.peers.indexOf(first), 1)
    await network.stop([...network.running.keys()])
    const again = await network.addPeer('ada', kept)
    expect([again.id, again.registrars]).toEqual([id, []])
    // It gets two by a splice. The third one depends on whether anybody else lacks one: links have two ends.
    await until('it has links again', () => again.neighbours().length >= 2, 60_000)
    await allHearAll(network.peers, network.chronicle)
    expect(again.state).toBe('degraded')
  })

  test('a death is reported when a seed is there again', async () => {
    const died = 'bob'
    await using network = await RestartableNetwork.start(3)
    for (const name of names) await network.addPeer(name, quick)
    await until('all have links', () => network.peers.every(peer => peer.neighbours().length >= 2), 30_000)
    const labels = [...network.running.keys()]
    await network.stop(labels)
    const neighbours = named(network.peers, died).neighbours()
    await network.crash(died)
    const inVain = ({ name: node }: { readonly name: string }): boolean =>
      network.chronicle.of('reported-dead', { node, name: died }).length > 0 &&
      labels.every(
        label => network.chronicle.of('fault', { node, remote: `seed ${label}`, what: deadReportProtocol }).length > 0
      )
    // All of them: who finds out later would tell the seeds that are back.
    await until('its neighbours know, and have told nobody', () => neighbours.every(inVain), 60_000)
    expect(network.chronicle.of('report-answered')).toEqual([])
    await network.restart(labels)
    await until('a seed hears of it', () => network.chronicle.of('report-answered', { name: died }).length > 0, 60_000)
  })
})

test(
  'three of five seeds are killed: everybody says what is wrong, goes on, and nobody ends',
  { timeout: 180_000 },
  async () => {
    await using network = await RestartableNetwork.start(5)
    for (const name of names) await network.addPeer(name)
    await until('all have links', () => network.peers.every(peer => peer.neighbours().length >= 2), 30_000)
    const [one = '', two = '', ...killed] = [...network.running.keys()]
    await network.stop(killed)
    // Their leases last 54 s on.
    const degraded = await until('somebody says so', () => network.chronicle.of('degraded').at(-1), 100_000)
    const told = sentence('peer', degraded)
    expect(told).toMatch(/^degraded: registered with (none|1|2) of 5 seeds/)
    expect(told).toMatch(/3 are needed: gossip goes on, but somebody else may get the name; trying again \(/)
    expect([one, two]).toEqual(expect.arrayContaining([...degraded.seeds]))
    expect(Object.keys(degraded.reasons).toSorted()).toEqual(killed.toSorted())
    await allHearAll(network.peers, network.chronicle)
    expect(network.chronicle.of('stopped')).toEqual([])
    expect(named(network.peers, 'ada').neighbours().length).toBeGreaterThan(0)
  }
)
