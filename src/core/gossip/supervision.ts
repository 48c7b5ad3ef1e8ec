import { noteHeld } from './store.ts'
import type { Millis } from '../machine.ts'
import type { Links, Sender } from './links.ts'
import type { Missing, Origin } from './origin.ts'
import type { Origins } from './origins.ts'
import type { Retrieval } from './retrieval.ts'
import type { GossipSettings } from './settings.ts'
import type { Trees } from './trees.ts'

/**
 * Judges the neighbours by what they bring, and draws the consequences: long before anybody is known to be dead, nothing depends on it
 * any more.
 */
export class Supervision<Peer> {
  readonly #links: Links<Peer>
  readonly #trees: Trees<Peer>
  readonly #origins: Origins<Peer>
  readonly #retrieval: Retrieval<Peer>
  readonly #settings: GossipSettings
  /** Misses of the last seconds, and when the last one was. Most peers never see one. */
  #trouble: { misses: number; at: Millis } | undefined
  /** Until then the neighbours send us whole what they would only name. */
  #boostedUntil: Millis | undefined

  constructor(
    links: Links<Peer>,
    trees: Trees<Peer>,
    origins: Origins<Peer>,
    retrieval: Retrieval<Peer>,
    settings: GossipSettings
  ) {
    this.#links = links
    this.#trees = trees
    this.#origins = origins
    this.#retrieval = retrieval
    this.#settings = settings
  }

  get wakeAt(): Millis {
    return this.#links.wakeAt
  }

  /** A new batch has come. Tells about the one that should have brought it. */
  brought(origin: Origin<Peer>, from: Peer, missing: Missing<Peer> | undefined, now: Millis, out: Sender<Peer>): void {
    if (origin.parent === from) {
      this.#links.delivered(from)
      origin.late = 0
      // What it was asked for did not come by itself.
      if (missing?.asked === undefined) this.#retrieval.sampleLag(missing === undefined ? 0 : now - missing.since)
    } else if (origin.parent === undefined) this.#trees.reroute(origin, from, now, out)
    // While others send everything, nothing is ever named before it comes, and this is how a parent that brings nothing is found out.
    else if (this.#isBoosted(now) && missing === undefined && ++origin.late >= this.#settings.missesMax) {
      this.missed(origin.parent, now, out)
      this.#trees.reroute(origin, from, now, out)
    }
  }

  /** A known batch has come again. */
  repeated(origin: Origin<Peer>, sequence: number, from: Peer, now: Millis, out: Sender<Peer>): void {
    const stored = origin.stored.get(sequence)
    if (stored !== undefined) noteHeld(stored, from)
    if (origin.parent === from) {
      this.#links.delivered(from)
      origin.late = 0
      // Without the boost it would have been named meanwhile, and missed.
      if (stored !== undefined && now - stored.at > this.#settings.lateMs) this.#troubled(now, out)
    }
    // Late as it is: next time we are more patient.
    const wasParent = origin.parent === from || origin.watchers.includes(from)
    if (stored !== undefined && wasParent) this.#retrieval.sampleLag(now - stored.since)
    const { missSpacingMs } = this.#settings
    const isMeant = origin.parent === from || this.#isBoosted(now - missSpacingMs)
    if (isMeant || now - (origin.trimmedAt ?? Number.NEGATIVE_INFINITY) < missSpacingMs) return
    origin.trimmedAt = now
    this.#trees.trim(origin, from, out)
  }

  /** This neighbour should have brought a batch that others had. */
  missed(peer: Peer, now: Millis, out: Sender<Peer>): void {
    const result = this.#links.missed(peer, now)
    if (result === 'known') return
    if (result === 'suspect') this.#avoid(peer, now, out)
    // A dead neighbour leaves more behind than this one batch.
    this.#links.probeAll(now, out)
    this.#troubled(now, out)
  }

  #troubled(now: Millis, out: Sender<Peer>): void {
    const trouble = (this.#trouble ??= { misses: 0, at: now })
    trouble.misses = trouble.misses * Math.exp((trouble.at - now) / this.#settings.troubleMs) + 1
    trouble.at = now
    // One now and then happens to everybody, and whoever is late itself makes it no better by asking for more.
    if (trouble.misses >= this.#settings.troubleMisses && !this.#retrieval.isBusy(now)) this.#boost(now, out)
  }

  /** Judges those that were to give a sign of life. */
  wake(now: Millis, out: Sender<Peer>): void {
    const silent = this.#links.takeSilent(now, out)
    if (silent.length === 0) return
    for (const peer of silent) {
      this.#links.suspect(peer, now, true)
      this.#avoid(peer, now, out)
    }
    this.#origins.own?.announcing.again(now)
  }

  /** Nothing depends on it any more. Where one has failed others may have. */
  #avoid(peer: Peer, now: Millis, out: Sender<Peer>): void {
    for (const origin of this.#origins) this.#trees.replace(origin, peer, now, out)
    this.#boost(now, out)
  }

  #isBoosted(at: Millis): boolean {
    return this.#boostedUntil !== undefined && this.#boostedUntil > at
  }

  /** For a while the watchers send everything. */
  #boost(now: Millis, out: Sender<Peer>): void {
    const { boostMs } = this.#settings
    if (this.#isBoosted(now + boostMs / 2)) return
    this.#boostedUntil = now + boostMs
    for (const neighbour of this.#links.all) this.#links.send(neighbour, { type: 'boost', ms: boostMs }, out)
  }
}
