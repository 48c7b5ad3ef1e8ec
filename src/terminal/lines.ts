import type { Interface } from 'node:readline'

/** Lines that somebody may type ahead; a pipe is paused instead. */
const earlyLinesMax = 1_000

/**
 * The lines of standard input, read by ONE reader from the first moment on: a prompt library that reads ahead would swallow the
 * lines that a pipe has already delivered.
 */
export class Lines {
  readonly #reader: Interface
  readonly #waiting: ((line: string | undefined) => void)[] = []
  /** Lines that came before anybody asked. A pipe waits when we do not read, so it stays short. */
  readonly #early: string[] = []
  #onLine: ((line: string) => void) | undefined
  #ended = false

  constructor(reader: Interface) {
    this.#reader = reader
    reader.on('line', line => {
      const asker = this.#waiting.shift()
      if (asker !== undefined) asker(line)
      else if (this.#onLine !== undefined) this.#onLine(line)
      else {
        if (this.#early.length < earlyLinesMax) this.#early.push(line)
        // From a terminal that is not read no Ctrl-C comes either.
        if (!reader.terminal) reader.pause()
      }
    })
    reader.on('close', () => {
      this.#ended = true
      for (const asker of this.#waiting.splice(0)) asker(undefined)
    })
  }

  /** The next line; undefined when there is none any more. */
  async next(): Promise<string | undefined> {
    const early = this.#early.shift()
    if (early !== undefined) return early
    if (this.#ended) return undefined
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#reader.resume()
    })
  }

  /** From now on every line goes to `onLine`, those that wait first. */
  forEach(onLine: (line: string) => void): void {
    for (const line of this.#early.splice(0)) onLine(line)
    this.#onLine = onLine
    if (!this.#ended) this.#reader.resume()
  }
}
