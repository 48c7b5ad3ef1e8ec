import { ClassicLevel } from 'classic-level'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { AcknowledgedMark } from './acknowledged-mark.ts'
import { DamageError, openingTrouble, StoreError } from './store-errors.ts'

export interface OpenedStore {
  readonly store: RegistryStore
  /** What was found to be wrong. The folder was put aside, and an empty one is in its place. */
  readonly damage: string | undefined
}

type OnEntry = (key: string, value: string) => void

/** Beside the entries, in each batch: how many commits there were, and the hash of all entries. */
const metaKey = '!'
interface Meta {
  readonly commits: number
  readonly hash: string
}

/** Damaged stores that are kept for whoever wants to know what happened. */
const damagedMax = 3

type Level = ClassicLevel

/**
 * What a seed must not forget, on disk: texts by key. Changes are written in groups: what comes while a group is written makes the next one,
 * so thousands of acknowledgements a second need a few hundred writes.
 *
 * LevelDB drops what it cannot read at the end of its log and says nothing. So each commit has a number, in its batch and, when the
 * batch is on the disk, in a file of its own (`AcknowledgedMark`): only then is anything acknowledged. A store that has fewer commits than
 * the mark has lost some; it can have one more, when the process ended in between. And each batch brings the hash of all entries, as a set, along:
 * whatever else is missing, doubled, old or wrong does not fit it.
 */
export class RegistryStore {
  readonly #folder: string
  readonly #mark: AcknowledgedMark
  #level: Level
  #commits: number
  #hash: bigint
  /** Changes that wait for the next write: at most one for each entry. */
  #pending = new Map<string, string | undefined>()
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isBroken = false

  constructor(folder: string, level: Level, mark: AcknowledgedMark, commits: number, hash: bigint) {
    this.#folder = folder
    this.#level = level
    this.#mark = mark
    this.#commits = commits
    this.#hash = hash
  }

  /**
   * @param onEntry told of all that was acknowledged, one after another, for a hundred thousand texts at once are more than what they say. What
   * it is told is worth nothing if there turns out to be damage. May throw: then there is.
   * @throws {StoreError} when another process uses the folder, or it cannot be written
   */
  static async open(folder: string, onEntry: OnEntry = () => {}): Promise<OpenedStore> {
    try {
      return { store: await openWhole(folder, onEntry), damage: undefined }
    } catch (error) {
      if (!(error instanceof DamageError)) throw error
      await putAside(folder)
      return { store: await openWhole(folder, onEntry), damage: error.message }
    }
  }

  put(key: string, value: string): void {
    this.#pending.set(key, value)
  }

  delete(key: string): void {
    this.#pending.set(key, undefined)
  }

  /**
   * Resolves when all that was changed before is on the disk.
   * @throws {StoreError} when it cannot be written; it is tried again with the next change
   */
  async committed(): Promise<void> {
    if (this.#pending.size === 0) return this.#last
    this.#next ??= this.#last
      .catch(() => {})
      .then(async () => {
        this.#next = undefined
        this.#last = this.#write()
        return this.#last
      })
    return this.#next
  }

  async close(): Promise<void> {
    await this.committed().catch(() => {})
    await this.#level.close()
    await this.#mark.close()
  }

  async #write(): Promise<void> {
    const changes = this.#pending
    this.#pending = new Map()
    try {
      if (this.#isBroken) await this.#reopen()
      let hash = this.#hash
      const batch: ({ type: 'put'; key: string; value: string } | { type: 'del'; key: string })[] = []
      for (const [key, value] of changes) {
        const before = this.#level.getSync(key)
        if (before !== undefined) hash ^= hashOf(key, before)
        if (value !== undefined) hash ^= hashOf(key, value)
        batch.push(value === undefined ? { type: 'del', key } : { type: 'put', key, value })
      }
      const meta: Meta = { commits: this.#commits + 1, hash: String(hash) }
      await this.#level.batch([...batch, { type: 'put', key: metaKey, value: JSON.stringify(meta) }], { sync: true })
      this.#commits = meta.commits
      this.#hash = hash
      await this.#mark.write(meta.commits)
    } catch (error) {
      this.#isBroken = true
      // Nothing is lost: the next write has it too, unless it has changed again.
      this.#pending = new Map([...changes, ...this.#pending])
      throw new StoreError(`${this.#folder} cannot be written: ${reasonOf(error)}`, { cause: error })
    }
  }

  /** After an error LevelDB writes nothing more until it is opened anew. */
  async #reopen(): Promise<void> {
    await this.#level.close()
    const level = newLevel(this.#folder)
    await level.open()
    this.#level = level
    // The batch that failed may be there all the same.
    const { commits, hash } = await metaOf(level)
    if (commits < this.#commits) throw new StoreError('what was written before is gone; start this seed again')
    this.#commits = commits
    this.#hash = BigInt(hash)
    this.#isBroken = false
  }
}

/** @throws {DamageError} when something that was acknowledged is missing or changed {StoreError} */
async function openWhole(folder: string, onEntry: OnEntry): Promise<RegistryStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await filesIn(levelIn(folder))).length > 0) await tryToRead(folder)
  const level = newLevel(folder)
  await level.open().catch((error: unknown) => {
    throw openingTrouble(folder, codeOf(error), reasonOf(error))
  })
  let mark: AcknowledgedMark | undefined
  try {
    let hash = 0n
    for await (const [key, value] of level.iterator()) {
      if (key === metaKey) continue
      hash ^= hashOf(key, value)
      tell(onEntry, key, value)
    }
    const meta = await metaOf(level)
    if (String(hash) !== meta.hash) throw new DamageError('entries are missing or changed')
    mark = await AcknowledgedMark.open(path.join(folder, 'acknowledged'))
    if (mark.commits === undefined && meta.commits > 0)
      throw new DamageError('the file that says how much was acknowledged cannot be read')
    if (meta.commits < (mark.commits ?? 0))
      throw new DamageError(`of ${mark.commits} commits the last ones are missing`)
    if (mark.commits === undefined) await mark.begin()
    // A process that died between a commit and its mark, or while it wrote that, left a slot that says too little, or nothing.
    else await mark.write(meta.commits)
    return new RegistryStore(folder, level, mark, meta.commits, hash)
  } catch (error) {
    await level.close()
    await mark?.close()
    throw error instanceof DamageError ? error : openingTrouble(folder, codeOf(error), reasonOf(error))
  }
}

