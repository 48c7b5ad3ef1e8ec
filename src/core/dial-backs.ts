import { Deadlines } from './deadlines.ts'
import { NEVER } from './machine.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { PingOutcome } from './liveness.ts'
import type { Machine, Millis } from './machine.ts'
import type { Registry, RegistryOutput } from './registry.ts'

export interface DialBacksSettings {
  /** Under way at once; the others wait for their turn. */
  readonly dialBacksMax: number
  /** So many of them since less than `freshMs`: those are at work, while older ones wait for an address that keeps silent. */
  readonly freshMax: number
  readonly freshMs: Millis
  /** Peers that may wait: whoever finds no place counts as not reached until it registers anew. */
  readonly waitingMax: number
  /** So many in a row have to fail. */
  readonly failuresWanted: number
  /** Time to the next try of a peer that was not reached, twice as long each time. */
  readonly retryMs: Millis
  readonly retryMsMax: Millis
  /** Peers that are tried again; the others when they register anew. */
  readonly retriedMax: number
}

export interface DialBacksOutput<Peer> extends RegistryOutput<Peer> {
  /** Open a new connection to an address of this record, ping the peer over it, and tell `tried` the same record. */
  dialBack(record: PeerRecord<Peer>): void
}

/** A record whose addresses are to be tried, and how often that was in vain. */
interface Attempt<Peer> {
  readonly record: PeerRecord<Peer>
  readonly failures: number
}

/**
 * A seed's proof that a peer listens where it says. A registration does not wait for it, but nobody is sent to the peer before: its record
 * is whatever it has signed, and might lead others to an address of somebody else's, or to one behind a router.
 */
export class DialBacks<Peer, Seed> implements Machine<DialBacksOutput<Peer>> {
  readonly #registry: Registry<Peer, Seed>
  readonly #settings: DialBacksSettings
  /** One a peer, in the order of their turns. */
  readonly #waiting = new Map<Peer, Attempt<Peer>>()
  readonly #underWay = new Map<PeerRecord<Peer>, Attempt<Peer>>()
  /** Those of them that may be at work, and since when; the oldest first. */
  readonly #fresh = new Map<PeerRecord<Peer>, Millis>()
  readonly #retries = new Deadlines<Attempt<Peer>>()

  constructor(registry: Registry<Peer, Seed>, settings: DialBacksSettings) {
    this.#registry = registry
    this.#settings = settings
  }

  get wakeAt(): Millis {
    const hasRoom = this.#waiting.size > 0 && this.#underWay.size < this.#settings.dialBacksMax
    const [oldest = NEVER] = hasRoom ? this.#fresh.values() : []
    return Math.min(this.#retries.wakeAt, oldest + this.#settings.freshMs)
  }

  wake(now: Millis, out: DialBacksOutput<Peer>): void {
    for (let due = this.#retries.takeDue(now); due !== undefined; due = this.#retries.takeDue(now)) {
      // It must not take the place of a later record.
      if (this.#registry.isCurrent(due.record)) this.#queue(due, now, out)
    }
    this.#start(now, out)
  }

  /** A peer is registered here under this record, from now on or from before a restart. */
  registered(record: PeerRecord<Peer>, now: Millis, out: DialBacksOutput<Peer>): void {
    this.#queue({ record, failures: 0 }, now, out)
  }

  /** What came of a dial-back. An inconclusive one could not be tried, which says nothing about the peer. */
  tried(record: PeerRecord<Peer>, outcome: PingOutcome, now: Millis, out: DialBacksOutput<Peer>): void {
    const attempt = this.#underWay.get(record)
    if (attempt === undefined) return
    this.#underWay.delete(record)
    this.#fresh.delete(record)
    const { failuresWanted, retryMs, retryMsMax, retriedMax } = this.#settings
    const failures = attempt.failures + Number(outcome !== 'answered' && outcome !== 'inconclusive')
    const unproven = failures < failuresWanted ? 'unknown' : 'unreached'
    this.#registry.dialledBack(record, outcome === 'answered' ? 'reached' : unproven, out)
    this.#start(now, out)
    if (outcome === 'answered' || this.#retries.size >= retriedMax) return
    const backoff = Math.min(retryMs * 2 ** Math.min(attempt.failures, 16), retryMsMax)
    this.#retries.set(now + backoff, { record, failures })
  }

  #queue(attempt: Attempt<Peer>, now: Millis, out: DialBacksOutput<Peer>): void {
    const { id } = attempt.record
    if (!this.#waiting.has(id) && this.#waiting.size >= this.#settings.waitingMax)
      this.#registry.dialledBack(attempt.record, 'unknown', out)
    else this.#waiting.set(id, attempt)
    this.#start(now, out)
  }

  #start(now: Millis, out: DialBacksOutput<Peer>): void {
    const { dialBacksMax, freshMax, freshMs } = this.#settings
    for (const [record, since] of this.#fresh) {
      if (now < since + freshMs) break
      this.#fresh.delete(record)
    }
    for (const [id, attempt] of this.#waiting) {
      if (this.#underWay.size >= dialBacksMax || this.#fresh.size >= freshMax) return
      this.#waiting.delete(id)
      const { record } = attempt
      // It has gone, or has registered anew and waits with its new record.
      if (!this.#registry.isCurrent(record)) continue
      // Another seed was quicker, and seeds trust each other.
      if (this.#registry.isReachable(record)) this.#registry.dialledBack(record, 'reached', out)
      else {
        this.#underWay.set(record, attempt)
        this.#fresh.set(record, now)
        out.dialBack(record)
      }
    }
  }
}
