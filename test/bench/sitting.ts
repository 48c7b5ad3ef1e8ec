import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { clock } from './clock.ts'
import type { ChildProcess } from 'node:child_process'
import type { Edge } from './graph.ts'
import type { Answer, Figures, Order, Phase } from './orders.ts'
import type { SystemName } from './systems/system.ts'

/** Longer than the slowest system takes for what it was given, and for the silence after it. */
const answerMsMax = 180_000

type AnswerOf<Type extends Answer['type']> = Extract<Answer, { type: Type }>

const running = new Set<ChildProcess>()
// They end with the channel anyway; but one that is busy would notice late.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A network of one system in processes of its own, which nothing else has used before. */
export class Sitting implements AsyncDisposable {
  readonly #workers: readonly WorkerProcess[]

  private constructor(workers: readonly WorkerProcess[]) {
    this.#workers = workers
  }

  static async open(system: SystemName, peers: number, edges: readonly Edge[], processes: number): Promise<Sitting> {
    const workers: WorkerProcess[] = Array.from(
      { length: processes },
      () => new WorkerProcess(({ worker, messages }) => workers[worker]?.say({ type: 'arrived', messages }))
    )
    const sitting = new Sitting(workers)
    try {
      const starts = await Promise.all(
        workers.map(async (each, worker) => each.ask({ type: 'start', system, peers, processes, worker }, 'started'))
      )
      const addresses = Array.from(
        { length: peers },
        (_, node) => starts[node % processes]?.addresses[Math.floor(node / processes)] as string
      )
      await Promise.all(workers.map(async each => each.ask({ type: 'connect', edges, addresses }, 'connected')))
    } catch (error) {
      await sitting[Symbol.asyncDispose]()
      throw error
    }
    return sitting
  }

  /** What each process saw of the phase. */
  async run(phase: Phase): Promise<Figures[]> {
    await Promise.all(this.#workers.map(async each => each.ask({ type: 'run', phase }, 'finished')))
    const answers = await Promise.all(this.#workers.map(async each => each.ask({ type: 'collect' }, 'figures')))
    return answers.map(({ figures }) => figures)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(async each => each.end()))
  }
}

class WorkerProcess {
  readonly #child: ChildProcess
  #settle: ((answer: Answer) => void) | undefined

  constructor(onArrived: (answer: AnswerOf<'arrived'>) => void) {
    const file = fileURLToPath(new URL('./worker.js', import.meta.url))
    // What a worker says goes to standard error: standard output is for the rows.
    this.#child = fork(file, { serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] })
    running.add(this.#child)
    this.#child.on('message', message => {
      const answer = message as Answer
      if (answer.type === 'arrived') onArrived(answer)
      else this.#settle?.(answer)
    })
    this.#child.on('exit', (code, signal) => {
      running.delete(this.#child)
      this.#settle?.({ type: 'failed', reason: `a process has ended with ${signal ?? code}` })
    })
  }

  say(order: Order): void {
    if (this.#child.connected) this.#child.send(order)
  }

  async ask<Type extends Answer['type']>(order: Order, type: Type): Promise<AnswerOf<Type>> {
    const asked = clock()
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(
        () => reject(new Error(`no answer to '${order.type}' for ${Math.round((clock() - asked) / 1_000)} s`)),
        answerMsMax
      )
      this.#settle = answer => {
        clearTimeout(timeout)
        if (answer.type === type) resolve(answer as AnswerOf<Type>)
        else reject(new Error(answer.type === 'failed' ? answer.reason : `'${answer.type}' instead of '${type}'`))
      }
      this.say(order)
    })
  }

  async end(): Promise<void> {
    if (!running.has(this.#child)) return
    const ended = new Promise<void>(resolve => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGKILL')
    await ended
  }
}
