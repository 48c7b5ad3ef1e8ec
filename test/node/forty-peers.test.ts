import { expect, test } from 'vitest'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { degreeLaw } from '#src/settings.ts'
import { TestNetwork, isConnected, linksAtRest, of } from '../support/network.ts'
import { until } from '../support/until.ts'

test('forty peers that start at once all register, link and hear each other, and hubs stand out', async () => {
  await using network = await TestNetwork.start(3)
  const names = Array.from({ length: 40 }, (_, index) => `peer-${index}`)
  const peers = await network.startPeers(names)
  await until('no peer is alone and all are connected', () => isConnected(peers), 20_000)
  const law = new DegreeLaw(degreeLaw)
  const wantedByLaw = peers.reduce((sum, _peer, rank) => sum + law.target({ rank, peers: 40 }), 0)
  await until(
    'nearly all links that are wanted stand',
    () => {
      const wanted = peers.reduce((sum, { node }) => sum + node.target, 0)
      const standing = peers.reduce((sum, { node }) => sum + node.neighbours.length, 0)
      return (
        wanted === wantedByLaw && standing >= 0.93 * wanted && peers.every(({ node }) => node.neighbours.length >= 3)
      )
    },
    30_000
  )
  const degrees = peers.map(({ node }) => node.neighbours.length).toSorted((a, b) => b - a)
  expect(degrees[0], `degrees ${degrees.join(' ')}`).toBeGreaterThanOrEqual(12)
  expect(degrees[20], `degrees ${degrees.join(' ')}`).toBeLessThanOrEqual(6)

  await linksAtRest(peers)
  for (const { node, name } of peers) node.publish(`this is ${name}`)
  const heard = (): boolean => peers.every(peer => of(peer, 'received').length >= 39)
  await until('everybody has heard everybody', heard, 20_000)
  for (const peer of peers) {
    const origins = of(peer, 'received').map(({ origin, text }) => `${origin}: ${text}`)
    const expected = names.filter(name => name !== peer.name).map(name => `${name}: this is ${name}`)
    expect(origins.toSorted()).toEqual(expected.toSorted())
  }
})
