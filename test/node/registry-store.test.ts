import { ClassicLevel } from 'classic-level'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { below, seededRandom } from '#src/core/random.ts'
import { RegistryStore } from '#src/node/registry-store.ts'
import { replay, runsOf } from '../support/core/runs.ts'
import { root } from '../support/project.ts'
import { damages, fill, flip, read, readDamaged } from '../support/store-damage.ts'
import type { Damage } from '../support/store-damage.ts'

let place: string
const folder = (): string => path.join(place, 'seed')

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'hubcast-store-'))
})
afterEach(async () => rm(place, { recursive: true }))

describe('a store', () => {
  test('has what was acknowledged when it is opened again, changes and deletions included', async () => {
    const kept = await fill(folder())
    expect(kept.size).toBeGreaterThan(2)
    expect(await read(folder())).toEqual(kept)
  })

  test('is whole when it ends between its first commit and the mark of it', async () => {
    const { store } = await RegistryStore.open(folder())
    const mark = path.join(folder(), 'acknowledged')
    const before = await readFile(mark)
    store.put('a', '1')
    await store.close()
    await writeFile(mark, before)
    expect(await read(folder())).toEqual(new Map([['a', '1']]))
  })

  test('writes in groups: what comes while it writes goes together', async () => {
    const { store } = await RegistryStore.open(folder())
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        store.put(`k${index}`, 'v')
        await store.committed()
        order.push(index)
      })
    )
    await store.close()
    const level = await readFile(path.join(folder(), 'acknowledged'))
    expect([...level.subarray(0, 8), ...level.subarray(16, 24)].reduce((sum, byte) => sum + byte)).toBeLessThan(10)
    expect(await read(folder())).toHaveProperty('size', 100)
  })

  test('that another process or seed uses is refused, with what to do', async () => {
    const { store } = await RegistryStore.open(folder())
    await expect(RegistryStore.open(folder())).rejects.toThrow(/is used by another process; .* --data-dir/)
    await store.close()
  })

  test('that cannot be written acknowledges nothing, and has everything when it can be again', async () => {
    const { store } = await RegistryStore.open(folder())
    vi.spyOn(ClassicLevel.prototype, 'batch').mockRejectedValueOnce(new Error('No space left on device'))
    store.put('a', '1')
    store.put('b', '1')
    await expect(store.committed()).rejects.toThrow(/seed cannot be written: No space left on device/)
    store.put('b', '2')
    await store.committed()
    await store.close()
    expect(await read(folder())).toEqual(new Map(Object.entries({ a: '1', b: '2' })))
  })
})

