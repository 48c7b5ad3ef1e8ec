import { expect, test } from 'vitest'
import { GossipNetwork } from '../../support/core/gossip-network.ts'

// What engines say to each other, line by line: time in ms, from whom to whom, what. To be read whenever it changes;
// `npx vitest run test/core/gossip/transcripts.test.ts -u` writes it anew.

const square = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
  [0, 2]
] as const

/** As told by the transcript, from here on. */
async function expectTranscript(network: GossipNetwork, from: number, name: string): Promise<void> {
  const lines = network.transcript(from)
  await expect(`${lines}\n`).toMatchFileSnapshot(`transcripts/${name}.txt`)
}

function settled(links: readonly (readonly [number, number])[], peers = 4): GossipNetwork {
  const network = new GossipNetwork(peers, links, {
    // Each link has a length of its own.
    latency: (one, other) => 10 * (1 + Math.min(one, other)) + Math.max(one, other),
    isPrepared: false
  })
  network.publish(0)
  network.run(1_000)
  return network
}

test('an origin announces itself, and its first batch follows', async () => {
  await expectTranscript(settled(square), 0, 'first-batch')
})

test('a batch in a settled tree', async () => {
  const network = settled(square)
  network.publish(0)
  network.run(500)
  await expectTranscript(network, 1_000, 'settled-batch')
})

test('a parent falls silent: a watcher names the batch, and becomes the parent', async () => {
  const network = settled([
    [0, 1],
    [1, 3],
    [0, 2],
    [2, 3]
  ])
  network.crash(1)
  network.publish(0)
  network.run(1_000)
  expect(network.got(3)).toHaveLength(2)
  await expectTranscript(network, 1_000, 'silent-parent')
})

test('a newcomer catches up', async () => {
  const network = settled([
    [0, 1],
    [1, 2],
    [2, 0]
  ])
  network.publish(0)
  network.run(500)
  const joined = network.now
  network.link(3, 1)
  network.link(3, 2)
  network.run(400)
  expect(network.got(3)).toHaveLength(2)
  await expectTranscript(network, joined, 'newcomer')
})

test('halves that were parted meet again', async () => {
  const network = settled([
    [0, 1],
    [2, 3]
  ])
  network.publish(2)
  network.run(1_000)
  const healed = network.now
  network.link(1, 2)
  network.run(400)
  for (const peer of [0, 1, 2, 3]) expect(network.got(peer).length).toBe(peer === 0 || peer === 2 ? 1 : 2)
  await expectTranscript(network, healed, 'healed')
})
