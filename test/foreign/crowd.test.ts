import { describe, expect, test } from 'vitest'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { TestNetwork, isConnected, linksAtRest, of } from '../support/network.ts'
import { until } from '../support/until.ts'
import { startPlainNode, versions } from './plain-nodes.ts'
import type { PlainNode } from './plain-nodes.ts'

// What many foreign nodes do to a network, and what one does to a seed: nothing.

const usable = versions.filter(version => version.usable).map(({ version }) => version)

async function stopAll(nodes: readonly PlainNode[]): Promise<void> {
  await Promise.all(nodes.map(async node => node.stop()))
}

describe('foreign nodes among others', () => {
  test('gossip is what it was when every fifth node that a peer knows is foreign', async () => {
    await using network = await TestNetwork.start(1)
    const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay', 'gus', 'hal']
    const peers = await network.startPeers(names, { liveness: { pingIntervalMs: 500 } })
    const foreign = await Promise.all([0, 1].map(async index => startPlainNode(usable[index % usable.length] ?? 3)))
    try {
      for (const node of foreign) for (const peer of peers) await node.dial(peer.node.addresses[0] ?? '')
      await until('all peers list them', () => peers.every(({ node }) => node.foreignNodes.length === 2), 20_000)
      await until('all are linked', () => isConnected(peers), 20_000)
      await linksAtRest(peers)
      for (const number of [1, 2, 3]) for (const { node, name } of peers) node.publish(`${name} ${number}`)
      const all = names.flatMap(name => [1, 2, 3].map(number => `${name} ${number}`)).toSorted()
      const heard = (name: string): string[] =>
        of(peers.find(peer => peer.name === name) ?? { happenings: [] }, 'received').map(({ text }) => text)
      const wanted = (name: string): string[] => all.filter(text => !text.startsWith(name))
      await until('all have heard all', () => names.every(name => heard(name).length >= wanted(name).length), 20_000)
      for (const name of names) expect(heard(name).toSorted()).toEqual(wanted(name))
      const neighbours = new Set(peers.flatMap(({ node }) => node.neighbours.map(({ name }) => name)))
      expect([...neighbours].toSorted()).toEqual(names)
      for (const { streams } of foreign)
        expect(new Set(streams)).toEqual(new Set(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0']))
      const ids = foreign.map(({ id }) => id)
      expect(peers.flatMap(peer => of(peer, 'fault')).filter(({ remote }) => ids.includes(remote))).toEqual([])
    } finally {
      await stopAll(foreign)
    }
  })

  test('a peer keeps 32 of them, hangs up on the next one and says so; a place that is left is given away', async () => {
    await using network = await TestNetwork.start(1)
    const [ada] = await network.startPeers(['ada'])
    const nodes = await Promise.all(Array.from({ length: 34 }, async () => startPlainNode(3)))
    try {
      const address = ada?.node.addresses[0] ?? ''
      const listed = (): number => ada?.node.foreignNodes.length ?? 0
      await Promise.all(nodes.slice(0, 32).map(async node => node.dial(address)))
      await until('32 are listed', () => listed() === 32, 20_000)
      const [late, last] = nodes.slice(32)
      await late?.dial(address)
      await until('the next one is hung up', () => late?.connections === 0, 10_000)
      expect(ada && of(ada, 'fault')).toEqual([
        {
          event: 'fault',
          remote: late?.id,
          what: 'a connection',
          error: 'Error',
          message: '32 foreign nodes are connected already: hung up'
        }
      ])
      expect(listed()).toBe(32)
      expect(ada?.node.foreignNodes.some(({ id }) => id === late?.id)).toBe(false)
      await nodes[0]?.stop()
      await until('a place is free', () => listed() === 31, 10_000)
      await last?.dial(address)
      await until('it is taken', () => ada?.node.foreignNodes.at(-1)?.id === last?.id, 10_000)
      expect(last?.connections).toBe(1)
    } finally {
      await stopAll(nodes)
    }
  })

  test('a seed answers them, and registers nobody but peers', async () => {
    await using network = await TestNetwork.start(1)
    const [seed] = network.seeds
    const foreign = await Promise.all(usable.map(async version => startPlainNode(version, { port: 0 })))
    try {
      for (const node of foreign) {
        const link = await node.dial(seed?.node.addresses[0] ?? '')
        for (let count = 0; count < 5; count++) expect(await link.ping()).toBeLessThan(10_000)
        const id = seed?.node.id ?? ''
        await until('it knows the seed', () => node.identified.has(id), 5_000)
        expect(node.identified.get(id)?.protocols).toContain(registrationProtocol)
      }
      await network.startPeers(['ada', 'bob'])
      expect(seed?.node.peers.map(({ name }) => name).toSorted()).toEqual(['ada', 'bob'])
      expect(seed && of(seed, 'fault')).toEqual([])
      // A seed takes no notice of them at all.
      for (const node of foreign) expect([node.connections, node.streams]).toEqual([1, []])
    } finally {
      await stopAll(foreign)
    }
  })
})
