import type { Millis } from '#src/core/machine.ts'

/** The engine of the peers, and the models that it has to be better than. */
export const gossipSystems = ['hubcast', 'gossipsub', 'flood'] as const
export type GossipSystem = (typeof gossipSystems)[number]

/**
 * A way to bring every message to everybody, for all peers of a network at once. Peers, messages and ends of links are numbers; `end` is
 * always that of the peer who is to do something. What a system wants done it says to its `Network`.
 */
export interface System<Record> {
  /** All peers start, and all links stand. */
  start(now: Millis): void
  publish(peer: number, message: number, now: Millis): void
  receive(end: number, record: Record, now: Millis): void
  /** A time that the peer has asked for has come. */
  wake(peer: number, now: Millis): void
  linkUp(end: number, now: Millis): void
  /** The other end has been silent until it was taken for dead. */
  linkDown(end: number, now: Millis): void
  /** The other end reads more slowly than this one writes, or has caught up. */
  congested(end: number, isCongested: boolean, now: Millis): void
  /** Forgets all that the peers know, if that is in the heap: what becomes free then is what they have taken. */
  stop?(): void
}
