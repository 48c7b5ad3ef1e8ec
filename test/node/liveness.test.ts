import { describe, expect, test } from 'vitest'
import { TestNetwork, isConnected, of } from '../support/network.ts'
import { until } from '../support/until.ts'

/** Pings fast enough for a test; all the rest is as usual. */
const liveness = { pingIntervalMs: 300, pingFailuresMax: 3 }

describe('liveness', () => {
  test('a peer that dies is pinged three times, reported, and removed at every seed; the others mend their links', async () => {
    await using network = await TestNetwork.start(3)
    const peers = await network.startPeers(['ada', 'bob', 'cyd', 'dan', 'eva', 'fay'], { liveness })
    await until(
      'all are linked',
      () => isConnected(peers) && peers.every(({ node }) => node.neighbours.length >= 2),
      20_000
    )
    const [dead, ...rest] = peers
    if (dead === undefined) throw new Error('no peer')
    const neighbours = rest.filter(({ node }) => node.neighbours.some(({ id }) => id === dead.node.id))
    await dead.node.stop()

    await until(
      'each seed has removed it',
      () =>
        network.seeds.every(seed =>
          of(seed, 'peer-removed').some(({ name, reason }) => name === 'ada' && reason === 'dead')
        ),
      20_000
    )
    for (const neighbour of neighbours) {
      const failures = of(neighbour, 'ping-failed').filter(({ name }) => name === 'ada')
      expect(failures.map(({ failures: count }) => count)).toEqual([1, 2, 3].slice(0, failures.length))
      const reports = of(neighbour, 'reported-dead').filter(({ name }) => name === 'ada')
      expect(reports.length).toBe(failures.length === 3 ? 1 : 0)
    }
    expect(neighbours.some(neighbour => of(neighbour, 'reported-dead').length === 1)).toBe(true)
    await until(
      'the others are whole again',
      () => isConnected(rest) && rest.every(({ node }) => node.neighbours.length >= 2),
      30_000
    )
    expect(network.seeds.flatMap(seed => of(seed, 'peer-removed')).every(({ name }) => name === 'ada')).toBe(true)
  })

  test('a peer that leaves is gone at once, and nobody calls it dead', async () => {
    await using network = await TestNetwork.start(3)
    const peers = await network.startPeers(['ada', 'bob', 'cyd', 'dan'], { liveness })
    await until('all are linked', () => peers.every(({ node }) => node.neighbours.length === 3), 20_000)
    const [leaver, ...rest] = peers
    await leaver?.node.leave()
    network.peers.shift()
    await until(
      'each seed says it has left',
      () =>
        network.seeds.every(seed =>
          of(seed, 'peer-removed').some(({ name, reason }) => name === 'ada' && reason === 'left')
        ),
      2_000
    )
    await until(
      'no neighbour has a link with it',
      () => rest.every(peer => of(peer, 'unlinked').some(({ name }) => name === 'ada')),
      2_000
    )
    for (const peer of rest) {
      expect(of(peer, 'unlinked').findLast(({ name }) => name === 'ada')?.reason).toBe('leaving')
      expect(of(peer, 'reported-dead')).toEqual([])
    }
  })
})
