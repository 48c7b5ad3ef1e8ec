import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { readDeed } from './logs.ts'
import { Programs } from './program.ts'
import { freePorts, linesOf, workplace, writeConfig } from './workplace.ts'
import type { Command } from './program.ts'
import type { Told } from './readme.ts'

/** What the examples in README.md are replaced by before they run. */
const examples = ({ ports, pid }: Trial): [string, string][] => [
  ['192.0.2.7:5002', `127.0.0.1:${ports.seeds[0]}`],
  ['/ip4/192.0.2.10/tcp/4001', `/ip4/127.0.0.1/tcp/${ports.foreign}`],
  ['/ip4/0.0.0.0/tcp/4001', `/ip4/0.0.0.0/tcp/${ports.listen}`],
  ['/ip4/127.0.0.1/tcp/5002', `/ip4/127.0.0.1/tcp/${ports.library}`],
  ['--http 8080', `--http ${ports.http}`],
  ['--http 8090', '--http 0'],
  ['PID', String(pid)]
]

/** A folder with `dist` and a config.txt of three seeds of its own, where commands of README.md are tried. */
export class Trial {
  readonly #programs = new Programs()
  readonly #place = workplace()
  readonly folder = this.#place.folder
  readonly #told: Told
  readonly ports: {
    readonly seeds: number[]
    readonly foreign: number
    readonly listen: number
    readonly library: number
    readonly http: number
  }
  /** The seeds in config.txt. */
  readonly labels: string[]
  /** What stands for PID. */
  pid = 0

  private constructor(told: Told, clone: string, [foreign = 0, listen = 0, library = 0, ...others]: number[]) {
    this.#told = told
    const seeds = others.slice(0, 3)
    // The seeds of a machine serve at this one and those after it.
    const http = others[3] ?? 0
    this.ports = { foreign, listen, library, http, seeds }
    this.labels = writeConfig(this.folder, seeds)
    symlinkSync(path.join(clone, 'dist'), path.join(this.folder, 'dist'))
  }

  /** @param clone of the project, with what has been compiled */
  static async of(told: Told, clone: string): Promise<Trial> {
    return new Trial(told, clone, await freePorts(9))
  }

  /** Runs a command of README.md, with `more` behind it. @throws when README.md does not say it, or another test has run it */
  run(command: string, more = '', cwd = this.folder): Command {
    this.#told.attempt(command)
    return this.beside(`${this.inFact(command)} ${more}`, cwd)
  }

  /** Runs what the case needs besides. */
  beside(line: string, cwd = this.folder, env: Record<string, string> = {}): Command {
    const tools = path.join(cwd, 'node_modules', '.bin')
    return this.#programs.run(line, cwd, { PATH: `${tools}${path.delimiter}${process.env['PATH'] ?? ''}`, ...env })
  }

  /** The text with our own ports and PIDs in the place of the examples. */
  inFact(text: string): string {
    return examples(this).reduce((line, [example, real]) => line.replaceAll(example, real), text)
  }

  /** Starts the seeds, and peers of these names that say nothing by themselves. */
  async network<Name extends string>(
    names: readonly Name[],
    more = '',
    env: Record<string, string> = {}
  ): Promise<Record<Name, Command>> {
    await started(this.beside('node dist/seed.js'), this.labels)
    const peers = names.map(name => this.beside(`node dist/peer.js --name ${name} --count 0 ${more}`, this.folder, env))
    for (const peer of peers) await peer.line(/registered with 2 of 3 seeds/)
    return Object.fromEntries(names.map((name, index) => [name, peers[index]])) as Record<Name, Command>
  }

  /** What output.txt says so far, as `NODE SENTENCE`. */
  deeds(): string[] {
    return linesOf(this.folder, 'output.txt')
      .map(readDeed)
      .map(({ node, sentence }) => `${node} ${sentence}`)
  }

  /** Whether every seed says this of itself in output.txt. */
  allSeeds(sentence: string): boolean {
    const deeds = this.deeds()
    return this.labels.every(label => deeds.includes(`${label} ${sentence}`))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#programs.end()
    this.#place[Symbol.dispose]()
  }
}

/** Waits until these seeds say that they run. */
export async function started(seeds: Command, labels: readonly string[]): Promise<void> {
  for (const label of labels) await seeds.line(new RegExp(`^seed ${label} started, PID \\d+`))
}
