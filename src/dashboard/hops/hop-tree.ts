import type { Hop } from '../../http/contract.ts'

/** A peer in the hop tree of a message. */
export interface Branch extends Hop {
  /** Row of the one that brought it; undefined for the origin, and where the answering node does not know that one. */
  readonly parentRow: number | undefined
}

/**
 * The hop tree row by row: below each peer, those that have it from that peer, the quickest first. Each branch is in one piece, so that
 * lines from a peer down to its children cross nothing.
 */
export function hopTree(hops: readonly Hop[]): Branch[] {
  const known = new Set(hops.map(({ node }) => node))
  const children = new Map<string | undefined, Hop[]>()
  for (const hop of hops.toSorted((a, b) => a.ageMs - b.ageMs)) {
    const parent = hop.from !== null && hop.from !== hop.node && known.has(hop.from) ? hop.from : undefined
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [hop])
    else siblings.push(hop)
  }
  const branches: Branch[] = []
  // Not by recursion: a remote chooses how deep the tree is. Each peer is taken once, so a circle ends nothing but itself.
  const waiting = (children.get(undefined) ?? [])
    .toReversed()
    .map(hop => ({ hop, parentRow: undefined as number | undefined }))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { hop, parentRow } = next
    const row = branches.push({ ...hop, parentRow }) - 1
    for (const child of (children.get(hop.node) ?? []).toReversed()) waiting.push({ hop: child, parentRow: row })
    children.delete(hop.node)
  }
  return branches
}

/** Round numbers from 0 to a maximum, at most so many, in steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(max: number, most: number): number[] {
  if (max <= 0) return [0]
  const rough = max / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(factor => factor * power).find(each => each >= rough) ?? 10 * power
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, at) => at * step)
}
