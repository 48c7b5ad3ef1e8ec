import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDelivery } from '../support/logs.ts'
import { copyProject, npm, projectFiles, root } from '../support/project.ts'
import { blocksOf, Told } from '../support/readme.ts'
import { started, Trial } from '../support/trial.ts'
import { until } from '../support/until.ts'
import { linesOf, workplace } from '../support/workplace.ts'
import type { Command } from '../support/program.ts'
import type { NpmRun } from '../support/project.ts'

// Every command that README.md tells people to run, run as it stands there, in a fresh clone. The last test finds those that no
// other one has run.

const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const told = new Told(readme)

const place = workplace()
const clone = path.join(place.folder, 'clone')
const files = projectFiles()
let installation: NpmRun
beforeAll(async () => {
  copyProject(clone, files)
  installation = await npm('npm install', clone)
  // Without a registry the other commands can still be tried.
  if (installation.offline) {
    symlinkSync(path.join(root, 'node_modules'), path.join(clone, 'node_modules'))
    cpSync(path.join(root, 'dist'), path.join(clone, 'dist'), { recursive: true })
  }
}, 240_000)
afterAll(() => place[Symbol.dispose]())

/** What a command says until it ends well. */
async function said(command: Command): Promise<string> {
  expect((await command.exited).code, command.errors.join('\n')).toBe(0)
  return command.lines.join('\n')
}

function pidOf(peer: Command): number {
  return Number(/PID (\d+)/.exec(peer.lines.join('\n'))?.[1])
}

const notTried = (what: string): void => console.warn(`${what} NOT tried: no registry answers, and the cache is cold`)

