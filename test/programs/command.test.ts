import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSeed } from '#src/library/seed.ts'
import { exitCode, exitMeanings } from '#src/terminal/exit-codes.ts'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import { freePorts, workplace } from '../support/workplace.ts'
import type { Program } from '../support/program.ts'

const script = path.join(root, 'dist/cli.js')

function help(...args: string[]): string {
  return execFileSync(process.execPath, [script, ...args, '--help'], { encoding: 'utf8' })
}

describe('hubcast --help', () => {
  test('loads none of what nodes need, for any command', () => {
    for (const args of [[], ['peer'], ['ping'], ['status'], ['simulate', 'gossip']]) {
      using place = workplace()
      const env = { ...process.env, NODE_V8_COVERAGE: place.folder }
      execFileSync(process.execPath, [script, ...args, '--help'], { env })
      const loaded = readdirSync(place.folder).flatMap(file => {
        const { result } = JSON.parse(readFileSync(path.join(place.folder, file), 'utf8')) as {
          result: { url: string }[]
        }
        return result.map(({ url }) => url)
      })
      expect(
        loaded.some(url => url.endsWith('/dist/terminal/hubcast.js')),
        'what is loaded is seen'
      ).toBe(true)
      const packages = loaded.flatMap(url => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [])
      expect(new Set(packages)).toEqual(new Set(['commander']))
    }
  })

  test('has examples for every command, and all exit codes, as README.md has them', () => {
    const whole = help()
    const commands = [...whole.replace(/Examples:[^]*/, '').matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name = '']) => name)
      .filter(name => name !== 'help')
    expect(commands.length).toBeGreaterThan(10)
    for (const name of commands.filter(each => each !== 'simulate')) expect(help(name), name).toContain('Examples:')
    for (const name of ['overlay', 'gossip', 'seeds']) expect(help('simulate', name), name).toContain('Examples:')
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8').replaceAll(/[`|]/g, '').replaceAll(/\s+/g, ' ')
    for (const [name, code] of Object.entries(exitCode)) {
      const meaning = exitMeanings[name as keyof typeof exitCode]
      expect(whole).toMatch(new RegExp(`^ +${code} {2}${meaning}$`, 'm'))
      expect(readme.includes(`${code} ${meaning}`), `README.md has ${code} ${meaning}`).toBe(true)
    }
  })
})

