import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importsOf, lockFile } from '../support/house.ts'
import { Programs } from '../support/program.ts'
import { copyProject, npm, projectFiles, root } from '../support/project.ts'
import { started } from '../support/trial.ts'
import { freePorts, workplace, writeConfig } from '../support/workplace.ts'
import type { Command } from '../support/program.ts'
import type { NpmRun } from '../support/project.ts'

// The package, made of a fresh clone and installed in an empty project.

const place = workplace()
const files = projectFiles()
const clone = path.join(place.folder, 'clone')
/** What is in the package, unpacked. */
const unpacked = path.join(place.folder, 'package')
const project = path.join(place.folder, 'project')
let packing: NpmRun
let installation: NpmRun

beforeAll(async () => {
  copyProject(clone, files)
  symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'))
  mkdirSync(project)
  packing = await npm(`npm pack --pack-destination ${place.folder}`, clone)
  const file = readdirSync(place.folder).find(name => name.endsWith('.tgz')) ?? 'nothing.tgz'
  execFileSync('tar', ['-xzf', file], { cwd: place.folder })
  writeFileSync(path.join(project, 'package.json'), '{ "private": true, "type": "module" }')
  installation = await npm(`npm install --prefer-offline --no-audit --no-fund ../${file}`, project)
  if (installation.offline) console.warn('the installed package NOT tried: no registry answers, and the cache is cold')
}, 240_000)
afterAll(() => place[Symbol.dispose]())

interface Manifest {
  readonly private: boolean
  readonly dependencies: Record<string, string>
  readonly devDependencies: Record<string, string>
}
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest

/** What the package has, relative to it. */
function packed(): string[] {
  return readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(unpacked, path.join(entry.parentPath, entry.name)))
}

const text = (file: string): string => readFileSync(path.join(unpacked, file), 'utf8')

describe('the package', () => {
  test('has the compiled code, its types, the wire, the dashboard and the licences, and nothing else', () => {
    expect(packing.ok, packing.said).toBe(true)
    const code = files.flatMap(file => {
      const source = /^(?:src\/|(?=protocols\/))(.+)\.ts$/.exec(file)?.[1]
      return source === undefined ? [] : [`dist/${source}.js`, `dist/${source}.d.ts`]
    })
    const wire = files.filter(file => /^protocols\/(.+\/)?(README\.md|[^/]+\.proto|vectors\.json)$/.test(file))
    const pages = files.filter(file => /^src\/dashboard\/.+\.(html|css|svg)$/.test(file))
    const others = ['package.json', 'README.md', 'config.txt', 'LICENSE-APACHE', 'LICENSE-MIT']
    expect(packed().toSorted()).toEqual([...code, ...wire, ...pages, ...others].toSorted())
  })

  test('names no map of sources that it does not have', () => {
    expect(packed().filter(file => /\.(js|ts)$/.test(file) && text(file).includes('sourceMappingURL='))).toEqual([])
  })

  test('imports its dependencies, all of them and nothing else', () => {
    const imported = packed()
      .filter(file => /\.(js|ts)$/.test(file))
      .flatMap(file => importsOf({ path: file, text: text(file) }))
      // Some are served to browsers, which import them by their address.
      .flatMap(target => /^package:(?:\/vendor\/(?=[\w-]+\.js))?((?:@[^/]+\/)?[^/.]+)/.exec(target)?.[1] ?? [])
    expect([...new Set(imported)].toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted())
  })

  test('cannot be published by mistake, and the lock file knows it as it is', () => {
    expect(manifest.private).toBe(true)
    const { private: _, ...locked } = manifest
    expect(locked).toMatchObject(lockFile().packages[''] ?? {})
  })
})

