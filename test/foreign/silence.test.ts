import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { TestNetwork, of } from '../support/network.ts'
import { until } from '../support/until.ts'
import { startPlainNode, versions } from './plain-nodes.ts'
import { Wire } from './wire.ts'
import type { WatchedPeer } from '../support/network.ts'
import type { PlainNode } from './plain-nodes.ts'

// A foreign node that answers no more is hung up after three pings, and not reported. Three times 10 s would be long for a test.
vi.mock('#src/settings.ts', async original => ({ ...(await original<object>()), pingTimeoutMs: 500 }))

const liveness = { pingIntervalMs: 200, pingFailuresMax: 3 }

describe('a foreign node that falls silent', { concurrent: true }, () => {
  let network: TestNetwork
  let ada: WatchedPeer
  const nodes: PlainNode[] = []

  beforeAll(async () => {
    network = await TestNetwork.start(1)
    const [first] = await network.startPeers(['ada', 'bob'], { liveness })
    if (first === undefined) throw new Error('no peer')
    ada = first
  })
  afterAll(async () => {
    await Promise.all(nodes.map(async node => node.stop()))
    await network[Symbol.asyncDispose]()
  })

  const hungUp = async ({ id }: PlainNode): Promise<void> => {
    const gone = (): { readonly why: string }[] => of(ada, 'foreign-gone').filter(happening => happening.id === id)
    await until('it is given up', () => gone().length > 0, 15_000)
    expect(gone()).toMatchObject([{ why: 'silent' }])
    expect(ada.node.foreignNodes.map(node => node.id)).not.toContain(id)
  }
  const nobodyDied = (): void => {
    for (const event of ['ping-failed', 'reported-dead', 'peer-removed', 'report-answered'] as const)
      expect([...network.peers, ...network.seeds].flatMap(node => of(node, event))).toEqual([])
    expect(network.seeds[0]?.node.peers.length).toBe(2)
  }

  for (const { version, usable, title } of versions) {
    test.skipIf(!usable)(`${title}, which takes pings and never echoes`, async () => {
      const plain = await startPlainNode(version, { port: 0, mute: ['/ipfs/ping/1.0.0'] })
      nodes.push(plain)
      await ada.node.connect(plain.address)
      expect(ada.node.foreignNodes.find(({ id }) => id === plain.id)?.protocols).toContain('/ipfs/ping/1.0.0')
      await hungUp(plain)
      expect(plain.streams.filter(protocol => protocol === '/ipfs/ping/1.0.0').length).toBe(3)
      await until('the connection has ended', () => plain.connections === 0, 5_000)
      nobodyDied()
    })

    test.skipIf(!usable)(`${title}, of which nothing arrives any more`, async () => {
      const plain = await startPlainNode(version, { port: 0 })
      nodes.push(plain)
      await using wire = await Wire.to(plain.address)
      await ada.node.connect(wire.address)
      const answered = (): boolean =>
        ada.node.foreignNodes.some(({ id, latencyMs }) => id === plain.id && latencyMs !== undefined)
      await until('it has answered a ping', answered, 10_000)
      wire.silence()
      await hungUp(plain)
      await until('the connection has ended', () => wire.open === 0, 5_000)
      expect(wire.visits).toBe(1)
      nobodyDied()
    })
  }
})