describe('hubcast', () => {
  test('says its version', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
    expect(execFileSync(process.execPath, [script, '--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
  })

  test.each([
    [['pear'], "unknown command 'pear'", 'Did you mean peer?'],
    [['ping', '/ip4/192.0.2.7/tcp/1', '--cuont', '3'], "unknown option '--cuont'", 'Did you mean --count?'],
    [['simulate', 'gosip'], "unknown command 'gosip'", 'Did you mean gossip?'],
    [['completion', 'fsh'], 'Allowed choices are bash, zsh, fish', '--help lists all flags'],
    [['ping', 'nowhere'], '"nowhere" is no multiaddr', 'write one such as'],
    [['status', '--http', 'a:b'], '"a:b" is no address of a node\'s HTTP', 'write one such as']
  ])('%j ends with 2 and says what is meant', (args, wrong, next) => {
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' })
    expect(stderr).toContain(wrong)
    expect(stderr).toContain(next)
    expect(status).toBe(exitCode.usage)
  })
})

describe('hubcast completion', () => {
  const hasBash = spawnSync('bash', ['--version']).status === 0

  test.skipIf(!hasBash).each([
    ['pe', ['peer', 'peers']],
    ['peer --data', ['--data-dir']],
    ['peer --name seed --o', ['--output']],
    ['simulate gossip --scenario cr', ['crash']],
    ['simulate gossip --s', ['--scenario', '--system', '--seed']],
    ['simulate ', ['overlay', 'gossip', 'seeds', 'report', '--help']],
    ['completion z', ['zsh']],
    ['ping -c ', []],
    ['nonsense ', expect.arrayContaining(['swarm', '--version'])]
  ])('bash: hubcast %s', (typed, offered) => {
    // What bash itself does when somebody presses the tab key.
    const press = `
      source <(${JSON.stringify(process.execPath)} ${JSON.stringify(script)} completion bash)
      [[ $(complete -p hubcast) == 'complete -o default -F _hubcast hubcast' ]] || exit 1
      COMP_WORDS=(hubcast "$@") COMP_CWORD=$#; _hubcast; printf '%s\\n' "\${COMPREPLY[@]}"`
    const said = execFileSync('bash', ['-c', press, 'bash', ...typed.split(' ')], { encoding: 'utf8' })
    expect(said.split('\n').filter(word => word !== '')).toEqual(offered)
  })

  test.skipIf(!hasBash)('bash takes in what it and zsh are given without a complaint', () => {
    for (const shell of ['bash', 'zsh']) {
      const text = execFileSync(process.execPath, [script, 'completion', shell], { encoding: 'utf8' })
      expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    }
  })

  test.skipIf(spawnSync('fish', ['--version']).status !== 0).each([
    ['hubcast pe', ['peer', 'peers']],
    ['hubcast simulate ', ['gossip', 'overlay', 'report', 'seeds']],
    ['hubcast simulate gossip --scenario cr', ['crash']],
    ['hubcast peer --data', ['--data-dir']]
  ])('fish: %s', (typed, offered) => {
    using place = workplace()
    const file = path.join(place.folder, 'hubcast.fish')
    writeFileSync(file, execFileSync(process.execPath, [script, 'completion', 'fish']))
    const press = ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, typed]
    const said = execFileSync('fish', press, { encoding: 'utf8' })
    expect(
      said
        .trimEnd()
        .split('\n')
        .map(line => line.split('\t')[0])
    ).toEqual(offered)
  })

  test('fish: commands, flags, values and descriptions', () => {
    const lines = execFileSync(process.execPath, [script, 'completion', 'fish'], { encoding: 'utf8' }).split('\n')
    expect(lines).toContain(
      "complete -c hubcast -n '__fish_seen_subcommand_from seed' -l only -d 'start this one of them only' -r"
    )
    expect(lines.find(line => line.includes('-a publish '))).toMatch(
      /^complete -c hubcast -n 'not __fish_seen_subcommand_from swarm /
    )
    expect(
      lines.find(
        line => line.includes('from simulate; and __fish_seen_subcommand_from seeds') && line.includes('-l scenario')
      )
    ).toMatch(/-f -a 'race /)
  })
})

describe('hubcast ping', () => {
  let place: ReturnType<typeof workplace>
  let programs: Programs
  beforeEach(() => {
    place = workplace()
    programs = new Programs()
  })
  afterEach(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })
  const ping = (...args: string[]): Program => programs.start('cli', ['ping', ...args], place.folder)

  test('shows each answer and what they have in common, until Ctrl-C with -c 0', async () => {
    const seed = await createSeed({ listen: '/ip4/127.0.0.1/tcp/0' })
    const address = seed.addresses[0] ?? ''
    try {
      const few = ping(address, '-c', '3', '-i', '10ms')
      expect((await few.exited).code).toBe(exitCode.ok)
      expect(few.lines[0]).toContain(seed.id)
      expect(few.lines.slice(1, 4)).toEqual(
        [1, 2, 3].map(number => expect.stringMatching(new RegExp(`^${number}: (under )?\\d+ ms$`)))
      )
      expect(few.lines.slice(5)).toEqual([
        '3 pings, 3 answered, 0 % lost',
        expect.stringMatching(/min\/mean\/max\/deviation( |\/)[\d./]+ ms$/)
      ])
      const many = ping(address, '--count', '0', '--interval', '10ms', '--json')
      await many.line(/"number":4/)
      many.signal('SIGINT')
      expect((await many.exited).code).toBe(exitCode.ok)
      const events = many.lines.map(line => JSON.parse(line) as Record<string, unknown>)
      const pongs = events.filter(({ event }) => event === 'ping')
      expect(pongs.map(({ number }) => number)).toEqual(pongs.map((_, index) => index + 1))
      expect(events.at(-1)).toMatchObject({ event: 'statistics', answered: pongs.length })
    } finally {
      await seed.stop()
    }
  })

  test('counts what is not answered while the node is away, and ends with 1 when nothing was', async () => {
    const [port] = await freePorts(1)
    const nobody = ping(`/ip4/127.0.0.1/tcp/${port}`)
    expect((await nobody.exited).code).toBe(exitCode.failure)
    expect(nobody.errors.join('\n')).toMatch(/cannot connect to .* nobody listens there/)
    const seed = await createSeed({ listen: `/ip4/127.0.0.1/tcp/${port}` })
    const away = ping(`/ip4/127.0.0.1/tcp/${port}`, '-c', '0', '-i', '20ms')
    await away.line(/^2: (under )?\d+ ms/)
    await seed.stop()
    await away.line(/^\d+: (cannot connect|it hung up)/)
    away.signal('SIGINT')
    expect((await away.exited).code).toBe(exitCode.ok)
    expect(away.lines.join('\n')).toMatch(/[1-9]\d* % lost/)
  })
})