describe('the installed package', () => {
  beforeEach(({ skip }) => {
    if (installation.offline) skip('no registry answers')
    if (!installation.ok) throw new Error(installation.said)
  })

  /** Runs an ES module in the project to its end. */
  const module = async (code: string): Promise<Command> => {
    const programs = new Programs()
    writeFileSync(path.join(project, 'module.mjs'), code)
    const command = programs.run('node module.mjs', project)
    await command.exited
    return command
  }

  test('brings no tools of ours with it', () => {
    const locked = lockFile().packages
    const tools = Object.keys(manifest.devDependencies).filter(name => locked[`node_modules/${name}`]?.dev === true)
    expect(tools).toContain('typescript')
    expect(tools.filter(name => existsSync(path.join(project, 'node_modules', name)))).toEqual([])
  })

  test('is a library that runs a network', async () => {
    const { lines, errors, exited } = await module(`
      import * as hubcast from 'hubcast'
      const network = await hubcast.createTestNetwork({ seeds: 2, peers: ['ada', 'bob', 'cyd'] })
      await network.settle()
      const [ada, ...others] = network.peers
      const heard = others.map(peer => new Promise(resolve => {
        peer.addEventListener('message', ({ detail }) => resolve(detail.origin + ' to ' + peer.name + ': ' + detail.text))
      }))
      ada.publish('hello')
      for (const line of await Promise.all(heard)) console.log(line)
      await network.stop()
      console.log(Object.keys(hubcast).length)`)
    expect(await exited, errors.join('\n')).toEqual({ code: 0, signal: null })
    expect(lines.slice(0, 2).toSorted()).toEqual(['ada to bob: hello', 'ada to cyd: hello'])
    expect(Number(lines[2])).toBeLessThanOrEqual(12)
  })

  test('has types for all that it exports', async () => {
    writeFileSync(path.join(project, 'all.ts'), usesEverything)
    const named = [...text('dist/index.d.ts').matchAll(/^export (?:type )?\{ (.+) \}/gm)].flatMap(([, names = '']) =>
      names.split(', ')
    )
    expect(named.length).toBeGreaterThan(8)
    for (const name of named) expect(usesEverything.split(name).length, `uses of ${name}`).toBeGreaterThan(2)
    const tsc = path.join(root, 'node_modules/.bin/tsc')
    const programs = new Programs()
    const options = '--ignoreConfig --noEmit --module nodenext --target es2023 --strict --skipLibCheck --types ""'
    const command = programs.run(`${tsc} ${options} all.ts`, project)
    expect((await command.exited).code, command.lines.join('\n')).toBe(0)
  })

  test('shows nothing but its entrance', async () => {
    const { errors } = await module("import 'hubcast/dist/node/host.js'")
    expect(errors.join('\n')).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })

  test('brings the programs, with a process for each seed', async () => {
    const programs = new Programs()
    try {
      const ports = await freePorts(3)
      const labels = writeConfig(project, ports)
      const help = programs.run('npx hubcast --help', project)
      await help.line(/^ {2}inspect /)
      const seed = programs.run('node_modules/.bin/hubcast seed', project)
      await started(seed, labels)
      expect(new Set(seed.lines.flatMap(line => / PID (\d+)/.exec(line)?.[1] ?? [])).size).toBe(3)
      const peer = programs.run('node_modules/.bin/hubcast peer --name ada', project)
      const address = /\/ip4\/127.*/.exec(await peer.line(/^ {2}\/ip4\/127/))?.[0]
      await peer.line(/registered with 2 of 3 seeds/)
      await programs.run(`node_modules/.bin/hubcast inspect ${address}`, project).line(/^Hubcast +a peer/)
      seed.signal('SIGTERM')
      expect((await seed.exited).code).toBe(0)
    } finally {
      await programs.end()
    }
  })
})

/** Every name of the library at least once behind the import; what must not compile shows that nothing is `any`. */
const usesEverything = `
import { createPeer, createSeed, createTestNetwork, NameTakenError } from 'hubcast'
import { gossip } from 'hubcast/gossip'
import type { Happening, Message, Peer, PeerOptions, Seed, SeedOptions, TestNetwork, TestNetworkOptions } from 'hubcast'

const seedOptions: SeedOptions = { listen: '/ip4/127.0.0.1/tcp/0', onEvent: ({ event }) => void event.length }
const seed: Seed = await createSeed(seedOptions)
const peerOptions: PeerOptions = { name: 'ada', seeds: [seed.line], gossip: { count: 1 }, liveness: {} }
const peer: Peer = await createPeer(peerOptions)
const last = (message: Message): string => message.origin + message.text + message.hops.toFixed()
peer.addEventListener('message', ({ detail }) => void last(detail))
const degreeOf = (happening: Happening): number => (happening.event === 'linked' ? happening.degree : 0)
peer.addEventListener('event', ({ detail }) => void degreeOf(detail))
peer.addEventListener('event', ({ detail }) => void (detail.event === 'linked' && detail.degree.toFixed()))
peer.neighbours().map(({ id, name }) => id + name)
peer.foreignNodes().map(({ agent, protocols }) => agent + protocols.join())
// @ts-expect-error a name is a text
const wrongName: number = peer.name
// @ts-expect-error a foreign node has an agent
peer.foreignNodes()[0].agnet
const options: TestNetworkOptions = { peers: ['bob'], onEvent: (role, node, { event }) => void (role + node + event) }
const network: TestNetwork = await createTestNetwork(options)
try {
  await network.addPeer('bob')
} catch (error) {
  if (error instanceof NameTakenError) error.message.trim()
}
await network.stop()
await peer.stop()
await seed.stop()
const service = gossip({ validate: ({ data }) => (data.byteLength > 9 ? 'accept' : 'ignore') })
const accepted: (gossip: ReturnType<typeof service>) => Promise<void> = gossip => gossip.publish(new Uint8Array(9))
void accepted
`
