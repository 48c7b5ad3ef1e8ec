import { Rates } from '../rates.ts'
import { noteHeld } from './store.ts'
import type { Batch } from '#protocols/gossip/messages.ts'
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
  /** What we flooded of what each neighbour has brought. */
  #floods: Rates<Peer> | undefined
  /** When the neighbours last heard from us that one of ours has fallen silent: all who can have heard of it draw their trees anew. */
  #lostAt: Millis | undefined
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
  brought(
    origin: Origin<Peer>,
    senders: readonly [Peer, ...Peer[]],
    missing: Missing<Peer> | undefined,
    flood: boolean,
    now: Millis,
    out: Sender<Peer>
  ): void {
    const [from] = senders
    const { parent } = origin
    if (parent === undefined) this.#trees.reroute(origin, from, now, out)
    else if (senders.includes(parent)) {
      this.#links.delivered(parent)
      origin.late = 0
      // What it was asked for did not come by itself, and what came while another copy was examined has no time of its own.
      const isTimed = parent === from && missing?.asked === undefined
      if (isTimed) this.#retrieval.sampleLag(missing === undefined ? 0 : now - missing.since)
    }
    // While others send everything, nothing has to be asked for, and this is how a parent that brings nothing is found out.
    else if (missing?.asked === undefined) this.#outrun(origin, parent, from, flood, now, out)
  }

  /**
   * Whether a batch that has come by a detour goes to all who may lack it: what has broken its way here has broken other ways too, and
   * to mend them one after another takes long. Not large ones, nor while we have too much to do, nor more than a few for one neighbour.
   */
  mayFlood({ signed }: Batch<Peer>, from: Peer, now: Millis): boolean {
    if (signed.byteLength > this.#settings.boostBytesMax || this.#retrieval.isBusy(now)) return false
    this.#floods ??= new Rates(this.#settings.floods)
    return this.#floods.take(from, now)
  }

  /** A known batch has come again. */
  repeated(origin: Origin<Peer>, sequence: number, from: Peer, flood: boolean, now: Millis, out: Sender<Peer>): void {
    const { missSpacingMs, syncAgeMs } = this.#settings
    const stored = origin.stored.get(sequence)
    const isFirst = stored !== undefined && now - stored.at < syncAgeMs && stored.heldBy?.includes(from) !== true
    if (stored !== undefined) noteHeld(stored, from)
    if (origin.parent === from) {
      this.#links.delivered(from)
      origin.late = 0
      // Without the boost it would have been named meanwhile, and missed.
      if (stored !== undefined && now - stored.at > this.#settings.lateMs) this.#troubled(now, out)
    }
    // It may have been the parent, and is slow but no dropper.
    else if (isFirst) this.#links.pardon(from)
    // Late as it is: next time we are more patient.
    const wasParent = origin.parent === from || origin.watchers.includes(from)
    if (stored !== undefined && wasParent) this.#retrieval.sampleLag(now - stored.since)
    const isMeant = flood || origin.parent === from || this.#isBoosted(now - missSpacingMs)
    if (isMeant || now - (origin.trimmedAt ?? Number.NEGATIVE_INFINITY) < missSpacingMs) return
    origin.trimmedAt = now
    this.#trees.trim(origin, from, out)
  }

  /** Another neighbour was quicker than the parent, which may still bring it. */
  #outrun(origin: Origin<Peer>, parent: Peer, from: Peer, flood: boolean, now: Millis, out: Sender<Peer>): void {
    // Whether it lives shows when it is asked.
    if (flood && this.#links.isUp(parent)) this.#links.probe(parent, now, out)
    // One that gets it from us has no reason to send it back.
    const isSuspect = origin.modeOf(parent) === 'none' && this.#links.noteOutrun(parent, now)
    if (isSuspect) {
      this.#suspected(parent, now, out)
      this.#links.probeAll(now, out)
    }
    const isBetter = isSuspect || this.#isBack(origin, from, flood, now) || ++origin.late >= this.#settings.missesMax
    if (isBetter && this.#links.isGood(from, now)) this.#trees.reroute(origin, from, now, out)
  }

  /** Whether it was the parent until it was silent for a while: nobody has told it that it is not any more. */
  #isBack(origin: Origin<Peer>, from: Peer, flood: boolean, now: Millis): boolean {
    return !flood && !this.#isBoosted(now) && !origin.watchers.includes(from) && this.#links.wasSilent(from, now)
  }

  /** This neighbour should have brought a batch that others had. */
  missed(peer: Peer, now: Millis, out: Sender<Peer>): void {
    const result = this.#links.missed(peer, now)
    if (result === 'known') return
    if (result === 'suspect') this.#suspected(peer, now, out)
    // A dead neighbour leaves more behind than this one batch.
    this.#links.probeAll(now, out)
    this.#troubled(now, out)
  }

  #suspected(peer: Peer, now: Millis, out: Sender<Peer>): void {
    this.#avoid(peer, now, out)
    // Where one has failed others may have.
    this.#boost(now, out)
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
    this.#links.fellSilent(silent, now)
    for (const peer of silent) this.#avoid(peer, now, out)
    this.#origins.own?.announcing.again(now)
    if (this.#lostAt !== undefined && now - this.#lostAt < this.#settings.announceRestMs) this.#boost(now, out)
    else {
      this.#lostAt = now
      this.#tellBoost(now, true, out)
    }
  }

  /** Nothing depends on it any more. */
  #avoid(peer: Peer, now: Millis, out: Sender<Peer>): void {
    for (const origin of this.#origins) this.#trees.replace(origin, peer, now, out)
  }

  #isBoosted(at: Millis): boolean {
    return this.#boostedUntil !== undefined && this.#boostedUntil > at
  }

  /** For a while the watchers send everything. */
  #boost(now: Millis, out: Sender<Peer>): void {
    if (!this.#isBoosted(now + this.#settings.boostMs / 2)) this.#tellBoost(now, false, out)
  }

  #tellBoost(now: Millis, lost: boolean, out: Sender<Peer>): void {
    const { boostMs: ms } = this.#settings
    this.#boostedUntil = now + ms
    for (const neighbour of this.#links.all) {
      this.#links.send(neighbour, { type: 'boost', ms, ...(lost && { lost }) }, out)
    }
  }
}
