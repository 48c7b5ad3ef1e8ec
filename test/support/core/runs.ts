const { SEED, RUNS } = process.env

/** The seeds of a test's runs: `count` of them, as many as RUNS says, or the one of SEED alone. */
export function runsOf(count: number): number[] {
  if (SEED !== undefined) return [Number(SEED)]
  return Array.from({ length: RUNS === undefined ? count : Number(RUNS) }, (_, run) => run)
}

/** Goes with every assertion: how to see the same run again. */
export function replay(run: number): string {
  return `replay with SEED=${run}`
}
