import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestNetwork } from '#src/index.ts'
import { Chronicle } from '../support/chronicle.ts'
import { Hearing } from '../support/hearing.ts'
import { distancesFrom } from '../support/links.ts'
import { named } from '../support/named.ts'
import { until } from '../support/until.ts'
import type { Peer, TestNetwork } from '#src/index.ts'

describe.concurrent('what somebody says', { timeout: 120_000 }, () => {
  const chronicle = new Chronicle()
  let network: TestNetwork
  let hearing: Hearing

  beforeAll(async () => {
    network = await createTestNetwork({ peers: 9, onEvent: chronicle.onEvent })
    await network.settle()
    hearing = new Hearing(network.peers)
  }, 120_000)
  afterAll(async () => network.stop())

  /** One for each test, which says nothing else. */
  const speaker = (number: number): Peer => named(network.peers, `peer-${number}`)
  const say = async (by: Peer, text: string): Promise<ReturnType<Hearing['of']>> => {
    by.publish(text)
    return until('all others hear it', () => hearing.everywhere(text, by) && hearing.of(text), 20_000)
  }

  test('bears its name, has crossed as many links as it must at least, and some time is gone', async () => {
    const ada = speaker(1)
    const distances = distancesFrom(ada, network.peers)
    const heard = await say(ada, 'how far?')
    for (const { by, message } of heard) {
      expect(message).toMatchObject({ origin: ada.name, originId: ada.id, number: 1 })
      expect(message.hops).toBeGreaterThanOrEqual(distances.get(by.name) ?? Infinity)
      expect(message.hops).toBeLessThan(network.peers.length)
      expect(message.ageMs).toBeGreaterThanOrEqual(0)
      expect(message.ageMs).toBeLessThan(20_000)
    }
    const hops = new Set(heard.map(({ message }) => message.hops))
    expect([hops.has(1), hops.size > 1], 'neighbours and others').toEqual([true, true])
  })

  test('may have 64 KiB of UTF-8; more or nothing is refused and takes no number', async () => {
    const bob = speaker(2)
    const most = 'ä'.repeat(32 * 1024)
    expect(() => bob.publish(`${most}.`)).toThrow(RangeError)
    expect(() => bob.publish('')).toThrow(RangeError)
    const [first] = await say(bob, most)
    expect(first?.message.number).toBe(1)
  })

  test('keeps its control characters, line ends and marks of direction', async () => {
    const heard = await say(speaker(3), '\u001B[31mred\u0007\n\r\n\u0000\u2028\u202E\u009B "\\')
    expect(heard.length).toBe(8)
  })

  test('arrives once at each other peer, however much is said at once', async () => {
    for (let round = 0; round < 20; round++) {
      for (const number of [4, 5, 6, 7, 8, 9]) speaker(number).publish(`${number}: ${round}`)
    }
    // Whatever comes too much is on its way before this, over the same links.
    await say(speaker(4), 'the end')
    const lacking = (): boolean => hearing.amiss(chronicle.of('published')).some(line => line.includes('lacks'))
    await until('all is heard', () => !lacking(), 20_000)
    expect(chronicle.of('published').length).toBeGreaterThanOrEqual(121)
    expect(hearing.amiss(chronicle.of('published'))).toEqual([])
  })
})

/** Whether the first saying came a start delay after the start, and each other one an interval later. */
function expectInTime(chronicle: Chronicle, node: string, startDelayMs: number, intervalMs: number): void {
  const times = chronicle
    .of('published', { node })
    .map(({ at }) => at - (chronicle.of('started', { node })[0]?.at ?? 0))
  // Timers are late on a busy machine, and so is what tells of them, but they are never early.
  expect(times[0]).toBeGreaterThanOrEqual(startDelayMs - 1)
  for (let at = 1; at < 4; at++)
    expect((times[at] ?? 0) - (times[at - 1] ?? 0)).toBeGreaterThanOrEqual(intervalMs - 150)
  expect(times[3]).toBeLessThan(startDelayMs + 3 * intervalMs + 3_000)
}

