import { sum } from './numbers.ts'
import type { SimPeer } from './sim-peer.ts'

/** The overlay as it stands: what a test asks about. */
export interface OverlayState {
  /** Links that only one of their ends, or only one that lives, takes to stand. */
  readonly halfLinks: string[]
  readonly asked: number
  readonly lost: number
  /** Peers of the biggest connected part. */
  readonly component: number
  readonly degrees: number[]
  readonly aboveTarget: number
  /** Links that are missing to the targets, all together. */
  readonly missing: number
  /** The same of the one that lacks most. */
  readonly shortestBy: number
  readonly asks: number
  readonly unlinks: number
}

export function overlayOf(peers: readonly SimPeer[]): OverlayState {
  const byId = new Map(peers.map(peer => [peer.id, peer]))
  const halfLinks = peers.flatMap(({ id, neighbours }) =>
    [...neighbours.in('linked')]
      .filter(({ peer, nonce }) => {
        const back = byId.get(peer)?.neighbours.get(id)
        return back?.state !== 'linked' || back.nonce !== nonce
      })
      .map(({ peer }) => `${id} - ${peer}`)
  )
  const off = peers.map(({ topology, neighbours }) => topology.target - neighbours.count('linked'))
  return {
    halfLinks,
    asked: sum(peers.map(({ neighbours }) => neighbours.count('asked'))),
    lost: sum(peers.map(({ neighbours }) => neighbours.count('lost'))),
    component: biggestComponent(byId),
    degrees: peers.map(({ neighbours }) => neighbours.count('linked')),
    aboveTarget: off.filter(missing => missing < 0).length,
    missing: sum(off.filter(missing => missing > 0)),
    shortestBy: Math.max(...off),
    asks: sum(peers.map(({ counts }) => counts.asks)),
    unlinks: sum(peers.map(({ counts }) => counts.unlinks))
  }
}

function biggestComponent(peers: ReadonlyMap<number, SimPeer>): number {
  const seen = new Set<number>()
  let biggest = 0
  for (const start of peers.keys()) {
    if (seen.has(start)) continue
    const part = new Set([start])
    for (const id of part) for (const next of peers.get(id)?.linked() ?? []) if (peers.has(next)) part.add(next)
    for (const id of part) seen.add(id)
    biggest = Math.max(biggest, part.size)
  }
  return biggest
}
