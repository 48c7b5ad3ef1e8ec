import { fork } from 'node:child_process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { reports } from '#src/sim/overlay-report.ts'
import { degreeLaw, simulation } from '#src/settings.ts'
import { exitCode } from './exit-codes.ts'
import { percentBar } from './story.ts'
import type { ChildProcess, ForkOptions } from 'node:child_process'
import type { PhaseReport } from '#src/sim/overlay-report.ts'
import type { World } from '#src/sim/world.ts'

/** What is played: all that is left out is as in the settings. */
export interface Simulated {
  readonly seed: number
  readonly peers: number
  readonly turnover: number
  readonly stalls?: number
  /** Time for which the network is parted, in s. */
  readonly partition?: number
  readonly crash: number
  readonly attackHubs: number
  readonly burst?: boolean
  readonly seeds?: number
  readonly gamma?: number
  readonly kmin?: number
  readonly kmax?: number
  readonly loss?: number
}

/** What a run has cost so far, beside what it shows. */
export interface Cost {
  readonly wallSeconds: number
  /** Heap in use after a collection, in bytes for each living peer: the seeds' registries and everything else included. */
  readonly bytesPerPeer: number
}

export interface Part {
  readonly report: PhaseReport
  readonly cost: Cost
  readonly world: World
}

/** Plays a scenario, with a progress bar on a terminal. */
export function* simulated(options: Simulated): Generator<Part> {
  const { seed, seeds = 3, peers, turnover, stalls = 0, partition = 0, crash, attackHubs } = options
  const { burst = false, loss = 0 } = options
  const { gamma = degreeLaw.gamma, kmax = degreeLaw.kMax, kmin = degreeLaw.kMin } = options
  const { growMs, burstMs, lifetimeMs, calmMs, stallMs, weather } = simulation
  const kMinSmall = options.kmin ?? degreeLaw.kMinSmall
  const startedAt = performance.now()
  const heapBefore = heapInUse()
  const settings = {
    seed,
    seeds,
    peers,
    turnover,
    stalls,
    stallMs,
    partitionMs: partition * 1_000,
    crash,
    attackHubs,
    lifetimeMs,
    calmMs,
    growMs: burst ? burstMs : growMs,
    law: { ...degreeLaw, gamma, kMax: kmax, kMin: kmin, kMinSmall },
    weather: { ...weather, loss }
  }
  for (const { report, world } of reports(settings, (_, phase, done) => draw(`${percentBar(done)} ${phase}`))) {
    draw('')
    const wallSeconds = (performance.now() - startedAt) / 1_000
    const bytesPerPeer = Math.round((heapInUse() - heapBefore) / report.peers)
    yield { report, cost: { wallSeconds, bytesPerPeer }, world }
  }
}

/**
 * Runs the same command again in a process with enough memory, unless this one has it. Returns whether it did; then there is nothing left to
 * do here.
 */
export function rerunWithHeap(peers: number): boolean {
  if (hasHeap()) return false
  const child = forkWithHeap(heapMbFor(peers, simulation.heapKbPerPeer))
  child.on('exit', code => process.exit(code ?? exitCode.failure))
  // Ctrl-C reaches both; whoever ends only this one means the other too.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return true
}

/** Heap that so many peers take, with as much again to collect garbage, in MiB. */
export function heapMbFor(peers: number, kbPerPeer: number): number {
  return Math.ceil(simulation.heapMb + (peers * kbPerPeer) / 1024)
}

/**
 * The same command in another process, with so much heap: Node's own limit does not know how large this machine is.
 * @param more arguments that come after those of this process
 */
export function forkWithHeap(heapMb: number, more: readonly string[] = [], options: ForkOptions = {}): ChildProcess {
  const execArgv = [`--max-old-space-size=${heapMb}`, `--max-semi-space-size=${simulation.youngMb}`]
  return fork(process.argv[1] ?? '', [...process.argv.slice(2), ...more], { ...options, execArgv })
}

/** Whether this process was started so. */
export function hasHeap(): boolean {
  return process.execArgv.some(flag => flag.startsWith('--max-old-space-size'))
}

/** After a collection, in bytes. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

/** Shows how far a run is, on a terminal, in place of what was shown before. */
export function draw(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
}
