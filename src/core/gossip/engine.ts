import { boostMsMax } from '#protocols/gossip/messages.ts'
import type { Batch, CarriedBatch, GossipRecord, OriginAnnouncement, Source, Span } from '#protocols/gossip/messages.ts'
import { Deadlines } from '../deadlines.ts'
import { NEVER } from '../machine.ts'
import { OwnOrigin } from './announcing.ts'
import { Examination } from './examination.ts'
import { HaveQueue } from './have-queue.ts'
import { Links, onward } from './links.ts'
import { Origins } from './origins.ts'
import { Retrieval } from './retrieval.ts'
import { noteHeld, Store } from './store.ts'
import { Summaries } from './summaries.ts'
import { Supervision } from './supervision.ts'
import { Trees } from './trees.ts'
import type { Machine, Millis } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Candidate } from './examination.ts'
import type { Sender } from './links.ts'
import type { Origin } from './origin.ts'
import type { GossipSettings } from './settings.ts'
import type { Stored } from './store.ts'

export interface GossipOutput<Peer> extends Sender<Peer> {
  /** A batch of somebody else, seen for the first time. `hops` are the links that it crossed, the last of them from `from`. */
  deliver(batch: Batch<Peer>, hops: number, from: Peer): void
  /**
   * Asked about each batch before it is delivered and passed on: whether its origin has signed it, and whatever else is to be known.
   * Answers with `judged`, at once or later. Without it everything is accepted.
   */
  examine?(batch: Batch<Peer>, from: Peer): void
}

/**
 * `ignore` and `reject` keep an authentic batch from being delivered and passed on here. One that is `forged` leaves no trace: the true
 * one may still come.
 */
export type Verdict = 'accept' | 'ignore' | 'reject' | 'forged'

/** Signs for this peer's own origin, and tells whether others have signed what bears their name. */
export interface Signatures<Peer> {
  announcement(version: number): OriginAnnouncement<Peer>
  isAuthentic(announcement: OriginAnnouncement<Peer>): boolean
}

/** What came of a received record. */
export type Receipt = 'taken' | 'duplicate' | 'forged' | 'ignored'

/**
 * Brings every batch to every peer of the connected network, once.
 *
 * Batches travel along a tree for each origin (`Trees`), so hardly any travels twice. What a tree fails to bring is named by others and
 * asked for (`Retrieval`). And now and then each peer tells a neighbour all that it has: this alone brings everything everywhere,
 * whatever else goes wrong, as long as somebody still has it (`Store`).
 */
export class GossipEngine<Peer> implements Machine<GossipOutput<Peer>> {
  readonly #self: Source<Peer>
  readonly #signatures: Signatures<Peer>
  readonly #settings: GossipSettings
  readonly #links: Links<Peer>
  readonly #origins: Origins<Peer>
  readonly #trees: Trees<Peer>
  readonly #retrieval: Retrieval<Peer>
  readonly #supervision: Supervision<Peer>
  readonly #haves: HaveQueue<Peer>
  readonly #store: Store<Peer>
  readonly #summaries: Summaries<Peer>
  /** Origins whose watchers are to be chosen. None most of the time. */
  #settling: Deadlines<Origin<Peer>> | undefined
  readonly #random: Random
  /** Made when it is needed: in the simulator all is true. */
  #examination: Examination<Peer> | undefined

  /** @param neighbours whose links stand; `neighbourUp` and `neighbourDown` tell of each change, after it */
  constructor(
    self: Source<Peer>,
    neighbours: { readonly linked: readonly Peer[] },
    signatures: Signatures<Peer>,
    settings: GossipSettings,
    random: Random
  ) {
    this.#self = self
    this.#signatures = signatures
    this.#settings = settings
    this.#links = new Links(neighbours, settings)
    this.#origins = new Origins(settings)
    this.#trees = new Trees(self.origin, this.#links, settings)
    this.#retrieval = new Retrieval(this.#links, settings)
    this.#haves = new HaveQueue(settings)
    this.#store = new Store(settings.store)
    this.#summaries = new Summaries(this.#origins, this.#store, this.#links, settings, random)
    this.#random = random
    this.#supervision = new Supervision(this.#links, this.#trees, this.#origins, this.#retrieval, settings)
  }

