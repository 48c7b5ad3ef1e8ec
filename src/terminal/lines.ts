import { createInterface } from 'node:readline'

/**
 * The lines of standard input, read by ONE reader from the first moment on: a prompt library that reads ahead would swallow the
 * lines that a pipe has already delivered.
 */
export class Lines {
  readonly #reader = createInterface({ input: process.stdin, terminal: false })
  readonly #waiting: ((line: string | undefined) => void)[] = []
  /** Lines that came before anybody asked. A pipe waits when we do not read, so it stays short. */
  readonly #early: string[] = []
  #onLine: ((line: string) => void) | undefined
  #ended = false

  constructor() {
    this.#reader.on('line', line => {
      const asker = this.#waiting.shift()
      if (asker !== undefined) asker(line)
      else if (this.#onLine !== undefined) this.#onLine(line)
      else {
        this.#early.push(line)
        this.#reader.pause()
      }
    })
    // The terminal has gone: that is the end of the input, and of nothing else.
    process.stdin.on('error', () => this.#reader.close())
    this.#reader.on('close', () => {
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
