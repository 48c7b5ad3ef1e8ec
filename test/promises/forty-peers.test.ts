import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { Hearing } from '../support/hearing.ts'
import { degrees, oneSidedLinks, sum, targets } from '../support/links.ts'
import { until } from '../support/until.ts'
import type { TestNetwork } from '#src/index.ts'

describe('forty peers that start at once', { timeout: 120_000 }, () => {
  const chronicle = new Chronicle()
  let network: TestNetwork

  beforeAll(async () => {
    network = await createTestNetwork({ peers: 40, onEvent: chronicle.onEvent })
    await network.settle()
  }, 120_000)
  afterAll(async () => network.stop())

  test('nobody is alone, everybody reaches everybody, and each link has two ends', () => {
    expect(degrees(network.peers).at(-1)).toBeGreaterThanOrEqual(3)
    expect(network.isConnected).toBe(true)
    expect(oneSidedLinks(network.peers)).toEqual([])
  })

  test('degrees follow a power law, and nearly all links that it asks for stand', async () => {
    const wanted = (): number => sum(targets(network.peers))
    await until('links', () => sum(degrees(network.peers)) >= 0.95 * wanted(), 40_000)
    const kMin = 4
    for (const [what, found] of Object.entries({ targets: targets(network.peers), degrees: degrees(network.peers) })) {
      const told = `${what} ${found.join(' ')}`
      // The most likely exponent of what was drawn from a power law that begins at kMin.
      const exponent = 1 + found.length / sum(found.map(degree => Math.log(Math.max(degree, kMin) / (kMin - 0.5))))
      expect(exponent, told).toBeGreaterThan(2)
      expect(exponent, told).toBeLessThan(3.3)
      expect(found[0], told).toBeGreaterThanOrEqual(12)
      expect(found.filter(degree => degree <= kMin + 1).length, told).toBeGreaterThanOrEqual(18)
    }
  })

  test('what each says reaches all others, once', async () => {
    await network.settle()
    const hearing = new Hearing(network.peers)
    for (const text of ['hello', 'hello again']) {
      for (const peer of network.peers) peer.publish(`${text} from ${peer.name}`)
      const said = chronicle.of('published')
      await until('all is heard', () => hearing.amiss(said).every(line => !line.includes('lacks')), 40_000)
    }
    expect(hearing.amiss(chronicle.of('published'))).toEqual([])
  })
})
