import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Programs } from '../../support/program.ts'
import { freePorts, workplace, writeConfig } from '../../support/workplace.ts'
import type { AddressInfo } from 'node:net'
import type { NodeReply, SeedsReply } from '#src/http/contract.ts'
import type { Program } from '../../support/program.ts'

const place = workplace()
const programs = new Programs()
afterAll(async () => {
  await programs.end()
  place[Symbol.dispose]()
})

/** The address that a program prints for this node. */
async function addressOf(program: Program, who: string): Promise<URL> {
  const line = await program.line(new RegExp(`^(hubcast: )?${who} can be watched at http://`))
  return new URL(line.slice(line.indexOf('http://')))
}

const json = async <Reply>(at: URL, path: string): Promise<Reply> =>
  (await (await fetch(new URL(`/api/v1/${path}`, at))).json()) as Reply

describe.concurrent('--http', () => {
  test('gives each seed of a machine a port of its own, one after another', async () => {
    const folder = path.join(place.folder, 'seeds')
    mkdirSync(folder)
    const ports = await freePorts(6)
    const labels = writeConfig(folder, ports.slice(0, 3))
    const first = ports[3] ?? 0
    const seeds = programs.start('seed', ['--http', String(first)], folder)
    const addresses = await Promise.all(labels.map(async label => addressOf(seeds, `seed ${label}`)))
    expect(addresses.map(({ host }) => host)).toEqual([0, 1, 2].map(after => `127.0.0.1:${first + after}`))
    expect(new Set(addresses.map(({ hash }) => hash)).size, 'each has a token of its own').toBe(3)
    for (const [index, address] of addresses.entries()) {
      expect(await json<NodeReply>(address, 'node')).toMatchObject({ role: 'seed', name: labels[index] })
      expect((await json<SeedsReply>(address, 'seeds')).seeds.map(({ label }) => label)).toEqual(labels.toSorted())
    }
  })

  test('of a peer keeps its token where it is told to, and takes no port that is taken', async () => {
    const folder = path.join(place.folder, 'peer')
    mkdirSync(folder)
    writeConfig(folder, await freePorts(1))
    const flags = ['--name', 'ada', '--http', '0', '--http-token-file', 'token.txt', '--http-host', 'hub.example']
    const once1 = programs.start('peer', flags, folder)
    const { hash, port } = await addressOf(once1, 'peer ada')
    expect(readFileSync(path.join(folder, 'token.txt'), 'utf8')).toBe(`${hash.replace('#token=', '')}\n`)
    expect(statSync(path.join(folder, 'token.txt')).mode & 0o777).toBe(0o600)
    const again = programs.start('peer', [...flags, '--json'], folder)
    const second = await addressOf(again, 'peer ada')
    expect(second.hash).toBe(hash)
    for (const line of again.lines)
      expect(() => JSON.parse(line) as unknown, 'it stands beside the events').not.toThrow()
    const late = programs.start('peer', ['--name', 'bob', '--http', port], folder)
    expect((await late.exited).code).toBe(5)
    expect(late.errors.join('\n')).toContain(`port ${port}: in use by another program`)
    writeFileSync(path.join(folder, 'short.txt'), 'guess\n')
    const weak = programs.start('peer', ['--name', 'cyd', '--http', '0', '--http-token-file', 'short.txt'], folder)
    expect((await weak.exited).code).toBe(3)
    const wrong = programs.start('peer', ['--http', 'example.org:80'], folder)
    expect((await wrong.exited).code).toBe(2)
  })

  test('is not served unless it is asked for, and of a swarm on the next port that is free', async () => {
    const folder = path.join(place.folder, 'swarm')
    mkdirSync(folder)
    writeConfig(folder, [1])
    const quick = ['--peers', '2', '--for', '1s', '--count', '0', '--kill', '0']
    for (const flags of [['--no-http'], ['--quiet']]) {
      const silent = programs.start('swarm', [...quick, ...flags], folder)
      expect((await silent.exited).code).toBe(0)
      expect([...silent.lines, ...silent.errors].join('\n')).not.toContain('http://')
    }
    const taken = createServer().listen(8080, '127.0.0.1')
    // Somebody else may have it already: that will do.
    await Promise.race([once(taken, 'listening'), once(taken, 'error')]).catch(() => {})
    const swarm = programs.start('swarm', quick, folder)
    const line = await swarm.line(/dashboard +http:/)
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(line)?.[1])
    expect(port).toBeGreaterThan(8080)
    expect((taken.address() as AddressInfo | null)?.port ?? 8080).toBe(8080)
    expect((await swarm.exited).code).toBe(0)
    taken.close()
  })
})
