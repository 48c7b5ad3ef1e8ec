import * as fs from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { textLock } from '#src/settings.ts'

/**
 * Replaces the text of a file that several processes may want to replace at the same moment. Each change is made to what the one
 * before has left, and who reads the file finds it whole. The new text is written to `FILE.lock`, which only one process can make,
 * and renamed to `FILE`, which is the end of the lock.
 *
 * Nothing is awaited between lock and rename, so no end of this process but SIGKILL leaves a lock behind. One that nobody has touched
 * for a while is removed; its owner, if it was only held up, finds its lock gone and begins anew.
 * @param change returns the new text, or undefined to leave the file as it is; called anew when somebody else was first. It gets ''
 * when there is no file
 * @throws what the file system and `change` throw, and AbortError
 */
export async function replaceText(
  file: string,
  change: (text: string) => string | undefined,
  signal?: AbortSignal
): Promise<void> {
  const lock = `${file}.lock`
  let seen = { mark: '', since: 0 }
  // Mostly there is nothing to change, and that takes no lock.
  while (change(textOf(file)) !== undefined && !tryToReplace(file, lock, change)) {
    const mark = markOf(lock)
    if (mark !== seen.mark) seen = { mark, since: performance.now() }
    else if (performance.now() - seen.since > textLock.staleMs) fs.rmSync(lock, { force: true })
    await delay(textLock.retryMs * (0.5 + Math.random()), undefined, { signal })
  }
}

/** Returns false when somebody else is at it. */
function tryToReplace(file: string, lock: string, change: (text: string) => string | undefined): boolean {
  // As for the keys, which lie beside: nobody else is to say who is to be trusted.
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  let handle: number
  try {
    handle = fs.openSync(lock, 'wx')
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  const { ino } = fs.fstatSync(handle)
  const isOurs = (): boolean => fs.statSync(lock, { throwIfNoEntry: false })?.ino === ino
  try {
    const text = change(textOf(file))
    if (text === undefined) return true
    fs.writeFileSync(handle, text)
    fs.fsyncSync(handle)
    if (!isOurs()) return false
    fs.renameSync(lock, file)
    return true
  } finally {
    fs.closeSync(handle)
    if (isOurs()) fs.unlinkSync(lock)
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return ''
    throw error
  }
}

/** Tells one lock from the next: their inodes alone may be the same. */
function markOf(lock: string): string {
  const stat = fs.statSync(lock, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeNs}`
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
