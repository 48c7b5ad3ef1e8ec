import path from 'node:path'
import { readDeed } from '../support/logs.ts'
import { Programs } from '../support/program.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'
import type { Deed } from '../support/logs.ts'
import type { Program } from '../support/program.ts'

/** A process starts in a second; a machine that does much else takes its time. */
const startMsMax = 60_000

/** More at a time, of all scenarios together, would only make each of them late. */
const startsAtOnce = 4
let starting = 0
const queue: (() => void)[] = []

/** Does what starts a process when it is its turn. */
async function inTurn<Result>(start: () => Promise<Result>): Promise<Result> {
  if (starting >= startsAtOnce) await new Promise<void>(resolve => queue.push(resolve))
  starting++
  try {
    return await start()
  } finally {
    starting--
    queue.shift()?.()
  }
}

/**
 * Seeds and peers of one scenario as processes on loopback, each seed by itself so that it can be ended without the others, and what they
 * write into output.txt. All of them end with it.
 */
export class Stage {
  readonly #place = workplace()
  readonly #programs = new Programs()
  readonly folder = this.#place.folder
  /** Seeds and peers that run, or did last, by `HOST:PORT` and name. */
  readonly #actors = new Map<string, Program>()
  #isOver = false
  /** `HOST:PORT` of all seeds. */
  labels: readonly string[] = []

  /** Starts a network of so many seeds. */
  async seeds(count: number): Promise<void> {
    this.labels = writeConfig(this.folder, await freePorts(count))
    await this.startSeeds(this.labels)
  }

  /** Starts these seeds, for the first time or again. */
  async startSeeds(labels: readonly string[], ...args: string[]): Promise<void> {
    await Promise.all(
      labels.map(async label =>
        inTurn(async () => {
          const seed = this.run(label, 'seed', ['--only', label, ...args])
          await seed.line(new RegExp(`^seed ${label} started, PID`), startMsMax)
        })
      )
    )
  }

  /** Starts peers with these names, which say nothing by themselves, and waits until each is registered. */
  async peers(names: readonly string[], ...args: string[]): Promise<void> {
    await Promise.all(
      names.map(async name => inTurn(async () => this.peer(name, ...args).line(/: registered with/, startMsMax)))
    )
  }

  peer(name: string, ...args: string[]): Program {
    return this.run(name, 'peer', ['--name', name, '--count', '0', ...args])
  }

  /** The seeds with which a peer was registered first, in ascending order. */
  async registrars(name: string): Promise<string[]> {
    const line = await this.of(name).line(/: registered with \d+ of \d+ seeds: /, startMsMax)
    return line.replace(/^.*: registered with \d+ of \d+ seeds: /, '').split(', ')
  }

  /** Starts peers that wait for their names: what is typed to all of them at once they do at once. @returns who they are */
  async nameless(count: number): Promise<string[]> {
    const all = Array.from({ length: count }, (_, index) => `nameless-${index}`)
    await Promise.all(
      all.map(async each =>
        inTurn(async () => {
          const peer = this.run(each, 'peer', ['--count', '0'])
          // What is no name is answered, and asked for again.
          peer.type('?')
          await peer.line(/is no name/, startMsMax)
        })
      )
    )
    return all
  }

  /** Starts a program in the place of whatever ran under this name. */
  run(name: string, program: 'seed' | 'peer', args: readonly string[], cwd = this.folder): Program {
    this.#mustGoOn()
    const started = this.#programs.start(program, args, cwd)
    this.#actors.set(name, started)
    return started
  }

  /** Starts something else that ends with the rest. */
  command(line: string): ReturnType<Programs['run']> {
    this.#mustGoOn()
    return this.#programs.run(line, this.folder)
  }

  of(name: string): Program {
    const found = this.#actors.get(name)
    if (found === undefined) throw new Error(`nobody is called ${name}`)
    return found
  }

  signal(signal: NodeJS.Signals, ...names: readonly string[]): void {
    for (const name of names) this.of(name).signal(signal)
  }

  /** Resolves when they are gone. */
  async kill(...names: readonly string[]): Promise<void> {
    this.signal('SIGKILL', ...names)
    await Promise.all(names.map(async name => this.of(name).exited))
  }

  /** What nodes have said since then, Date.now() of it; from the beginning, if it is not given. */
  deeds(since = 0): Deed[] {
    return linesOf(this.folder, 'output.txt')
      .map(readDeed)
      .filter(({ time }) => time >= since)
  }

  /** When a node said such a thing first since then, if it did. */
  said(node: string, sentence: RegExp, since = 0): number | undefined {
    return this.deeds(since).find(deed => deed.node === node && sentence.test(deed.sentence))?.time
  }

  /** Waits until all these have said it. @returns when the last one did */
  async allSaid(nodes: readonly string[], sentence: RegExp, since: number, deadlineMs: number): Promise<number> {
    const times = (): number[] => nodes.flatMap(node => this.said(node, sentence, since) ?? [])
    const lacking = (): string[] => nodes.filter(node => this.said(node, sentence, since) === undefined)
    try {
      await until('it', () => times().length === nodes.length, deadlineMs)
    } catch {
      throw new Error(`${lacking().join(', ')} did not say ${sentence} within ${deadlineMs / 1_000} s`)
    }
    return Math.max(...times())
  }

  /** Removals as dead by seeds since then of others than these, as `HOST:PORT removed NAME`. */
  removals(since: number, ...expected: readonly string[]): string[] {
    return this.deeds(since).flatMap(({ role, node, sentence }) => {
      const name = /^removed (\S+) \(dead\)$/.exec(sentence)?.[1]
      return role === 'seed' && name !== undefined && !expected.includes(name) ? [`${node} removed ${name}`] : []
    })
  }

  /** Those of these that have ended, which nobody told them. */
  ended(names: readonly string[]): string[] {
    return names.filter(name => !this.of(name).running).map(name => `${name} ended`)
  }

  /** Has one say something, and resolves when the others have received it. @returns who has not, after a while */
  async gossip(speaker: string, hearers: readonly string[], text: string): Promise<string[]> {
    this.of(speaker).type(text)
    const deaf = (): string[] =>
      hearers.filter(
        name => !this.of(name).lines.some(line => line.includes(`received ${speaker}#`) && line.includes(text))
      )
    try {
      await until('all have heard', () => deaf().length === 0, gossipMsMax)
    } catch {
      return deaf().map(name => `${name} did not hear ${speaker}`)
    }
    return []
  }

  /** Where a seed keeps what it must not forget. */
  store(label: string): string {
    return path.join(this.folder, '.hubcast', 'seeds', `${label.replace(':', '_')}.registry`)
  }

  /** A scenario that was broken off may not know it yet, and what it starts would stay. */
  #mustGoOn(): void {
    if (this.#isOver) throw new Error('broken off')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    await this.#programs.kill()
    this.#place[Symbol.dispose]()
  }
}

/** Messages take milliseconds, and a busy machine its time. */
const gossipMsMax = 20_000
