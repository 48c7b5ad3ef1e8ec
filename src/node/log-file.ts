import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** What may wait while the disk is full or slow: minutes of a busy node. Then the oldest lines are lost, and counted. */
const waitingLinesMax = 10_000
const waitingCharactersMax = 8 * 1024 * 1024

/** Time after which writing is tried again when it failed, in ms. */
const retryMs = 1_000

/** Who is told how a log file fares. Must not throw. */
export interface LogFileWatch {
  /** Once, when writing begins to fail. */
  readonly onTrouble: (error: Error) => void
  /** When it works again. @param lost lines that were dropped meanwhile */
  readonly onRecovery?: (path: string, lost: number) => void
  /** When the file is closed before it worked again. @param lines all that nobody will find in it */
  readonly onUnwritten?: (path: string, lines: number) => void
}

/** Lines on their way to the disk. */
interface Batch {
  readonly bytes: Uint8Array
  /** Lines lost before it, which its first line tells; 0 if it has no such line. */
  readonly lost: number
}

/**
 * A text file that lines are appended to, by this process and others at the same time: each write holds whole lines and goes to
 * the end of the file. A full disk or a missing folder costs nothing but patience: lines wait, writing is tried again, and if
 * too many wait the first line after the trouble says how many were lost.
 */
export class LogFile {
  readonly #path: string
  readonly #watch: LogFileWatch
  #file: FileHandle | undefined
  /** Device and inode of the file that was written last. */
  #identity: string | undefined
  #waiting: string[] = []
  #waitingCharacters = 0
  #batch: Batch | undefined
  /** Bytes of the batch that the disk has taken; the others go before anything else, so that no line is torn twice. */
  #written = 0
  #lost = 0
  #writing: Promise<void> | undefined
  #retry: NodeJS.Timeout | undefined
  #troubled = false
  /** Lines lost that were told since the trouble began. */
  #lostInTrouble = 0
  #moves = false

  constructor(path: string, watch: LogFileWatch) {
    this.#path = path
    this.#watch = watch
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

  /** Goes on in the file that has the path now: the one before was renamed. */
  async reopen(): Promise<void> {
    this.#moves = true
    await this.#writing
    clearTimeout(this.#retry)
    this.#writing ??= this.#write()
    await this.#writing
  }

  /** Writes what waits, one more try if there is trouble, and closes the file. */
  async close(): Promise<void> {
    await this.#writing
    clearTimeout(this.#retry)
    await this.#write()
    clearTimeout(this.#retry)
    const unwritten = this.#unwritten
    if (unwritten > 0) this.#watch.onUnwritten?.(this.#path, unwritten)
    await this.#file?.close().catch((error: Error) => this.#watch.onTrouble(error))
    this.#file = undefined
  }

  async #write(): Promise<void> {
    this.#retry = undefined
    // Everything that is said in this turn of the event loop goes out together.
    await Promise.resolve()
    try {
      if (this.#file === undefined || this.#moves) this.#file = await this.#open()
      while (this.#batch !== undefined || this.#waiting.length > 0) {
        this.#batch ??= this.#takeBatch()
        const { bytes } = this.#batch
        const { bytesWritten } = await this.#file.write(bytes, this.#written)
        this.#written += bytesWritten
        if (this.#written === bytes.byteLength) {
          this.#batch = undefined
          this.#written = 0
        }
      }
      if (this.#troubled) this.#watch.onRecovery?.(this.#path, this.#lostInTrouble)
      this.#troubled = false
      this.#lostInTrouble = 0
    } catch (error) {
      if (!this.#troubled) this.#watch.onTrouble(error instanceof Error ? error : new Error(String(error)))
      this.#troubled = true
      this.#retry = setTimeout(() => void (this.#writing ??= this.#write()), retryMs)
      this.#retry.unref()
    } finally {
      this.#writing = undefined
    }
  }

  async #open(): Promise<FileHandle> {
    const file = await open(this.#path, 'a')
    const { dev, ino } = await file.stat()
    const identity = `${dev}:${ino}`
    // A line of which another file has the beginning is written whole here.
    if (identity !== this.#identity && this.#batch !== undefined && this.#written > 0)
      this.#written = this.#batch.bytes.lastIndexOf(lineFeed, this.#written - 1) + 1
    await this.#file?.close()
    this.#identity = identity
    this.#moves = false
    return file
  }

  #takeBatch(): Batch {
    const lines = this.#waiting
    const lost = this.#lost
    this.#waiting = []
    this.#waitingCharacters = 0
    this.#lost = 0
    this.#lostInTrouble += lost
    if (lost > 0) lines.unshift(`${new Date().toISOString()} ${lost} lines were lost before this one`)
    return { bytes: new TextEncoder().encode(`${lines.join('\n')}\n`), lost }
  }

  /** Lines that nobody will find in the file, those included whose loss it does not tell. */
  get #unwritten(): number {
    const others = this.#waiting.length + this.#lost
    if (this.#batch === undefined) return others
    const { bytes, lost } = this.#batch
    const isEnd = (byte: number): boolean => byte === lineFeed
    const left = bytes.subarray(this.#written).filter(isEnd).length
    const isTold = lost === 0 || left < bytes.filter(isEnd).length
    return others + left + (isTold ? 0 : lost - 1)
  }
}

const lineFeed = 0x0a
