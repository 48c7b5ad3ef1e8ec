import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { ChildProcess } from 'node:child_process'

/** Where our programs are, whether this is compiled or not. */
const dist = path.dirname(createRequire(import.meta.url).resolve('hubcast'))

/** How a shell starts one of our programs. */
export function commandOf(program: 'seed' | 'peer'): string {
  return `"${process.execPath}" "${path.join(dist, `${program}.js`)}"`
}

/** A process and the lines that it says. */
export class Process {
  readonly lines: string[] = []
  readonly errors: string[] = []
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  readonly #child: ChildProcess
  readonly #watchers = new Set<() => void>()

  constructor(child: ChildProcess) {
    this.#child = child
    const hear = (input: NodeJS.ReadableStream | null, lines: string[]): void => {
      if (input === null) return
      createInterface({ input }).on('line', line => {
        lines.push(line)
        for (const watcher of this.#watchers) watcher()
      })
    }
    hear(child.stdout, this.lines)
    hear(child.stderr, this.errors)
    this.exited = new Promise(resolve => {
      // 'close' comes after the last line was heard.
      child.on('close', (code, signal) => {
        resolve({ code, signal })
        for (const watcher of this.#watchers) watcher()
      })
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  endInput(): void {
    this.#child.stdin?.end()
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The first line of either output that matches, from now or before. Rejects after `deadlineMs`, with what was said instead. */
  async line(pattern: RegExp, deadlineMs = 20_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = [...this.lines, ...this.errors].find(line => pattern.test(line))
        if (found !== undefined) done(() => resolve(found))
        else if (!this.running) done(() => reject(new Error(`ended without ${pattern}:\n${this.#said()}`)))
      }
      const done = (settle: () => void): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        settle()
      }
      const timer = setTimeout(
        () => done(() => reject(new Error(`no line ${pattern} within ${deadlineMs} ms:\n${this.#said()}`))),
        deadlineMs
      )
      this.#watchers.add(look)
      look()
    })
  }

  #said(): string {
    return [...this.lines, ...this.errors].join('\n')
  }
}

/** One of our programs, run as its users run it. */
export class Program extends Process {
  /** @param program `seed` or `peer`; run in the folder `cwd` */
  constructor(program: string, args: readonly string[], cwd: string) {
    const script = path.join(dist, `${program}.js`)
    super(spawn(process.execPath, [script, ...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] }))
  }
}

/** Commands whose processes would outlive the tests: a Ctrl-C that ends these does not reach them. */
const commands = new Set<Command>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const command of commands) command.signal('SIGKILL')
    process.kill(process.pid, signal)
  })
}

/** A line of a shell in a process group of its own, to which signals go, as Ctrl-C does in a terminal. */
export class Command extends Process {
  constructor(line: string, cwd: string, env: NodeJS.ProcessEnv = {}) {
    // Not every shell makes way for the last thing that it runs by itself.
    super(spawn(`exec ${line}`, { cwd, shell: true, detached: true, env: { ...process.env, ...env } }))
    commands.add(this)
    void this.exited.then(() => commands.delete(this))
  }

  override signal(signal: NodeJS.Signals): void {
    if (this.running) process.kill(-this.pid, signal)
  }
}

/** Programs of one test, all of which end with it. */
export class Programs {
  readonly #all: Process[] = []

  start(program: string, args: readonly string[], cwd: string): Program {
    const started = new Program(program, args, cwd)
    this.#all.push(started)
    return started
  }

  run(line: string, cwd: string, env?: NodeJS.ProcessEnv): Command {
    const started = new Command(line, cwd, env)
    this.#all.push(started)
    return started
  }

  /** Ends them all at once: nothing that they do matters any more. */
  async kill(): Promise<void> {
    for (const program of this.#all) program.signal('SIGKILL')
    await Promise.all(this.#all.map(async ({ exited }) => exited))
  }

  /** Ends them all, gracefully if they will. */
  async end(): Promise<void> {
    await Promise.all(
      this.#all.map(async program => {
        // A stopped process hears nothing but these two.
        program.signal('SIGCONT')
        program.signal('SIGTERM')
        const timer = setTimeout(() => program.signal('SIGKILL'), 8_000)
        await program.exited
        clearTimeout(timer)
      })
    )
  }
}
