import { sample } from '#src/core/random.ts'
import { BreadthFirst } from '../breadth-first.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Graph } from '../graph.ts'

/**
 * - `steady`: everybody who says something has said something before.
 * - `cold`: all start at once, and say something soon after.
 * - `crash`: a part of the peers fall silent at one moment. `hubs`: those with the most links do.
 * - `partition`: two halves cannot reach each other for a while.
 * - `loss`: one frame in twenty is late, and all that comes after it on the same link.
 * - `droppers`: peers that take everything and pass no message on.
 * - `slow`: one peer handles what it gets more slowly than it comes, for a while.
 */
export const gossipScenarios = ['steady', 'cold', 'crash', 'hubs', 'partition', 'loss', 'droppers', 'slow'] as const
export type GossipScenario = (typeof gossipScenarios)[number]

/** Where every system must have come to rest, after everybody has said something. */
const warmMs = 15_000
/** In the cold, from the start to the first message. */
const coldMs = 2_000
/** From the first message to the strike, at most: what is usual has to be known. */
const calmMs = 10_000
/** Three pings that fail, 13 s apart. */
export const detectionMs = 39_000
export const partitionMs = 60_000
/** After a partition, links stand again within this time. */
export const reunionMs = 5_000
export const slowMs = 20_000
/** From the last message on, for what is still missing somewhere. */
export const patienceMs = 60_000
const crashShare = 0.2
const hubShare = 0.05
const dropperShare = 0.3
const lossShare = 0.05

/** What befalls whom, and when. One entry a peer: 1 for those whom it concerns. */
export interface Plan {
  readonly scenario: GossipScenario
  /** Time of the first message that counts. */
  readonly startAt: Millis
  /** When what the scenario is about happens; at the start, if it is so all the time. */
  readonly strikeAt: Millis
  /** Figures are of what is published and sent from here on and before the other. */
  readonly from: Millis
  readonly to: Millis
  readonly crashing: Uint8Array
  readonly droppers: Uint8Array
  /** On the other side of a partition. */
  readonly beyond: Uint8Array
  readonly slow: number | undefined
  /** Share of the frames that are stalled. */
  readonly loss: number
  /** Those to whom every message must come: they live, pass on, and are connected by others who do. */
  readonly counted: Uint8Array
}

/** Whether a scenario is about a blow in the middle, after which there is a way back to what was usual. */
export function strikes(scenario: GossipScenario): boolean {
  return scenario === 'crash' || scenario === 'hubs' || scenario === 'partition'
}

/** @param trafficMs from the first message to the last */
export function planOf(scenario: GossipScenario, graph: Graph, trafficMs: Millis, random: Random): Plan {
  const startAt = scenario === 'cold' ? coldMs : warmMs
  const hasStrike = strikes(scenario) || scenario === 'slow'
  const strikeAt = startAt + (hasStrike ? Math.min(calmMs, Math.floor(trafficMs / 6_000) * 1_000) : 0)
  const endAt = startAt + Math.ceil(trafficMs / 1_000) * 1_000 + 1_000
  const lastMs: Partial<Record<GossipScenario, Millis>> = { crash: detectionMs, hubs: detectionMs, slow: slowMs }
  const figuresMs = lastMs[scenario]
  const crashing = marked(graph, struck(scenario, graph, random))
  const droppers = marked(graph, scenario === 'droppers' ? drawn(graph, dropperShare, random) : [])
  return {
    scenario,
    startAt,
    strikeAt,
    from: scenario === 'cold' ? 0 : strikeAt,
    to: figuresMs === undefined ? endAt : strikeAt + figuresMs,
    crashing,
    droppers,
    beyond: marked(graph, scenario === 'partition' ? drawn(graph, 0.5, random) : []),
    slow: scenario === 'slow' ? usual(graph, random) : undefined,
    loss: scenario === 'loss' ? lossShare : 0,
    counted: largestComponent(
      graph,
      crashing.map((isCrashing, peer) => (isCrashing === 0 && droppers[peer] === 0 ? 1 : 0))
    )
  }
}

function struck(scenario: GossipScenario, graph: Graph, random: Random): Iterable<number> {
  if (scenario === 'crash') return drawn(graph, crashShare, random)
  if (scenario !== 'hubs') return []
  const peers = Uint32Array.from({ length: graph.peers }, (_, peer) => peer)
  peers.sort((one, other) => degree(graph, other) - degree(graph, one))
  return peers.subarray(0, Math.floor(hubShare * graph.peers))
}

function drawn({ peers }: Graph, share: number, random: Random): Iterable<number> {
  return sample(random, Array(peers).keys(), Math.floor(share * peers))
}

function marked({ peers }: Graph, these: Iterable<number>): Uint8Array {
  const marks = new Uint8Array(peers)
  for (const peer of these) marks[peer] = 1
  return marks
}

function degree({ offsets }: Graph, peer: number): number {
  return (offsets[peer + 1] as number) - (offsets[peer] as number)
}

/** A peer with as many links as there are on average: hubs spread what comes over many links, and leaves pass little on. */
function usual(graph: Graph, random: Random): number | undefined {
  const mean = Math.round(graph.targets.length / graph.peers)
  const peers = Array.from(Array(graph.peers).keys()).filter(peer => degree(graph, peer) === mean)
  return sample(random, peers, 1)[0]
}

/** Marks the peers of the largest part that hangs together, among those that are marked. */
function largestComponent(graph: Graph, among: Uint8Array): Uint8Array {
  const search = new BreadthFirst(graph, among)
  let largest = 0
  let start = 0
  for (const [peer, counts] of among.entries()) {
    if (counts === 0 || search.seen(peer)) continue
    let size = 0
    for (const layer of search.layersFrom(peer)) size += layer
    if (size > largest) [largest, start] = [size, peer]
  }
  search.forget()
  search.layersFrom(start)
  return among.map((counts, peer) => (counts === 1 && search.seen(peer) ? 1 : 0))
}
