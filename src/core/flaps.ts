import type { Millis } from './machine.ts'

export interface FlapsSettings {
  /** Whoever is back so soon after it was removed as dead gets a penalty of 1, */
  readonly flapMs: Millis
  /** half of which is forgotten in this time. */
  readonly penaltyHalfLifeMs: Millis
  /** The time in which a suspect can refute it grows by the penalty, up to so many times. */
  readonly suspicionFactorMax: number
  /** From this penalty on nobody is sent to the peer, for so long after its last return. */
  readonly penaltyMax: number
  readonly dampedMs: Millis
  /** Peers whose deaths are remembered; the one that died or came back first is forgotten first. */
  readonly flappersMax: number
}

interface Flapper {
  readonly diedAt: Millis
  /** As it was when the peer came back last. */
  readonly penalty: number
  readonly backAt: Millis
}

/**
 * Peers that are removed as dead and come back, again and again: behind a bad line, or on a machine that is too busy. They get more time before
 * they are taken for dead, and others are not sent to them for a while.
 */
export class Flaps<Peer> {
  readonly #settings: FlapsSettings
  /** In the order of their last change. */
  readonly #flappers = new Map<Peer, Flapper>()

  constructor(settings: FlapsSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#flappers.size
  }

  died(peer: Peer, now: Millis): void {
    const { penalty, backAt } = this.#flappers.get(peer) ?? { penalty: 0, backAt: now }
    this.#put(peer, { diedAt: now, penalty, backAt })
  }

  /** It is registered again. */
  returned(peer: Peer, now: Millis): void {
    const flapper = this.#flappers.get(peer)
    if (flapper === undefined || now - flapper.diedAt > this.#settings.flapMs) return
    // One death counts once.
    this.#put(peer, { diedAt: Number.NEGATIVE_INFINITY, penalty: this.penalty(peer, now) + 1, backAt: now })
  }

  penalty(peer: Peer, now: Millis): number {
    const { penalty, backAt } = this.#flappers.get(peer) ?? { penalty: 0, backAt: now }
    return penalty * 2 ** ((backAt - now) / this.#settings.penaltyHalfLifeMs)
  }

  /** How many times as long as others the peer may take to refute a suspicion. */
  suspicionFactor(peer: Peer, now: Millis): number {
    return Math.min(1 + this.penalty(peer, now), this.#settings.suspicionFactorMax)
  }

  /** Whether nobody should be sent to it. */
  isDamped(peer: Peer, now: Millis): boolean {
    const flapper = this.#flappers.get(peer)
    const { penaltyMax, dampedMs } = this.#settings
    return flapper !== undefined && flapper.penalty >= penaltyMax && now - flapper.backAt < dampedMs
  }

  #put(peer: Peer, flapper: Flapper): void {
    this.#flappers.delete(peer)
    this.#flappers.set(peer, flapper)
    for (const first of this.#flappers.keys()) {
      if (this.#flappers.size <= this.#settings.flappersMax) break
      this.#flappers.delete(first)
    }
  }
}
