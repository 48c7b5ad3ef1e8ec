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

const atRest: readonly Expectation[] = [
  { figure: 'halfLinks', max: 0 },
  { figure: 'duplicates', max: 0 },
  { figure: 'leftovers', max: 0 }
]

/** In networks where a single peer is no share worth mentioning. */
const largeAtRest: readonly Expectation[] = [
  ...atRest,
  { figure: 'component', min: 1 },
  { figure: 'onTarget', min: 0.99 },
  { figure: 'worstOff', max: 1 }
]

const calm = { turnover: 0, stalls: 0, partition: 0, crash: 0, attackHubs: 0, burst: false }

/** What the report plays. */
export const setups: readonly Setup[] = [
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
  { ...calm, peers: 10_000, burst: true },
  { ...calm, peers: 100_000, turnover: 10 },
  { ...calm, peers: 1_000_000 }
]

/** Distance to the law, z against an exponential one, diameter and hops to 99 %. */
function law(
  alphaOff: number,
  ks: number,
  zExponential: number,
  diameter: number,
  hops99: number
): readonly Expectation[] {
  return [
    { figure: 'alpha', min: 2.5 - alphaOff, max: 2.5 + alphaOff },
    { figure: 'ks', max: ks },
    { figure: 'zExponential', min: zExponential },
    { figure: 'diameter', max: diameter },
    { figure: 'hops99', max: hops99 }
  ]
}

/** By how many peers a network has at most: later entries are for larger ones. The larger, the more exact the law. */
const bySize: readonly { readonly peers: number; readonly expected: readonly Expectation[] }[] = [
  { peers: 200, expected: [{ figure: 'ks', max: 0.015 }] },
  { peers: 1_000, expected: law(0.05, 0.004, 4, 7, 5.5) },
  { peers: 10_000, expected: law(0.02, 0.001, 10, 8, 6) },
  { peers: 100_000, expected: law(0.01, 0.0005, 40, 9, 6.5) },
  { peers: 1_000_000, expected: law(0.01, 0.0005, 40, 10, 7) }
]

/** Only who cannot be reached may be taken for dead. */
const nobodyFalsely: readonly Expectation[] = [{ figure: 'falseRemovals', max: 0 }]

/**
 * What a report of this setup has to reach. In a smaller network each join moves a greater share of the ranks, and targets with them:
 * what a join costs is promised from 10,000 peers on. A network that was struck has another size than the table knows: only that it heals.
 */
export function expectations(
  { peers, crash, attackHubs, burst }: Setup,
  phase: PhaseReport['phase']
): readonly Expectation[] {
  if (phase === 'partitioned') return [{ figure: 'component', min: 0.49, max: 0.51 }]
  if (phase === 'struck') return [{ figure: 'component', min: afterStrike(crash, attackHubs) }]
  const rest = peers < 1_000 ? atRest : largeAtRest
  const recovered: readonly Expectation[] = [...rest, { figure: 'recoverySeconds', max: 90 }]
  if (phase === 'mended') return [...recovered, ...nobodyFalsely]
  const lawful = bySize.find(row => row.peers >= peers)?.expected ?? []
  if (phase === 'healed') return [...lawful, ...recovered]
  return [
    ...lawful,
    ...rest,
    // In a burst a thousand join in a second, and a few of them have linked with each other only for a moment.
    ...(peers < 1_000 ? [] : [{ figure: 'componentInFlight', min: burst ? 0.998 : 0.999 } as const]),
    ...nobodyFalsely,
    ...(peers < 10_000 ? [] : [{ figure: 'dialsPerJoin', max: phase === 'grown' ? 12 : 17 } as const]),
    { figure: 'refusalsPerJoin', max: 1 }
  ]
}

function afterStrike(crash: number, attackHubs: number): number {
  if (attackHubs > 0) return attackHubs <= 0.01 ? 0.998 : 0.99
  if (crash <= 0.1) return 0.999
  return crash <= 0.3 ? 0.99 : 0.95
}
