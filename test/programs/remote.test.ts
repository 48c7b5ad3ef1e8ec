import { createServer } from 'node:http'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exitCode } from '#src/terminal/exit-codes.ts'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import { freePorts, workplace, writeConfig } from '../support/workplace.ts'
import type { Program } from '../support/program.ts'

describe('hubcast status, peers, events and publish', () => {
  let place: ReturnType<typeof workplace>
  let programs: Programs
  let http: number
  let labels: string[]

  beforeEach(async () => {
    place = workplace()
    programs = new Programs()
    const ports = await freePorts(6)
    labels = writeConfig(place.folder, ports.slice(0, 3))
    // The seeds of a machine serve at this one and those after it.
    http = ports[3] ?? 0
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })

  const run = (...args: string[]): Program => programs.start('cli', args, place.folder)
  /** What a command says that ends well. */
  const said = async (...args: string[]): Promise<string[]> => {
    const command = run(...args)
    expect((await command.exited).code, command.errors.join('\n')).toBe(exitCode.ok)
    return command.lines
  }
  const refused = async (...args: string[]): Promise<string> => {
    const command = run(...args)
    expect((await command.exited).code).toBe(exitCode.failure)
    expect(command.errors.join('\n'), 'no stack').not.toMatch(/\n\s+at /)
    return command.errors.join('\n')
  }
  const watched = async (program: Program): Promise<string> =>
    /http:\S+/.exec(await program.line(/can be watched at http:/))?.[0] ?? ''
  const peer = async (name: string, ...args: string[]): Promise<Program> => {
    const started = programs.start(
      'peer',
      ['--name', name, '--count', '0', '--ping-interval', '1s', ...args],
      place.folder
    )
    await started.line(/registered with 2 of 3 seeds/)
    return started
  }
  const seedsUp = async (): Promise<Program> => {
    const seed = programs.start('seed', ['--in-process', '--http', '0'], place.folder)
    for (const label of labels) await seed.line(new RegExp(`^seed ${label} started`))
    return seed
  }

  test('say that nobody listens, that somebody else does, or that nobody answers, and what to do', async () => {
    for (const [command, ...args] of [['status'], ['peers'], ['events', '-f'], ['publish', 'hi']]) {
      const why = await refused(command ?? '', ...args, '--http', `${http}`)
      expect(why).toContain(`nothing listens at http://127.0.0.1:${http}: start the node with --http 127.0.0.1:${http}`)
    }
    const stranger = createServer((_request, response) => response.end('<html>')).listen(http, '127.0.0.1')
    try {
      for (const [command, ...args] of [['status'], ['publish', 'hi']])
        expect(await refused(command ?? '', ...args, '--http', `${http}`)).toContain('is no node of Hubcast')
    } finally {
      stranger.close()
    }
  })

  test('show a node as it is, to people and to programs', async () => {
    const seed = await seedsUp()
    await peer('bob')
    const ada = await peer('ada', '--http', `${http}`)
    const id = /12D3KooW\w+/.exec(await ada.line(/12D3KooW/))?.[0] ?? ''
    await ada.line(/linked bob/)

    const status = (await said('status', '--http', `http://127.0.0.1:${http}/`)).join('\n')
    expect(status).toMatch(new RegExp(`^peer +ada {2}${id}\\n`))
    expect(status).toMatch(/^ready +yes$/m)
    expect(status).toMatch(/^seeds +[23] of 3 alive/m)
    expect(JSON.parse((await said('status', '--json', '--http', `${http}`))[0] ?? '')).toMatchObject({
      id,
      ready: true,
      peers: 2
    })

    const of = (await watched(seed)).replace(/#.*/, '')
    const [head, ...rows] = await said('peers', '--http', of)
    expect(head).toMatch(/^NAME +STATE +LINKS +LATENCY +SEEDS +ID$/)
    expect(new Set(rows.map(row => row.split(/ +/)[0]))).toEqual(new Set(['ada', 'bob']))
    const listed = (await said('peers', '--json', '--http', of)).map(
      line => JSON.parse(line) as { name: string; id: string }
    )
    expect(listed.find(({ name }) => name === 'ada')?.id).toBe(id)

    const events = (await said('events', '--http', `${http}`)).join('\n')
    expect(events).toMatch(/^peer ada started, PID \d+[^]*peer ada: registered[^]*peer ada: linked bob/)
    const last = await said('events', '-n', '2', '--json', '--http', `${http}`)
    expect(last.length).toBe(2)
    for (const line of last) expect(JSON.parse(line)).toMatchObject({ node: 'ada', event: expect.any(String) })
  })

  test('status ends with 1 and says why when the node is not ready', async () => {
    const ada = programs.start('peer', ['--name', 'ada', '--count', '0', '--http', `${http}`], place.folder)
    await watched(ada)
    const status = run('status', '--http', `${http}`)
    expect((await status.exited).code).toBe(exitCode.failure)
    expect(status.lines.join('\n')).toMatch(/^ready +no: .+$/m)
  })

  test('publish needs the token, from the address, a flag or the environment, and takes lines of a pipe', async () => {
    await seedsUp()
    const bob = await peer('bob')
    const ada = await peer('ada', '--http', `${http}`)
    await ada.line(/linked bob/)
    const address = await watched(ada)
    const token = address.split('#token=')[1] ?? ''
    expect(await refused('publish', 'hi', '--http', `${http}`)).toMatch(/token[^]*Give the whole address/)
    expect(await refused('publish', 'hi', '--http', address, '--token', 'wrong')).toMatch(/token/)
    expect(await said('publish', 'by the address', '--http', address)).toEqual(['published ada#1'])
    expect(await said('publish', 'by the flag', '--http', `${http}`, '--token', token)).toEqual(['published ada#2'])
    const byPipe = programs.run(
      `'${process.execPath}' '${path.join(root, 'dist/cli.js')}' publish - --json`,
      place.folder,
      {
        HUBCAST_HTTP: `${http}`,
        HUBCAST_TOKEN: token
      }
    )
    for (const line of ['one of the pipe', '', 'two of the pipe']) byPipe.type(line)
    byPipe.endInput()
    expect((await byPipe.exited).code).toBe(exitCode.ok)
    expect(byPipe.lines).toEqual(['{"id":"ada#3"}', '{"id":"ada#4"}'])
    for (const [index, text] of ['by the address', 'by the flag', 'one of the pipe', 'two of the pipe'].entries())
      await bob.line(new RegExp(`received ada#${index + 1} "${text}"`))
  })

  test('events -f goes on when the node has ended and is back', async () => {
    await seedsUp()
    const first = await peer('ada', '--http', `${http}`)
    const events = run('events', '-f', '--http', `${http}`)
    await events.line(/peer ada: registered/)
    first.type('before')
    await events.line(/published #1 "before"/)
    first.signal('SIGINT')
    await events.line(/the node has ended; trying again until it is back/)
    await first.exited
    const second = await peer('ada', '--http', `${http}`)
    second.type('after')
    await events.line(/published #1 "after"/)
    expect(events.lines.filter(line => line.includes('"before"')).length).toBe(1)
    events.signal('SIGINT')
    expect((await events.exited).signal).toBe('SIGINT')
  })
})
