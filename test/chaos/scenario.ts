import type { Stage } from './stage.ts'

/** One thing that befalls a network, and what is promised of it. */
export interface Scenario {
  readonly name: string
  readonly injected: string
  readonly promised: string
  /**
   * `waiting`: minutes in which hardly anything happens, so several may go on at a time. `busy`: takes all that a small machine has, one at a
   * time. `alone`: its figure is a time or a rate that nothing else may disturb.
   */
  readonly load: 'waiting' | 'busy' | 'alone'
  /** It takes seconds, and belongs to those that `npm run test:real` plays. */
  readonly isQuick?: true
  /** After so long it is broken off and taken for broken. */
  readonly secondsMax: number
  /** Everything that is started on the stage ends with it. */
  play(stage: Stage): Promise<Finding>
}

export interface Finding {
  readonly outcome: 'held' | 'broken' | 'skipped'
  /** What was seen, or why nothing was tried. */
  readonly seen: string
}

/** What was seen, and that it is what was promised if nothing is `amiss`. */
export function finding(seen: string, amiss: readonly string[] = []): Finding {
  return amiss.length === 0
    ? { outcome: 'held', seen }
    : { outcome: 'broken', seen: `${seen}; but ${amiss.slice(0, amissTold).join(', ')}${more(amiss.length)}` }
}

const amissTold = 5

function more(amiss: number): string {
  return amiss > amissTold ? ` and ${amiss - amissTold} more` : ''
}

/** A time in s, as reports have it. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}
