import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { degreeHistogram } from '#src/sim/graph.ts'
import { degreePlot } from '#src/sim/degree-plot.ts'
import { linksOf } from '#src/sim/overlay-measures.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { rerunWithHeap, simulated } from './simulated.ts'
import type { PhaseReport } from '#src/sim/overlay-report.ts'
import type { World } from '#src/sim/world.ts'
import type { Cost, Part, Simulated } from './simulated.ts'

export interface SimulateOverlayOptions extends Simulated {
  readonly edges?: string
  readonly plot?: string
  readonly json?: true
}

/** Plays a scenario in virtual time and prints what it shows. Ends the process. */
export function runSimulateOverlay(options: SimulateOverlayOptions): void {
  if (rerunWithHeap(options.peers)) return
  try {
    const parts: Part[] = []
    for (const part of simulated(options)) {
      const { report, world } = part
      parts.push(part)
      // The same for the same seed, byte by byte; what it cost comes last.
      if (options.json === true) console.log(JSON.stringify(report))
      // Each phase writes them anew: what stays is the network as it stands at the end.
      writePictures(options, world, report.phase)
    }
    if (options.json === true) console.log(JSON.stringify({ phase: 'end', ...parts.at(-1)?.cost }))
    else console.log(table(options, parts))
    process.exit(exitCode.ok)
  } catch (error) {
    giveUp(error)
  }
}

function writePictures({ edges, plot, peers, seed }: SimulateOverlayOptions, world: World, phase: string): void {
  if (edges === undefined && plot === undefined) return
  const { ids, graph } = linksOf(world)
  if (plot !== undefined) {
    const targets: number[] = []
    for (const { topology } of world.alive()) targets[topology.target] = (targets[topology.target] ?? 0) + 1
    const expected = Array.from(targets, count => count ?? 0)
    const title = `${peers} peers, seed ${seed}, ${phase}`
    writeFileSync(plot, degreePlot(title, degreeHistogram(graph), expected))
  }
  if (edges !== undefined) writeEdges(edges, ids, graph)
}

/** One link a line, in pieces: a million peers have 60 MB of them. */
function writeEdges(
  file: string,
  ids: readonly number[],
  { offsets, targets }: ReturnType<typeof linksOf>['graph']
): void {
  const out = openSync(file, 'w')
  try {
    let lines = ''
    for (const [peer, id] of ids.entries()) {
      for (let at = offsets[peer] as number; at < (offsets[peer + 1] as number); at++) {
        const other = targets[at] as number
        if (other > peer) lines += `${id} ${ids[other]}\n`
      }
      if (lines.length < 65_536) continue
      writeSync(out, lines)
      lines = ''
    }
    writeSync(out, lines)
  } finally {
    closeSync(out)
  }
}

function table({ peers, seed }: SimulateOverlayOptions, parts: readonly Part[]): string {
  const rows: [string, (figures: PhaseReport & Cost) => string][] = [
    ['', ({ phase }) => phase],
    ['peers', report => String(report.peers)],
    ['exponent (alpha)', ({ alpha }) => alpha.toFixed(3)],
    ['distance to the law (KS)', ({ ks }) => ks.toFixed(5)],
    ['z against exponential', ({ zExponential }) => zExponential.toFixed(1)],
    ['peers on target', ({ onTarget }) => percent(onTarget)],
    ['farthest off target', ({ worstOff }) => String(worstOff)],
    ['largest component', ({ component }) => percent(component)],
    ['the same, at its least', ({ componentInFlight }) => percent(componentInFlight)],
    ['diameter, at least', ({ diameter }) => String(diameter)],
    ['hops to 99 %', ({ hops99 }) => hops99.toFixed(2)],
    ['mean and most links', ({ degreeMean, degreeMax }) => `${degreeMean.toFixed(2)} ${degreeMax}`],
    ['half, double, left over', ({ halfLinks, duplicates, leftovers }) => `${halfLinks} ${duplicates} ${leftovers}`],
    ['dials per join', ({ dialsPerJoin }) => dialsPerJoin.toFixed(1)],
    ['refusals per join', ({ refusalsPerJoin }) => refusalsPerJoin.toFixed(2)],
    ['living removed as dead', ({ falseRemovals }) => String(falseRemovals)],
    ['recovered after', ({ recoverySeconds }) => (recoverySeconds === undefined ? '' : `${recoverySeconds} s`)],
    ['wall time', ({ wallSeconds }) => `${wallSeconds.toFixed(1)} s`],
    ['memory per peer', ({ bytesPerPeer }) => `${bytesPerPeer} B`]
  ]
  const columns = parts.map(({ report, cost }) => ({ ...report, ...cost }))
  const lines = rows.map(
    ([label, cell]) => label.padEnd(24) + columns.map(column => cell(column).padStart(13)).join('')
  )
  return [`${peers} peers in virtual time, seed ${seed}`, ...lines].join('\n')
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
