import { expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { Hearing } from '../support/hearing.ts'
import { until } from '../support/until.ts'

test('thirty peers, of which ten are killed while messages flow: nothing is lost, and nothing comes twice', async () => {
  const chronicle = new Chronicle()
  await using network = await createTestNetwork({
    peers: 30,
    peerOptions: { gossip: { count: 40, startDelayMs: 25_000, intervalMs: 500 } },
    onEvent: chronicle.onEvent
  })
  await network.settle(60_000)
  const dying = network.peers.filter((_, index) => index % 3 === 0)
  const living = network.peers.filter(peer => !dying.includes(peer))
  const hearing = new Hearing(living)
  const said = (): { node: string; number: number }[] => chronicle.of('published')
  await until('the gossip has begun', () => said().length > 100, 60_000)
  for (const peer of dying) {
    await network.kill(peer)
    const before = said().length
    await until('it goes on', () => said().length > before + 20, 20_000)
  }
  const finished = (): boolean => living.every(({ name }) => chronicle.of('published', { node: name }).length === 40)
  await until('all has been said', finished, 60_000)
  // What the dying said last may have reached nobody; but what one has heard, all have.
  const heardBySome = (node: string, number: number): boolean =>
    living.some(peer => hearing.by(peer).some(message => message.origin === node && message.number === number))
  const names = new Set(living.map(({ name }) => name))
  const due = said().filter(({ node, number }) => names.has(node) || heardBySome(node, number))
  await until('all is heard', () => !hearing.amiss(due).some(line => line.includes('lacks')), 30_000)
  expect(hearing.amiss(due)).toEqual([])
  expect(due.length).toBeGreaterThan(20 * 40)
})

test('a peer that joins after fifty messages has them within ten seconds, the first included', async () => {
  await using network = await createTestNetwork({ peers: 8 })
  await network.settle()
  const hearing = new Hearing(network.peers)
  for (let count = 1; count <= 50; count++) network.peers[count % 8]?.publish(`message ${count}`)
  // All but what one has said itself.
  const everywhere = (): boolean => network.peers.every(peer => hearing.by(peer).length >= 43)
  await until('all have heard them', everywhere, 10_000)
  const newcomer = await network.addPeer('newcomer')
  const late = new Set<string>()
  newcomer.addEventListener('message', ({ detail }) => late.add(detail.text))
  await until('the newcomer has them all', () => late.size === 50, 10_000)
  expect(late.has('message 1')).toBe(true)
})
