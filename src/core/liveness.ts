import { noFailures } from './neighbours.ts'
import { Timeouts } from './timeouts.ts'
import type { PingFailure } from '#protocols/dead-report/messages.ts'
import type { Machine, Millis } from './machine.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'

export interface LivenessSettings {
  readonly pingIntervalMs: Millis
  readonly pingFailuresMax: number
}

export type PingOutcome = 'answered' | 'inconclusive' | PingFailure

export interface LivenessOutput<Peer> {
  ping(peer: Peer): void
  /** A ping failed; `neighbour.missed` says how many in a row and how. */
  missed(neighbour: Neighbour<Peer>): void
  /** Only one more ping may fail: ask others whether they reach it, and tell `vouched` if one does. */
  doubtful?(neighbour: Neighbour<Peer>): void
  /** A neighbour whose link had broken answers. */
  recovered(peer: Peer): void
  /**
   * The last ping that a neighbour may miss has failed. Told once, then it is no longer watched. Unless others reach it, which only makes
   * the link useless, it is to be reported to the seeds.
   */
  dead(neighbour: Neighbour<Peer>, how: 'dead' | 'unreachable'): void
}

/**
 * Watches the neighbours by pings. Failures count only when they are a whole interval apart, even if each comes at once: a
 * process that restarts within a second must not be dead after three refused connections in that second.
 */
export class Liveness<Peer> implements Machine<LivenessOutput<Peer>> {
  readonly #neighbours: Neighbours<Peer>
  readonly #settings: LivenessSettings
  readonly #rounds: Timeouts<Peer>
  /** Pings that were sent and not answered yet: whether there was a doubt since then. One at a time to a peer. */
  #underWay: Map<Peer, boolean> | undefined
  /** Neighbours that do not answer us, but others. */
  #vouched: Set<Peer> | undefined

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

  /**
   * Something speaks against this neighbour: ping at once, or as soon as an answer to an earlier ping is there, which proves nothing.
   * Sends nothing while failures are being counted.
   */
  doubt(peer: Peer, now: Millis, out: LivenessOutput<Peer>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined || neighbour.state === 'asked') return
    if (this.#underWay?.has(peer) === true) this.#underWay.set(peer, true)
    if (neighbour.missed.length === 0) this.#ping(peer, now, out)
  }

  unwatch(peer: Peer): void {
    this.#rounds.stop(peer)
    this.#ended(peer)
    this.#vouched?.delete(peer)
  }

  /** Somebody else has just reached a neighbour that does not answer us. */
  vouched(peer: Peer): void {
    if (!this.#rounds.has(peer) || this.#neighbours.get(peer)?.missed.length === 0) return
    this.#vouched ??= new Set()
    this.#vouched.add(peer)
  }

  /** What became of the ping that was sent last. An inconclusive one could not be tried, which says nothing about the peer. */
  pinged(peer: Peer, outcome: PingOutcome, out: LivenessOutput<Peer>): void {
    const doubted = this.#underWay?.get(peer)
    if (doubted === undefined) return
    const neighbour = this.#neighbours.get(peer)
    if (outcome === 'answered' && doubted && neighbour !== undefined) {
      this.#send(peer, out)
      return
    }
    this.#ended(peer)
    if (neighbour === undefined || outcome === 'inconclusive') return
    if (outcome === 'answered') this.#answered(neighbour, out)
    else this.#failed(neighbour, outcome, out)
  }

  #answered(neighbour: Neighbour<Peer>, out: LivenessOutput<Peer>): void {
    neighbour.missed = noFailures
    this.#vouched?.delete(neighbour.peer)
    if (neighbour.state !== 'lost') return
    this.#rounds.stop(neighbour.peer)
    out.recovered(neighbour.peer)
  }

  #failed(neighbour: Neighbour<Peer>, failure: PingFailure, out: LivenessOutput<Peer>): void {
    if (!this.#rounds.has(neighbour.peer)) return
    neighbour.missed = [...neighbour.missed, failure]
    out.missed(neighbour)
    const left = this.#settings.pingFailuresMax - neighbour.missed.length
    if (left === 1) out.doubtful?.(neighbour)
    if (left > 0) return
    this.#rounds.stop(neighbour.peer)
    out.dead(neighbour, this.#vouched?.delete(neighbour.peer) === true ? 'unreachable' : 'dead')
  }

  #ping(peer: Peer, now: Millis, out: LivenessOutput<Peer>): void {
    if (this.#neighbours.get(peer) === undefined) {
      this.#rounds.stop(peer)
      return
    }
    this.#rounds.start(peer, now)
    if (this.#underWay?.has(peer) !== true) this.#send(peer, out)
  }

  #send(peer: Peer, out: LivenessOutput<Peer>): void {
    this.#underWay ??= new Map()
    this.#underWay.set(peer, false)
    out.ping(peer)
  }

  #ended(peer: Peer): void {
    this.#underWay?.delete(peer)
    if (this.#underWay?.size === 0) this.#underWay = undefined
  }
}
