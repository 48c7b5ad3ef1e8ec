import { crashes } from './crashes.ts'
import type { Scenario } from './scenario.ts'

/** What befalls seeds and names. */
export const seeds: readonly Scenario[] = [...crashes]
