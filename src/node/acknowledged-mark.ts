import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A number of 8 bytes and the beginning of its hash. */
const slotBytes = 16
const slots = 2

/**
 * How many commits of a store have been acknowledged, in a file of two slots that are written in turn: whatever happens to one, the other
 * holds the number before it. A slot that cannot be read was being written when the process ended, or is damaged. In either case it is taken
 * for the later one: the commit that it was to tell of was on the disk before. So damage of this file does not hide damage of the store.
 */
export class AcknowledgedMark {
  readonly #file: FileHandle
  /** The store must have at least so many; undefined, if neither slot can be read. */
  readonly commits: number | undefined

  private constructor(file: FileHandle, commits: number | undefined) {
    this.#file = file
    this.commits = commits
  }

  static async open(name: string): Promise<AcknowledgedMark> {
    const file = await openOrMake(name)
    const bytes = Buffer.alloc(slots * slotBytes)
    await file.read(bytes, 0, bytes.length, 0)
    const numbers = [0, slotBytes].flatMap(at => numberIn(bytes.subarray(at, at + slotBytes)) ?? [])
    if (numbers.length === 0) return new AcknowledgedMark(file, undefined)
    return new AcknowledgedMark(file, Math.max(...numbers) + slots - numbers.length)
  }

  /** Resolves when it is on the disk that there was no commit. */
  async begin(): Promise<void> {
    await this.#put(Buffer.concat([slotOf(0n), slotOf(0n)]), 0)
  }

  /** Resolves when it is on the disk. */
  async write(commits: number): Promise<void> {
    await this.#put(slotOf(BigInt(commits)), (commits % slots) * slotBytes)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #put(bytes: Buffer, at: number): Promise<void> {
    await this.#file.write(bytes, 0, bytes.length, at)
    await this.#file.datasync()
  }
}

async function openOrMake(name: string): Promise<FileHandle> {
  try {
    return await open(name, 'r+')
  } catch {
    return open(name, 'w+', 0o600)
  }
}

/** What a slot says, if it is whole. */
function numberIn(slot: Buffer): number | undefined {
  const number = slot.readBigUInt64BE()
  return slot.equals(slotOf(number)) ? Number(number) : undefined
}

function slotOf(commits: bigint): Buffer {
  const slot = Buffer.alloc(slotBytes)
  slot.writeBigUInt64BE(commits)
  createHash('sha256').update(slot.subarray(0, 8)).digest().copy(slot, 8, 0, 8)
  return slot
}
