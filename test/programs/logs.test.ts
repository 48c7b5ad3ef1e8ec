import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'

describe('logs of seed.js and peer.js', () => {
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

  test('go on in new files at SIGHUP, all seeds with the process that started them', async () => {
    const seed = programs.start('seed', [], place.folder)
    for (const label of labels) await seed.line(new RegExp(`^seed ${label} started`))
    const ada = programs.start('peer', ['--name', 'ada', '--count', '0', '--output', 'ada.txt'], place.folder)
    const bob = programs.start('peer', ['--name', 'bob', '--count', '0', '--output', 'bob.txt'], place.folder)
    await ada.line(/linked bob/)
    await bob.line(/linked ada/)
    bob.type('before')
    ada.type('before')
    await until('both have written', () => linesOf(place.folder, 'ML.txt').length === 2, 5_000)
    const logs = ['output.txt', 'ada.txt', 'ML.txt']
    for (const log of logs) renameSync(path.join(place.folder, log), path.join(place.folder, `${log}.1`))
    seed.signal('SIGHUP')
    ada.signal('SIGHUP')
    await until('there are new logs', () => logs.every(log => existsSync(path.join(place.folder, log))), 5_000)
    // Bob has not been told, and writes where he wrote before.
    bob.type('after')
    await ada.line(/received bob#2/)
    ada.type('for bob')
    await bob.line(/received ada#2/)
    bob.signal('SIGINT')
    await bob.exited
    const left = (): string[] => linesOf(place.folder, 'output.txt').filter(line => line.endsWith('] left bob'))
    await until('every seed has a new log', () => left().length === 3, 5_000)
    await until(
      'so has the peer',
      () => linesOf(place.folder, 'ada.txt').some(line => line.includes('unlinked bob')),
      5_000
    )
    expect(linesOf(place.folder, 'output.txt.1').filter(line => line.includes('left bob'))).toEqual([])
    expect(linesOf(place.folder, 'ML.txt').join('\n')).toContain('ada received bob#2 "after"')
    expect(linesOf(place.folder, 'ML.txt.1').join('\n')).toContain('bob received ada#2 "for bob"')
  })

  test('DEBUG tells on standard error what they leave out, under the names that README.md has', async () => {
    const seed = programs.start('seed', ['--in-process'], place.folder)
    for (const label of labels) await seed.line(new RegExp(`^seed ${label} started`))
    const run = (name: string, debug: string): ReturnType<Programs['run']> =>
      programs.run(
        `'${process.execPath}' '${path.join(root, 'dist/peer.js')}' --name ${name} --count 0 --ping-interval 500ms`,
        place.folder,
        { DEBUG: debug }
      )
    const quiet = run('ada', '')
    const loud = run('bob', 'hubcast:*')
    for (const pattern of [
      /hubcast:seed register at .*: registered/,
      /hubcast:overlay accept (from|to) 12D3/,
      /hubcast:ping 12D3KooW\w+: \d+ ms/
    ])
      await loud.line(pattern)
    quiet.type('hello')
    await loud.line(/hubcast:gossip batch from 12D3/)
    expect(quiet.errors).toEqual([])
    expect(loud.lines.filter(line => line.includes('hubcast:'))).toEqual([])
  })
})