  get wakeAt(): Millis {
    return Math.min(
      this.#origins.own?.announcing.wakeAt ?? NEVER,
      this.#summaries.wakeAt,
      this.#settling?.wakeAt ?? NEVER,
      this.#retrieval.wakeAt,
      this.#haves.wakeAt,
      this.#supervision.wakeAt
    )
  }

  /**
   * This peer is going to publish: it makes itself known with its first links, so that its first batch finds a tree. Otherwise it does so
   * with its first batch, which then takes two links' time longer.
   */
  prepare(): void {
    this.#ownOrigin().announcing.prepare()
  }

  /** Sends out a batch of this peer's own. Whoever is not linked yet gets it when a link stands. */
  publish(batch: Batch<Peer>, now: Millis, out: GossipOutput<Peer>): void {
    const origin = this.#ownOrigin()
    if (origin.announcing.published(now)) this.#announce(origin, now, out)
    this.#forward(this.#keep(origin, batch, 0, [], now, now), undefined, false, now, out)
  }

  /** @returns `forged` if the neighbour has passed on what it should have checked */
  receive(from: Peer, record: GossipRecord<Peer>, now: Millis, out: GossipOutput<Peer>): Receipt {
    this.#links.heard(from, now)
    switch (record.type) {
      case 'batch':
        return this.#onBatch(from, record, now, out)
      case 'announce':
        return this.#onAnnouncement(from, record.announcement, record.hops, now, out)
      case 'subscribe': {
        const origin = this.#find(record.source)
        // From one whose link does not stand yet it would be left over if that came to nothing: it will be told what there is.
        if (origin === undefined || !this.#links.isUp(from)) return 'ignored'
        this.#trees.subscribed(origin, from, record.mode, record.must, out)
        // What went by while its word was on the way.
        if (record.mode === 'eager') {
          const after = { ...record.source, from: record.after + 1, to: origin.seen.top }
          this.#retrieval.wanted([after], () => origin, from, out)
        }
        return 'taken'
      }
      case 'refuse': {
        const origin = this.#find(record.source)
        if (origin !== undefined) this.#trees.refused(origin, from, now, out)
        return 'taken'
      }
      case 'have':
        this.#onHave(from, record.spans, now, out)
        if (record.all === true) this.#summaries.answer(from, record.spans, now, out)
        return 'taken'
      case 'want':
        this.#retrieval.wanted(record.spans, source => this.#find(source), from, out)
        return 'taken'
      case 'boost':
        this.#links.boost(from, now + Math.min(record.ms, boostMsMax))
        if (record.lost === true) this.#origins.own?.announcing.toldLost(from, this.#links.all.length, now)
        return 'taken'
      case 'probe':
        this.#links.send(from, { type: 'alive' }, out)
        return 'taken'
      case 'alive':
        return 'taken'
    }
  }

  /** A link stands: each end tells the other what it has. */
  neighbourUp(peer: Peer, now: Millis, out: GossipOutput<Peer>): void {
    this.#summaries.tell(peer, now, out)
    for (const origin of this.#origins) origin.met(peer)
    this.#origins.own?.announcing.linked(now)
  }

  /** @param broken whether it went without a word */
  neighbourDown(peer: Peer, broken: boolean, now: Millis, out: GossipOutput<Peer>): void {
    const wasGood = !this.#links.isSuspect(peer, now)
    this.#links.forget(peer, now)
    this.#haves.forget(peer)
    for (const origin of this.#origins) {
      this.#trees.replace(origin, peer, now, out)
      origin.forget(peer)
    }
    if (!broken) return
    const { own } = this.#origins
    own?.announcing.lost()
    if (wasGood) own?.announcing.again(now)
  }

  /** A neighbour that read more slowly than we wrote has caught up. */
  drained(peer: Peer, now: Millis, out: GossipOutput<Peer>): void {
    this.#links.drained(peer)
    // It was only told of what came meanwhile, and may not have got it from anybody.
    this.#summaries.tell(peer, now, out)
  }

  /** What the examination of a batch has come to. */
  judged(batch: Batch<Peer>, verdict: Verdict, now: Millis, out: GossipOutput<Peer>): void {
    const candidate = this.#examination?.end(batch)
    // Its origin has had to make room meanwhile.
    if (candidate === undefined || this.#find(batch) !== candidate.origin) return
    const { origin } = candidate
    if (verdict !== 'forged' && !this.#origins.prove(origin)) return
    const [from, ...others] = candidate.senders
    if (verdict === 'accept') this.#accept(candidate, batch, now, out)
    else if (verdict === 'forged') {
      // What the others have sent meanwhile was taken for the same.
      const span = { ...batch, from: batch.sequence, to: batch.sequence }
      for (const other of others) this.#retrieval.named(origin, span, other, 1, now)
    } else {
      // It has come, and nobody is asked for it again.
      origin.seen.add(batch.sequence)
      this.#retrieval.came(origin, batch.sequence, from, now)
    }
  }

  wake(now: Millis, out: GossipOutput<Peer>): void {
    const { own } = this.#origins
    if (own !== undefined && own.announcing.wakeAt <= now) this.#announce(own, now, out)
    this.#settle(now, out)
    this.#supervision.wake(now, out)
    const events = {
      missed: (peer: Peer) => this.#supervision.missed(peer, now, out),
      ahead: (origin: Origin<Peer>, holder: Peer) => this.#trees.reroute(origin, holder, now, out),
      exhausted: (origin: Origin<Peer>) => this.#trees.seek(origin, now, out)
    }
    this.#retrieval.wake(now, events, out)
    this.#haves.flush(now, this.#links, out)
    this.#summaries.wake(now, out)
  }

  #settle(now: Millis, out: GossipOutput<Peer>): void {
    const settling = this.#settling
    if (settling === undefined) return
    for (let due = settling.takeDue(now); due !== undefined; due = settling.takeDue(now)) {
      this.#trees.settle(due, now, out)
    }
    if (settling.size === 0) this.#settling = undefined
  }

  #onBatch(from: Peer, carried: CarriedBatch<Peer>, now: Millis, out: GossipOutput<Peer>): Receipt {
    const { batch, hops } = carried
    const flood = carried.flood === true
    const known = this.#find(batch)
    if (known?.seen.has(batch.sequence) === true) {
      this.#supervision.repeated(known, batch.sequence, from, flood, now, out)
      return 'duplicate'
    }
    const candidate = known?.examined(batch.sequence)
    if (candidate !== undefined) {
      if (!candidate.senders.includes(from)) candidate.senders.push(from)
      return 'duplicate'
    }
    const origin = known ?? this.#open(batch, from, now)
    if (origin === undefined) return 'ignored'
    const first: Candidate<Peer> = { origin, hops, flood, senders: [from] }
    if (out.examine === undefined) {
      if (!this.#origins.prove(origin)) return 'ignored'
      this.#accept(first, batch, now, out)
    } else {
      this.#examination ??= new Examination(this.#settings.examinedMax)
      if (!this.#examination.begin(first, batch)) return 'ignored'
      out.examine(batch, from)
    }
    return 'taken'
  }

  #accept(
    { origin, hops, flood, senders }: Candidate<Peer>,
    batch: Batch<Peer>,
    now: Millis,
    out: GossipOutput<Peer>
  ): void {
    const [from] = senders
    const missing = this.#retrieval.came(origin, batch.sequence, from, now)
    const heldBy = missing === undefined ? senders : [...senders, ...missing.holders]
    const stored = this.#keep(origin, batch, hops, heldBy, now, missing?.since ?? now)
    if (origin.origin !== this.#self.origin) out.deliver(batch, hops, from)
    this.#supervision.brought(origin, senders, missing, flood, now, out)
    if (origin.parent === from) this.#trees.shorten(origin, hops, now, out)
    const isDetour = flood || (missing?.asked === from && missing.isDetour)
    this.#forward(stored, from, isDetour && this.#supervision.mayFlood(batch, from, now), now, out)
  }

  #onAnnouncement(
    from: Peer,
    announcement: OriginAnnouncement<Peer>,
    hops: number,
    now: Millis,
    out: GossipOutput<Peer>
  ): Receipt {
    const known = this.#find(announcement)
    if (known !== undefined && known === this.#origins.own) return 'ignored'
    if (known !== undefined && announcement.version < known.version) return 'ignored'
    const isNew = known === undefined || announcement.version > known.version
    if (isNew && !this.#signatures.isAuthentic(announcement)) return 'forged'
    const origin = known ?? this.#open(announcement, from, now)
    if (origin === undefined || !this.#origins.prove(origin)) return 'ignored'
    if (this.#trees.announced(origin, announcement, hops, from, now, out)) {
      this.#settling ??= new Deadlines()
      this.#settling.set(now + this.#settings.settleMs, origin)
    }
    return 'taken'
  }

  #onHave(from: Peer, spans: readonly Span<Peer>[], now: Millis, out: GossipOutput<Peer>): void {
    let left = this.#settings.missingMax
    for (const span of spans) {
      // What is not looked at now is named again.
      if (left <= 0) return
      const origin = this.#find(span) ?? this.#open(span, from, now)
      if (origin === undefined || origin === this.#origins.own) continue
      // In summaries everybody names everything, and nearly always it is known for long.
      const isQuiet = now - origin.stored.latestAt >= this.#settings.syncAgeMs
      if (isQuiet && origin.seen.hasAll(span.from, span.to)) {
        left--
        continue
      }
      const stored = origin.stored.get(span.to)
      left -= this.#retrieval.named(origin, span, from, left, now)
      const isNew =
        stored === undefined ? origin.missing(span.to) !== undefined : now - stored.at < this.#settings.syncAgeMs
      if (isNew) this.#trees.namedBy(origin, from, now, out)
    }
  }

  /** Room for an origin that a neighbour has brought up; none, if it brings up too many. */
  #open(source: Source<Peer>, from: Peer, now: Millis): Origin<Peer> | undefined {
    const isFree = this.#origins.size < this.#settings.originsFree
    return isFree || this.#links.mayIntroduce(from, now) ? this.#origins.add(source) : undefined
  }

  /** What is known of a source. This peer's own life has a place that nobody can take. */
  #find(source: Source<Peer>): Origin<Peer> | undefined {
    const isOwn = source.origin === this.#self.origin && source.epoch === this.#self.epoch
    return isOwn ? this.#ownOrigin() : this.#origins.find(source)
  }

  #ownOrigin(): OwnOrigin<Peer> {
    this.#origins.own ??= new OwnOrigin(this.#self, this.#settings, this.#random)
    return this.#origins.own
  }

  #keep(
    origin: Origin<Peer>,
    batch: Batch<Peer>,
    hops: number,
    heldBy: readonly Peer[],
    now: Millis,
    since: Millis
  ): Stored<Peer> {
    origin.seen.add(batch.sequence)
    this.#haves.came(now)
    const stored = { batch, origin, hops, at: now, since, heldBy, next: undefined }
    this.#store.add(stored)
    this.#summaries.kept(now)
    return stored
  }

  /** @param flood whether it goes also to those who get it from others, for these may wait in vain */
  #forward(stored: Stored<Peer>, from: Peer | undefined, flood: boolean, now: Millis, out: GossipOutput<Peer>): void {
    const { origin, batch, hops } = stored
    const isSmall = batch.signed.byteLength <= this.#settings.boostBytesMax
    let isToBeTold = false
    let extra = 2 * this.#links.childrenMax - origin.children
    for (const peer of this.#links.all) {
      if (peer === from || stored.heldBy?.includes(peer) === true) continue
      const mode = origin.modeOf(peer)
      // Whoever does not want it of the origin itself gets it from somebody who may fail.
      const isUnasked = mode === 'none' && from !== undefined
      if (isUnasked && !flood) continue
      // The parent is to have the time to bring it itself: otherwise nobody knows whether it would have.
      const isExtra = flood ? peer !== origin.parent : isSmall && this.#links.isBoosted(peer, now)
      const whole = mode === 'eager' || (isExtra && extra-- > 0)
      if (whole && !this.#links.isCongested(peer)) {
        noteHeld(stored, peer)
        this.#links.send(peer, { type: 'batch', batch, hops: onward(hops), ...(flood && { flood }) }, out)
        this.#haves.flushTo(peer, this.#links, out)
      } else if (!isUnasked || peer === origin.parent) {
        isToBeTold = true
        this.#haves.put(peer, stored, mode === 'lazy' || mode === 'none', now)
      }
    }
    if (!isToBeTold) stored.heldBy = undefined
  }

  #announce(origin: OwnOrigin<Peer>, now: Millis, out: GossipOutput<Peer>): void {
    if (this.#links.all.length === 0) {
      origin.announcing.impossible()
      return
    }
    origin.announcing.done(now)
    this.#trees.announce(origin, this.#signatures.announcement(origin.version + 1), out)
  }
}