describe.concurrent('what peers say by themselves', { timeout: 120_000 }, () => {
  test('begins after the start delay, comes at the interval, counts from 1 to N, and reaches all others once', async () => {
    const [names, intervalMs] = [['ada', 'bob', 'cyd', 'dan'], 700]
    const chronicled = async (startDelayMs: number): Promise<Chronicle | undefined> => {
      const chronicle = new Chronicle()
      const peerOptions = { gossip: { count: 4, startDelayMs, intervalMs } }
      await using network = await createTestNetwork({ peers: names, peerOptions, onEvent: chronicle.onEvent })
      await network.settle()
      const said = (): ReturnType<typeof chronicle.of<'published'>> => chronicle.of('published')
      if (said().length > 0) return undefined
      const hearing = new Hearing(network.peers)
      await until('all is said', () => said().length >= 4 * names.length, startDelayMs + 20_000)
      network.peers[0]?.publish('by the way')
      await until('all is heard', () => hearing.amiss(said()).every(line => !line.includes('lacks')), 10_000)
      expect(hearing.amiss(said())).toEqual([])
      for (const node of names) expectInTime(chronicle, node, startDelayMs, intervalMs)
      return chronicle
    }
    // What is said while links still move may miss somebody: on a busy machine, then, once more with more time.
    const chronicle = (await chronicled(10_000)) ?? (await chronicled(30_000))
    for (const node of names) {
      expect(chronicle?.of('published', { node }).slice(0, 4)).toMatchObject(
        [1, 2, 3, 4].map(number => ({ number, text: `${node} says hello, ${number} of 4` }))
      )
    }
  })

  test('shares its numbers with what is typed, and counts its own sayings alone', async () => {
    const gossip = { count: 3, startDelayMs: 500, intervalMs: 500 }
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({
      peers: ['ada'],
      peerOptions: { gossip },
      onEvent: chronicle.onEvent
    })
    const [ada] = network.peers
    const said = (): ReturnType<typeof chronicle.of<'published'>> => chronicle.of('published')
    for (const own of [1, 2, 3]) {
      await until(`saying ${own}`, () => said().some(({ text }) => text.includes(`${own} of 3`)), 10_000)
      ada?.publish('typed')
    }
    expect(said().map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6])
    const texts = said().map(({ text }) => text)
    expect(texts.filter(text => text !== 'typed')).toEqual([1, 2, 3].map(own => `ada says hello, ${own} of 3`))
    expect(texts.at(-1)).toBe('typed')
  })

  test('waits for nobody, and what a lonely peer has said is heard when somebody comes', async () => {
    const gossip = { count: 2, startDelayMs: 500, intervalMs: 500 }
    const chronicle = new Chronicle()
    await using network = await createTestNetwork({
      peers: ['ada'],
      peerOptions: { gossip },
      onEvent: chronicle.onEvent
    })
    await until(
      'ada has said all',
      () => chronicle.of('published', { node: 'ada', neighbours: 0 }).length === 2,
      10_000
    )
    await network.addPeer('bob')
    const heard = (node: string): number[] => chronicle.of('received', { node }).map(({ number }) => number)
    await until('each has heard the other', () => heard('ada').length >= 2 && heard('bob').length >= 2, 20_000)
    expect(
      chronicle
        .of('received')
        .map(({ node, origin, number }) => `${node}: ${origin}#${number}`)
        .toSorted()
    ).toEqual(['ada: bob#1', 'ada: bob#2', 'bob: ada#1', 'bob: ada#2'])
    const [begin, first] = [chronicle.of('started', { node: 'bob' })[0], chronicle.of('published', { node: 'bob' })[0]]
    expect((first?.at ?? 0) - (begin?.at ?? Infinity), 'from its own start').toBeGreaterThanOrEqual(499)
  })
})