/** @throws {DamageError} */
function tell(onEntry: OnEntry, key: string, value: string): void {
  try {
    onEntry(key, value)
  } catch (error) {
    throw new DamageError(`an entry makes no sense: ${reasonOf(error)}`)
  }
}

/** How a process ends that LevelDB ends, and one that reads where nothing is. */
const damageSignals = new Set<NodeJS.Signals>(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL'])

/**
 * Some damage ends the whole process that reads it (LevelDB asserts, and does not throw), so another one tries it first. It has a process
 * group of its own: a Ctrl-C that ends it would look like damage.
 * @throws {DamageError} {StoreError}
 */
async function tryToRead(folder: string): Promise<void> {
  const library = createRequire(import.meta.url).resolve('classic-level')
  const reader = spawn(process.execPath, ['-e', reading, library, levelIn(folder)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const said = text(reader.stdout)
  const [code, signal] = (await once(reader, 'close')) as [number | null, NodeJS.Signals | null]
  if (signal !== null && damageSignals.has(signal)) throw new DamageError('LevelDB cannot read it')
  if (code !== 0) throw new StoreError(`${folder} could not be tried (${signal ?? code}); start this seed again`)
  const answer = await said
  if (answer === '') return
  const { code: why, message } = JSON.parse(answer) as { readonly code: string; readonly message: string }
  throw openingTrouble(folder, why, message)
}

/** Prints what is wrong, or nothing. */
const reading = `
  const [library, place] = process.argv.slice(1)
  const { ClassicLevel } = require(library)
  const read = async () => {
    const level = new ClassicLevel(place)
    await level.open()
    for await (const entry of level.iterator()) void entry
    await level.close()
  }
  read().catch(({ cause, code, message }) =>
    process.stdout.write(JSON.stringify({ code: String(cause?.code ?? code), message: cause?.message ?? message }))
  )
`

function levelIn(folder: string): string {
  return path.join(folder, 'level')
}

function newLevel(folder: string): Level {
  return new ClassicLevel(levelIn(folder), { keyEncoding: 'utf8', valueEncoding: 'utf8' })
}

async function metaOf(level: Level): Promise<Meta> {
  const text = await level.get(metaKey)
  if (text === undefined) return { commits: 0, hash: '0' }
  return JSON.parse(text) as Meta
}

async function putAside(folder: string): Promise<void> {
  const { dir, base } = path.parse(folder)
  const prefix = `${base}.damaged-`
  const old = (await filesIn(dir)).filter(name => name.startsWith(prefix)).toSorted()
  for (const name of old.slice(0, Math.max(0, old.length - damagedMax + 1))) {
    await rm(path.join(dir, name), { recursive: true })
  }
  await rename(folder, path.join(dir, `${prefix}${new Date().toISOString().replaceAll(/[:.]/g, '-')}`))
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => [])
}

/** Of a set of these any order gives the same, and what goes is taken out as it was put in. */
function hashOf(key: string, value: string): bigint {
  return createHash('sha256').update(`${key.length} ${key}${value}`).digest().readBigUInt64BE()
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message : String(cause)
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
