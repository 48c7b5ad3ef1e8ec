import { Deadlines } from './deadlines.ts'
import { Strikes } from './strikes.ts'
import { Timeouts } from './timeouts.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { PingOutcome } from './liveness.ts'
import type { Machine, Millis } from './machine.ts'
import type { Registry, RegistryOutput } from './registry.ts'
import type { StrikesSettings } from './strikes.ts'

export interface DeadReportsSettings extends StrikesSettings {
  /** Probes under way at once; the other suspects wait. */
  readonly probesMax: number
  readonly suspectsMax: number
  /** After a suspect has proved to be alive, time in which reports about it are noted without another probe. */
  readonly acquittalMs: Millis
  /** So many probes in a row have to fail. */
  readonly probesWanted: number
  /** From the end of one that failed to the next. */
  readonly probeSpacingMs: Millis
  /** If the last ones were all refused, nobody listens there: death, so long after the last one. */
  readonly refusedMs: Millis
  /** Otherwise a suspect has so long to refute it, from when the suspicion arose, */
  readonly suspicionMs: Millis
  /** and is not dead before it has been silent for so long. */
  readonly silenceMs: Millis
  /**
   * If so many of the peers that are registered here are silent at a time, this share and this number, it may be this seed that is cut
   * off: each has to be silent for so much longer.
   */
  readonly brakeShare: number
  readonly brakePeersMin: number
  readonly brakeMs: Millis
}

export interface DeadReportsOutput<Peer> extends RegistryOutput<Peer> {
  /** Ping this peer, and tell `probed` the same record. */
  probe(record: PeerRecord<Peer>): void
}

/** A peer that may be dead. */
interface Suspect<Peer> {
  /** What the probes go by. */
  readonly record: PeerRecord<Peer>
  readonly since: Millis
  readonly reporters: Set<Peer>
  isProbed: boolean
  /** Probes in a row that failed, and when the last one did; how many of them, the last ones, were refused. */
  failures: number
  failedAt: Millis
  refusals: number
  /** Whether it was given more time because so many others are silent too. */
  isSpared: boolean
}

/** Those who report one suspect and are called to account if it lives. */
const reportersMax = 16

/**
 * A seed's judgement of who is dead. Nobody is removed on another's word: whoever is reported is pinged by the seed itself, again and
 * again, and told that it is suspected. It is removed only if every ping fails and it says nothing, for as long as a living but
 * overloaded process may be still.
 */
export class DeadReports<Peer, Seed> implements Machine<DeadReportsOutput<Peer>> {
  readonly #registry: Registry<Peer, Seed>
  readonly #settings: DeadReportsSettings
  readonly #suspects = new Map<Peer, Suspect<Peer>>()
  /** When to look at a suspect again. */
  readonly #due = new Deadlines<Suspect<Peer>>()
  /** Those whose turn has come while too many others are probed. */
  readonly #waiting = new Set<Suspect<Peer>>()
  readonly #acquitted: Timeouts<Peer>
  readonly #strikes: Strikes<Peer>
  #probes = 0
  /** Suspects that did not answer, and were not refused either. */
  #silent = 0

  constructor(registry: Registry<Peer, Seed>, settings: DeadReportsSettings) {
    this.#registry = registry
    this.#settings = settings
    this.#acquitted = new Timeouts(settings.acquittalMs)
    this.#strikes = new Strikes(settings)
  }

