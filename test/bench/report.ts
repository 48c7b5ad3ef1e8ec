import { availableParallelism, cpus } from 'node:os'
import { aligned } from './aligned.ts'
import { goalTable } from './goals.ts'
import type { Measures, Row } from './row.ts'

const columns: readonly { readonly head: string; readonly of: keyof Measures; readonly digits: number }[] = [
  { head: 'deliveries/s', of: 'deliveriesPerSecond', digits: 0 },
  { head: 'CPU us/del', of: 'cpuMicrosPerDelivery', digits: 0 },
  { head: 'bytes/del', of: 'bytesPerDelivery', digits: 0 },
  { head: 'dup/del', of: 'duplicatesPerDelivery', digits: 2 },
  { head: 'p50 ms', of: 'p50Ms', digits: 1 },
  { head: 'p99 ms', of: 'p99Ms', digits: 1 },
  { head: 'ratio', of: 'deliveryRatio', digits: 4 },
  { head: 'RSS MB/node', of: 'rssMbPerNode', digits: 1 },
  { head: 'busiest sends', of: 'busiestPayloadsPerMessage', digits: 1 }
]

export function heading(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  return `Node ${process.version}, ${availableParallelism()} x ${model}; medians over the rounds, TCP bytes without headers`
}

/** The rows by workload, and Hubcast's beside the goals. */
export function tables(rows: readonly Row[]): string {
  const titles = [...new Set(rows.map(titleOf))]
  const measured = titles.map(title => `${title}\n${table(rows.filter(row => titleOf(row) === title))}`)
  const judged = goalTable(rows)
  return [...measured, ...(judged === '' ? [] : [judged])].join('\n\n')
}

function titleOf({ workload, peers, graph, payloadBytes, processes }: Row): string {
  return `${workload}: ${peers} peers, ${graph} graph, ${payloadBytes} bytes, ${processes === 1 ? 'one process' : `${processes} processes`}`
}

function table(rows: readonly Row[]): string {
  const lines = [
    ['', ...columns.map(({ head }) => head)],
    ...rows.map(row => [row.system, ...columns.map(({ of, digits }) => row[of].toFixed(digits))])
  ]
  return aligned(lines)
}
