import { clock } from './clock.ts'

/** Says on standard error how far it is: a line that is written over and over on a terminal, and nothing elsewhere. */
export class Progress {
  readonly #steps: number
  readonly #startedAt = clock()
  #done = 0

  constructor(steps: number) {
    this.#steps = steps
  }

  step(what: string): void {
    this.#done++
    const passed = clock() - this.#startedAt
    const left =
      this.#done === 1 ? '' : `, ${minutes((passed / (this.#done - 1)) * (this.#steps - this.#done + 1))} left`
    this.#write(`${this.#done}/${this.#steps} ${what}${left}`)
  }

  /** Something that should not be overlooked, wherever standard error goes. */
  note(text: string): void {
    this.#write('')
    process.stderr.write(`${text}\n`)
  }

  end(): void {
    this.#write('')
  }

  #write(text: string): void {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
  }
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
