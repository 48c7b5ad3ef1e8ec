import { gossip } from '#src/gossip-settings.ts'
import { simulation } from '#src/settings.ts'
import { gossipScenarios, strikes } from '#src/sim/gossip/plan.ts'
import { gossipSystems } from '#src/sim/gossip/system.ts'
import { Trial } from '#src/sim/gossip/trial.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { isChildRun, jobsFor, runAll } from './run-pool.ts'
import { draw, heapInUse, heapMbFor } from './simulated.ts'
import { percentBar } from './story.ts'
import type { GossipFigures } from '#src/sim/gossip/figures.ts'
import type { GossipScenario } from '#src/sim/gossip/plan.ts'
import type { GossipSystem } from '#src/sim/gossip/system.ts'
import type { TrialSettings } from '#src/sim/gossip/trial.ts'

export interface SimulateGossipOptions {
  readonly peers: number
  readonly scenario?: GossipScenario
  readonly system?: GossipSystem
  readonly seed: number
  /** Runs with this seed and the next ones. */
  readonly runs: number
  readonly messages?: number
  readonly rate?: number
  /** Runs at a time. */
  readonly jobs?: number
  readonly json?: true
}

/** Messages a second in networks up to a size: a run is to take a minute or two. */
const rates = [
  { peersMax: 3_000, rate: 20 },
  { peersMax: 30_000, rate: 5 },
  { peersMax: Number.POSITIVE_INFINITY, rate: 1 }
] as const
/** In networks over this size there is one message, one scenario and one system: what is to be seen is how large it is. */
const largePeers = 300_000
const largeMessages = 1
/** Time in which messages are published. A strike needs a while before it and, when it has been noticed, after it. */
const trafficSeconds = 60
const strikeTrafficSeconds = 100
/** Heap for each message that a peer keeps, measured, with as much again to collect garbage. */
const heapKbPerMessage = 2

/** Figures of a run, and what it cost. */
interface Row extends Omit<TrialSettings, 'messages' | 'rate'>, GossipFigures {
  /** Heap that becomes free at the end without the engines. */
  readonly engineBytesPerPeer?: number
  readonly wallSeconds: number
}

/** Plays scenarios of the gossip in virtual time and compares the systems: each run in a process of its own. Ends the process. */
export async function runSimulateGossip(options: SimulateGossipOptions): Promise<void> {
  const { peers, scenario, system, seed, runs, json = false } = options
  try {
    if (isChildRun() && scenario !== undefined && system !== undefined) {
      process.send?.(rowOf(options, scenario, system), () => process.exit(exitCode.ok))
      return
    }
    const isLarge = peers > largePeers
    const scenarios = scenario === undefined ? (isLarge ? (['steady'] as const) : gossipScenarios) : [scenario]
    const systems = system === undefined ? (isLarge ? (['hubcast'] as const) : gossipSystems) : [system]
    const kept = Math.min(gossip.store.batchesMax, messagesOf(options, strikeTrafficSeconds))
    const heapMb = heapMbFor(peers, simulation.heapKbPerPeer + heapKbPerMessage * kept)
    const seeds = Array.from({ length: runs }, (_, run) => seed + run)
    const commands = scenarios.flatMap(scenario =>
      seeds.flatMap(seed => systems.map(system => ['--scenario', scenario, '--system', system, '--seed', String(seed)]))
    )
    const rows: Row[] = []
    for await (const row of runAll<Row>(commands, options.jobs ?? jobsFor(heapMb), heapMb)) {
      rows.push(row)
      draw('')
      if (json) console.log(JSON.stringify(row))
      else if (rows.length === runs * systems.length) {
        const bySystem = systems.map(system => rows.filter(row => row.system === system))
        console.log(table(bySystem.map(summary), runs))
        rows.length = 0
      }
    }
    process.exit(exitCode.ok)
  } catch (error) {
    giveUp(error)
  }
}

