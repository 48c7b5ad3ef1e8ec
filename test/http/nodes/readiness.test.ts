import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { PeerView } from '#src/http/peer-view.ts'
import { SeedView } from '#src/http/seed-view.ts'
import { Site } from '../../support/http.ts'
import { parseMetrics } from '../../support/prometheus.ts'
import { linksAtRest, TestNetwork } from '../../support/network.ts'
import type { OverlayReply, PeersReply, ReadyReply, SeedsReply } from '#src/http/contract.ts'

// A lease of a minute would have this test wait for one.
vi.mock('#src/seed-settings.ts', async importOriginal => {
  const settings = await importOriginal<Record<string, object>>()
  return { ...settings, registry: { ...settings['registry'], leaseMs: 12_000 } }
})

async function untilReady(site: Site, wanted: boolean, deadlineMs: number): Promise<readonly string[]> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const { status, text } = await site.ask('/readyz')
    const { ready, reasons } = JSON.parse(text) as ReadyReply
    expect(status).toBe(ready ? 200 : 503)
    if (ready === wanted) return reasons
    if (performance.now() > end) throw new Error(`not ${wanted ? '' : 'un'}ready within ${deadlineMs} ms: ${text}`)
    await delay(50)
  }
}

test('a peer is ready while it has its quorum and a neighbour, and metrics say so in what Prometheus reads', async () => {
  await using network = await TestNetwork.start(3)
  using site = new Site()
  const ada = await network.startPeer('ada', {
    metrics: site.monitor.libp2pMetrics,
    onHappening: happening => site.note({ time: new Date().toISOString(), role: 'peer', node: 'ada', ...happening })
  })
  await site.serve(new PeerView(ada.node), () => ada.node.gossipCounts)
  const measured = async (name: string): Promise<number | undefined> =>
    parseMetrics((await site.ask('/metrics')).text).find(family => family.name === name)?.samples[0]?.value

  await expect.poll(() => ada.node.state, { timeout: 20_000 }).toBe('registered')
  expect(await untilReady(site, false, 5_000)).toEqual(['no neighbour'])
  expect(await measured('hubcast_ready')).toBe(0)
  const bob = await network.startPeer('bob')
  await untilReady(site, true, 20_000)
  expect(await measured('hubcast_ready')).toBe(1)
  expect(await measured('hubcast_registrations')).toBe(2)
  bob.node.publish('hello')
  await expect.poll(async () => measured('hubcast_gossip_batches_received_total'), { timeout: 10_000 }).toBe(1)
  expect(await measured('hubcast_message_hops')).toBe(1)
  const libp2p = parseMetrics((await site.ask('/metrics')).text).filter(({ name }) => name.startsWith('libp2p_'))
  expect(libp2p.length).toBeGreaterThan(10)
  const bytes = libp2p.find(({ name }) => name === 'libp2p_data_transfer_bytes_total')
  expect(bytes?.samples.some(({ value }) => value > 1_000)).toBe(true)

  const gone = network.seeds.slice(0, 2)
  for (const { node } of gone) await node.stop()
  const [reason] = await untilReady(site, false, 40_000)
  expect(reason).toMatch(/registered with [01] of 3 seeds, 2 are needed/)
  expect(await measured('hubcast_ready')).toBe(0)
  expect((await site.ask('/healthz')).status).toBe(200)
  for (const [index] of gone.entries()) await network.startSeed(index)
  await untilReady(site, true, 60_000)
  expect(site.faults).toEqual([])
}, 180_000)

test('a seed shows the links that both ends have named, and what the other seeds say', async () => {
  await using network = await TestNetwork.start(3)
  await network.startPeers(['ada', 'bob', 'cyd', 'dan'])
  await linksAtRest(network.peers)
  const [seed] = network.seeds
  if (seed === undefined) throw new Error('no seed')
  using site = await Site.of(new SeedView(seed.node))
  expect((await site.ask('/readyz')).status).toBe(200)
  const known = new Map(network.peers.map(({ node }) => [node.id, node]))
  const registered = (): string[] =>
    network.peers.flatMap(({ node, name }) => (node.registrars.includes(seed.name) ? [name] : []))
  const pair = (a = '', b = ''): string => (a < b ? `${a},${b}` : `${b},${a}`)
  const complete = async (): Promise<boolean> => {
    const { nodes, links } = await site.json<OverlayReply>('/overlay')
    const shown = new Set(links.map(([a, b]) => pair(nodes[a]?.id, nodes[b]?.id)))
    const real = [...known.values()].flatMap(({ id, name, neighbours }) =>
      // Links between two that are registered elsewhere are nothing that this seed hears of.
      neighbours.flatMap(other =>
        registered().includes(name) || registered().includes(other.name) ? [pair(id, other.id)] : []
      )
    )
    return (
      nodes.length === 4 &&
      shown.size === links.length &&
      [...new Set(real)].toSorted().join(' ') === [...shown].toSorted().join(' ')
    )
  }
  await expect.poll(complete, { timeout: 30_000, interval: 200 }).toBe(true)
  const { peers } = await site.json<PeersReply>('/peers')
  for (const { id, seeds, target, addresses } of peers) {
    expect(seeds?.toSorted()).toEqual(known.get(id)?.registrars)
    expect([target, addresses?.length]).toEqual([known.get(id)?.target, 1])
  }
  const { seeds } = await site.json<SeedsReply>('/seeds')
  const counted = (label: string): number => peers.filter(peer => peer.seeds?.includes(label)).length
  const labels = network.seeds.map(({ name }) => name).toSorted()
  expect(seeds).toMatchObject(labels.map(label => ({ label, alive: true, registered: counted(label) })))
  expect((await site.act('POST', '/publish', { text: 'hello' })).status).toBe(404)
  parseMetrics((await site.ask('/metrics')).text)
}, 90_000)