test('without room on the disk a store cannot be opened, says so, and stays where it is', async () => {
  const kept = await fill(folder())
  const opening = `
    const { RegistryStore } = await import('./dist/node/registry-store.js')
    try {
      await RegistryStore.open(process.argv[1])
    } catch (error) {
      process.stdout.write(error.name + ': ' + error.message)
    }
  `
  // No file may grow.
  const line = 'ulimit -f 0; exec "$0" --input-type=module -e "$1" "$2"'
  const opener = spawn('sh', ['-c', line, process.execPath, opening, folder()], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  expect(await text(opener.stdout)).toMatch(/^StoreError: \S+ cannot be opened: .*too large; nothing is lost/i)
  expect(await readdir(place)).toEqual(['seed'])
  expect(await read(folder())).toEqual(kept)
})

describe('damage', () => {
  test('of some file, cut or flipped at some byte, is found or does no harm', async () => {
    const kept = await fill(folder())
    const all = await damages(folder())
    for (const run of runsOf(40)) {
      const damage = all[below(seededRandom(run), all.length)] as Damage
      const seen = await readDamaged(folder(), damage)
      if (seen !== 'damaged') expect(seen, `${damage.file} ${damage.how} at ${damage.at}, ${replay(run)}`).toEqual(kept)
    }
  })

  test('of the log and of its mark at once is found, however few commits there were', async () => {
    for (const commits of [1, 2, 3]) {
      for (const slot of [0, 1]) {
        const { store } = await RegistryStore.open(folder())
        for (let commit = 0; commit < commits; commit++) {
          store.put(`k${commit}`, 'v')
          await store.committed()
        }
        await store.close()
        for (const file of await readdir(folder(), { recursive: true })) {
          const at = path.join(folder(), file)
          if (file.endsWith('.log')) await flip(at, (await stat(at)).size - 1)
          if (file === 'acknowledged') await flip(at, slot * 16)
        }
        expect(await read(folder()), `${commits} commits, slot ${slot}`).toBe('damaged')
      }
    }
  })

  test('that is none: a mark that was being written when the process ended', async () => {
    const mark = path.join(folder(), 'acknowledged')
    for (const key of ['a', 'b', 'c']) {
      const { store } = await RegistryStore.open(folder())
      const before = await readFile(mark)
      store.put(key, '1')
      await store.close()
      const after = await readFile(mark)
      const torn = after.map((byte, at) => (at % 16 < 8 ? byte : (before[at] ?? 0)))
      await writeFile(mark, torn)
      expect(await read(folder())).toHaveProperty('size', key.charCodeAt(0) - 96)
    }
  })

  test('that is found: the folder is put aside, three of them at most, and an empty one begun', async () => {
    for (let times = 0; times < 5; times++) {
      const { store } = await RegistryStore.open(folder())
      store.put('a', '1')
      await store.committed()
      await store.close()
      await truncate(path.join(folder(), 'acknowledged'), 0)
      const entries = new Map<string, string>()
      const { store: fresh, damage } = await RegistryStore.open(folder(), (key, value) => entries.set(key, value))
      expect(damage).toMatch(/cannot be read/)
      await fresh.close()
    }
    const aside = (await readdir(place)).filter(name => name.startsWith('seed.damaged-'))
    expect(aside).toHaveLength(3)
    expect(await read(folder())).toEqual(new Map())
  })

  test('that nobody but its reader can find is damage too', async () => {
    const { store } = await RegistryStore.open(folder())
    store.put('a', 'no sense')
    await store.committed()
    await store.close()
    const read = (_: string, value: string): void => {
      throw new SyntaxError(`what is ${value}`)
    }
    const { store: fresh, damage } = await RegistryStore.open(folder(), read)
    expect(damage).toMatch(/makes no sense: what is no sense/)
    await fresh.close()
  })
})

/** Puts, and prints each entry when it is acknowledged, until it is killed. */
const writing = `
  const { RegistryStore } = await import('./dist/node/registry-store.js')
  const [folder, run] = process.argv.slice(1)
  const { store } = await RegistryStore.open(folder)
  const write = async writer => {
    for (let count = 0; ; count++) {
      const [key, value] = ['k' + writer + '-' + (count % 50), run + '-' + count]
      store.put(key, value)
      await store.committed()
      process.stdout.write(key + ' ' + value + '\\n')
    }
  }
  await Promise.all([1, 2, 3, 4].map(write))
`

test('a process that is killed at any moment loses nothing that it has acknowledged, and leaves no damage', async () => {
  const acknowledged = new Map<string, string>()
  for (const run of runsOf(20)) {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', writing, folder(), String(run)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const lines = createInterface({ input: writer.stdout })
    lines.on('line', line => {
      const [key = '', value = ''] = line.split(' ')
      acknowledged.set(key, value)
    })
    await once(lines, 'line')
    await new Promise(resolve => setTimeout(resolve, seededRandom(run)() * 100))
    const ended = once(lines, 'close')
    writer.kill('SIGKILL')
    await ended
    const seen = await read(folder())
    expect(seen, replay(run)).not.toBe('damaged')
    // What was written and not yet acknowledged may be there too.
    for (const [key, value] of acknowledged)
      expect(orderOf((seen as Map<string, string>).get(key)), `${key}, ${replay(run)}`).toBeGreaterThanOrEqual(
        orderOf(value)
      )
  }
})

/** Values of later runs, and later ones of one run, are greater. */
function orderOf(value = '-1-0'): number {
  const [run = 0, count = 0] = value.split('-').map(Number)
  return run * 1e9 + count
}