function rowOf(options: SimulateGossipOptions, scenario: GossipScenario, system: GossipSystem): Row {
  const { peers, seed } = options
  const rate = rateOf(options)
  const messages = messagesOf(options, strikes(scenario) ? strikeTrafficSeconds : trafficSeconds)
  const startedAt = performance.now()
  const trial = new Trial({ system, scenario, peers, seed, messages, rate })
  trial.start()
  for (const { share } of trial.run()) draw(`${percentBar(share)} ${scenario}, ${system}`)
  draw('')
  const heapWithEngines = heapInUse()
  trial.stop()
  const engineBytesPerPeer = Math.round((heapWithEngines - heapInUse()) / peers)
  return {
    system,
    scenario,
    peers,
    seed,
    ...trial.report,
    // The models keep what they know in arrays that are not in the heap.
    ...(system === 'hubcast' ? { engineBytesPerPeer } : {}),
    wallSeconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1))
  }
}

function rateOf({ peers, rate }: SimulateGossipOptions): number {
  return rate ?? rates.find(({ peersMax }) => peers <= peersMax)?.rate ?? 1
}

function messagesOf(options: SimulateGossipOptions, seconds: number): number {
  return options.messages ?? (options.peers > largePeers ? largeMessages : Math.ceil(rateOf(options) * seconds))
}

/** Delays as they are on average, everything else at its worst. */
function summary(rows: readonly Row[]): Row {
  const mean = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  const most = (of: (row: Row) => number): number => Math.max(...rows.map(of))
  const [first] = rows as [Row]
  return {
    ...first,
    delivery: Math.min(...rows.map(({ delivery }) => delivery)),
    duplicatesPerDelivery: most(row => row.duplicatesPerDelivery),
    bytesPerDelivery: most(row => row.bytesPerDelivery),
    framesPerDelivery: most(row => row.framesPerDelivery),
    p50Ms: mean(row => row.p50Ms),
    p99Ms: mean(row => row.p99Ms),
    p999Ms: mean(row => row.p999Ms),
    lastMs: mean(row => row.lastMs),
    hopsMax: most(row => row.hopsMax),
    busiest: most(row => row.busiest),
    ...(first.secondsToSteady === undefined ? {} : { secondsToSteady: most(row => row.secondsToSteady ?? 0) }),
    ...(first.engineBytesPerPeer === undefined ? {} : { engineBytesPerPeer: most(row => row.engineBytesPerPeer ?? 0) }),
    wallSeconds: mean(row => row.wallSeconds)
  }
}

function table(rows: readonly Row[], runs: number): string {
  const lines: [string, (row: Row) => string][] = [
    ['', ({ system }) => system],
    ['delivered', ({ delivery }) => `${(100 * delivery).toFixed(3)} %`],
    ['duplicates per delivery', row => row.duplicatesPerDelivery.toFixed(3)],
    ['bytes per delivery', row => row.bytesPerDelivery.toFixed(0)],
    ['frames per delivery', row => row.framesPerDelivery.toFixed(2)],
    ['half of all come within', ({ p50Ms }) => `${p50Ms.toFixed(0)} ms`],
    ['99 %', ({ p99Ms }) => `${p99Ms.toFixed(0)} ms`],
    ['99.9 %', ({ p999Ms }) => `${p999Ms.toFixed(0)} ms`],
    ['the last, on average', ({ lastMs }) => `${lastMs.toFixed(0)} ms`],
    ['hops, at most', ({ hopsMax }) => String(hopsMax)],
    ['copies of the busiest', ({ busiest }) => busiest.toFixed(2)],
    ['as before after', ({ secondsToSteady }) => (secondsToSteady === undefined ? '' : `${secondsToSteady} s`)],
    ['memory per peer', row => (row.engineBytesPerPeer === undefined ? '' : `${row.engineBytesPerPeer} B`)],
    ['wall time', ({ wallSeconds }) => `${wallSeconds.toFixed(1)} s`]
  ]
  const [{ scenario, peers, seed } = { scenario: '', peers: 0, seed: 0 }] = rows
  const shown = lines.map(([label, cell]) => label.padEnd(24) + rows.map(row => cell(row).padStart(13)).join(''))
  const seeds =
    runs === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + runs - 1}: delays on average, the rest at its worst`
  return [`${scenario}: ${peers} peers in virtual time, ${seeds}`, ...shown, ''].join('\n')
}
