import { describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { degrees, oneSidedLinks, sum, targets } from '../support/links.ts'
import { until } from '../support/until.ts'

describe.concurrent('links', { timeout: 120_000 }, () => {
  test('below 32 peers each wants three at least and hubs want more, and newcomers find some among the content', async () => {
    await using network = await createTestNetwork({ peers: 12 })
    await network.settle()
    expect(targets(network.peers)).toEqual([8, 6, 5, 5, 4, 4, 4, 3, 3, 3, 3, 3])
    // Those that lack a last link may be neighbours of each other already.
    const missing = (): number => sum(targets(network.peers)) - sum(degrees(network.peers))
    await until('nearly all links', () => missing() <= 4, 40_000)
    const newcomer = await network.addPeer('late')
    await until('some for the newcomer', () => newcomer.neighbours().length >= 2, 40_000)
    await network.settle()
    expect(degrees(network.peers)[0]).toBeGreaterThanOrEqual(5)
    expect(degrees(network.peers).at(-1)).toBeGreaterThanOrEqual(2)
    expect(network.isConnected).toBe(true)
    expect(oneSidedLinks(network.peers)).toEqual([])
  })

  test('up to four all link with all, and whoever is alone has none', async () => {
    const allWithAll = async (peers: number): Promise<void> => {
      await using network = await createTestNetwork({ peers })
      await network.settle()
      const complete = (): boolean => network.peers.every(peer => peer.neighbours().length === peers - 1)
      await until(`each of ${peers} is linked with all others`, complete, 40_000)
      expect(targets(network.peers)).toEqual(network.peers.map(() => peers - 1))
    }
    await Promise.all([1, 2, 3, 4].map(allWithAll))
  })
})
