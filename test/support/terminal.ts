import { execFileSync, spawnSync } from 'node:child_process'
import { until } from './until.ts'

/** Whether there is what real terminals are made with here. */
export const hasTerminals = spawnSync('tmux', ['-V']).status === 0

let made = 0

/** A terminal of its own, with a program in it, as tmux emulates it. */
export class Terminal {
  readonly #server = `hubcast-${process.pid}-${++made}`

  /** @param command a line of shell; when it has ended, EXIT and its code are shown */
  constructor(command: string, cwd: string, size = { columns: 80, rows: 24 }) {
    const { columns, rows } = size
    // Below a first row, for what is cleared together with the whole screen counts as shown to tmux.
    const line = `echo; ${command}; echo EXIT $?; exec cat`
    this.#tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, '-c', cwd, line)
  }

  /** Presses keys as tmux names them, such as `C-c` and `Enter`; other texts as they are. */
  press(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys)
  }

  resize(columns: number): void {
    this.#tmux('resize-window', '-x', `${columns}`)
  }

  /** What is shown, and has been shown, without the empty rows at the ends. */
  get text(): string {
    return this.#tmux('capture-pane', '-p', '-S', '-500').trim()
  }

  /** The same with the codes for colours. */
  get coloured(): string {
    return this.#tmux('capture-pane', '-p', '-e', '-S', '-500').trimEnd()
  }

  /** Waits until this is shown, and returns all that is. */
  async shows(what: string | RegExp, deadlineMs = 20_000): Promise<string> {
    const isShown = (text: string): boolean => (typeof what === 'string' ? text.includes(what) : what.test(text))
    try {
      return await until(`${what} is shown`, () => [this.text].find(isShown), deadlineMs)
    } catch (error) {
      throw new Error(`${String(error)}, but:\n${this.text}`, { cause: error })
    }
  }

  /** Takes the terminal away, as closing its window does. */
  [Symbol.dispose](): void {
    spawnSync('tmux', ['-L', this.#server, 'kill-server'])
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#server, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      // A tmux around the tests is none of its business.
      env: { ...process.env, TMUX: '', TERM: 'xterm-256color' }
    })
  }
}
