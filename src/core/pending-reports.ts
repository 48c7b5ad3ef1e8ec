import type { DeadReport } from '#protocols/dead-report/messages.ts'
import type { Millis } from './machine.ts'

export interface PendingReportsSettings {
  readonly pendingMax: number
  readonly pendingMsMax: Millis
}

/** A neighbour that is dead, and no seed has heard of it yet. */
export interface PendingReport<Peer> {
  readonly name: string
  readonly report: DeadReport<Peer>
  readonly since: Millis
}

/** Reports of deaths that no seed was there to hear. They wait for one, unless the peer turns out to live or it was too long ago. */
export class PendingReports<Peer> {
  readonly #settings: PendingReportsSettings
  /** At most `pendingMax`, oldest first. */
  readonly #pending = new Map<Peer, PendingReport<Peer>>()

  constructor(settings: PendingReportsSettings) {
    this.#settings = settings
  }

  add(pending: PendingReport<Peer>): void {
    const { target } = pending.report
    this.#pending.delete(target)
    const [oldest] = this.#pending.keys()
    if (oldest !== undefined && this.#pending.size >= this.#settings.pendingMax) this.#pending.delete(oldest)
    this.#pending.set(target, pending)
  }

  /** It lives after all: nothing is to be reported. */
  seenAlive(peer: Peer): void {
    this.#pending.delete(peer)
  }

  /** Takes out all; those that are too old are not given. Whatever is not heard this time either is added again. */
  take(now: Millis): PendingReport<Peer>[] {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    return pending.filter(({ since }) => now - since < this.#settings.pendingMsMax)
  }
}
