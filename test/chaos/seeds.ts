import { crashes } from './crashes.ts'
import { crowds } from './crowds.ts'
import { deaths } from './deaths.ts'
import { disks } from './disks.ts'
import { kills } from './kills.ts'
import { names } from './names.ts'
import { partitions } from './partitions.ts'
import { stops } from './stops.ts'
import type { Scenario } from './scenario.ts'

/** What befalls seeds and names. */
export const seeds: readonly Scenario[] = [
  ...deaths,
  ...stops,
  ...crashes,
  ...names,
  ...kills,
  ...disks,
  ...partitions,
  ...crowds
]
