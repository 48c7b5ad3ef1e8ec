import { parseArgs } from 'node:util'
import { below, sample, seededRandom } from '#src/core/random.ts'
import { graphOf } from './graph.ts'
import { fullPlan, shortPlan } from './plan.ts'
import { Progress } from './progress.ts'
import { heading, tables } from './report.ts'
import { measuresOf, overall } from './row.ts'
import { Sitting } from './sitting.ts'
import type { Edge } from './graph.ts'
import type { PlannedSitting } from './plan.ts'
import type { Measures, Row } from './row.ts'
import type { SystemName } from './systems/system.ts'

// Hubcast beside its rivals: see README.md.

const usage = 'npm run bench -- [--json] [--full] [--rounds N]'
const { json, full, rounds } = options()
const plan = full ? fullPlan(rounds) : shortPlan(rounds)
const progress = new Progress(plan.reduce((sum, each) => sum + each.rounds * each.systems.length, 0))
const rows: Row[] = []
let failures = 0

if (!json) console.log(heading())
for (const planned of plan) {
  const measured = await measure(planned)
  rows.push(...measured)
  if (json) for (const row of measured) console.log(JSON.stringify(row))
}
progress.end()
if (!json) console.log(tables(rows))
if (failures > 0) process.exitCode = 1

/** All rounds of one sitting with all its systems, which take turns: what else the machine does falls to all of them. */
async function measure(planned: PlannedSitting): Promise<Row[]> {
  const { systems, peers, graph, processes } = planned
  const results = new Map(systems.map(system => [system, planned.phases.map((): Measures[] => [])]))
  const broken = new Set<SystemName>()
  for (let round = 0; round < planned.rounds; round++) {
    const edges = graphOf(graph, peers, seededRandom(round + 1))
    // Nobody always comes after the same other one.
    const turns = systems.map((_, turn) => systems[(turn + round) % systems.length] as SystemName)
    for (const system of turns) {
      progress.step(`${system}, ${peers} peers, ${graph}, round ${round + 1} of ${planned.rounds}`)
      if (broken.has(system)) continue
      try {
        for (const [phase, measures] of (await sit(system, planned, edges, round)).entries()) {
          results.get(system)?.[phase]?.push(measures)
        }
      } catch (error) {
        failures++
        broken.add(system)
        progress.note(`${system}, ${peers} peers, ${graph}, ${processes} processes: ${String(error)}`)
      }
    }
  }
  return planned.phases.flatMap(({ workload, payloadBytes }, phase) =>
    systems.flatMap((system): Row[] => {
      const measures = results.get(system)?.[phase] ?? []
      if (workload === undefined || measures.length === 0) return []
      return [{ system, peers, graph, payloadBytes, processes, workload, ...overall(measures) }]
    })
  )
}

/** One round of one system: what came of each phase. */
async function sit(
  system: SystemName,
  { peers, processes, phases }: PlannedSitting,
  edges: readonly Edge[],
  round: number
): Promise<Measures[]> {
  await using sitting = await Sitting.open(system, peers, edges, processes)
  const results: Measures[] = []
  for (const [number, { drive, payloadBytes, workload, publishers: count = peers }] of phases.entries()) {
    // The same for all systems of a round.
    const random = seededRandom(round * 100 + number)
    const nodes = Array.from({ length: peers }, (_, node) => node)
    const publishers = count === peers ? nodes : sample(random, nodes, count)
    const figures = await sitting.run({ number, payloadBytes, drive, publishers, seed: below(random, 1_000_000) })
    const refused = figures.reduce((sum, each) => sum + each.refused, 0)
    if (refused > 0) progress.note(`${system}, ${workload ?? 'warm-up'}: ${refused} messages were refused`)
    results.push(measuresOf(figures, peers))
  }
  return results
}

/** Fewer rounds are for a quick look. */
function options(): { json: boolean; full: boolean; rounds: number } {
  try {
    const {
      json = false,
      full = false,
      rounds = '5',
      help = false
    } = parseArgs({
      options: {
        json: { type: 'boolean' },
        full: { type: 'boolean' },
        rounds: { type: 'string' },
        help: { type: 'boolean' }
      }
    }).values
    if (help) {
      console.log(`${usage}\nSee test/bench/README.md.`)
      process.exit(0)
    }
    if (!/^[1-9]\d{0,2}$/.test(rounds)) throw new RangeError(`--rounds ${rounds} is not a number from 1 to 999`)
    return { json, full, rounds: Number(rounds) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}
