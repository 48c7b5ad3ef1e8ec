import { describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { areConnected, degrees, oneSidedLinks, sum, targets } from '../support/links.ts'
import { until } from '../support/until.ts'

describe.concurrent('links', { timeout: 120_000 }, () => {
  test('below 32 peers each has three at least and hubs have more, and newcomers find theirs among the content', async () => {
    await using network = await createTestNetwork({ peers: 12 })
    await network.settle()
    expect(targets(network.peers)).toEqual([8, 6, 5, 5, 4, 4, 4, 3, 3, 3, 3, 3])
    // The last two that lack a link may be neighbours already.
    const missing = (): number => sum(targets(network.peers)) - sum(degrees(network.peers))
    await until('links', () => missing() <= 2, 40_000)
    const newcomer = await network.addPeer('late')
    await until('it has three', () => newcomer.neighbours().length >= 3 && missing() <= 3, 40_000)
    await network.settle()
    expect(degrees(network.peers)[0]).toBeGreaterThanOrEqual(7)
    expect(degrees(network.peers).at(-1)).toBeGreaterThanOrEqual(2)
    expect(areConnected(network.peers)).toBe(true)
    expect(oneSidedLinks(network.peers)).toEqual([])
  })

  test('a peer that is alone has no link and is content; up to four all link with all', async () => {
    await using network = await createTestNetwork({ peers: ['ada'] })
    for (const name of ['bob', 'cyd', 'dan']) {
      const others = network.peers.length - 1
      expect(degrees(network.peers)).toEqual(network.peers.map(() => others))
      await network.addPeer(name)
      const allWithAll = (): boolean => network.peers.every(peer => peer.neighbours().length === others + 1)
      await until(`${name} and all others have links`, allWithAll, 40_000)
    }
    expect(oneSidedLinks(network.peers)).toEqual([])
  })
})
