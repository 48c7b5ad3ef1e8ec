import type { Edge } from './graph.ts'
import type { SystemName } from './systems/system.ts'

/** How messages are published. All limits are those of the whole network; each process takes its share. */
export type Drive =
  /** Closed loop: so many are on their way at any time. `burst` of them are published in one go, by one node. */
  | { readonly kind: 'closed'; readonly inFlight: number; readonly burst: number; readonly ms: number }
  /** Open loop: whatever becomes of them, the next one is published in time. */
  | { readonly kind: 'paced'; readonly perSecond: number; readonly ms: number }
  /** Each node publishes one, in random order. */
  | { readonly kind: 'each'; readonly perSecond: number }
  /** Every node publishes whenever its last message has been accepted. */
  | { readonly kind: 'flat-out'; readonly messages: number; readonly ms: number }

/** A stretch of time with one way of publishing. */
export interface Phase {
  /** Tells the messages of different phases apart. */
  readonly number: number
  readonly payloadBytes: number
  readonly drive: Drive
  /** Nodes that publish. */
  readonly publishers: readonly number[]
  /** Of the choice of publishers. */
  readonly seed: number
}

/** From the bench to a process with some of the nodes: those whose number, divided by `processes`, leaves `worker`. */
export type Order =
  | {
      readonly type: 'start'
      readonly system: SystemName
      readonly peers: number
      readonly processes: number
      readonly worker: number
    }
  | {
      readonly type: 'connect'
      readonly edges: readonly Edge[]
      /** Address of each node. */
      readonly addresses: readonly string[]
    }
  | { readonly type: 'run'; readonly phase: Phase }
  /** All nodes of another process have got these messages of ours. */
  | { readonly type: 'arrived'; readonly messages: readonly number[] }
  /** Nobody waits for a message any more: what came of the phase? */
  | { readonly type: 'collect' }

export type Answer =
  | { readonly type: 'started'; readonly addresses: readonly string[] }
  | { readonly type: 'connected' }
  | { readonly type: 'arrived'; readonly worker: number; readonly messages: readonly number[] }
  /** All messages of this process are everywhere, or were given up. */
  | { readonly type: 'finished' }
  | { readonly type: 'figures'; readonly figures: Figures }
  | { readonly type: 'failed'; readonly reason: string }

/** What one process saw of one phase. */
export interface Figures {
  readonly startedAt: number
  readonly lastDeliveryAt: number
  /** Messages that the system has accepted, and those that it has refused. */
  readonly published: number
  readonly refused: number
  readonly deliveries: number
  readonly latenciesMs: Float64Array
  readonly cpuMicros: number
  readonly socketBytes: number
  readonly received: number
  readonly duplicates: number
  /** Of each node. */
  readonly sent: readonly number[]
  /** Memory that the process has taken since before its first node. */
  readonly rssBytes: number
}
