import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestNetwork, of } from '../support/network.ts'
import { until } from '../support/until.ts'
import { startPlainNode, versions } from './plain-nodes.ts'
import type { ForeignNode } from '#src/node/foreign-nodes.ts'
import type { WatchedPeer } from '../support/network.ts'
import type { PlainNode, PlainOptions } from './plain-nodes.ts'

// Plain libp2p nodes meet a peer, dialled and dialling. They are known, listed and pinged, and that is all.

const liveness = { pingIntervalMs: 200, pingFailuresMax: 3 }
const services = ['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0']

for (const { version, usable, title } of versions) {
  describe.skipIf(!usable)(`plain ${title}`, () => {
    let network: TestNetwork
    let ada: WatchedPeer
    const nodes: PlainNode[] = []
    const lacking = new Set<PlainNode>()

    beforeAll(async () => {
      network = await TestNetwork.start(1)
      await network.startPeers(['ada', 'bob'], { liveness })
      const [first] = network.peers
      if (first === undefined) throw new Error('no peer')
      ada = first
      await until('the two are linked', () => network.peers.every(({ node }) => node.neighbours.length === 1), 10_000)
    })
    afterAll(async () => {
      await Promise.all(nodes.map(async node => node.stop()))
      await network[Symbol.asyncDispose]()
    })

    const start = async (options: PlainOptions = {}): Promise<PlainNode> => {
      const node = await startPlainNode(version, { port: 0, ...options })
      nodes.push(node)
      return node
    }
    const listed = (id: string): ForeignNode | undefined => ada.node.foreignNodes.find(node => node.id === id)
    const pinged = async ({ id }: PlainNode): Promise<void> =>
      void (await until('it has answered a ping', () => listed(id)?.latencyMs !== undefined, 10_000))
    const ourAddress = (): string => ada.node.addresses[0] ?? ''
    const told = (event: 'foreign-connected' | 'foreign-gone', { id }: PlainNode): object[] =>
      of(ada, event).filter(happening => happening.id === id)

    test.each(['without', 'with'])('is dialled %s its identity in the address', async how => {
      const plain = await start()
      const address = how === 'with' ? `${plain.address}/p2p/${plain.id}` : plain.address
      await ada.node.connect(address)
      const agent = expect.stringMatching(new RegExp(`^(js-)?libp2p/${version}\\.`)) as string
      expect(of(ada, 'connected')).toContainEqual({ event: 'connected', address, id: plain.id })
      expect(told('foreign-connected', plain)).toMatchObject([
        { agent, address: expect.stringContaining(plain.address) }
      ])
      expect(listed(plain.id)).toMatchObject({ agent, protocols: expect.arrayContaining(services) })
      await pinged(plain)
      expect(listed(plain.id)?.latencyMs).toBeLessThan(10_000)
      expect(plain.visits).toBe(1)
    })

    test('is not taken for another one', async () => {
      const [plain, other] = [await start(), await start()]
      const address = `${plain.address}/p2p/${other.id}`
      await expect(ada.node.connect(address)).rejects.toMatchObject({
        name: 'DialError',
        message: `cannot connect to ${address}: another node answers there, ${plain.id}: if that is the one you mean, correct the end of the address`
      })
      await until('the connection has ended', () => plain.connections === 0, 5_000)
      for (const node of [plain, other]) {
        expect(listed(node.id)).toBeUndefined()
        expect(told('foreign-connected', node)).toEqual([])
      }
      expect(of(ada, 'connected').map(({ id }) => id)).not.toContain(plain.id)
    })

    test('dials us, identifies us and pings us, while we ping it', async () => {
      const plain = await startPlainNode(version)
      nodes.push(plain)
      const link = await plain.dial(ourAddress())
      for (let count = 0; count < 20; count++) expect(await link.ping()).toBeLessThan(10_000)
      await until('it knows us', () => plain.identified.has(ada.node.id), 5_000)
      expect(plain.identified.get(ada.node.id)).toEqual({
        agent: 'hubcast/0.1.0',
        protocols: expect.arrayContaining(['/hubcast/gossip/2.0.0', '/hubcast/overlay/1.0.0', ...services]) as string[]
      })
      await pinged(plain)
      expect(told('foreign-connected', plain).length).toBe(1)
      await until(
        'it has answered three pings',
        () => plain.streams.filter(protocol => protocol === '/ipfs/ping/1.0.0').length > 2,
        5_000
      )
      expect(listed(plain.id)?.protocols).toEqual(expect.arrayContaining(services))
    })

    test('leaves, which is no death: nobody dials it again', async () => {
      const [plain, witness] = [await start(), await start()]
      for (const node of [plain, witness]) {
        await ada.node.connect(node.address)
        await pinged(node)
      }
      await plain.stop()
      await until('we know that it has gone', () => told('foreign-gone', plain).length === 1, 10_000)
      expect(told('foreign-gone', plain)).toMatchObject([{ why: 'disconnected' }])
      const next = await start({ port: Number(/\d+$/.exec(plain.address)?.[0]) })
      expect(next.address).toBe(plain.address)
      // As many rounds as would have made it dead, and one more.
      const since = witness.streams.length
      await until('the other one was pinged on', () => witness.streams.length >= since + 4, 10_000)
      expect(next.visits).toBe(0)
      expect(ada.node.foreignNodes.map(({ id }) => id)).not.toContain(plain.id)
      for (const event of ['ping-failed', 'reported-dead', 'peer-removed'] as const)
        expect(network.peers.flatMap(peer => of(peer, event))).toEqual([])
    })

    test.each(['identify', 'ping'] as const)('is listed and stays without %s', async without => {
      const plain = await start({ without })
      lacking.add(plain)
      await ada.node.connect(plain.address)
      const known = without === 'identify' ? { agent: '', protocols: [] } : { protocols: ['/ipfs/id/1.0.0'] }
      expect(listed(plain.id)).toMatchObject(known)
      await pinged(plain)
      const since = plain.streams.length
      await until('it was pinged on', () => plain.streams.length >= since + 4, 10_000)
      expect(listed(plain.id)).toMatchObject(known)
      expect(told('foreign-gone', plain)).toEqual([])
    })

    // Behind the others, for it looks at all the nodes above.
    test('is never a part of the network', async () => {
      const ids = new Set(nodes.map(({ id }) => id))
      expect(ids.size).toBeGreaterThan(5)
      const [seed] = network.seeds
      expect(seed?.node.peers.map(({ name }) => name).toSorted()).toEqual(['ada', 'bob'])
      expect(seed?.happenings.filter(happening => 'id' in happening && ids.has(happening.id))).toEqual([])
      expect(ada.node.neighbours.map(({ name }) => name)).toEqual(['bob'])
      // Streams that were refused would be here too, with an empty name.
      const streams = new Set(nodes.filter(node => !lacking.has(node)).flatMap(node => node.streams))
      expect([...streams].toSorted()).toEqual(services)
    })

    test('has not gone when it is we who leave', async () => {
      expect(ada.node.foreignNodes.length).toBeGreaterThan(0)
      const gone = of(ada, 'foreign-gone').length
      await ada.node.leave()
      expect(of(ada, 'foreign-gone').length).toBe(gone)
    })
  })
}