  get wakeAt(): Millis {
    return Math.min(this.#acquitted.wakeAt, this.#due.wakeAt)
  }

  wake(now: Millis, out: DeadReportsOutput<Peer>): void {
    this.#acquitted.takeDue(now)
    for (let due = this.#due.takeDue(now); due !== undefined; due = this.#due.takeDue(now)) this.#look(due, now, out)
  }

  /** A peer reports a neighbour. It counts if both have named each other as neighbours, as far as this seed knows them. */
  report(reporter: Peer, { target }: DeadReport<Peer>, now: Millis, out: DeadReportsOutput<Peer>): DeadReportReply {
    if (reporter === target || this.#registry.find(reporter) === undefined) return 'not-entitled'
    if (this.#registry.registration(target) === undefined) return 'unknown-target'
    if (!this.#areNeighbours(reporter, target) || this.#strikes.isOut(reporter, now)) return 'not-entitled'
    const reply = this.suspect(target, now, out)
    const suspect = this.#suspects.get(target)
    if (suspect !== undefined && suspect.reporters.size < reportersMax) suspect.reporters.add(reporter)
    return reply
  }

  /** Something speaks against this peer: a report, another seed's suspicion or verdict, a lease that ran out. */
  suspect(peer: Peer, now: Millis, out: DeadReportsOutput<Peer>): DeadReportReply {
    const record = this.#registry.registration(peer)
    if (record === undefined) return 'unknown-target'
    const known = this.#suspects.get(peer)
    if (known?.record === record || this.#acquitted.has(peer)) return 'noted'
    if (known !== undefined) this.#forget(known)
    if (this.#suspects.size >= this.#settings.suspectsMax) return 'busy'
    const suspect: Suspect<Peer> = {
      record,
      since: now,
      reporters: new Set(),
      isProbed: false,
      failures: 0,
      failedAt: now,
      refusals: 0,
      isSpared: false
    }
    this.#suspects.set(peer, suspect)
    out.announce({ type: 'suspected', id: peer })
    this.#look(suspect, now, out)
    return 'noted'
  }

  /** What became of the probe of this peer. An inconclusive one could not be tried, which says nothing about the peer. */
  probed(record: PeerRecord<Peer>, outcome: PingOutcome, now: Millis, out: DeadReportsOutput<Peer>): void {
    const suspect = this.#suspects.get(record.id)
    if (suspect?.isProbed !== true || suspect.record !== record) return
    suspect.isProbed = false
    this.#probes--
    const [next] = this.#waiting
    if (next !== undefined) {
      this.#waiting.delete(next)
      this.#look(next, now, out)
    }
    if (this.#isOver(suspect, now)) return
    if (outcome === 'answered') this.#acquit(suspect, now)
    else {
      if (outcome !== 'inconclusive') this.#failed(suspect, outcome === 'refused', now)
      const { probesWanted, probeSpacingMs } = this.#settings
      const next = now + probeSpacingMs
      this.#due.set(suspect.failures < probesWanted ? next : Math.min(next, this.#deadAt(suspect, now)), suspect)
    }
  }

  /** Whether each names the other as a neighbour. Of a peer that is registered elsewhere only, the other's word is all there is. */
  #areNeighbours(reporter: Peer, target: Peer): boolean {
    const named = this.#registry.neighboursOf(reporter)
    return this.#registry.neighboursOf(target)?.includes(reporter) === true && named?.includes(target) !== false
  }

  #failed(suspect: Suspect<Peer>, isRefused: boolean, now: Millis): void {
    const wasSilent = isSilent(suspect)
    suspect.failures++
    suspect.failedAt = now
    suspect.refusals = isRefused ? suspect.refusals + 1 : 0
    this.#silent += Number(isSilent(suspect)) - Number(wasSilent)
  }

  /** The next step for a suspect: its end, or another probe. */
  #look(suspect: Suspect<Peer>, now: Millis, out: DeadReportsOutput<Peer>): void {
    if (suspect.isProbed || this.#isOver(suspect, now)) return
    const { probesWanted, probesMax, brakeMs } = this.#settings
    if (suspect.failures >= probesWanted && now >= this.#deadAt(suspect, now)) {
      if (!this.#isSpared(suspect)) {
        this.#forget(suspect)
        this.#registry.remove(suspect.record.id, suspect.refusals >= probesWanted ? 'refusing' : 'silent', now, out)
        return
      }
      suspect.isSpared = true
      suspect.failures = 0
      this.#due.set(now + brakeMs, suspect)
    } else if (this.#probes < probesMax) {
      suspect.isProbed = true
      this.#probes++
      out.probe(suspect.record)
    } else this.#waiting.add(suspect)
  }

  /** Whether there is nothing more to find out about it: it was heard, has registered anew, or has gone. */
  #isOver(suspect: Suspect<Peer>, now: Millis): boolean {
    const { id } = suspect.record
    if (this.#suspects.get(id) !== suspect) return true
    if (this.#registry.registration(id) !== suspect.record) this.#forget(suspect)
    else if (this.#registry.heardAt(id) > suspect.since) this.#acquit(suspect, now)
    else return false
    return true
  }

  #deadAt({ record, since, refusals, failedAt }: Suspect<Peer>, now: Millis): Millis {
    const { probesWanted, refusedMs, suspicionMs, silenceMs } = this.#settings
    if (refusals >= probesWanted) return failedAt + refusedMs
    const patience = suspicionMs * this.#registry.suspicionFactor(record.id, now)
    return Math.max(since + patience, this.#registry.heardAt(record.id) + silenceMs)
  }

  #isSpared(suspect: Suspect<Peer>): boolean {
    const { brakeShare, brakePeersMin } = this.#settings
    if (!isSilent(suspect) || suspect.isSpared) return false
    return this.#silent >= Math.max(brakePeersMin, brakeShare * this.#registry.registrations)
  }

  #acquit(suspect: Suspect<Peer>, now: Millis): void {
    this.#forget(suspect)
    for (const reporter of suspect.reporters) this.#strikes.add(reporter, now)
    this.#acquitted.start(suspect.record.id, now)
    this.#registry.confirm(suspect.record.id, now)
  }

  #forget(suspect: Suspect<Peer>): void {
    if (suspect.isProbed) this.#probes--
    suspect.isProbed = false
    if (isSilent(suspect)) this.#silent--
    this.#waiting.delete(suspect)
    this.#suspects.delete(suspect.record.id)
  }
}

function isSilent({ failures, refusals, isSpared }: Suspect<unknown>): boolean {
  return (failures > 0 || isSpared) && refusals === 0
}
