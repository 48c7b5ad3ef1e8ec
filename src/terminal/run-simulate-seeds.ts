import { seedsScenarios } from '#src/sim/seeds/scenarios.ts'
import { trials } from '#src/sim/seeds/trials.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import type { SeedsScenario } from '#src/sim/seeds/scenarios.ts'
import type { SeedsRow } from '#src/sim/seeds/trials.ts'

export interface SimulateSeedsOptions {
  readonly scenario?: SeedsScenario
  readonly seed: number
  readonly runs?: number
  readonly json?: true
}

/** A race takes less than a millisecond, four hours of a hundred peers half a second. */
const racesDefault = 10_000
const runsDefault = 10

/** Plays what befalls seeds in virtual time, and compares it with what is promised. Ends the process. */
export function runSimulateSeeds({ scenario, seed, runs, json }: SimulateSeedsOptions): void {
  try {
    let missed = 0
    for (const each of scenario === undefined ? seedsScenarios : [scenario]) {
      const count = runs ?? (each === 'race' ? racesDefault : runsDefault)
      for (const row of trials({ scenario: each, seed, runs: count })) {
        const isReached = row.value >= (row.min ?? -Infinity) && row.value <= (row.max ?? Infinity)
        if (!isReached) missed++
        console.log(
          json === true ? JSON.stringify({ ...row, runs: count, reached: isReached }) : line(row, count, isReached)
        )
      }
    }
    if (json !== true) console.log(missed === 0 ? 'all figures reached' : `${missed} figures missed`)
    process.exit(missed === 0 ? exitCode.ok : exitCode.failure)
  } catch (error) {
    giveUp(error)
  }
}

function line({ scenario, setting, figure, value, min, max }: SeedsRow, runs: number, isReached: boolean): string {
  const bound = min === undefined ? (max === undefined ? '' : `at most ${max}`) : `at least ${min}`
  const measured = String(Number(value.toFixed(1))).padStart(8)
  return `${scenario}: ${setting}, ${runs} runs: ${figure}${measured}  ${bound}${isReached ? '' : '  MISSED'}`
}
