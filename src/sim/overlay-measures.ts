import { seededRandom } from '#src/core/random.ts'
import { degreeHistogram, graphOf } from './graph.ts'
import { diameterAtLeast, hopsToReach, largestComponentShare } from './graph-measures.ts'
import { bootstrapP, fitPowerLaw } from './power-law-fit.ts'
import { compareLaws } from './vuong.ts'
import type { Graph } from './graph.ts'
import type { World } from './world.ts'

/** The overlay at one moment, as far as that costs little. Shares are from 0 to 1. */
export interface Glance {
  readonly peers: number
  /** Peers with just as many links as their target. */
  readonly onTarget: number
  /** Links that the peer farthest from its target is off by. */
  readonly worstOff: number
  /** Largest connected part. */
  readonly component: number
  /** The same among the peers that have ever had a link: who joined a moment ago has none yet. */
  readonly componentOfLinked: number
}

/** The overlay at one moment, whole. */
export interface OverlayMeasures extends Glance {
  /** Exponent of the fitted law, from the least degree of the law to its cutoff. */
  readonly alpha: number
  /** Kolmogorov-Smirnov distance to that fit. */
  readonly ks: number
  /** Bootstrap p of that fit; left out for large networks, where it takes minutes and says nothing that `ks` does not. */
  readonly p?: number
  /** Vuong's z of the power law against others: above 1.96 it is favoured. */
  readonly zExponential: number
  readonly zPoisson: number
  readonly zLognormal: number
  /** A lower bound, by double sweep. */
  readonly diameter: number
  /** Hops in which a message that everybody passes on reaches 99 % of the peers. */
  readonly hops99: number
  readonly degreeMean: number
  readonly degreeMax: number
  /** Links that only one of their ends, or only one that lives, takes to stand. */
  readonly halfLinks: number
  /** Pairs of peers whose ends mean different streams. */
  readonly duplicates: number
  /** Requests, expected referrals and neighbours of unknown fate that are still in the tables. */
  readonly leftovers: number
  readonly dialsPerJoin: number
  readonly refusalsPerJoin: number
  readonly unlinksPerJoin: number
}

/** Replicates of the bootstrap, and up to how many peers it is done. */
const replicates = 200
const bootstrapPeersMax = 20_000
const startsOfDiameter = 4
const startsOfHops = 20

/** The links that both ends take to stand, between peers numbered from 0 in the order of their joining, and how many have one end. */
export interface Links extends Pick<OverlayMeasures, 'halfLinks'> {
  readonly ids: readonly number[]
  readonly graph: Graph
}

export function linksOf(world: World): Links {
  const ids = Array.from(world.alive(), ({ id }) => id)
  const numbers = new Uint32Array((ids.at(-1) ?? -1) + 1)
  for (const [number, id] of ids.entries()) numbers[id] = number
  const ends: number[] = []
  let halfLinks = 0
  for (const { id, degree, neighbours } of world.alive()) {
    halfLinks += degree
    // Plain numbers side by side, and not the entries: a look at a million peers takes half the time.
    for (const peer of neighbours.linked) {
      // Of the two ends the one with fewer links is searched: there are hubs.
      const other = world.peer(peer)
      if (other === undefined || other.degree > degree || (other.degree === degree && peer < id)) continue
      if (!other.neighbours.linked.includes(id)) continue
      // Both ends of this one are there.
      halfLinks -= 2
      ends.push(numbers[id] as number, numbers[peer] as number)
    }
  }
  return { ids, graph: graphOf(ids.length, ends), halfLinks }
}

export function glance(world: World, { graph } = linksOf(world)): Glance {
  let onTarget = 0
  let worstOff = 0
  const everLinked = new Uint8Array(world.size)
  const { offsets } = graph
  let at = 0
  for (const peer of world.alive()) {
    // A peer may believe in links that the other end has lost, or whose other end is dead: they do not count.
    const degree = (offsets[at + 1] as number) - (offsets[at] as number)
    const off = Math.abs(degree - peer.topology.target)
    if (off === 0) onTarget++
    worstOff = Math.max(worstOff, off)
    everLinked[at++] = peer.everLinked ? 1 : 0
  }
  return {
    peers: world.size,
    onTarget: onTarget / world.size,
    worstOff,
    component: largestComponentShare(graph),
    componentOfLinked: largestComponentShare(graph, everLinked)
  }
}

export function measure(world: World): OverlayMeasures {
  const links = linksOf(world)
  const { graph, halfLinks } = links
  const peers = world.size
  // The measures draw from a generator of their own: measuring changes nothing.
  const random = seededRandom(peers)
  const histogram = degreeHistogram(graph)
  const range = world.law.range(peers)
  const fit = fitPowerLaw(histogram, range)
  const { geometric, poisson, lognormal } = compareLaws(histogram, range)
  const { joins, asks, refusals, unlinks } = world.counts
  return {
    ...glance(world, links),
    alpha: fit.alpha,
    ks: fit.ks,
    ...(peers <= bootstrapPeersMax && { p: bootstrapP(fit, { replicates, random }) }),
    zExponential: geometric.z,
    zPoisson: poisson.z,
    zLognormal: lognormal.z,
    diameter: diameterAtLeast(graph, { starts: startsOfDiameter, random }),
    hops99: hopsToReach(graph, { starts: startsOfHops, random }),
    degreeMean: graph.targets.length / peers,
    degreeMax: histogram.length - 1,
    halfLinks,
    duplicates: duplicates(world),
    leftovers: leftovers(world),
    dialsPerJoin: asks / joins,
    refusalsPerJoin: refusals / joins,
    unlinksPerJoin: unlinks / joins
  }
}

function duplicates(world: World): number {
  let found = 0
  for (const { id, neighbours } of world.alive()) {
    for (const { peer, nonce } of neighbours.in('linked')) {
      const back = peer < id ? world.peer(peer)?.neighbours.get(id) : undefined
      if (back?.state === 'linked' && back.nonce !== nonce) found++
    }
  }
  return found
}

function leftovers(world: World): number {
  let left = 0
  for (const { topology, neighbours } of world.alive()) left += topology.pending + neighbours.count('lost')
  return left
}
