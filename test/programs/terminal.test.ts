import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import { hasTerminals, Terminal } from '../support/terminal.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'
import type { Program } from '../support/program.ts'

// Skipped where there is no tmux: nothing else here makes a terminal.
describe.skipIf(!hasTerminals)('peer.js at a terminal', () => {
  let place: ReturnType<typeof workplace>
  let programs: Programs
  let labels: string[]
  let seeds: Program

  beforeEach(async () => {
    place = workplace()
    programs = new Programs()
    labels = writeConfig(place.folder, await freePorts(3))
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })

  const seedsUp = async (): Promise<void> => {
    seeds = programs.start('seed', ['--in-process'], place.folder)
    for (const label of labels) await seeds.line(new RegExp(`^seed ${label} started`))
  }
  const ada = async (...args: string[]): Promise<Program> => {
    const peer = programs.start('peer', ['--name', 'ada', '--count', '0', ...args], place.folder)
    await peer.line(/registered with 2 of 3 seeds/)
    return peer
  }
  const peer = (args: string, size?: { columns: number; rows: number }, env = ''): Terminal =>
    new Terminal(`env ${env} '${process.execPath}' '${root}/dist/peer.js' ${args}`, place.folder, size)
  const rowsOf = (text: string): string[] => text.split('\n')

  test('asks for a name, tells who holds a taken one, asks again, and says who it is', async () => {
    await seedsUp()
    const first = await ada()
    const id = /12D3KooW\w+/.exec(await first.line(/12D3KooW/))?.[0] ?? 'none'
    using terminal = peer('--count 0')
    await terminal.shows(/^Unique name:$/m)
    terminal.press('a b', 'Enter')
    await terminal.shows('"a b" is no name: a name has 1 to 32')
    terminal.press('ada', 'Enter')
    const taken = await terminal.shows(/! name ada is taken by[^]*\nUnique name:$/)
    expect(taken.replaceAll(/\s+/g, ' ')).toContain(`! name ada is taken by ${id}`)
    expect(taken).not.toContain('ada>')
    terminal.press('bob', 'Enter')
    const header = await terminal.shows(/^bob is 12D3KooW\w+$/m)
    expect(header).toContain('/help lists commands, Ctrl-C leaves the network.')
    const shown = await terminal.shows(/^bob {2}seeds 2\/2 {2}links 1\/1 {2}ada/m)
    expect(shown).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3KooW/m)
    expect(shown).toMatch(/^\S+ \+ registered with 2 of 3 seeds: /m)
    expect(shown).toMatch(/^\S+ \+ linked ada, 1 of 1 links$/m)
    expect(rowsOf(shown).slice(-2)).toEqual([expect.stringMatching(/^bob {2}seeds 2\/2/), 'bob>'])
  })

  test('keeps what is being typed at the bottom, whatever comes, and however wide the terminal is', async () => {
    await seedsUp()
    const other = await ada('--ping-interval', '1s')
    const name = 'somebody-with-a-name-of-32-chars'
    using terminal = peer(`--name ${name} --count 1 --start-delay 300s --ping-interval 1s`)
    const status = (columns: number): string => (columns > 80 ? `  ada \\d+ ms` : `.{${columns - 2 - name.length}}…`)
    await terminal.shows(new RegExp(`^${name}  seeds 2/2  links 1/1  first gossip in`, 'm'))
    const typed = 'a long line that somebody types while others speak, longer than the terminal is wide'
    terminal.press('-l', typed)
    const [, seconds] = /in (\d+) s/.exec(await terminal.shows(/is wide$/)) ?? []
    await terminal.shows(new RegExp(`in (?!${seconds} )\\d+ s`))
    for (const [index, columns] of [80, 50, 40, 60, 38, 120].entries()) {
      if (index > 0) terminal.resize(columns)
      // What comes before the program knows of the new size may be drawn amiss.
      await terminal.shows(new RegExp(`^${name}.*${status(columns)}$`, 'm'))
      other.type(`message ${index}`)
      const shown = await terminal.shows(new RegExp(`message ${index}[^]*\\n${name}[^]*wide$`))
      const rows = rowsOf(shown)
      const isStatus = (row: string): boolean => row.startsWith(`${name}  `)
      const statusAt = rows.findLastIndex(isStatus)
      const since = rows.slice(rows.findLastIndex(row => row.includes(`message ${index}`)))
      expect(since.filter(isStatus).length, `one status line:\n${shown}`).toBe(1)
      expect(rows[statusAt]?.length).toBeLessThan(columns)
      const input = rows.slice(statusAt + 1).map(row => row.padEnd(columns))
      expect(input.join('').trimEnd()).toBe(`${name}> ${typed}`)
      expect(
        rows.filter(row => row === ''),
        `no gaps:\n${shown}`
      ).toEqual([])
    }
    terminal.press('Enter')
    const said = await terminal.shows(/> published #1[^]*chars>$/)
    expect(said.replaceAll(/\s+/g, ' ')).toContain(`> published #1 "${typed}" to 1 neighbour`)
    const rows = rowsOf(said)
    const last = rows.slice(rows.findLastIndex(row => row.includes('message 5')))
    expect(
      last.filter(row => row.startsWith(name)),
      'nothing of what was there before'
    ).toEqual([expect.stringContaining('  seeds 2/2'), `${name}>`])
    await other.line(new RegExp(`received ${name}#1 "${typed}"`))
  })

  test('counts down to its first gossip', async () => {
    await seedsUp()
    await ada()
    using terminal = peer('--name bob --count 2 --start-delay 4s --interval 2s')
    for (const seconds of [2, 1]) await terminal.shows(`first gossip in ${seconds} s`)
    await terminal.shows('gossip 2 of 2 in 1 s')
    const end = await terminal.shows(/published #2 [^]*\nbob {2}.*\nbob>$/)
    expect(end).not.toMatch(/gossip .* in \d+ s/)
  })

  test('answers commands, and says what only looks like one', async () => {
    await seedsUp()
    const other = await ada()
    using terminal = peer('--name bob --count 0')
    await terminal.shows(/\+ linked ada/)
    for (const [typed, answer] of [
      ['/help', /^\/ping NAME +pings a peer/m],
      ['/peers', /^ada {2}.* {2}12D3KooW/m],
      ['/seeds', new RegExp(`^${labels[0]} {2}(registered|not needed now)$`, 'm')],
      ['/ping ada', /^ada answers within \d+ ms$/m],
      ['/ping zoe', /^no seed has announced a peer zoe$/m],
      ['/dance now', /^there is no \/dance: \/help lists/m],
      ['//dance', /> published #1 "\/dance" to 1 neighbour/]
    ] as const) {
      terminal.press('-l', typed)
      terminal.press('Enter')
      await terminal.shows(answer)
    }
    await other.line(/received bob#1 "\/dance"/)
    terminal.press('/quit', 'Enter')
    await terminal.shows('EXIT 0')
    await other.line(/unlinked bob \(leaving\)/)
  })

  test('says once which seeds are missing, and that they are there again', async () => {
    using terminal = peer('--name bob --count 0', { columns: 50, rows: 24 })
    const missing = await terminal.shows(/! degraded: registered with none of 3[^]*\nbob {2}seeds 0\/2/)
    for (const label of labels)
      expect(missing.replaceAll(/\s+/g, ' ')).toContain(`${label}: nobody listens there; does this seed run?`)
    await until(
      'it was tried again',
      () => linesOf(place.folder, 'output.txt').filter(line => line.includes('none of 3 seeds')).length > 2,
      30_000
    )
    expect(terminal.text.match(/with none of 3/g)?.length).toBe(1)
    await seedsUp()
    await terminal.shows(/\+ registered with 2 of 3 seeds[^]*\nbob {2}seeds 2\/2/, 30_000)
  })

  test('leaves at Ctrl-C, at once at the second, and takes the end of the input for nothing else', async () => {
    await seedsUp()
    const other = await ada()
    using first = peer('--name bob --count 0')
    await first.shows(/\+ linked ada/)
    first.press('half a line', 'C-c')
    const left = await first.shows('EXIT 0')
    expect(left).toContain('leaving the network; another Ctrl-C ends the program at once')
    expect(left).not.toContain('bob>')
    await other.line(/unlinked bob \(leaving\)/)
    using second = peer('--name cyd --count 0')
    await second.shows(/\+ linked ada/)
    second.press('C-d')
    expect(await second.shows('the input has ended; Ctrl-C leaves the network')).not.toContain('cyd>')
    other.type('are you there')
    await second.shows(/< received ada#1 "are you there"/)
    seeds.signal('SIGSTOP')
    second.press('C-c')
    await second.shows('leaving the network')
    second.press('C-c')
    await second.shows('EXIT 130')
    seeds.signal('SIGCONT')
  })

  test('shows colours, with NO_COLOR none, and means the same without them', async () => {
    await seedsUp()
    // oxlint-disable-next-line no-control-regex -- the codes are what is looked for
    const codes = /\u001b\[/
    using plain = peer('--name bob --count 0', undefined, '-u FORCE_COLOR NO_COLOR=1')
    await plain.shows(/\+ registered/)
    expect(plain.coloured).not.toMatch(codes)
    using coloured = peer('--name cyd --count 0', undefined, '-u FORCE_COLOR -u NO_COLOR')
    await coloured.shows(/\+ registered/)
    expect(coloured.coloured).toMatch(codes)
    using forced = peer('--name dan --count 0', undefined, 'NO_COLOR= FORCE_COLOR=1')
    await forced.shows(/\+ registered/)
    expect(forced.coloured).toMatch(codes)
  })

  test('goes on in new logs at SIGHUP, and leaves when the terminal is gone', async () => {
    await seedsUp()
    const file = path.join(place.folder, 'bob.txt')
    const terminal = peer('--name bob --count 0 --output bob.txt')
    const shown = await terminal.shows(/\+ registered/)
    const pid = Number(/^PID (\d+), listening on$/m.exec(shown)?.[1])
    renameSync(file, `${file}.1`)
    process.kill(pid, 'SIGHUP')
    await until('there is a new log', () => existsSync(file), 5_000)
    terminal.press('still here', 'Enter')
    await until(
      'it is written',
      () => linesOf(place.folder, 'bob.txt').some(line => line.includes('"still here"')),
      5_000
    )
    terminal[Symbol.dispose]()
    await seeds.line(/left bob/)
  })
})
