import type { Hop } from '../../http/contract.ts'

/** A message on its way over one link, in ms since it was published. */
export interface Crossing {
  readonly from: string
  readonly to: string
  readonly leavesMs: number
  readonly arrivesMs: number
}

/** How a message went through the overlay, to be played slowly and in true proportion. */
export interface Wave {
  readonly origin: string
  readonly crossings: readonly Crossing[]
  /** When each peer had it. */
  readonly arrivals: ReadonlyMap<string, number>
  /** Until the last one had it. */
  readonly durationMs: number
}

/** How long a wave is played: long enough to follow it, short enough to wait for. */
export const playMs = 5000

/**
 * A peer may have got the message through somebody of whom we do not know when that one had it; then it left at 0. Clocks of machines
 * differ, so an arrival before the departure is moved behind it.
 */
export function waveOf(hops: readonly Hop[]): Wave {
  const origin = hops.find(({ from }) => from === null)?.node ?? ''
  const arrivals = new Map<string, number>([[origin, 0]])
  const crossings: Crossing[] = []
  for (const { node, from, ageMs } of hops.toSorted((a, b) => a.hops - b.hops)) {
    if (from === null) continue
    const leavesMs = arrivals.get(from) ?? 0
    const arrivesMs = Math.max(ageMs, leavesMs)
    arrivals.set(node, arrivesMs)
    crossings.push({ from, to: node, leavesMs, arrivesMs })
  }
  return { origin, crossings, arrivals, durationMs: Math.max(0, ...arrivals.values()) }
}

/** How far a crossing is at a moment: 0 not begun, 1 arrived. */
export function progress({ leavesMs, arrivesMs }: Crossing, atMs: number): number {
  if (atMs >= arrivesMs) return 1
  return atMs <= leavesMs ? 0 : (atMs - leavesMs) / (arrivesMs - leavesMs)
}
