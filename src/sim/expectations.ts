import type { PhaseReport } from './overlay-report.ts'
import type { ScenarioSettings } from './scenario.ts'

/** A scenario of the report, as far as it is not like all others. */
export type Setup = Pick<ScenarioSettings, 'peers' | 'turnover' | 'stalls' | 'crash' | 'attackHubs'> & {
  readonly burst: boolean
  /** Time for which the network is parted, in s. */
  readonly partition: number
}

/** A figure of a report, and what it has to reach. */
export interface Expectation {
  readonly figure: keyof PhaseReport
  readonly min?: number
  readonly max?: number
}

const calm = { turnover: 0, stalls: 0, partition: 0, crash: 0, attackHubs: 0, burst: false }

/** What the report plays: in minutes, and what takes longer. */
export const setups: { readonly quick: readonly Setup[]; readonly slow: readonly Setup[] } = {
  quick: [
    { ...calm, peers: 200, turnover: 10 },
    { ...calm, peers: 1_000, turnover: 10 },
    { ...calm, peers: 10_000, turnover: 10 },
    { ...calm, peers: 10_000, stalls: 0.3 },
    { ...calm, peers: 10_000, partition: 60 },
    { ...calm, peers: 10_000, partition: 300 },
    { ...calm, peers: 10_000, crash: 0.1 },
    { ...calm, peers: 10_000, crash: 0.3 },
    { ...calm, peers: 10_000, crash: 0.5 },
    { ...calm, peers: 10_000, attackHubs: 0.01 },
    { ...calm, peers: 10_000, attackHubs: 0.05 },
    { ...calm, peers: 10_000, burst: true }
  ],
  slow: [
    { ...calm, peers: 100_000, turnover: 10 },
    { ...calm, peers: 1_000_000 }
  ]
}

/** By how many peers a network has at most: later entries are for larger ones. */
const bySize: readonly { readonly peers: number; readonly expected: readonly Expectation[] }[] = [
  { peers: 200, expected: [{ figure: 'ks', max: 0.015 }] },
  {
    peers: 1_000,
    expected: [
      { figure: 'alpha', min: 2.45, max: 2.55 },
      { figure: 'ks', max: 0.004 },
      { figure: 'zExponential', min: 4 },
      { figure: 'diameter', max: 7 },
      { figure: 'hops99', max: 5.5 }
    ]
  },
  {
    peers: 10_000,
    expected: [
      { figure: 'alpha', min: 2.48, max: 2.52 },
      { figure: 'ks', max: 0.001 },
      { figure: 'zExponential', min: 10 },
      { figure: 'diameter', max: 8 },
      { figure: 'hops99', max: 6 }
    ]
  },
  {
    peers: 100_000,
    expected: [
      { figure: 'alpha', min: 2.49, max: 2.51 },
      { figure: 'ks', max: 0.0005 },
      { figure: 'zExponential', min: 40 },
      { figure: 'diameter', max: 9 },
      { figure: 'hops99', max: 6.5 }
    ]
  },
  {
    peers: 1_000_000,
    expected: [
      { figure: 'alpha', min: 2.49, max: 2.51 },
      { figure: 'diameter', max: 10 },
      { figure: 'hops99', max: 7 }
    ]
  }
]

const clean: readonly Expectation[] = [
  { figure: 'halfLinks', max: 0 },
  { figure: 'duplicates', max: 0 },
  { figure: 'leftovers', max: 0 }
]

/** Only who cannot be reached may be taken for dead. */
const nobodyFalsely: readonly Expectation[] = [{ figure: 'falseRemovals', max: 0 }]

/** What a report of this setup has to reach. A network that was struck has another size than the table knows: only that it heals. */
export function expectations({ peers, crash, attackHubs }: Setup, phase: PhaseReport['phase']): readonly Expectation[] {
  if (phase === 'partitioned') return [{ figure: 'component', min: 0.49, max: 0.51 }]
  if (phase === 'struck') return [{ figure: 'component', min: afterStrike(crash, attackHubs) }]
  const atRest: readonly Expectation[] =
    peers < 1_000
      ? clean
      : [...clean, { figure: 'component', min: 1 }, { figure: 'onTarget', min: 0.99 }, { figure: 'worstOff', max: 1 }]
  const recovered: readonly Expectation[] = [...atRest, { figure: 'recoverySeconds', max: 90 }]
  if (phase === 'mended') return [...recovered, ...nobodyFalsely]
  const inFlight: readonly Expectation[] = peers < 1_000 ? [] : [{ figure: 'componentInFlight', min: 0.999 }]
  const cost: readonly Expectation[] = [
    { figure: 'dialsPerJoin', max: phase === 'grown' ? 12 : 17 },
    { figure: 'refusalsPerJoin', max: 1 }
  ]
  const law = bySize.find(row => row.peers >= peers)?.expected ?? []
  if (phase === 'healed') return [...law, ...recovered]
  return [...law, ...atRest, ...inFlight, ...nobodyFalsely, ...cost]
}

function afterStrike(crash: number, attackHubs: number): number {
  if (attackHubs > 0) return attackHubs <= 0.01 ? 0.998 : 0.99
  if (crash <= 0.1) return 0.999
  return crash <= 0.3 ? 0.99 : 0.95
}
