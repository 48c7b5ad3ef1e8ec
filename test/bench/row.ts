import type { GraphKind } from './graph.ts'
import type { Figures } from './orders.ts'
import type { SystemName } from './systems/system.ts'

export type WorkloadName = 'saturated' | 'paced' | 'cold' | 'batched' | 'overload'

/** What was measured: everything that is the same for all systems. */
export interface Cell {
  readonly peers: number
  readonly graph: GraphKind
  readonly payloadBytes: number
  readonly processes: number
  readonly workload: WorkloadName
}

export interface Measures {
  readonly deliveriesPerSecond: number
  readonly cpuMicrosPerDelivery: number
  readonly bytesPerDelivery: number
  readonly duplicatesPerDelivery: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the messages that the system has accepted. */
  readonly deliveryRatio: number
  readonly rssMbPerNode: number
  /** Copies of a message that the busiest node sends, on average over all messages. */
  readonly busiestPayloadsPerMessage: number
}

export type Row = { readonly system: SystemName } & Cell & Measures

/** One round: the figures of all processes taken together. */
export function measuresOf(figures: readonly Figures[], peers: number): Measures {
  const total = (of: (figures: Figures) => number): number => figures.reduce((sum, each) => sum + of(each), 0)
  const deliveries = total(each => each.deliveries)
  const start = Math.min(...figures.map(each => each.startedAt))
  const end = Math.max(...figures.map(each => each.lastDeliveryAt))
  const latencies = Float64Array.from(figures.flatMap(each => [...each.latenciesMs])).toSorted()
  // Of what the system carries as one piece: of batches with Hubcast, and of messages with the others.
  const news = total(each => each.received - each.duplicates)
  const busiest = Math.max(...figures.flatMap(each => [...each.sent]))
  return {
    deliveriesPerSecond: (deliveries / (end - start)) * 1_000,
    cpuMicrosPerDelivery: total(each => each.cpuMicros) / deliveries,
    bytesPerDelivery: total(each => each.socketBytes) / deliveries,
    duplicatesPerDelivery: total(each => each.duplicates) / news,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    deliveryRatio: deliveries / (total(each => each.published) * (peers - 1)),
    rssMbPerNode: total(each => each.rssBytes) / peers / 1024 ** 2,
    busiestPayloadsPerMessage: busiest / (news / (peers - 1))
  }
}

/** Of each measure the median of all rounds; but of the delivery ratio the worst: no round makes up for a lost message of another. */
export function overall(rounds: readonly Measures[]): Measures {
  const sorted = (key: keyof Measures): number[] => rounds.map(round => round[key]).toSorted((a, b) => a - b)
  const middle = (key: keyof Measures): number => median(sorted(key))
  return {
    deliveriesPerSecond: middle('deliveriesPerSecond'),
    cpuMicrosPerDelivery: middle('cpuMicrosPerDelivery'),
    bytesPerDelivery: middle('bytesPerDelivery'),
    duplicatesPerDelivery: middle('duplicatesPerDelivery'),
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    deliveryRatio: sorted('deliveryRatio')[0] ?? Number.NaN,
    rssMbPerNode: middle('rssMbPerNode'),
    busiestPayloadsPerMessage: middle('busiestPayloadsPerMessage')
  }
}

function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