describe('README.md', () => {
  test('npm install brings the dependencies and compiles', ({ skip }) => {
    told.attempt('npm install')
    if (installation.offline) {
      notTried('npm install')
      skip('no registry')
    }
    expect(installation.ok, installation.said).toBe(true)
    expect(existsSync(path.join(clone, 'dist/peer.js'))).toBe(true)
  })

  test('npm start shows a whole network, and Ctrl-C ends it with a summary', async () => {
    await using trial = await Trial.of(told, clone)
    const start = trial.run('npm start', '', clone)
    await start.line(/^ +[\d.]+ s {2}swarm +3 seeds and 12 peers in this process/, 60_000)
    await start.line(/^ +[\d.]+ s {2}registered +12 of 12 peers, each with 2 of 3 seeds/)
    start.signal('SIGINT')
    await start.line(/summary +\d+ of \d+ deliveries, 0 of them twice/)
    await start.exited
  })

  test('npm start -- takes what its --help lists', async () => {
    await using trial = await Trial.of(told, clone)
    const help = await said(trial.run('node dist/swarm.js --help'))
    for (const flag of ['--peers', '--kill', '--json']) expect(help).toContain(`  ${flag} `)
    expect(await said(trial.run('npm start -- --help', '', clone))).toContain(help)
    const story = await said(trial.run('npm start --', '--peers 4 --kill 0 --count 0 --for 1s', clone))
    expect(story).toMatch(/registered +4 of 4 peers[^]*summary +0 of 0 deliveries/)
  })

  test('the other --help list what the tables in README.md do', async () => {
    await using trial = await Trial.of(told, clone)
    for (const program of ['seed', 'peer']) {
      const help = await said(trial.run(`node dist/${program}.js --help`))
      const table = new RegExp(`^\\| ${program} .*\n(\\|.*\n)*`, 'm').exec(readme)?.[0] ?? ''
      const listed = [...table.matchAll(/--[a-z][a-z-]*(?=[ `])/g)].map(([flag]) => flag)
      expect(new Set(listed)).toEqual(new Set([...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, flag]) => flag)))
    }
    expect(await said(trial.run('node dist/simulate.js --help'))).toMatch(
      /^ {2}overlay [^]*^ {2}gossip [^]*^ {2}report /m
    )
    const help = await said(trial.run('node dist/cli.js --help'))
    const table = /^\| command .*\n(\|.*\n)*/m.exec(readme)?.[0] ?? ''
    const commands = [...table.matchAll(/^\| `([a-z]+)` /gm)].map(([, name]) => name)
    const listed = [...help.replace(/Examples:[^]*/, '').matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)
    expect(new Set(listed)).toEqual(new Set([...commands, 'help']))
    expect(await said(trial.run('node dist/cli.js completion bash'))).toMatch(/^complete .* hubcast$/m)
  })

  test('seeds and peers by hand: names, what is typed, Ctrl-C', async () => {
    await using trial = await Trial.of(told, clone)
    await started(trial.run('node dist/seed.js'), trial.labels)
    const ada = trial.run('node dist/peer.js')
    const bob = trial.beside('node dist/peer.js')
    ada.type('ada')
    await ada.line(/peer ada: registered with 2 of 3 seeds/)
    bob.type('ada')
    await bob.line(/name ada is taken/)
    bob.type('bob')
    await ada.line(/peer ada: linked bob/)
    await bob.line(/peer bob: linked ada/)
    bob.type('what bob types')
    await ada.line(/received bob#1 "what bob types"/)
    bob.signal('SIGINT')
    expect(await bob.exited).toEqual({ code: 0, signal: null })
    await ada.line(/peer ada: unlinked bob \(leaving\)/)
    await until('the seeds have heard of it', () => trial.allSeeds('left bob'), 5_000)
    expect(linesOf(trial.folder, 'ML.txt').map(readDelivery)).toMatchObject([{ receiver: 'ada', origin: 'bob' }])
  })

  test('seeds and peers serve what is to be seen of them', async () => {
    await using trial = await Trial.of(told, clone)
    const seeds = trial.run('node dist/seed.js --http 8080')
    await started(seeds, trial.labels)
    const peers = [trial.run('node dist/peer.js --http 8090'), trial.beside('node dist/peer.js --name bob')]
    peers[0]?.type('ada')
    for (const peer of peers) await peer.line(/: linked /)
    const ports = [...seeds.lines, ...(peers[0]?.lines ?? [])].flatMap(line => /:(\d+)\/#token=/.exec(line)?.[1] ?? [])
    expect(ports.length).toBe(4)
    const table =
      /^\| ask for .*\n(\|.*\n)*/m
        .exec(readme)?.[0]
        .split('\n')
        .filter(row => !row.includes('POST')) ?? []
    const paths = [...table.join('\n').matchAll(/`(\/[a-z]+|\/api\/v1\/[a-z.]+)`/g)].map(([, at = '']) => at)
    expect(paths).toContain('/metrics')
    for (const port of ports) {
      for (const at of paths.filter(each => each !== '/api/v1/events')) {
        const served = [at, `/api/v1${at}`].map(async each => (await fetch(`http://127.0.0.1:${port}${each}`)).status)
        expect(await Promise.all(served), at).toContain(200)
      }
    }
  })

  test('status, peers, events and publish ask a running node', async () => {
    await using trial = await Trial.of(told, clone)
    await trial.network(['bob'])
    const ada = trial.beside(`node dist/peer.js --name ada --count 0 --http ${trial.ports.http}`)
    const [, token = ''] = /#token=(.*)/.exec(await ada.line(/#token=/)) ?? []
    await ada.line(/linked bob/)
    expect(await said(trial.run('node dist/cli.js status --http 8080'))).toMatch(/^ready +yes$/m)
    expect(await said(trial.run('node dist/cli.js peers --http 8080'))).toMatch(/^bob +alive /m)
    const events = trial.run('node dist/cli.js events -f --http 8080')
    await events.line(/peer ada: linked bob/)
    await said(trial.run("node dist/cli.js publish 'hello everybody' --http 8080", `--token ${token}`))
    await events.line(/published #1 "hello everybody"/)
  })

  test('a log that is renamed, and SIGHUP', async () => {
    await using trial = await Trial.of(told, clone)
    await trial.network([])
    const ada = trial.beside('node dist/peer.js --name ada --count 0')
    trial.pid = Number(/PID (\d+)/.exec(await ada.line(/PID/))?.[1])
    await ada.line(/registered/)
    await said(trial.run('mv output.txt output.txt.1'))
    await said(trial.run('kill -HUP PID'))
    await until('there is a new log', () => existsSync(path.join(trial.folder, 'output.txt')), 5_000)
    ada.signal('SIGINT')
    await ada.exited
    expect(trial.deeds()).toContain('ada stopped')
  })

  test('--only starts one seed, and config.txt may name its identity', async () => {
    await using trial = await Trial.of(told, clone)
    const [first = '', second = '', third = ''] = trial.labels
    const seed = trial.run('node dist/seed.js --only 192.0.2.7:5002')
    await started(seed, [first])
    const id = /\/p2p\/12D3KooW\w+$/.exec(await seed.line(/^ {2}\//))?.[0] ?? ''
    for (const label of [second, third]) await started(trial.beside(`node dist/seed.js --only ${label}`), [label])
    expect(seed.lines.filter(line => / started,| elsewhere/.test(line)).length).toBe(1)
    // Whoever answers at the third address is not the one that the line names: two are left to register with.
    const stranger = '/p2p/12D3KooWGned7pWTGkopfBVNks65tVjvwQZS4Y2Z27r9WmMPArrs'
    writeFileSync(path.join(trial.folder, 'config.txt'), [first + id, second, third + stranger].join('\n'))
    const registered = await trial.beside('node dist/peer.js --name ada').line(/registered with 2 of 3 seeds/, 40_000)
    expect(new Set(registered.split(/[ ,]+/).slice(-2))).toEqual(new Set([first, second]))
  })

  test('config.pinned.txt is what --require-pins wants', async () => {
    await using trial = await Trial.of(told, clone)
    await trial.network([])
    const lines = (): string[] => linesOf(trial.folder, 'config.pinned.txt').filter(line => !line.startsWith('#'))
    await until('it is complete', () => lines().length === 3 && lines().every(line => line.includes('/p2p/')), 20_000)
    const peer = trial.run('node dist/peer.js --config config.pinned.txt --require-pins')
    peer.type('ada')
    await peer.line(/peer ada: registered with 2 of 3 seeds/)
  })

  test('--listen takes a fixed port', async () => {
    await using trial = await Trial.of(told, clone)
    await trial.network([])
    const peer = trial.run('node dist/peer.js --listen /ip4/0.0.0.0/tcp/4001', '--name ada')
    await peer.line(new RegExp(`^ {2}/ip4/127.0.0.1/tcp/${trial.ports.listen}/p2p/`))
    await peer.line(/registered with 2 of 3 seeds/)
  })

  test('--connect, inspect and ping meet any libp2p node', async () => {
    await using trial = await Trial.of(told, clone)
    await trial.network(['bob'])
    const foreign = await createLibp2p({
      addresses: { listen: [`/ip4/127.0.0.1/tcp/${trial.ports.foreign}`] },
      nodeInfo: { userAgent: 'somebody-else/1.0' },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { identify: identify(), ping: ping() }
    })
    try {
      const peer = trial.run('node dist/peer.js --connect /ip4/192.0.2.10/tcp/4001', '--name ada')
      await peer.line(new RegExp(`foreign node ${foreign.peerId.toString()} \\(somebody-else/1.0\\) connected`))
      await peer.line(/linked bob/)
      const found = await said(trial.run('node dist/cli.js inspect /ip4/192.0.2.10/tcp/4001'))
      expect(found).toMatch(/agent +somebody-else\/1\.0/)
      expect(found).toContain(`/ip4/127.0.0.1/tcp/${trial.ports.foreign}`)
      expect(found).toMatch(/protocols +\/ipfs\/id\/1\.0\.0/)
      expect(found).toMatch(/latency +(under )?\d+ ms/)
      const pinged = await said(trial.run('node dist/cli.js ping /ip4/192.0.2.10/tcp/4001', '-i 100ms'))
      expect(pinged).toContain('5 pings, 5 answered, 0 % lost')
    } finally {
      await foreign.stop()
    }
    const gone = (): boolean => trial.deeds().some(deed => /^ada foreign node .* disconnected$/.test(deed))
    await until('the peer knows that it has left', gone, 10_000)
    expect(trial.deeds().filter(deed => /reported|removed|linked (?!bob|ada)/.test(deed))).toEqual([])
  })

  test('a network in virtual time: a table, a plot, and the report', async () => {
    await using trial = await Trial.of(told, clone)
    const table = await said(trial.run('node dist/simulate.js overlay --peers 10000 --turnover 10', '--peers 500'))
    expect(table).toMatch(/^500 peers in virtual time, seed 1\n +grown +turned-over\npeers +500 +500\n/)
    expect(table).toMatch(/^largest component +100\.00 % +100\.00 %$/m)
    await said(trial.run('node dist/simulate.js overlay --crash 0.3 --plot degrees.svg'))
    expect(readFileSync(path.join(trial.folder, 'degrees.svg'), 'utf8')).toMatch(/^<svg [^]*<\/svg>\s*$/)
    const report = await said(trial.run('npm run simulate:report', '-- --peers-max 200', clone))
    expect(report).toMatch(/^200 peers, turned over 10 times, turned-over: ks +0\.00\d+ +at most 0\.015 *$/m)
    expect(report).toContain('all figures reached')
  })

  test('the gossip in virtual time beside its rivals, and in a benchmark of real nodes', async () => {
    await using trial = await Trial.of(told, clone)
    const crash = 'node dist/simulate.js gossip --peers 1000 --scenario crash'
    const table = await said(trial.run(crash, '--peers 60 --messages 40 --runs 2'))
    expect(table).toMatch(/^crash: 60 peers in virtual time, seeds 1 to 2: .*\n +hubcast +gossipsub +flood\n/)
    expect(table).toMatch(/^delivered +100\.000 %/m)
    // It takes ten minutes, and figures are no matter of tests.
    expect(await said(trial.run('npm run bench', '-- --help', clone))).toContain('--full')
  })

  test('npm run chaos lists what it does, and does one of it', async () => {
    await using trial = await Trial.of(told, clone)
    const help = await said(trial.run('npm run chaos -- seeds', '--help', clone))
    for (const word of ['--only', '--json', 'killed-peer:', 'full-disk:']) expect(help).toContain(word)
    told.attempt('npm run chaos')
    const row = await said(trial.beside('npm run --silent chaos -- seeds --only another-config --json', clone))
    expect(JSON.parse(row)).toMatchObject({ name: 'another-config', outcome: 'held' })
  })

  test('npm run format and npm run generate find nothing to change', async () => {
    await using trial = await Trial.of(told, clone)
    const copy = path.join(trial.folder, 'copy')
    copyProject(copy, files)
    symlinkSync(path.join(clone, 'node_modules'), path.join(copy, 'node_modules'))
    const before = new Map(files.map(file => [file, readFileSync(path.join(copy, file), 'utf8')]))
    await said(trial.run('npm run format', '', copy))
    await said(trial.run('npm run generate', '', copy))
    expect(files.filter(file => readFileSync(path.join(copy, file), 'utf8') !== before.get(file))).toEqual([])
  })

  test('npm test, npm run lint and npm run test:real are run by .ci/run, and count', () => {
    const lines = readFileSync(path.join(root, '.ci/run'), 'utf8').replaceAll('--silent ', '').split('\n')
    for (const check of ['npm test', 'npm run lint', 'npm run test:real']) {
      told.attempt(check)
      const line = lines.find(each => each === check || each.startsWith(`${check} `))
      expect(line, `${check} in .ci/run`).toMatch(/\|\| failed=1$/)
    }
  })
})

// Side by side: they mostly wait.
describe.concurrent('README.md, what takes longer', () => {
  test('kill -9: three failed pings, a report, and every seed removes the peer', async () => {
    await using trial = await Trial.of(told, clone)
    const args = '--ping-interval 500ms'
    const { ada, bob, cyd } = await trial.network(['ada', 'bob', 'cyd'], args, { DEBUG: 'hubcast:seed' })
    const peers = [ada, bob, cyd]
    for (const peer of [ada, bob]) await peer.line(/: linked cyd/)
    // Reports count between neighbours that both have named each other to their seeds. Of a link that broke before, only the lease tells.
    const before = new Map(peers.map(peer => [peer, peer.errors.length]))
    const renewedAt = (peer: Command): Set<string> =>
      new Set(peer.errors.slice(before.get(peer)).flatMap(line => /renew at (\S+): registered/.exec(line)?.[1] ?? []))
    await until('each has renewed at both of its seeds', () => peers.every(peer => renewedAt(peer).size >= 2), 60_000)
    trial.pid = pidOf(cyd)
    await said(trial.run('kill -9 PID'))
    expect((await cyd.exited).signal).toBe('SIGKILL')
    await until('every seed has removed it', () => trial.allSeeds('removed cyd (dead)'), 40_000)
    const deeds = trial.deeds()
    const reporters = ['ada', 'bob'].filter(name => deeds.includes(`${name} reported cyd dead`))
    expect(reporters).not.toEqual([])
    for (const name of reporters) {
      const pings = [1, 2, 3].map(count => `${name} ping cyd failed ${count} of 3`)
      const steps = deeds.filter(deed => deed.startsWith(`${name} ping`) || deed.startsWith(`${name} reported`))
      expect(steps).toEqual([...pings, `${name} reported cyd dead`])
    }
    expect(deeds.filter(deed => / removed (?!cyd)/.test(deed))).toEqual([])
  })

  test('kill -STOP: the peer falls silent, and is not called dead if kill -CONT wakes it in time', async () => {
    await using trial = await Trial.of(told, clone)
    const { ada, cyd } = await trial.network(['ada', 'bob', 'cyd'], '--ping-interval 500ms')
    await ada.line(/: linked cyd/)
    ada.type('hello cyd')
    await cyd.line(/received ada#1 "hello cyd"/)
    trial.pid = pidOf(cyd)
    await said(trial.run('kill -STOP PID'))
    ada.type('do you hear me')
    await ada.line(/ping cyd failed 1 of 3/, 40_000)
    expect(cyd.lines.join('\n')).not.toContain('do you hear me')
    await said(trial.run('kill -CONT PID'))
    await cyd.line(/received ada#2 "do you hear me"/)
    cyd.type('I do')
    await ada.line(/received cyd#1 "I do"/)
    expect(trial.deeds().filter(deed => /reported|removed/.test(deed))).toEqual([])
  })

  test('the package brings the command and the library', { timeout: 240_000 }, async ({ skip }) => {
    await using trial = await Trial.of(told, clone)
    await said(trial.run('npm pack', '', clone))
    const file = readdirSync(clone).find(name => name.endsWith('.tgz')) ?? ''
    const project = path.join(trial.folder, 'project')
    mkdirSync(project)
    writeFileSync(path.join(project, 'package.json'), '{}')
    copyFileSync(path.join(trial.folder, 'config.txt'), path.join(project, 'config.txt'))
    const installed = await npm(`npm install ${path.join(clone, file)}`, project)
    const blocks = blocksOf(readme)
    if (installed.offline) {
      const commands = [
        'hubcast',
        'hubcast seed',
        'hubcast peer',
        'hubcast swarm',
        'hubcast inspect',
        'hubcast simulate'
      ]
      for (const each of [...commands, ...blocks]) told.attempt(each)
      notTried('hubcast')
      skip('no registry')
    }
    expect(installed.ok, installed.said).toBe(true)

    const bare = trial.run('hubcast', '', project)
    await bare.exited
    expect([...bare.lines, ...bare.errors].join('\n')).toMatch(/swarm[^]*seed[^]*peer[^]*inspect/)
    await started(trial.run('hubcast seed', '', project), trial.labels)
    await trial.run('hubcast peer', '--name ada', project).line(/registered with 2 of 3 seeds/)
    const seed = `/ip4/127.0.0.1/tcp/${trial.ports.seeds[0]}`
    expect(await said(trial.run('hubcast inspect', seed, project))).toMatch(/Hubcast +a seed/)
    expect(await said(trial.run('hubcast simulate', 'overlay --peers 20', project))).toContain(
      '20 peers in virtual time'
    )
    const swarm = trial.run('hubcast swarm', '', project)
    await swarm.line(/registered +12 of 12 peers/)
    swarm.signal('SIGINT')
    expect(await said(swarm)).toMatch(/summary/)

    for (const block of blocks) {
      told.attempt(block)
      writeFileSync(path.join(project, 'block.mjs'), trial.inFact(block))
      const library = trial.beside('node block.mjs', project)
      expect(await library.exited, 'it ends by itself').toEqual({ code: 0, signal: null })
      expect(library.errors).toEqual([])
    }
  })
})

test('README.md says nothing that no test runs', () => {
  expect(told.untried).toEqual([])
})
