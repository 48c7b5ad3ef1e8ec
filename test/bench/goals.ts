import { aligned } from './aligned.ts'
import type { Cell, Measures, Row, WorkloadName } from './row.ts'

/** Hubcast's figure and those of its rivals in the same cell; NaN for a rival that was not measured. */
interface Figures {
  readonly hubcast: number
  readonly gossipsub: number
  readonly tuned: number
}

interface Bound {
  readonly text: string
  holds(figures: Figures): boolean
}

/** What Hubcast promises: of the cells with small payloads, one process and a random graph, where nothing else is said. */
interface Goal {
  readonly workload: WorkloadName
  readonly name: string
  readonly of: keyof Measures
  readonly digits: number
  readonly graph?: Cell['graph']
  readonly payloadBytes?: number
  readonly must: Bound
  readonly want?: Bound
}

const atMost = (limit: number): Bound => ({ text: `<= ${limit}`, holds: ({ hubcast }) => hubcast <= limit })
const atLeast = (limit: number): Bound => ({ text: `>= ${limit}`, holds: ({ hubcast }) => hubcast >= limit })
const timesGossipsub = (factor: number): Bound => ({
  text: `>= ${factor}x gossipsub`,
  holds: ({ hubcast, gossipsub }) => hubcast >= factor * gossipsub
})
const timesTuned = (factor: number): Bound => ({
  text: `>= ${factor}x tuned`,
  holds: ({ hubcast, tuned }) => hubcast >= factor * tuned
})
const ofGossipsub = (share: number): Bound => ({
  text: `<= ${share}x gossipsub`,
  holds: ({ hubcast, gossipsub }) => hubcast <= share * gossipsub
})
const ofTuned = (share: number): Bound => ({
  text: `<= ${share}x tuned`,
  holds: ({ hubcast, tuned }) => hubcast <= share * tuned
})

const both = (one: Bound, other: Bound): Bound => ({
  text: `${one.text}, ${other.text}`,
  holds: figures => one.holds(figures) && other.holds(figures)
})

const rate = { name: 'deliveries/s', of: 'deliveriesPerSecond', digits: 0 } as const
const duplicates = { name: 'duplicates/delivery', of: 'duplicatesPerDelivery', digits: 2 } as const
const ratio = { name: 'delivery ratio', of: 'deliveryRatio', digits: 4, must: atLeast(1) } as const
const large = { workload: 'saturated', ...rate, must: timesGossipsub(2), want: timesGossipsub(4) } as const

const goals: readonly Goal[] = [
  {
    workload: 'saturated',
    ...rate,
    must: both(timesGossipsub(4.5), timesTuned(2.7)),
    want: both(timesGossipsub(7), timesTuned(4))
  },
  { workload: 'batched', ...rate, must: timesGossipsub(12), want: timesGossipsub(25) },
  {
    workload: 'paced',
    name: 'CPU us/delivery',
    of: 'cpuMicrosPerDelivery',
    digits: 0,
    must: ofTuned(0.6),
    want: ofTuned(0.35)
  },
  {
    workload: 'paced',
    name: 'bytes/delivery',
    of: 'bytesPerDelivery',
    digits: 0,
    must: ofGossipsub(0.25),
    want: ofGossipsub(0.15)
  },
  { workload: 'paced', ...duplicates, must: atMost(0.05), want: atMost(0.005) },
  { workload: 'cold', ...duplicates, must: atMost(0.3), want: atMost(0.05) },
  { workload: 'paced', name: 'p99 ms', of: 'p99Ms', digits: 1, must: ofTuned(1.1), want: ofTuned(0.8) },
  {
    workload: 'paced',
    graph: 'power-law',
    name: 'sends of the busiest peer',
    of: 'busiestPayloadsPerMessage',
    digits: 1,
    must: atMost(12),
    want: atMost(9)
  },
  { ...large, payloadBytes: 16 * 1024 },
  { ...large, payloadBytes: 64 * 1024 },
  ...(['saturated', 'batched', 'paced', 'cold', 'overload'] as const).map(workload => ({ workload, ...ratio }))
]

/** Hubcast's figures beside those of the rivals and beside the goals. Empty if it was not measured. */
export function goalTable(rows: readonly Row[]): string {
  const lines = goals.flatMap(goal =>
    rows
      .filter(row => row.system.startsWith('hubcast') && meant(goal, row))
      .map(row => {
        const rival = (system: string): number =>
          rows.find(other => other.system === system && sameCell(other, row))?.[goal.of] ?? Number.NaN
        const hubcast = row[goal.of]
        const figures = { hubcast, gossipsub: rival('gossipsub'), tuned: rival('gossipsub-tuned') }
        return [
          [goal.workload, `${row.peers} peers`, goal.graph ?? [], goal.payloadBytes ?? []].flat().join(', ') +
            `: ${goal.name}`,
          hubcast.toFixed(goal.digits),
          beside(hubcast, figures.gossipsub, goal.digits),
          beside(hubcast, figures.tuned, goal.digits),
          goal.must.text,
          goal.want?.text ?? '',
          verdict(goal, figures)
        ]
      })
  )
  if (lines.length === 0) return ''
  return `goals\n${aligned([['', 'hubcast', 'gossipsub', 'tuned', 'must', 'want', 'reached'], ...lines])}`
}

function meant(goal: Goal, row: Row): boolean {
  return (
    row.workload === goal.workload &&
    row.graph === (goal.graph ?? 'random') &&
    row.processes === 1 &&
    row.payloadBytes === (goal.payloadBytes ?? 100)
  )
}

function sameCell(a: Cell, b: Cell): boolean {
  return (
    a.workload === b.workload &&
    a.peers === b.peers &&
    a.graph === b.graph &&
    a.payloadBytes === b.payloadBytes &&
    a.processes === b.processes
  )
}

/** A rival's figure, and Hubcast's as a multiple of it. */
function beside(hubcast: number, rival: number, digits: number): string {
  if (Number.isNaN(rival)) return '-'
  return rival === 0 ? rival.toFixed(digits) : `${rival.toFixed(digits)} (${(hubcast / rival).toFixed(2)}x)`
}

function verdict({ must, want }: Goal, figures: Figures): string {
  if (!must.holds(figures)) return 'NO'
  return want === undefined || want.holds(figures) ? 'yes' : 'must'
}
