import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A number of 8 bytes and the beginning of its hash. */
const slotBytes = 16
const slots = 2

/**
 * How many commits of a store have been acknowledged, in a file of two slots that are written in turn: whatever happens to one, the other holds
 * the number or the one before it.
 */
export class AcknowledgedMark {
  readonly #file: FileHandle
  /** As far as the file could be read. */
  readonly commits: number | undefined

  private constructor(file: FileHandle, commits: number | undefined) {
    this.#file = file
    this.commits = commits
  }

  static async open(name: string): Promise<AcknowledgedMark> {
    const file = await openOrMake(name)
    const bytes = Buffer.alloc(slots * slotBytes)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    let commits: number | undefined
    for (let at = 0; at + slotBytes <= bytesRead; at += slotBytes) {
      const slot = bytes.subarray(at, at + slotBytes)
      const number = Number(slot.readBigUInt64BE())
      if (slot.equals(slotOf(number))) commits = Math.max(commits ?? 0, number)
    }
    return new AcknowledgedMark(file, commits)
  }

  /** Resolves when it is on the disk. */
  async write(commits: number): Promise<void> {
    await this.#file.write(slotOf(commits), 0, slotBytes, (commits % slots) * slotBytes)
    await this.#file.datasync()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

async function openOrMake(name: string): Promise<FileHandle> {
  try {
    return await open(name, 'r+')
  } catch {
    return open(name, 'w+', 0o600)
  }
}

function slotOf(commits: number): Buffer {
  const slot = Buffer.alloc(slotBytes)
  slot.writeBigUInt64BE(BigInt(commits))
  createHash('sha256').update(slot.subarray(0, 8)).digest().copy(slot, 8, 0, 8)
  return slot
}
