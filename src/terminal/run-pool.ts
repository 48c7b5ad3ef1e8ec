import { availableParallelism, freemem } from 'node:os'
import PQueue from 'p-queue'
import { exitCode, giveUp } from './exit-codes.ts'
import { draw, forkWithHeap, hasHeap } from './simulated.ts'
import { progressBar } from './story.ts'

/** Whether this process is a run of `runAll`: it sends what has come of it with `process.send`. */
export function isChildRun(): boolean {
  return process.send !== undefined && hasHeap()
}

/** As many runs at a time as there are cores and memory for. @param heapMb the most that one of them takes, in MiB: half of it is garbage */
export function jobsFor(heapMb: number): number {
  const freeMb = freemem() / 2 ** 20
  return Math.max(1, Math.min(availableParallelism(), Math.floor((2 * freeMb) / heapMb)))
}

/**
 * Runs this very program again, once for each of these arguments that come after its own, and gives what each run sends, in the order of the
 * arguments. A run that fails has said why; it ends this process too, with its exit code.
 * @param jobs runs at a time
 * @param heapMb the most that one of them takes, in MiB
 */
export async function* runAll<Sent>(
  runs: readonly (readonly string[])[],
  jobs: number,
  heapMb: number
): AsyncGenerator<Sent> {
  const concurrency = Math.min(jobs, runs.length)
  const queue = new PQueue({ concurrency })
  const ending = new AbortController()
  // Ctrl-C reaches the runs too; whoever ends only this process means them as well.
  process.on('SIGINT', () => {})
  const end = (code: number | null): never => {
    ending.abort()
    process.exit(code ?? exitCode.failure)
  }
  process.on('SIGTERM', () => end(null))
  let done = 0
  const run = async (args: readonly string[]): Promise<Sent> => {
    // One alone shows how far it is; beside each other they would overwrite what the others show.
    const stderr = concurrency === 1 ? 'inherit' : 'pipe'
    const child = forkWithHeap(heapMb, args, { stdio: ['ignore', 'inherit', stderr, 'ipc'] })
    ending.signal.addEventListener('abort', () => child.kill())
    child.stderr?.on('data', said => process.stderr.write(said))
    return new Promise(resolve => {
      child.on('message', sent => resolve(sent as Sent))
      child.on('error', giveUp)
      child.on('close', code => {
        if (code !== exitCode.ok) end(code)
        done++
        if (concurrency > 1) draw(`${progressBar(done, runs.length)} runs`)
      })
    })
  }
  for (const sent of runs.map(async args => queue.add(async () => run(args)))) yield await sent
}
