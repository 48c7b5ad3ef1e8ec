import { expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { until } from '../support/until.ts'

test('sixty peers, of which twenty die while twenty others come: the law holds again within 90 s', async () => {
  await using network = await createTestNetwork({ peers: 60 })
  await network.settle(90_000)
  const dying = network.peers.filter((_, index) => index % 3 === 0)
  for (const [index, peer] of dying.entries()) {
    await network.kill(peer)
    await network.addPeer(`new-${index}`)
  }
  expect(network.peers).toHaveLength(60)
  const living = new Set(network.peers.map(({ id }) => id))
  const healed = (): boolean => {
    const worstOff = Math.max(...network.peers.map(peer => Math.abs(peer.target - peer.neighbours().length)))
    const onlyLiving = network.peers.every(peer => peer.neighbours().every(({ id }) => living.has(id)))
    return worstOff <= 1 && network.isConnected && onlyLiving
  }
  await until('every peer is within one link of its target, and all are connected', healed, 90_000)
  await until('the seeds list the living', () => network.seeds.every(({ peers }) => peers.length === 60), 60_000)
  expect(Math.max(...network.peers.map(peer => peer.neighbours().length))).toBeGreaterThanOrEqual(12)
})
