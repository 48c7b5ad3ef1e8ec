import { count } from '../format.ts'
import type { OverlayReply } from '../../http/contract.ts'

export interface Vertex {
  readonly id: string
  readonly name: string
  readonly degree: number
  readonly target: number | null
  readonly isSelf: boolean
  readonly isHub: boolean
  /** In world units. */
  readonly radius: number
  /** 0 for the fewest links to 1 for the most, on a logarithmic scale as the law is a straight line on it. */
  readonly shade: number
  /** Indexes of vertices. */
  readonly neighbours: readonly number[]
}

/** Those that live, and their links. */
export interface Graph {
  readonly vertices: readonly Vertex[]
  /** Each link once, as indexes of vertices. */
  readonly links: readonly (readonly [number, number])[]
  readonly indexOf: ReadonlyMap<string, number>
}

export const noGraph: Graph = { vertices: [], links: [], indexOf: new Map() }

/**
 * A hub has at least so many times the average number of links: in a power law few have, and they hold a good part of all. In networks
 * that are too small for that, the biggest count as hubs if they stand out a little.
 */
const hubFactor = 2
const hubFactorSmall = 1.4

/** Grows a little faster than the area would, which is what makes hubs stand out at one look. */
const radiusOf = (degree: number): number => 1.75 * Math.max(1, degree) ** 0.68

/** Pulls the middle towards the leaves, so that what is coloured like a hub is one. */
const shadeExponent = 1.7

export function graphOf(reply: OverlayReply): Graph {
  const indexes = new Map<number, number>()
  for (const [at, { state }] of reply.nodes.entries()) if (state === 'alive') indexes.set(at, indexes.size)
  const links: [number, number][] = []
  const neighbours: number[][] = Array.from({ length: indexes.size }, () => [])
  for (const [one, other] of reply.links) {
    const [a, b] = [indexes.get(one), indexes.get(other)]
    if (a === undefined || b === undefined) continue
    links.push([a, b])
    neighbours[a]?.push(b)
    neighbours[b]?.push(a)
  }
  const living = [...indexes.keys()].map(at => reply.nodes[at] as OverlayReply['nodes'][number])
  const degrees = living.map(({ degree }) => degree)
  const [least, most] = [Math.max(1, Math.min(...degrees)), Math.max(1, ...degrees)]
  const mean = average(degrees)
  const hubDegree = most < hubFactorSmall * mean ? Infinity : Math.min(hubFactor * mean, most)
  const vertices = living.map(({ id, name, degree, target, self }, at): Vertex => ({
    id,
    name,
    degree,
    target,
    isSelf: self === true,
    isHub: degree > 0 && degree >= hubDegree,
    radius: radiusOf(degree),
    shade: most === least ? 0 : (Math.log(Math.max(least, degree) / least) / Math.log(most / least)) ** shadeExponent,
    neighbours: neighbours[at] ?? []
  }))
  return { vertices, links, indexOf: new Map(vertices.map(({ id }, at) => [id, at])) }
}

/** What the hubs of this very network are, for somebody who has never heard of any. */
export function hubSentence({ vertices }: Graph): string {
  const hubs = vertices.filter(({ isHub }) => isHub).map(({ degree }) => degree)
  const degrees = vertices.map(({ degree }) => degree)
  if (hubs.length === 0) return 'No hubs yet: those are peers with many more links than the others.'
  const held = Math.round((100 * sum(hubs)) / sum(degrees))
  return (
    `${hubs.length} of ${count(vertices.length)} peers ${hubs.length === 1 ? 'is a hub' : 'are hubs'}, with ${Math.min(...hubs)} ` +
    `links or more where the average is ${average(degrees).toFixed(1)}; ${held} % of all link ends are theirs. ` +
    'Through hubs a message gets everywhere in a few hops. Most peers are leaves, with a handful of links.'
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function average(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length
}
