import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import type { ReadStream } from 'node:tty'

/**
 * Readline remembers in `prevRows` how many rows below the top of its prompt it has left the cursor. It does not know of what others
 * print, of terminals that break lines anew, or of what was pasted, so it has to be told.
 */
type Reader = Interface & { prevRows?: number }

/**
 * Where a program talks with people. At a terminal, lines that stay run above a status line and the line that is being typed,
 * which both keep their place at the bottom; they are readline's prompt, a status line being its first row. In a pipe, and for
 * programs, there are lines and nothing else.
 */
export class Screen {
  readonly input: Reader
  #isLive: boolean
  #ask = ''
  #status = ''

  /** @param plain without status line, whatever there is at the other end */
  constructor(plain: boolean) {
    const { stdin: input, stdout: output, stderr, env } = process
    // What DEBUG writes would tear the line at the bottom.
    const isTorn = env['DEBUG'] !== undefined && stderr.isTTY
    this.#isLive = !plain && input.isTTY && output.isTTY && env['TERM'] !== 'dumb' && !isTorn
    if (this.#isLive) setsBackWhatItCan(input)
    this.input = createInterface(this.#isLive ? { input, output, prompt: '' } : { input, terminal: false })
    // The terminal has gone: that is the end of the input, and of nothing else.
    input.on('error', () => this.input.close())
    if (!this.#isLive) return
    // In raw mode the terminal makes no signal of Ctrl-C.
    this.input.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    this.input.on('close', () => this.close())
    this.input.on('line', line => this.#entered(line))
    input.on('keypress', () => this.#pasted())
    // Before readline looks at it.
    output.prependListener('resize', () => this.#resized())
  }

  /** Whether there is a status line and a line to type in. */
  get isLive(): boolean {
    return this.#isLive
  }

  /** A line that stays, or several. */
  print(text: string): void {
    this.#write(text, console.log)
  }

  /** The same of something that went wrong, in a pipe on standard error. */
  complain(text: string): void {
    this.#write(text, console.error)
  }

  /** What stands before the line that is being typed. */
  ask(prompt: string): void {
    this.#ask = prompt
    this.#draw()
  }

  /** Replaces the status line; `''` takes it away. Longer than the terminal is wide, it is cut. */
  status(text: string): void {
    if (text === this.#status) return
    this.#status = text
    this.#draw()
  }

  /** Ends the input. What is printed from now on is printed as in a pipe. */
  close(): void {
    if (!this.#isLive) return
    this.#isLive = false
    this.#clear(this.input.getCursorPos().rows)
    this.input.close()
  }

  #write(text: string, plainly: (text: string) => void): void {
    if (!this.#isLive) {
      plainly(text)
      return
    }
    this.#clear(this.input.getCursorPos().rows)
    process.stdout.write(`${text}\n`)
    this.#draw()
  }

  /** Clears from the beginning of the line that stands so many rows above the cursor. */
  #clear(rows: number): void {
    process.stdout.write(`${rows > 0 ? `\u001b[${rows}A` : ''}\r\u001b[J`)
    this.input.prevRows = 0
  }

  #draw(): void {
    if (!this.#isLive) return
    this.input.setPrompt(this.#prompt)
    this.input.prompt(true)
  }

  get #prompt(): string {
    if (this.#status === '') return this.#ask
    const width = process.stdout.columns - 1
    const shown = this.#status.length > width ? `${this.#status.slice(0, width - 1)}…` : this.#status
    return `${shown}\n${this.#ask}`
  }

  /** A line that was typed stays only in what is said about it, and the status line above it not at all. */
  #entered(line: string): void {
    if (this.#status === '') return
    this.input.setPrompt(this.#prompt + line)
    this.#clear(this.input.getCursorPos().rows + 1)
    this.#draw()
  }

  /** What comes in one piece is written as it is, into the next row if need be. */
  #pasted(): void {
    const { rows, cols } = this.input.getCursorPos()
    if (rows === this.input.prevRows) return
    // A terminal goes on to the next row when there is something to write in it, and not before.
    if (cols === 0) process.stdout.write(' \r')
    this.input.prevRows = rows
  }

  #resized(): void {
    if (!this.#isLive) return
    this.#clear(this.input.getCursorPos().rows)
    this.input.setPrompt(this.#prompt)
  }
}

/** A terminal that is gone cannot be set back to what it was, and readline would throw when its input ends. */
function setsBackWhatItCan(input: ReadStream): void {
  const setRawMode = input.setRawMode.bind(input)
  input.setRawMode = mode => {
    try {
      return setRawMode(mode)
    } catch {
      return input
    }
  }
}
