import { noFailures } from './neighbours.ts'
import { Timeouts } from './timeouts.ts'
import type { PingFailure } from '#protocols/dead-report/messages.ts'
import type { Machine, Millis } from './machine.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'

export interface LivenessSettings {
  readonly pingIntervalMs: Millis
  readonly pingFailuresMax: number
}

export interface LivenessOutput<Peer> {
  ping(peer: Peer): void
  /** A ping failed; `neighbour.missed` says how many in a row and how. */
  missed(neighbour: Neighbour<Peer>): void
  /** A neighbour whose link had broken answers. */
  recovered(peer: Peer): void
  /** The last ping that a neighbour may miss has failed: report it to the seeds. Told once, then it is no longer watched. */
  dead(neighbour: Neighbour<Peer>): void
}

/**
 * Watches the neighbours by pings. Failures count only when they are a whole interval apart, even if each comes at once: a
 * process that restarts within a second must not be dead after three refused connections in that second.
 */
export class Liveness<Peer> implements Machine<LivenessOutput<Peer>> {
  readonly #neighbours: Neighbours<Peer>
  readonly #settings: LivenessSettings
  readonly #rounds: Timeouts<Peer>
  /** Pings that were sent and not answered yet. */
  #underWay: Set<Peer> | undefined

  constructor(neighbours: Neighbours<Peer>, settings: LivenessSettings) {
    this.#neighbours = neighbours
    this.#settings = settings
    this.#rounds = new Timeouts(settings.pingIntervalMs)
  }

  get wakeAt(): Millis {
    return this.#rounds.wakeAt
  }

  wake(now: Millis, out: LivenessOutput<Peer>): void {
    for (const peer of this.#rounds.takeDue(now)) this.#ping(peer, now, out)
  }

  /** A link stands: the first ping comes an interval from now. */
  watch(peer: Peer, now: Millis): void {
    this.#rounds.start(peer, now)
  }

  /** Something speaks against this neighbour: ping at once. Does nothing while a failure is being counted. */
  doubt(peer: Peer, now: Millis, out: LivenessOutput<Peer>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour !== undefined && neighbour.state !== 'asked' && neighbour.missed.length === 0)
      this.#ping(peer, now, out)
  }

  unwatch(peer: Peer): void {
    this.#rounds.stop(peer)
    this.#ended(peer)
  }

  answered(peer: Peer, out: LivenessOutput<Peer>): void {
    if (!this.#ended(peer)) return
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined) return
    neighbour.missed = noFailures
    if (neighbour.state !== 'lost') return
    this.#rounds.stop(peer)
    out.recovered(peer)
  }

  failed(peer: Peer, failure: PingFailure, out: LivenessOutput<Peer>): void {
    if (!this.#ended(peer)) return
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined || !this.#rounds.has(peer)) return
    neighbour.missed = [...neighbour.missed, failure]
    out.missed(neighbour)
    if (neighbour.missed.length < this.#settings.pingFailuresMax) return
    this.#rounds.stop(peer)
    out.dead(neighbour)
  }

  /** The ping could not be tried, which says nothing about the peer. */
  inconclusive(peer: Peer): void {
    this.#ended(peer)
  }

  #ping(peer: Peer, now: Millis, out: LivenessOutput<Peer>): void {
    if (this.#neighbours.get(peer) === undefined) {
      this.#rounds.stop(peer)
      return
    }
    this.#rounds.start(peer, now)
    if (this.#underWay?.has(peer) === true) return
    this.#underWay ??= new Set()
    this.#underWay.add(peer)
    out.ping(peer)
  }

  /** Returns whether a ping was under way. */
  #ended(peer: Peer): boolean {
    const was = this.#underWay?.delete(peer) === true
    if (this.#underWay?.size === 0) this.#underWay = undefined
    return was
  }
}
