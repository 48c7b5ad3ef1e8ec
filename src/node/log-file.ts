import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** What may wait while the disk is full or slow: minutes of a busy node. Then the oldest lines are lost, and counted. */
const waitingLinesMax = 10_000
const waitingCharactersMax = 8 * 1024 * 1024

/** Time after which writing is tried again when it failed, in ms. */
const retryMs = 1_000

/**
 * A text file that lines are appended to, by this process and others at the same time: each write holds whole lines and goes to
 * the end of the file. A full disk or a missing folder costs nothing but patience: lines wait, writing is tried again, and if
 * too many wait the first line after the trouble says how many were lost.
 */
export class LogFile {
  readonly #path: string
  readonly #onTrouble: (error: Error) => void
  #file: FileHandle | undefined
  #waiting: string[] = []
  #waitingCharacters = 0
  /** Bytes of a batch that the disk took only in part; they go before anything else, so that no line is torn twice. */
  #rest: Uint8Array | undefined
  #lost = 0
  #writing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #troubled = false

  /** @param onTrouble told once when writing begins to fail; must not throw */
  constructor(path: string, onTrouble: (error: Error) => void) {
    this.#path = path
    this.#onTrouble = onTrouble
  }

  /** Lines that were dropped because too many waited. */
  get lost(): number {
    return this.#lost
  }

  /** Appends one line. `line` must hold no line end. */
  append(line: string): void {
    this.#waiting.push(line)
    this.#waitingCharacters += line.length
    while (this.#waiting.length > waitingLinesMax || this.#waitingCharacters > waitingCharactersMax) {
      this.#waitingCharacters -= this.#waiting.shift()?.length ?? 0
      this.#lost++
    }
    if (this.#retry === undefined) this.#writing ??= this.#write()
  }

  /** Writes what waits, one more try if there is trouble, and closes the file. */
  async close(): Promise<void> {
    await this.#writing
    clearTimeout(this.#retry)
    await this.#write()
    clearTimeout(this.#retry)
    await this.#file?.close().catch(this.#onTrouble)
    this.#file = undefined
  }

  async #write(): Promise<void> {
    this.#retry = undefined
    // Everything that is said in this turn of the event loop goes out together.
    await Promise.resolve()
    try {
      this.#file ??= await open(this.#path, 'a')
      while (this.#rest !== undefined || this.#waiting.length > 0) {
        this.#rest ??= this.#takeBatch()
        const { bytesWritten } = await this.#file.write(this.#rest)
        this.#rest = bytesWritten < this.#rest.byteLength ? this.#rest.subarray(bytesWritten) : undefined
      }
      this.#troubled = false
    } catch (error) {
      if (!this.#troubled) this.#onTrouble(error instanceof Error ? error : new Error(String(error)))
      this.#troubled = true
      this.#retry = setTimeout(() => void (this.#writing ??= this.#write()), retryMs)
      this.#retry.unref()
    } finally {
      this.#writing = undefined
    }
  }

  #takeBatch(): Uint8Array {
    const lines = this.#waiting
    this.#waiting = []
    this.#waitingCharacters = 0
    if (this.#lost > 0) {
      lines.unshift(`${new Date().toISOString()} ${this.#lost} lines were lost before this one`)
      this.#lost = 0
    }
    return new TextEncoder().encode(`${lines.join('\n')}\n`)
  }
}
