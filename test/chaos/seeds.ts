import { crashes } from './crashes.ts'
import { crowds } from './crowds.ts'
import { names } from './names.ts'
import type { Scenario } from './scenario.ts'

/** What befalls seeds and names. */
export const seeds: readonly Scenario[] = [...crashes, ...names, ...crowds]
