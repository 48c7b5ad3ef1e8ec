import { expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { until } from '../support/until.ts'
import type { Peer } from '#src/index.ts'

/** How many links a peer is from its target, of those farthest from it, and how many peers cannot be reached from the first. */
function state(peers: readonly Peer[]): { readonly worstOff: number; readonly apart: number } {
  const links = new Map(peers.map(peer => [peer.id, new Set(peer.neighbours().map(({ id }) => id))]))
  const reached = new Set(peers.slice(0, 1).map(({ id }) => id))
  for (const id of reached) {
    for (const other of links.get(id) ?? []) if (links.get(other)?.has(id) === true) reached.add(other)
  }
  const off = peers.map(peer => Math.abs(peer.target - (links.get(peer.id)?.size ?? 0)))
  return { worstOff: Math.max(...off), apart: links.size - reached.size }
}

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
    const { worstOff, apart } = state(network.peers)
    const onlyLiving = network.peers.every(peer => peer.neighbours().every(({ id }) => living.has(id)))
    return worstOff <= 1 && apart === 0 && onlyLiving
  }
  await until('every peer is within one link of its target, and all are connected', healed, 90_000)
  await until('the seeds list the living', () => network.seeds.every(({ peers }) => peers.length === 60), 60_000)
  expect(Math.max(...network.peers.map(peer => peer.neighbours().length))).toBeGreaterThanOrEqual(12)
})
