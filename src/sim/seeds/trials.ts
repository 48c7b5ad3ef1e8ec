import { degreeLaw } from '#src/settings.ts'
import { registry } from '#src/seed-settings.ts'
import { outage } from './outage.ts'
import { overload } from './overload.ts'
import { race } from './race.ts'
import { seedless } from './seedless.ts'
import { split } from './split.ts'
import type { SeedsScenario } from './scenarios.ts'
import type { SeedlessReport } from './seedless.ts'
import type { OverloadReport, OverloadSettings } from './overload.ts'

/** One figure, the worst of some runs, and what it has to be. */
export interface SeedsRow {
  readonly scenario: SeedsScenario
  readonly setting: string
  readonly figure: string
  readonly value: number
  /** At least, or at most; none of the two for a figure that is only told. */
  readonly min?: number
  readonly max?: number
}

export interface TrialsSettings {
  readonly scenario: SeedsScenario
  /** The first run; the others have the next ones. */
  readonly seed: number
  readonly runs: number
}

type Figures = Record<string, Omit<SeedsRow, 'scenario' | 'setting' | 'figure'>>

const racers = [2, 3, 5] as const
const seedCounts = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const
const crowd = { seeds: 3, peers: 100, overloaded: 0, blockedMs: 16_000, freeMs: 4_000, hours: 4, liars: 0, loss: 0 }

/** Plays a scenario with several settings, each many times. */
export function* trials({ scenario, seed, runs }: TrialsSettings): Generator<SeedsRow> {
  const each = Array.from({ length: runs }, (_, run) => seed + run)
  for (const [setting, play] of settingsOf(scenario)) {
    for (const [figure, rest] of Object.entries(play(each))) yield { scenario, setting, figure, ...rest }
  }
}

function* settingsOf(scenario: SeedsScenario): Generator<[string, (seeds: readonly number[]) => Figures]> {
  switch (scenario) {
    case 'race':
      for (const seeds of seedCounts) {
        for (const count of racers) yield [`${seeds} seeds, ${count} racers`, each => races(each, seeds, count, 0)]
        const crashes = Math.ceil(seeds / 2) - 1
        if (crashes === 0) continue
        for (const count of racers)
          yield [`${seeds} seeds, up to ${crashes} crash, ${count} racers`, each => races(each, seeds, count, crashes)]
      }
      break
    case 'overload':
      yield ['10 of 100 peers blocked 16 s, free 4 s, 4 hours', each => hours(each, { ...crowd, overloaded: 10 })]
      break
    case 'liars':
      for (const liars of [1, 10])
        yield [`${liars} of 100 peers report all others, 4 hours`, each => hours(each, { ...crowd, liars })]
      break
    case 'outage':
      for (const seeds of [3, 5] as const) {
        for (const disk of ['kept', 'lost'] as const)
          yield [`${seeds} seeds, disks ${disk}, 100 peers`, each => outages(each, seeds, disk)]
      }
      break
    case 'seedless':
      for (const peers of [50, 200, 1_000] as const)
        yield [`all seeds gone, then 20 % of ${peers} peers crash`, each => abandonments(each, peers)]
      break
    case 'split':
      for (const seeds of [3, 5] as const) {
        for (const clockDrift of [0, 0.1] as const)
          yield [
            `${seeds} seeds, parted 180 s, clocks ${100 * clockDrift} % off`,
            each => splits(each, seeds, clockDrift)
          ]
      }
      break
  }
}

/** @param crashesMax seeds that crash in the middle of it: at most so many, and at least one unless it is 0 */
function races(runs: readonly number[], seeds: number, count: number, crashesMax: number): Figures {
  const outcomes = runs.map(seed => {
    const crashes = crashesMax === 0 ? 0 : 1 + (seed % crashesMax)
    const { most, racers } = race({ seed, seeds, racers: count, crashes })
    return { most, holders: racers.filter(({ state }) => state === 'registered').length }
  })
  return {
    'most holders at a time': { value: most(outcomes, ({ most }) => most), max: 1 },
    'fewest holders at the end': { value: -most(outcomes, ({ holders }) => -holders), min: 1 }
  }
}

function hours(runs: readonly number[], settings: Omit<OverloadSettings, 'seed'>): Figures {
  const outcomes = runs.map(seed => {
    const run = overload({ ...settings, seed })
    let next = run.next()
    while (next.done !== true) next = run.next()
    return next.value
  })
  const mean = (of: (report: OverloadReport) => number): number =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / outcomes.length
  return {
    'false removals': { value: most(outcomes, ({ falseRemovals }) => falseRemovals), max: 0 },
    'not registered at the end': { value: most(outcomes, ({ peers, registered }) => peers - registered), max: 0 },
    'reports of peers that live, mean': { value: mean(({ reports }) => reports) },
    'lies told, mean': { value: mean(({ lies }) => lies) }
  }
}

function outages(runs: readonly number[], seeds: number, disk: 'kept' | 'lost'): Figures {
  const outcomes = runs.map(seed => outage({ seed, seeds, peers: 100, disk }))
  // Without a disk nobody knows which names are taken: none is given away before the leases of the life before are over.
  const backMax = 30 + (disk === 'lost' ? registry.leaseMs / 1_000 : 0)
  return {
    'a minority gone: s until newcomers are registered': {
      value: most(outcomes, each => each.newcomersSeconds),
      max: 60
    },
    'one more gone: peers that still call themselves registered': {
      value: most(outcomes, each => each.stillRegistered),
      max: 0
    },
    'one more gone: peers without a link': { value: most(outcomes, each => each.apart), max: 0 },
    'all back: s until everybody is registered': { value: most(outcomes, each => each.backSeconds), max: backMax },
    'all back: s until every list is complete': { value: most(outcomes, each => each.completeSeconds), max: backMax },
    'false removals': { value: most(outcomes, each => each.falseRemovals), max: 0 }
  }
}

function abandonments(runs: readonly number[], peers: number): Figures {
  const outcomes = runs.map(seed => seedless({ seed, seeds: 3, peers, crash: 0.2, restarts: peers / 25 }))
  const least = (of: (report: SeedlessReport) => number): number => -most(outcomes, report => -of(report))
  return {
    'after 2 min: share of the peers in the largest part': { value: least(({ component }) => component), min: 1 },
    'after 2 min: share of the peers on target': { value: least(({ onTarget }) => onTarget), min: 0.8 },
    'after 2 min: fewest links of a peer that has just started': {
      value: least(({ restartedLinks }) => restartedLinks),
      min: degreeLaw.kMinSmall
    },
    'requests for a link, for each peer, most': { value: most(outcomes, ({ asks }) => asks) },
    'all back without memory: s until everybody is registered': {
      value: most(outcomes, ({ backSeconds }) => backSeconds),
      max: 30
    }
  }
}

function splits(runs: readonly number[], seeds: number, clockDrift: number): Figures {
  const outcomes = runs.map(seed => split({ seed, seeds, peers: 40, partitionMs: 180_000, clockDrift }))
  return {
    'most holders of a name at a time': { value: most(outcomes, ({ holdersMost }) => holdersMost), max: 1 },
    'names without a holder at the end': { value: most(outcomes, ({ held, names }) => names - held), max: 0 },
    'names taken over while parted, most': { value: most(outcomes, ({ takenOver }) => takenOver) }
  }
}

function most<Outcome>(outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number {
  return outcomes.reduce((worst, outcome) => Math.max(worst, of(outcome)), Number.NEGATIVE_INFINITY)
}
