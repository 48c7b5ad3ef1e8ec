import type { GraphKind } from './graph.ts'
import type { Drive } from './orders.ts'
import type { WorkloadName } from './row.ts'
import type { SystemName } from './systems/system.ts'

export interface PlannedPhase {
  /** Nothing is reported of a phase without one: it warms up. */
  readonly workload?: WorkloadName
  readonly drive: Drive
  readonly payloadBytes: number
  /** How many nodes publish; all, if it is not said. */
  readonly publishers?: number
}

/** Phases that follow one another in one fresh network. */
export interface PlannedSitting {
  readonly systems: readonly SystemName[]
  readonly peers: number
  readonly graph: GraphKind
  readonly processes: number
  readonly rounds: number
  readonly phases: readonly PlannedPhase[]
}

interface Place {
  readonly peers: number
  readonly graph: GraphKind
  readonly processes: number
}

/** Those that the goals are about. */
const compared: readonly SystemName[] = ['hubcast', 'gossipsub', 'gossipsub-tuned']
const all: readonly SystemName[] = [...compared, 'floodsub']
/** Bytes of a payload that is not there for its size. */
const small = 100

const closed = (inFlight: number, ms: number, burst = 1): Drive => ({ kind: 'closed', inFlight, burst, ms })

/** Every node's first message, in a network that has never carried one. */
const first: PlannedPhase = { drive: { kind: 'each', perSecond: 20 }, payloadBytes: small }
const cold: PlannedPhase = { ...first, workload: 'cold' }
/** A node runs for days, and what it does often is compiled within seconds: none of them is measured before that. */
const warm: PlannedPhase = { drive: closed(64, 1_500), payloadBytes: small }
/** Last: each node has published, so every system has settled, and what is called rarely takes longest until it is compiled. */
const paced: PlannedPhase = {
  workload: 'paced',
  drive: { kind: 'paced', perSecond: 20, ms: 6_000 },
  payloadBytes: small
}

function settled(place: Place, rounds: number): PlannedSitting {
  return {
    ...place,
    systems: all,
    rounds,
    phases: [cold, warm, { workload: 'saturated', drive: closed(64, 2_500), payloadBytes: small }, paced]
  }
}

/** Three busy publishers say many messages at a time: Hubcast signs them together. */
function batched(place: Place, rounds: number): PlannedSitting {
  const busy = { payloadBytes: small, publishers: 3 }
  return {
    ...place,
    systems: ['hubcast-batched', 'gossipsub', 'gossipsub-tuned'],
    rounds,
    phases: [
      { ...busy, drive: closed(64, 300, 32) },
      { ...busy, workload: 'batched', drive: closed(256, 2_500, 32) }
    ]
  }
}

function large(place: Place, sizes: readonly number[], rounds: number, systems = all): PlannedSitting {
  return {
    ...place,
    systems,
    rounds,
    phases: [
      first,
      warm,
      ...sizes.flatMap((payloadBytes): PlannedPhase[] => [
        { drive: closed(8, 300), payloadBytes },
        { workload: 'saturated', drive: closed(8, 1_500), payloadBytes }
      ])
    ]
  }
}

function overload(place: Place, rounds: number, systems = all): PlannedSitting {
  // As many deliveries at any size: the slowest system needs about 10 s for them.
  const messages = Math.round(12_000 / (place.peers - 1))
  return {
    ...place,
    systems,
    rounds,
    phases: [first, { workload: 'overload', drive: { kind: 'flat-out', messages, ms: 5_000 }, payloadBytes: small }]
  }
}

const home: Place = { peers: 30, graph: 'random', processes: 1 }

/** Less than ten minutes. Most rounds are spent on what is noisiest. */
export function shortPlan(rounds: number): PlannedSitting[] {
  const fewer = Math.min(rounds, 2)
  return [
    settled(home, rounds),
    batched(home, fewer),
    large(home, [16_384, 65_536], fewer, compared),
    overload(home, 1, compared),
    // How much falls to the busiest peer depends on the graph, hardly on the moment.
    { ...home, graph: 'power-law', systems: ['hubcast', 'gossipsub'], rounds: 1, phases: [cold, warm, paced] }
  ]
}

/** Hours. */
export function fullPlan(rounds: number): PlannedSitting[] {
  const graphs: readonly GraphKind[] = ['random', 'power-law']
  return [10, 30, 60].flatMap(peers =>
    graphs.flatMap(graph =>
      [1, 4].flatMap(processes => {
        const place = { peers, graph, processes }
        return [
          settled(place, rounds),
          batched(place, rounds),
          large(place, [1_024, 4_096, 16_384, 65_536], rounds),
          overload(place, rounds)
        ]
      })
    )
  )
}
