/** Something that was acknowledged is not on the disk any more, or not all of it. The message says how that was found. */
export class DamageError extends Error {
  override readonly name = 'DamageError'
}

/** A store that cannot be used now, though nothing is known to be lost. The message names its folder and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** Troubles of the machine, which say nothing about what is on the disk. LevelDB gives them in words only. */
const ofTheMachine =
  /no space left|file too large|quota exceeded|permission denied|not permitted|read-only file system|too many open files|cannot allocate/i

/** What it means that a folder cannot be opened. */
export function openingTrouble(folder: string, code: string, message: string): DamageError | StoreError {
  if (code === 'LEVEL_LOCKED') {
    return new StoreError(`${folder} is used by another process; two seeds need a --data-dir of their own`)
  }
  if (!ofTheMachine.test(message)) return new DamageError(message)
  return new StoreError(`${folder} cannot be opened: ${message}; nothing is lost, mend that and start again`)
}
