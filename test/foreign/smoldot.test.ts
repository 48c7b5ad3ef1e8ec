import { describe, expect, test } from 'vitest'
import { TestNetwork, of } from '../support/network.ts'
import { until } from '../support/until.ts'
import { installed, reason } from './installed.ts'
import { startSmoldot } from './smoldot-node.ts'
import { Wire } from './wire.ts'

const liveness = { pingIntervalMs: 200, pingFailuresMax: 3 }

describe.skipIf(!installed)(`smoldot, a libp2p that shares no code with ours${reason}`, () => {
  test.each([
    ['', 0],
    [' when all that it says arrives in one go', 50]
  ])('dials a peer, is listed and pinged, gets its own pings answered, and leaves%s', async (_how, gatherMs) => {
    await using network = await TestNetwork.start(1)
    const [ada] = await network.startPeers(['ada', 'bob'], { liveness })
    if (ada === undefined) throw new Error('no peer')
    await using wire = await Wire.to(ada.node.addresses[0], gatherMs)
    const smoldot = await startSmoldot(`${wire.address}/p2p/${ada.node.id}`)
    try {
      await until('it is listed', () => ada.node.foreignNodes.length === 1, 20_000)
      const [node] = ada.node.foreignNodes
      // Its answer and the end of the stream are one: if both arrive with what comes before, js-libp2p loses the answer.
      expect(node?.agent).toMatch(/^(smoldot-light-wasm \d.*)?$/)
      expect(node?.address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/)
      if (node?.agent !== '') expect(node?.protocols).toContain('/ipfs/ping/1.0.0')
      await until('it has answered our ping', () => ada.node.foreignNodes[0]?.latencyMs !== undefined, 10_000)
      expect(ada.node.foreignNodes[0]?.latencyMs).toBeLessThan(10_000)
      await until('we have answered its ping', () => smoldot.said.some(line => line.startsWith('pong;')), 10_000)
    } finally {
      await smoldot.stop()
    }
    await until('it has gone', () => ada.node.foreignNodes.length === 0, 10_000)
    expect(of(ada, 'foreign-gone')).toMatchObject([{ why: 'disconnected' }])
    expect(network.seeds[0]?.node.peers.map(({ name }) => name).toSorted()).toEqual(['ada', 'bob'])
    for (const event of ['ping-failed', 'reported-dead', 'peer-removed'] as const)
      expect(network.peers.flatMap(peer => of(peer, event))).toEqual([])
    await until('ada and bob are linked', () => ada.node.neighbours.length === 1, 10_000)
  })

  test('takes a seed for a boot node, and does nothing to it', async () => {
    await using network = await TestNetwork.start(1)
    const [seed] = network.seeds
    const smoldot = await startSmoldot(seed?.node.addresses[0] ?? '')
    try {
      await until('its ping is answered', () => smoldot.said.some(line => line.startsWith('pong;')), 20_000)
      await network.startPeers(['ada'])
      expect(seed?.node.peers.map(({ name }) => name)).toEqual(['ada'])
    } finally {
      await smoldot.stop()
    }
  })
})
