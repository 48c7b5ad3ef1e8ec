import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDelivery } from '../support/logs.ts'
import { Programs } from '../support/program.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'
import type { Program } from '../support/program.ts'

describe('seed.js and peer.js', () => {
  let place: ReturnType<typeof workplace>
  let programs: Programs
  let ports: number[]
  let labels: string[]

  beforeEach(async () => {
    place = workplace()
    programs = new Programs()
    ports = await freePorts(3)
    labels = writeConfig(place.folder, ports)
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })

  const run = (program: string, ...args: string[]): Program => programs.start(program, args, place.folder)
  const seedsUp = async (...args: string[]): Promise<Program> => {
    const seed = run('seed', ...args)
    for (const label of labels) await seed.line(new RegExp(`^seed ${label} started, PID \\d+`))
    return seed
  }

  test('seed.js starts every seed in a process of its own, with a private key, and prints where it is reached', async () => {
    const seed = await seedsUp()
    const pids = new Set(
      labels.map(label => seed.lines.find(line => line.startsWith(`seed ${label} started`))?.split(' ')[4])
    )
    expect(pids.size).toBe(3)
    for (const port of ports) {
      await seed.line(new RegExp(`^  /ip4/127\\.0\\.0\\.1/tcp/${port}/p2p/12D3KooW`))
      expect(statSync(path.join(place.folder, `.hubcast/seeds/127.0.0.1_${port}.key`)).mode & 0o777).toBe(0o600)
    }
    seed.signal('SIGTERM')
    expect(await seed.exited).toEqual({ code: 0, signal: null })
    expect(linesOf(place.folder, 'output.txt').filter(line => line.endsWith('] stopped')).length).toBe(3)
  })

  test('a seed that crashes is started again with the same identity', async () => {
    const seed = await seedsUp()
    const started = (): string[] => seed.lines.filter(line => line.startsWith(`seed ${labels[0]} started`))
    const pid = Number(/PID (\d+)/.exec(started()[0] ?? '')?.[1])
    process.kill(pid, 'SIGKILL')
    await seed.line(new RegExp(`seed ${labels[0]} ended \\(SIGKILL\\), starting it again`))
    await until('it runs again', () => started().length === 2, 10_000)
    await until(
      'it has said its address',
      () => seed.lines.filter(line => line.includes(`/tcp/${ports[0]}/`)).length === 2,
      5_000
    )
    expect(new Set(seed.lines.filter(line => line.includes(`/tcp/${ports[0]}/`))).size).toBe(1)
  })

  test('a seed that dies before it has heard of anybody has lost nothing: the next life gives names at once', async () => {
    const [label = ''] = writeConfig(place.folder, ports.slice(0, 1))
    const line = new RegExp(`^seed ${label} started`)
    const first = run('seed', '--only', label)
    await first.line(line)
    first.signal('SIGKILL')
    await first.exited
    await run('seed', '--only', label).line(line)
    await run('peer', '--name', 'ada', '--count', '0').line(/registered with 1 of 1/, 10_000)
  })

  test('seeds do not outlive the process that started them', async () => {
    const seed = await seedsUp()
    const pids = seed.lines.flatMap(line => /^seed .* PID (\d+)/.exec(line)?.[1] ?? []).map(Number)
    seed.signal('SIGKILL')
    await seed.exited
    await until(
      'they are gone',
      () => pids.every(pid => !existsSync(`/proc/${pid}`) || process.platform !== 'linux'),
      8_000
    )
  })

  test('two peers gossip what is typed, take their names from flag and pipe, and leave by Ctrl-C within 5 s', async () => {
    await seedsUp('--in-process')
    const ada = run('peer', '--name', 'ada', '--count', '0')
    const bob = run('peer', '--count', '0')
    bob.type('no good name')
    await bob.line(/"no good name" is no name: a name has 1 to 32/)
    bob.type('bob')
    await ada.line(/peer ada: linked bob/)
    await bob.line(/peer bob: linked ada/)
    bob.type('first line\u001b[31m')
    bob.endInput()
    await ada.line(/peer ada: received bob#1 "first line/)
    expect(ada.lines.join('\n')).not.toContain('\u001b')
    expect(bob.running, 'the end of input ends no peer').toBe(true)
    ada.type('answer')
    await bob.line(/peer bob: received ada#1 "answer"/)

    const before = Date.now()
    bob.signal('SIGINT')
    expect(await bob.exited).toEqual({ code: 0, signal: null })
    expect(Date.now() - before).toBeLessThan(5_000)
    await ada.line(/peer ada: unlinked bob \(leaving\)/)
    await until(
      'seeds know',
      () => linesOf(place.folder, 'output.txt').filter(line => line.endsWith('] left bob')).length === 3,
      2_000
    )
    const deliveries = linesOf(place.folder, 'ML.txt').map(readDelivery)
    expect(deliveries.map(({ receiver, origin, number }) => `${receiver} ${origin}#${number}`).toSorted()).toEqual([
      'ada bob#1',
      'bob ada#1'
    ])
  })

  // What lies unread when the connection ends is lost if the neighbour has something to say first, as here.
  test('a peer that leaves waits until a neighbour that is busy has heard of it', async () => {
    await seedsUp('--in-process')
    const ada = run('peer', '--name', 'ada', '--count', '0')
    for (const name of ['bob', 'cyd', 'dan', 'eva', 'fay']) {
      const leaver = run('peer', '--name', name, '--count', '0')
      await leaver.line(/: linked ada/)
      await ada.line(new RegExp(`: linked ${name}`))
      ada.signal('SIGSTOP')
      for (const word of ['one', 'two']) ada.type(word)
      leaver.signal('SIGINT')
      await delay(500)
      expect(leaver.running, `${name} waits`).toBe(true)
      ada.signal('SIGCONT')
      await ada.line(new RegExp(`: unlinked ${name} \\(leaving\\)`))
      expect(await leaver.exited).toEqual({ code: 0, signal: null })
    }
  })

  test('gossip begins after the start delay, at the interval, so many times, as JSON', async () => {
    await seedsUp('--in-process')
    const timing = ['--count', '3', '--interval', '200ms', '--start-delay', '2s', '--json']
    const ada = run('peer', '--name', 'ada', ...timing)
    const bob = run('peer', '--name', 'bob', ...timing)
    const events = (peer: Program, kind: string): Record<string, unknown>[] =>
      peer.lines.map(line => JSON.parse(line) as Record<string, unknown>).filter(({ event }) => event === kind)
    await until('both have heard all', () => [ada, bob].every(peer => events(peer, 'received').length === 3), 20_000)
    for (const peer of [ada, bob]) {
      const times = events(peer, 'published').map(({ time }) => Date.parse(String(time)))
      const start = Date.parse(String(events(peer, 'started')[0]?.['time']))
      expect(times.length).toBe(3)
      expect((times[0] ?? 0) - start).toBeGreaterThanOrEqual(1_950)
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(195)
      for (const event of peer.lines)
        expect(JSON.parse(event)).toMatchObject({ role: 'peer', node: expect.any(String), time: expect.any(String) })
    }
  })

  test('a taken name says who holds it, asks again, and ends with 6 when nobody can answer', async () => {
    await seedsUp('--in-process')
    const ada = run('peer', '--name', 'ada', '--count', '0')
    const id = /12D3KooW\w+/.exec(await ada.line(/12D3KooW/))?.[0]
    await ada.line(/registered with 2 of 3 seeds/)
    const second = run('peer', '--count', '0')
    second.type('ada')
    await second.line(new RegExp(`name ada is taken by ${id}`))
    second.type('bob')
    await second.line(/peer bob: registered with 2 of 3 seeds/)

    // From a pipe, the next line is the next name, and what follows is gossip.
    const piped = run('peer', '--count', '0')
    for (const line of ['ada', 'cyd', 'hello from the pipe']) piped.type(line)
    piped.endInput()
    await piped.line(/peer cyd: published #1 "hello from the pipe"/)

    const third = run('peer', '--name', 'ada')
    expect(await third.exited).toEqual({ code: 6, signal: null })
    expect(third.errors.join('\n')).toContain('pass one by --name')
    const fourth = run('peer')
    fourth.type('ada')
    fourth.endInput()
    expect(await fourth.exited).toEqual({ code: 6, signal: null })
  })

  test('with --data-dir a name keeps its identity and can be taken back at once after a crash', async () => {
    await seedsUp('--in-process')
    const args = ['--name', 'ada', '--count', '0', '--data-dir', 'kept']
    const first = run('peer', ...args)
    const id = /12D3KooW\w+/.exec(await first.line(/12D3KooW/))?.[0]
    await first.line(/registered with 2 of 3 seeds/)
    first.signal('SIGKILL')
    await first.exited
    const second = run('peer', ...args)
    expect(await second.line(/12D3KooW/)).toContain(id)
    await second.line(/registered with 2 of 3 seeds/)
  })

  test('with --data-dir a peer that was killed starts again without seeds, and is linked with those it knows', async () => {
    const seed = await seedsUp('--in-process')
    const bob = run('peer', '--name', 'bob', '--count', '0')
    const args = ['--name', 'ada', '--count', '0', '--data-dir', 'kept']
    const ada = run('peer', ...args)
    await ada.line(/linked bob/)
    await bob.line(/linked ada/)
    const book = (): string[] => linesOf(place.folder, 'kept/peers/ada.peers.txt')
    await until('the book is written', () => book().some(line => line.includes('"anchor":true')), 40_000)
    ada.signal('SIGKILL')
    seed.signal('SIGKILL')
    await Promise.all([ada.exited, seed.exited])
    writeFileSync(path.join(place.folder, 'kept/peers/ada.peers.txt'), `${book().join('\n')}\n{"record":"cut o\n`)
    const again = run('peer', ...args)
    await again.line(
      /fault of kept\/peers\/ada\.peers\.txt on the address book: AddressBookError: 1 line was skipped; line 3/
    )
    await again.line(/degraded: registered with none of 3 seeds/)
    await again.line(/linked bob/, 60_000)
    again.type('who is there?')
    await until(
      'bob hears it',
      () => linesOf(place.folder, 'ML.txt').some(line => line.includes('"who is there?"')),
      20_000
    )
  })

  test('without seeds a peer says which do not answer and why, and joins when they come', async () => {
    const ada = run('peer', '--name', 'ada', '--count', '0')
    const told = await ada.line(
      /degraded: registered with none of 3 seeds, 2 are needed: gossip goes on, but somebody else may get the name; trying again/
    )
    for (const label of labels) expect(told).toMatch(new RegExp(`${label}: .*ECONNREFUSED`))
    await seedsUp('--in-process')
    await ada.line(/registered with 2 of 3 seeds/, 30_000)
  })

  test.each([
    ['peer', ['--name', 'ada', '--config', 'none.txt'], 3, /none\.txt: does not exist; write one seed a line/],
    ['seed', ['--config', 'none.txt'], 3, /none\.txt: does not exist; write one seed a line/],
    [
      'seed',
      ['--config', 'bad.txt'],
      3,
      /bad\.txt:2: "127\.0\.0\.1:99999": the port must be a number from 1 to 65535; write/
    ],
    ['seed', ['--config', 'far.txt'], 3, /far\.txt: none of its seeds is an address of this machine/],
    ['seed', ['--only', '127.0.0.1:1'], 3, /config\.txt has no seed 127\.0\.0\.1:1; it has 127/],
    ['peer', ['--name', 'a b'], 2, /"a b" is no name/],
    ['peer', ['--interval', 'soon'], 2, /Write a time such as/],
    ['peer', ['--nmae', 'ada'], 2, /unknown option '--nmae'[^]*--name/],
    ['seed', ['extra'], 2, /too many arguments/]
  ])('%s.js %j ends with %i and says what to do', async (program, args, code, message) => {
    writeFileSync(path.join(place.folder, 'bad.txt'), '127.0.0.1:5002\n127.0.0.1:99999\n')
    writeFileSync(path.join(place.folder, 'far.txt'), '203.0.113.5:5002\n')
    const started = run(program, ...args)
    expect((await started.exited).code).toBe(code)
    expect([...started.lines, ...started.errors].join('\n')).toMatch(message)
    expect(started.errors.join('\n'), 'no stack').not.toMatch(/\n\s+at /)
  })

  test('peer.js ends with 2 when the input ends before a name came', async () => {
    const peer = run('peer')
    peer.endInput()
    expect((await peer.exited).code).toBe(2)
    expect(peer.errors.join('\n')).toContain('pass --name NAME')
  })

  test.each([[[]], [['--in-process']]])('a port in use ends seed.js %j with 5, and all seeds with it', async args => {
    const blocker = createServer().listen(ports[1], '127.0.0.1')
    try {
      const seed = run('seed', ...args)
      expect((await seed.exited).code).toBe(5)
      expect(seed.errors.join('\n')).toMatch(
        new RegExp(`/ip4/127\\.0\\.0\\.1/tcp/${ports[1]} is in use by another program`)
      )
    } finally {
      blocker.close()
    }
  })

  test('a second Ctrl-C ends a program at once', async () => {
    const seed = await seedsUp('--in-process')
    seed.signal('SIGINT')
    seed.signal('SIGINT')
    expect([0, 130]).toContain((await seed.exited).code)
  })

  test('--help does not need libp2p, and shows examples', async () => {
    for (const program of ['seed', 'peer']) {
      const help = run(program, '--help')
      expect((await help.exited).code).toBe(0)
      expect(help.lines.join('\n')).toContain('Examples:')
    }
    expect(readFileSync(path.resolve(import.meta.dirname, '../../dist/peer.js'), 'utf8')).not.toMatch(
      /^import .*libp2p/m
    )
  })
})
