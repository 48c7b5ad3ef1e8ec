import { readFileSync, writeFileSync } from 'node:fs'
import { expectations, setups } from '#src/sim/expectations.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { rerunWithHeap, simulated } from './simulated.ts'
import type { Expectation, Setup } from '#src/sim/expectations.ts'
import type { PhaseReport } from '#src/sim/overlay-report.ts'
import type { Cost } from './simulated.ts'

export interface ReportOptions {
  readonly quick?: true
  readonly peersMax?: number
  readonly seed: number
  readonly baseline?: string
  readonly writeBaseline?: string
}

/** What is played in minutes. */
const quickPeersMax = 10_000

/** Figures by what they are of, such as `10000 peers, crash 0.3, mended: component`. */
type Figures = Record<string, number>

/**
 * A figure may use up so much of the room that the baseline leaves to its bound, or a step: one, or two peers of all. Measured: runs of
 * the same code with other seeds differ by less.
 */
const roomShare = 1 / 3

/** Plays all scenarios of the report and compares each figure with what it has to reach, and with the baseline. Ends the process. */
export function runReport(options: ReportOptions): void {
  const { quick = false, peersMax = quick ? quickPeersMax : Number.POSITIVE_INFINITY } = options
  const chosen = setups.filter(({ peers }) => peers <= peersMax)
  if (rerunWithHeap(Math.max(...chosen.map(({ peers }) => peers)))) return
  try {
    const baseline = options.baseline === undefined ? {} : readBaseline(options.baseline)
    const figures: Figures = {}
    let missed = 0
    console.log(`${'figure'.padEnd(58)}${'measured'.padStart(12)}  ${'reach'.padEnd(16)}seed ${options.seed}`)
    for (const setup of chosen) {
      for (const { report, cost } of simulated({ ...setup, seed: options.seed })) {
        for (const expectation of [...expectations(setup, report.phase), ...costs(setup, report.phase)]) {
          const name = `${nameOf(setup)}, ${report.phase}: ${expectation.figure}`
          const measured: Partial<Record<string, unknown>> = { ...report, ...cost }
          const value = Number(measured[expectation.figure] ?? Number.NaN)
          figures[name] = value
          const verdict = judge(value, expectation, report.peers, baseline[name])
          if (verdict !== '') missed++
          console.log(`${name.padEnd(58)}${shown(value).padStart(12)}  ${bounds(expectation).padEnd(16)}${verdict}`)
        }
      }
    }
    if (options.writeBaseline !== undefined)
      writeFileSync(options.writeBaseline, `${JSON.stringify(figures, null, 2)}\n`)
    console.log(missed === 0 ? 'all figures reached' : `${missed} figures missed`)
    process.exit(missed === 0 ? exitCode.ok : exitCode.failure)
  } catch (error) {
    giveUp(error)
  }
}

interface CostExpectation extends Omit<Expectation, 'figure'> {
  readonly figure: keyof PhaseReport | keyof Cost
}

/** What a run may cost on two cores. */
function costs({ peers, turnover }: Setup, phase: string): readonly CostExpectation[] {
  if (phase !== 'grown' || peers < 100_000) return []
  const wallSeconds = peers > 100_000 ? 1_200 : 120
  return [
    { figure: 'wallSeconds', max: wallSeconds },
    ...(turnover === 0 ? [{ figure: 'bytesPerPeer', max: 4_096 } as const] : [])
  ]
}

function readBaseline(file: string): Figures {
  return JSON.parse(readFileSync(file, 'utf8')) as Figures
}

/** What is wrong with a figure; nothing, if it is what it should be. */
function judge(value: number, { figure, min, max }: CostExpectation, peers: number, before?: number): string {
  if (!(value >= (min ?? -Infinity) && value <= (max ?? Infinity))) return 'MISSED'
  // Costs depend on the machine, and a figure between two bounds is best in the middle.
  if (before === undefined || figure === 'wallSeconds' || (min !== undefined && max !== undefined)) return ''
  const room = Math.abs((min ?? max ?? before) - before)
  const step = Number.isInteger(value - before) ? 1 : 2 / peers
  const used = min === undefined ? value - before : before - value
  return used > Math.max(roomShare * room, step) ? `WORSE than ${shown(before)}` : ''
}

function nameOf({ peers, turnover, stalls, partition, crash, attackHubs, burst }: Setup): string {
  const parts = [
    `${peers} peers`,
    ...(turnover > 0 ? [`turned over ${turnover} times`] : []),
    ...(stalls > 0 ? [`stalls ${stalls}`] : []),
    ...(partition > 0 ? [`parted ${partition} s`] : []),
    ...(crash > 0 ? [`crash ${crash}`] : []),
    ...(attackHubs > 0 ? [`attack on hubs ${attackHubs}`] : []),
    ...(burst ? ['burst'] : [])
  ]
  return parts.join(', ')
}

function bounds({ min, max }: Omit<Expectation, 'figure'>): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max}`
  return min === undefined ? `at most ${max}` : `at least ${min}`
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(5)
}
