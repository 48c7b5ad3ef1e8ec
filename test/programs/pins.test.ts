import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'
import type { Command, Program } from '../support/program.ts'

const stranger = '12D3KooWGned7pWTGkopfBVNks65tVjvwQZS4Y2Z27r9WmMPArrs'

/** A process that pins so many seeds in FILE, all under its own ID, and ends. */
const pinner = `
import { KnownSeeds } from ${JSON.stringify(pathToFileURL(path.join(root, 'dist/node/known-seeds.js')).href)}
const [file, id, seeds] = process.argv.slice(2)
const known = new KnownSeeds(file)
process.stdout.write('ready\\n')
process.stdin.once('data', async () => {
  for (let port = 1; port <= Number(seeds); port++) {
    const pin = await known.pin('127.0.0.1:' + port, id)
    process.stdout.write([port, pin.id, pin.isNew].join(' ') + '\\n')
  }
  process.exit()
})
`

describe('seeds and peers that know each other', () => {
  let place: ReturnType<typeof workplace>
  let programs: Programs
  let labels: string[]

  beforeEach(async () => {
    place = workplace()
    programs = new Programs()
    labels = writeConfig(place.folder, await freePorts(3))
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })

  const run = (program: string, ...args: string[]): Program => programs.start(program, args, place.folder)
  const peer = (name: string, ...args: string[]): Program => run('peer', '--name', name, '--count', '0', ...args)
  const seedsUp = async (...args: string[]): Promise<Program> => {
    const seed = run('seed', ...args)
    for (const label of labels) await seed.line(new RegExp(`^seed ${label} started, PID \\d+`))
    return seed
  }
  const told = (file: string): string[] => linesOf(place.folder, file).filter(line => !line.startsWith('#'))
  /** The lines of config.txt with the identities that the seeds have said they have. */
  const identities = (seeds: readonly Program[]): string[] =>
    labels.map(label => {
      const said = seeds.flatMap(({ lines }) => lines)
      const address = said.find(line => line.includes(`/tcp/${label.split(':')[1]}/p2p/`)) ?? ''
      return `${label}/p2p/${address.split('/p2p/')[1]}`
    })

  test('config.pinned.txt, which the seeds write, is a config for peers and seeds with --require-pins', async () => {
    const seeds = await seedsUp()
    const lines = identities([seeds])
    await until('it is complete', () => told('config.pinned.txt').join() === lines.join(), 20_000)
    expect(told('.hubcast/known-seeds.txt').toSorted()).toEqual(lines.toSorted())
    const pinned = ['--config', 'config.pinned.txt', '--require-pins']
    const ada = peer('ada', ...pinned, '--data-dir', 'elsewhere')
    await ada.line(/registered with 2 of 3 seeds/)
    expect(told('elsewhere/known-seeds.txt'), 'there was nothing to remember').toEqual([])
    seeds.signal('SIGTERM')
    await seeds.exited
    const again = await seedsUp(...pinned)
    expect(identities([again])).toEqual(lines)
    expect(told('config.pinned.pinned.txt'), 'there was nothing to complete').toEqual([])
    expect(told('config.pinned.txt')).toEqual(lines)
  })

  test('seeds that run apart complete it together; whom nobody has met stands there without identity', async () => {
    const [first = '', second = '', third = ''] = labels
    const apart = [first, second].map((label, index) => run('seed', '--only', label, '--data-dir', `machine-${index}`))
    for (const [index, seed] of apart.entries()) await seed.line(new RegExp(`^seed ${labels[index]} started`))
    const [one = '', two = ''] = identities(apart)
    await until('two are known', () => told('config.pinned.txt').join() === [one, two, third].join(), 20_000)
    for (const [index, other] of [two, one].entries()) {
      await apart[index]?.line(new RegExp(`pinned seed ${other.split('/')[0]} in machine-${index}/known-seeds.txt`))
    }
    const last = run('seed', '--only', third, '--data-dir', 'machine-2')
    await last.line(new RegExp(`^seed ${third} started`))
    const all = identities([...apart, last])
    await until('all are known', () => told('config.pinned.txt').join() === all.join(), 20_000)
  })

  test('--require-pins names the lines without identity and where to find them', async () => {
    writeFileSync(path.join(place.folder, 'config.txt'), `127.0.0.1:1\n127.0.0.1:2/p2p/${stranger}\n127.0.0.1:3\n`)
    for (const program of [run('peer', '--name', 'ada', '--require-pins'), run('seed', '--require-pins')]) {
      expect((await program.exited).code).toBe(3)
      expect(program.lines).toEqual([])
      expect(program.errors).toEqual(
        [1, 3].map(
          (line, index) =>
            `${index === 0 ? 'hubcast: ' : ''}config.txt:${line}: 127.0.0.1:${line} has no /p2p/ID; copy it from config.pinned.txt, which the seeds write`
        )
      )
    }
  })

  test('a seed that lost its key is stopped by its own machine, and its peers say who was there before', async () => {
    const seeds = await seedsUp('--in-process')
    const [line = ''] = identities([seeds])
    const [label = '', id = ''] = line.split('/p2p/')
    await peer('ada', '--data-dir', 'elsewhere').line(/registered with 2 of 3 seeds/)
    seeds.signal('SIGTERM')
    await seeds.exited
    const key = `.hubcast/seeds/${label.replace(':', '_')}.key`
    rmSync(path.join(place.folder, key))
    const stopped = run('seed')
    expect((await stopped.exited).code).toBe(3)
    const number = linesOf(place.folder, '.hubcast/known-seeds.txt').indexOf(line) + 1
    expect(stopped.errors.join('\n')).toMatch(
      `.hubcast/known-seeds.txt:${number} gives seed ${label} the id ${id}, but the key in ${key} is that of 12D3KooW`
    )
    expect(stopped.errors.join('\n')).toMatch('restore the key, or remove the line if the seed is to have a new one')

    // With all of .hubcast gone the seeds are new ones, which those elsewhere are not to believe.
    rmSync(path.join(place.folder, '.hubcast'), { recursive: true })
    const renewed = identities([await seedsUp('--in-process')])
    await until('it is known', () => told('config.pinned.txt').join() === renewed.join(), 20_000)
    const bob = peer('bob', '--data-dir', 'elsewhere')
    await bob.line(
      /: fault of seed \S+ on its identity: SeedIdentityError: another identity: not 12D3KooW\w+, who was there before, but/
    )
    const reason = await bob.line(/degraded: registered with .* of 3 seeds.*, 2 are needed/)
    expect(reason).toMatch(/only if you know that it was given a new key, remove line \d of elsewhere\/known-seeds.txt/)
  })

  test('a damaged known-seeds.txt ends both programs with 3, its name and the line', async () => {
    const seeds = await seedsUp('--in-process')
    seeds.signal('SIGTERM')
    await seeds.exited
    const file = path.join(place.folder, '.hubcast/known-seeds.txt')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -5))
    for (const program of [peer('ada'), run('seed', '--in-process'), run('seed')]) {
      expect((await program.exited).code).toBe(3)
      expect(program.errors.join('\n')).toMatch(
        /^hubcast: \.hubcast\/known-seeds\.txt:5: ".*" is no peer id; .*restore/
      )
    }
  })

  test('peers that start at once share the file, and each seed is pinned once', async () => {
    const seeds = await seedsUp('--in-process')
    const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay']
    const peers = names.map(name => peer(name, '--data-dir', 'elsewhere'))
    for (const each of peers) await each.line(/registered with 2 of 3 seeds/)
    const lines = told('elsewhere/known-seeds.txt')
    expect(new Set(lines).size).toBe(lines.length)
    expect(identities([seeds])).toEqual(expect.arrayContaining(lines))
    const announced = peers.flatMap(each => each.lines.filter(line => line.includes(' in elsewhere/known-seeds.txt: ')))
    expect(announced.length).toBe(lines.length)
  })

  test('processes that pin the same seeds at the same moment lose none and double none', async () => {
    const script = path.join(place.folder, 'pinner.mjs')
    const file = path.join(place.folder, 'known-seeds.txt')
    writeFileSync(script, pinner)
    const ids = [...Array.from({ length: 4 }).keys()].map(index => `${stranger.slice(0, -1)}${'stuv'[index]}`)
    const running: Command[] = ids.map(id => programs.run(`node pinner.mjs known-seeds.txt ${id} 60`, place.folder))
    for (const each of running) await each.line(/^ready$/)
    for (const each of running) each.type('go')
    for (const each of running) expect((await each.exited).code, each.errors.join('\n')).toBe(0)
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter(line => line.includes('/p2p/'))
    expect(lines.length).toBe(60)
    const said = running.flatMap(({ lines: answers }) => answers.slice(1).map(answer => answer.split(' ')))
    for (let port = 1; port <= 60; port++) {
      const answers = said.filter(([of]) => of === String(port))
      expect(answers.length).toBe(4)
      expect(new Set(answers.map(([, id]) => `127.0.0.1:${port}/p2p/${id}`))).toEqual(
        new Set(lines.filter(line => line.startsWith(`127.0.0.1:${port}/`)))
      )
      expect(answers.filter(([, , isNew]) => isNew === 'true').length).toBe(1)
    }
    expect(new Set(said.map(([, id]) => id)).size, 'they met').toBeGreaterThan(1)
  })
})
