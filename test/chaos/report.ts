import { seconds } from './scenario.ts'
import type { Finding, Scenario } from './scenario.ts'

/** What came of a scenario, and how long it took in ms. */
export interface Result extends Finding {
  readonly scenario: Scenario
  readonly tookMs: number
}

export function paragraph({ scenario, outcome, seen, tookMs }: Result): string {
  const verdict = { held: 'held', broken: 'BROKEN', skipped: 'skipped' }[outcome]
  return [
    `${scenario.name}: ${verdict}  (${seconds(tookMs)})`,
    `  injected  ${scenario.injected}`,
    `  promised  ${scenario.promised}`,
    `  seen      ${seen}`
  ].join('\n')
}

export function row({ scenario: { name, injected, promised }, outcome, seen, tookMs }: Result): string {
  return JSON.stringify({ name, injected, promised, seen, outcome, seconds: Number((tookMs / 1_000).toFixed(1)) })
}

export function summary(results: readonly Result[]): string {
  const count = (outcome: Finding['outcome']): number => results.filter(result => result.outcome === outcome).length
  const skipped = count('skipped')
  return `${count('held')} promises held, ${count('broken')} broken${skipped > 0 ? `, ${skipped} not tried` : ''}`
}
