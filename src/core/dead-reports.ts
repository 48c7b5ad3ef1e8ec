import { Timeouts } from './timeouts.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Machine, Millis } from './machine.ts'
import type { Registry, RegistryOutput } from './registry.ts'

export interface DeadReportsSettings {
  /** Probes under way at once; the other suspects wait. */
  readonly probesMax: number
  readonly suspectsMax: number
  /** After a suspect has proved to be alive, time in which reports about it are noted without another probe. */
  readonly acquittalMs: Millis
}

export interface DeadReportsOutput<Peer> extends RegistryOutput<Peer> {
  /** Ping this peer, and tell `probed`. */
  probe(record: PeerRecord<Peer>): void
}

/**
 * A seed's judgement of who is dead. Nobody is removed on another's word: whoever is reported is pinged by the seed itself, one
 * probe at a time however many report it, and removed only if that fails.
 */
export class DeadReports<Peer, Seed> implements Machine<DeadReportsOutput<Peer>> {
  readonly #registry: Registry<Peer, Seed>
  readonly #settings: DeadReportsSettings
  /** Suspects with the record that the probe goes by. */
  readonly #underProbe = new Map<Peer, PeerRecord<Peer>>()
  readonly #waiting = new Set<Peer>()
  readonly #acquitted: Timeouts<Peer>

  constructor(registry: Registry<Peer, Seed>, settings: DeadReportsSettings) {
    this.#registry = registry
    this.#settings = settings
    this.#acquitted = new Timeouts(settings.acquittalMs)
  }

  get wakeAt(): Millis {
    return this.#acquitted.wakeAt
  }

  wake(now: Millis): void {
    this.#acquitted.takeDue(now)
  }

  report(reporter: Peer, { target }: DeadReport<Peer>, out: DeadReportsOutput<Peer>): DeadReportReply {
    if (reporter === target || this.#registry.find(reporter) === undefined) return 'not-entitled'
    return this.suspect(target, out)
  }

  /** Something speaks against this peer: a report, another seed's verdict, a lease that ran out. */
  suspect(peer: Peer, out: DeadReportsOutput<Peer>): DeadReportReply {
    const record = this.#registry.registration(peer)
    if (record === undefined) return 'unknown-target'
    if (this.#underProbe.has(peer) || this.#waiting.has(peer) || this.#acquitted.has(peer)) return 'noted'
    if (this.#waiting.size >= this.#settings.suspectsMax) return 'busy'
    this.#waiting.add(peer)
    this.#probe(out)
    return 'noted'
  }

  probed(peer: Peer, alive: boolean, now: Millis, out: DeadReportsOutput<Peer>): void {
    const record = this.#underProbe.get(peer)
    if (!this.#underProbe.delete(peer)) return
    this.#probe(out)
    // A peer that has registered anew since then is not the one that was probed.
    if (record === undefined || this.#registry.registration(peer) !== record) return
    if (alive) {
      this.#acquitted.start(peer, now)
      this.#registry.confirm(peer, now)
    } else this.#registry.remove(peer, 'dead', out)
  }

  #probe(out: DeadReportsOutput<Peer>): void {
    for (const peer of this.#waiting) {
      if (this.#underProbe.size >= this.#settings.probesMax) return
      this.#waiting.delete(peer)
      const record = this.#registry.registration(peer)
      if (record === undefined) continue
      this.#underProbe.set(peer, record)
      out.probe(record)
    }
  }
}
