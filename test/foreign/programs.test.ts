import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TestNetwork } from '../support/network.ts'
import { Programs } from '../support/program.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace } from '../support/workplace.ts'
import { startPlainNode, versions } from './plain-nodes.ts'
import type { Program } from '../support/program.ts'
import type { PlainNode } from './plain-nodes.ts'

// What somebody at a terminal sees of foreign nodes.

describe('programs and foreign nodes', () => {
  let network: TestNetwork
  let place: ReturnType<typeof workplace>
  let programs: Programs
  const nodes: PlainNode[] = []

  beforeAll(async () => {
    network = await TestNetwork.start(1)
    await network.startPeers(['ada'])
  })
  beforeEach(() => {
    place = workplace()
    programs = new Programs()
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })
  afterAll(async () => {
    await Promise.all(nodes.map(async node => node.stop()))
    await network[Symbol.asyncDispose]()
  })

  const start = async (...options: Parameters<typeof startPlainNode>): Promise<PlainNode> => {
    const node = await startPlainNode(...options)
    nodes.push(node)
    return node
  }
  const inspect = async (...args: string[]): Promise<{ code: number | null; out: string[]; errors: string[] }> => {
    const program = programs.start('cli', ['inspect', ...args], place.folder)
    const { code } = await program.exited
    return { code, out: program.lines, errors: program.errors }
  }
  const latency = expect.stringMatching(
    /^latency +(under 1|\d+) ms \(of 5 pings, (under 1|\d+) ms to (under 1|\d+) ms\)$/
  ) as string

  for (const { version, usable, title } of versions) {
    test.skipIf(!usable)(`inspect shows ${title}, as text and as JSON`, async () => {
      const plain = await start(version, { port: 0 })
      const [text, json] = await Promise.all([
        inspect(plain.address),
        inspect('--json', `${plain.address}/p2p/${plain.id}`)
      ])
      expect([text.code, text.errors, json.code, json.errors]).toEqual([0, [], 0, []])
      expect(text.out).toEqual(
        expect.arrayContaining([
          `identity   ${plain.id}`,
          'key        Ed25519',
          expect.stringMatching(new RegExp(`^agent +(js-)?libp2p/${version}\\.`)) as string,
          expect.stringMatching(new RegExp(`^addresses +${plain.address}`)) as string,
          'protocols  /ipfs/id/1.0.0',
          '           /ipfs/ping/1.0.0',
          'Hubcast    a foreign node',
          latency
        ])
      )
      expect(json.out.map(line => JSON.parse(line) as unknown)).toEqual([
        {
          id: plain.id,
          keyType: 'Ed25519',
          identity: {
            agent: expect.stringContaining(`libp2p/${version}.`) as string,
            protocolVersion: 'ipfs/0.1.0',
            protocols: expect.arrayContaining(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0']) as string[],
            addresses: [expect.stringContaining(plain.address)] as string[]
          },
          latenciesMs: Array.from({ length: 5 }, () => expect.any(Number) as number)
        }
      ])
      await until('it has hung up', () => plain.connections === 0, 5_000)
    })
  }

  test('inspect says of our own what they are', async () => {
    const [seed, peer] = [network.seeds[0]?.node.addresses[0] ?? '', network.peers[0]?.node.addresses[0] ?? '']
    for (const [address, role] of [
      [seed, 'a seed'],
      [peer, 'a peer']
    ] as const) {
      const { code, out, errors } = await inspect(address)
      expect([code, errors]).toEqual([0, []])
      expect(out).toEqual(expect.arrayContaining(['agent      hubcast/0.1.0', `Hubcast    ${role}`, latency]))
    }
    expect(network.seeds[0]?.node.peers.length).toBe(1)
  })

  test('inspect says what a node keeps to itself', async () => {
    const { address } = await start(3, { port: 0, without: 'identify' })
    const { code, out } = await inspect(address)
    expect([code, ...out.slice(2)]).toEqual([0, 'identify   it does not answer', latency])
  })

  test('inspect says why it failed, and ends with 1 for a failure and with 2 for what is no address', async () => {
    const [plain, other] = [await start(3, { port: 0 }), await start(3, { port: 0 })]
    const wrong = `${plain.address}/p2p/${other.id}`
    const nobody = `/ip4/127.0.0.1/tcp/${(await freePorts(1))[0]}`
    const noAddress = 'write one such as /ip4/192.0.2.7/tcp/4001 or /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW…'
    const cases = [
      [
        wrong,
        1,
        `cannot connect to ${wrong}: another node answers there, ${plain.id}: if that is the one you mean, correct the end of the address`
      ],
      [nobody, 1, `cannot connect to ${nobody}: nobody listens there (connection refused)`],
      ['nonsense', 2, `"nonsense" is no multiaddr: ${noAddress}`],
      [`${nobody}/p2p/abc`, 2, `"${nobody}/p2p/abc" is no multiaddr: ${noAddress}`]
    ] as const
    const ends = await Promise.all(cases.map(async ([address]) => inspect(address)))
    expect(ends).toEqual(cases.map(([, code, text]) => ({ code, out: [], errors: [`hubcast: ${text}`] })))
    expect((await inspect()).code).toBe(2)
  })

  const peer = (...args: string[]): Program => {
    writeFileSync(path.join(place.folder, 'config.txt'), `${network.seeds[0]?.name}\n`)
    return programs.start('peer', ['--name', 'bob', '--count', '0', '--ping-interval', '500ms', ...args], place.folder)
  }

  test('peer.js --connect shows who is there, who goes, and whom it cannot reach', async () => {
    const [plain, stays] = [await start(3, { port: 0 }), await start(3, { port: 0 })]
    const nobody = `/ip4/127.0.0.1/tcp/${(await freePorts(1))[0]}`
    const bob = peer(
      ...[plain.address, `${stays.address}/p2p/${stays.id}`, nobody].flatMap(each => ['--connect', each])
    )
    await bob.line(new RegExp(`connected to ${plain.address} \\(${plain.id}\\)`))
    await bob.line(new RegExp(`foreign node ${plain.id} \\(js-libp2p/3\\..*\\) connected, ${plain.address}`))
    await bob.line(new RegExp(`foreign node ${stays.id} \\(.*\\) connected`))
    await bob.line(new RegExp(`^hubcast: cannot connect to ${nobody}: nobody listens there`))
    await plain.stop()
    await bob.line(new RegExp(`foreign node ${plain.id} \\(.*\\) disconnected`))
    const since = stays.streams.length
    await until('the other one is pinged on', () => stays.streams.length > since + 1, 10_000)
    bob.signal('SIGTERM')
    expect(await bob.exited).toEqual({ code: 0, signal: null })
    await until('it has said good-bye', () => stays.connections === 0, 5_000)
    const log = linesOf(place.folder, 'output.txt').filter(line =>
      line.includes(`[peer bob] foreign node ${plain.id} `)
    )
    expect(log.map(line => line.split(') ')[1]?.split(',')[0])).toEqual(['connected', 'disconnected'])
  })

  test.each(['nonsense', '/ip4/127.0.0.1/tcp/4001/p2p/abc'])(
    'peer.js --connect %s ends before anything starts',
    async address => {
      const bob = peer('--connect', '/ip4/127.0.0.1/tcp/4001', '--connect', address)
      expect(await bob.exited).toEqual({ code: 2, signal: null })
      expect(bob.lines).toEqual([])
      expect(bob.errors).toEqual([expect.stringMatching(`^hubcast: "${address}" is no multiaddr: write one such as `)])
      expect(linesOf(place.folder, 'output.txt')).toEqual([])
    }
  )
})
