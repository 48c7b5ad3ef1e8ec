import { describe, expect, test } from 'vitest'
import {
  hostsInLock,
  importsOf,
  importsOfGeneratedCode,
  linesMax,
  lockFile,
  lockFiles,
  missingFromLock,
  sourceFiles,
  tooLong,
  untidy,
  wrongImports
} from './support/house.ts'
import type { SourceFile } from './support/house.ts'

const file = (path: string, text: string): SourceFile => ({ path, text })

describe('the house', () => {
  const files = sourceFiles()

  test('is looked at whole', () => {
    for (const room of [
      'protocols/streams/frames.ts',
      'src/core/topology.ts',
      'src/node/host.ts',
      'src/sim/graph.ts',
      'src/peer.ts',
      'test/tidy.test.ts'
    ]) {
      expect(files.map(({ path }) => path)).toContain(room)
    }
    expect(importsOf(files.find(({ path }) => path === 'src/core/topology.ts') ?? file('', ''))).toContain(
      'src/core/random.ts'
    )
  })

  test('imports go in the allowed directions only', () => {
    expect(wrongImports(files)).toEqual([])
    expect(importsOfGeneratedCode(files)).toEqual([])
  })

  test('no file is longer than it may be', () => {
    expect(tooLong(files)).toEqual([])
  })

  test('no notes to oneself, no drawers, no odd names', () => {
    expect(untidy(files)).toEqual([])
  })

  test.each(lockFiles)('%s has all that an installation wants, and names no host', file => {
    const lock = lockFile(file)
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100)
    expect(missingFromLock(lock)).toEqual([])
    expect(hostsInLock(lock)).toEqual([])
  })
})

describe('the rules see what they forbid', () => {
  test.each([
    ['src/core/topology.ts', "import { readFileSync } from 'node:fs'"],
    ['src/core/topology.ts', "import { Driver } from '#src/node/driver.ts'"],
    ['src/core/topology.ts', "import { Driver } from '../node/driver.ts'"],
    ['src/core/gossip/engine.ts', "import type { Libp2p } from '@libp2p/interface'"],
    ['src/core/registry.ts', "import { encodeRequest } from '#protocols/registration/codec.ts'"],
    ['protocols/gossip/service.ts', "import { gossip } from '#src/settings.ts'"],
    ['protocols/gossip/service.ts', "export { gossip } from '../../src/settings.ts'"],
    ['protocols/gossip/service.ts', "const { gossip } = await import('#src/settings.ts')"],
    ['protocols/gossip/messages.ts', "import { pipe } from 'it-pipe'"],
    ['src/node/host.ts', "import { runPeer } from '#src/terminal/run-peer.ts'"],
    ['src/sim/graph.ts', "import { performance } from 'node:perf_hooks'"],
    ['src/sim/graph.ts', "import { Graph } from 'graphology'"],
    ['src/sim/graph.ts', "import { PeerNode } from '../node/peer-node.ts'"],
    ['src/sim/graph.ts', "import { encode } from '#protocols/gossip/codec.ts'"],
    ['src/node/host.ts', "import { graphOf } from '#src/sim/graph.ts'"],
    ['src/dashboard/main.ts', "import { readFileSync } from 'node:fs'"],
    ['src/dashboard/live.ts', "import { http } from '../settings.ts'"],
    ['src/settings.ts', "import {\n  a,\n  b\n} from './node/host.ts'"]
  ])('%s with %s', (path, text) => {
    expect(wrongImports([file(path, `${text}\n`)]).length).toBe(1)
  })

  test('generated code anywhere but in a codec', () => {
    const text = "import * as wire from './generated/gossip.ts'\n"
    expect(importsOfGeneratedCode([file('protocols/gossip/codec.ts', text)])).toEqual([])
    expect(importsOfGeneratedCode([file('protocols/gossip/service.ts', text)]).length).toBe(1)
  })

  test('a file with one line too many', () => {
    expect(tooLong([file('src/a.ts', 'x\n'.repeat(linesMax))])).toEqual([])
    expect(tooLong([file('src/a.ts', 'x\n'.repeat(linesMax + 1))]).length).toBe(1)
  })

  test('notes, drawers and odd names', () => {
    const bad = [
      file('src/utils.ts', ''),
      file('src/core/helpers/a.ts', ''),
      file('src/aB.ts', ''),
      file('src/a.ts', `// ${['TO', 'DO'].join('')}`),
      file('src/dashboard/a.ts', 'element.innerHTML = name')
    ]
    expect(bad.map(each => untidy([each]).length)).toEqual([1, 1, 1, 1, 1])
  })

  test('a lock file that names a host', () => {
    const packages = {
      'node_modules/a': { resolved: 'https://registry.example/a.tgz' },
      'node_modules/b': { resolved: 'folder' }
    }
    expect(hostsInLock({ packages }).length).toBe(1)
  })

  test('a lock file that lacks a platform', () => {
    const packages = {
      '': {},
      'node_modules/a': { optionalDependencies: { '@a/linux': '1', '@a/mac': '1' } },
      'node_modules/@a/linux': {}
    }
    expect(missingFromLock({ packages })).toEqual([
      'node_modules/a wants @a/mac, which package-lock.json does not have'
    ])
  })
})
