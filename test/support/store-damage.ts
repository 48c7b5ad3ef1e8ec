import { cp, mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { RegistryStore } from '#src/node/registry-store.ts'

/** One byte of one file of a store. */
export interface Damage {
  readonly file: string
  readonly at: number
  readonly how: 'cut' | 'flipped'
}

/** Makes some commits; what is acknowledged in the end. The first ones end up in a table file, the last ones in the log. */
export async function fill(folder: string): Promise<Map<string, string>> {
  const kept = new Map<string, string>()
  for (const round of [1, 2]) {
    const { store } = await RegistryStore.open(folder)
    for (let commit = 0; commit < 8; commit++) {
      const [key, value] = [`registered/${(commit * round) % 5}`, JSON.stringify({ commit, round })]
      if (commit % 4 === 3) store.delete(key)
      else store.put(key, value)
      await store.committed()
      if (commit % 4 === 3) kept.delete(key)
      else kept.set(key, value)
    }
    await store.close()
  }
  return kept
}

/** What is read; `damaged`, if the store says so itself. */
export async function read(folder: string): Promise<Map<string, string> | 'damaged'> {
  const entries = new Map<string, string>()
  const { store, damage } = await RegistryStore.open(folder, (key, value) => entries.set(key, value))
  await store.close()
  return damage === undefined ? entries : 'damaged'
}

/** Every byte of every file of a store but LevelDB's diary, which nobody reads. */
export async function damages(folder: string): Promise<Damage[]> {
  const all: Damage[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('LOG')) continue
    const file = path.join(entry.parentPath, entry.name)
    const { size } = await stat(file)
    for (let at = 0; at < size; at++) {
      for (const how of ['cut', 'flipped'] as const) all.push({ file: path.relative(folder, file), at, how })
    }
  }
  return all
}

/** What is read from a copy of the store with this damage. */
export async function readDamaged(folder: string, { file, at, how }: Damage): Promise<Map<string, string> | 'damaged'> {
  const place = await mkdtemp(path.join(tmpdir(), 'hubcast-damage-'))
  const copy = path.join(place, 'seed')
  try {
    await cp(folder, copy, { recursive: true })
    const damaged = path.join(copy, file)
    await (how === 'cut' ? truncate(damaged, at) : flip(damaged, at))
    return await read(copy)
  } finally {
    await rm(place, { recursive: true })
  }
}

/** Changes one byte of a file. */
export async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, at)
  byte[0] = (byte[0] ?? 0) ^ 0x55
  await handle.write(byte, 0, 1, at)
  await handle.close()
}
