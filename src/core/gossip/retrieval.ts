import type { Span } from '#protocols/gossip/messages.ts'
import { Deadlines } from '../deadlines.ts'
import { NEVER } from '../machine.ts'
import type { Millis } from '../machine.ts'
import { onward } from './links.ts'
import { spansOf } from './spans.ts'
import { noteHeld } from './store.ts'
import type { Links, Sender } from './links.ts'
import type { Missing, Origin } from './origin.ts'
import type { GossipSettings } from './settings.ts'

/** Neighbours that have a batch which we lack, remembered for each: more than that are never asked. */
const holdersMax = 8
/** Batches that one `want` brings, whatever it asks for: the next one brings more. */
const servedMax = 256
/** While a neighbour is busy with what it was asked for, the rest waits for so long before we look again, in ms. */
const againMs = 20

/** What an asker finds out about its neighbours. */
export interface RetrievalEvents<Peer> {
  /** This neighbour should have brought a batch and has not. */
  missed(peer: Peer): void
  /** This neighbour has a batch newer than all that came: it is the way to the origin. If it is the parent, it has forgotten to be. */
  ahead(origin: Origin<Peer>, holder: Peer): void
  /** None of those that have named a newer batch than all that came has brought it. */
  exhausted(origin: Origin<Peer>): void
}

/** Batches that neighbours have named and that have not come: each is asked of one neighbour at a time, until somebody brings it. */
export class Retrieval<Peer> {
  readonly #links: Links<Peer>
  readonly #settings: GossipSettings
  /** When they are to be asked for. */
  #deadlines: Deadlines<{ readonly origin: Origin<Peer>; readonly sequence: number }> | undefined
  #missing = 0
  /**
   * How much later than their first naming batches come by themselves, and how much that varies (as RFC 6298 does it). Where the tree is
   * quick they never do.
   */
  #lag: { mean: Millis; deviation: Millis } | undefined
  /** How late this peer's own event loop was, and when: that much later does it hear of everything. */
  #ownLag: { readonly lag: Millis; readonly at: Millis } | undefined

  constructor(links: Links<Peer>, settings: GossipSettings) {
    this.#links = links
    this.#settings = settings
  }

  get wakeAt(): Millis {
    return this.#deadlines?.wakeAt ?? NEVER
  }

  /** Batches that are missing. */
  get size(): number {
    return this.#missing
  }

  /**
   * A neighbour has batches of this origin. Those that we have too need not be named to it.
   * @param max missing ones that are looked at
   * @returns what that cost: how many were looked at, 1 at least
   */
  named(origin: Origin<Peer>, { from, to }: Span<Peer>, holder: Peer, max: number, now: Millis): number {
    this.#noteHolder(origin, from, to, holder, now)
    // Nearly always we have all of them.
    if (origin.seen.hasAll(from, to)) return 1
    const missing = origin.seen.missing(from, to, max)
    for (const sequence of missing) {
      const known = origin.missing(sequence)
      if (known !== undefined) {
        if (known.holders.length < holdersMax && !known.holders.includes(holder) && known.asked !== holder) {
          known.holders.push(holder)
        }
      } else if (this.#missing < this.#settings.missingMax) {
        const askAt = now + this.#patience(origin, holder, now)
        const isDetour = origin.parent !== undefined && origin.parent !== holder && sequence > origin.seen.top
        origin.miss(sequence, { since: now, holders: [holder], asked: undefined, askAt, isDetour })
        this.#askAt(askAt, origin, sequence)
        this.#missing++
      }
    }
    return Math.max(1, missing.length)
  }

  #noteHolder(origin: Origin<Peer>, from: number, to: number, holder: Peer, now: Millis): void {
    for (let sequence = to; sequence >= from; sequence--) {
      const stored = origin.stored.get(sequence)
      // Whoever was to be told of older ones has been.
      if (stored === undefined || now - stored.at > 2 * this.#settings.lazyDelayMs) return
      noteHeld(stored, holder)
    }
  }

  /** It has come, from whomever. */
  came(origin: Origin<Peer>, sequence: number, from: Peer, now: Millis): Missing<Peer> | undefined {
    const missing = origin.found(sequence)
    if (missing === undefined) return undefined
    this.#missing--
    if (missing.asked !== undefined) {
      if (missing.asked === from) {
        this.#links.unasked(from, now)
        this.#links.delivered(from)
      } else this.#links.unasked(missing.asked)
    }
    return missing
  }

  /** A neighbour wants these: the stored ones go out as far as the link takes them, the first ones first. */
  wanted(
    spans: readonly Span<Peer>[],
    find: (span: Span<Peer>) => Origin<Peer> | undefined,
    peer: Peer,
    out: Sender<Peer>
  ): void {
    let served = 0
    let lookedAt = 0
    for (const span of spans) {
      const origin = find(span)
      if (origin === undefined) continue
      const first = Math.max(span.from, span.to - this.#settings.missingMax)
      for (let sequence = first; sequence <= span.to; sequence++) {
        if (served >= servedMax || lookedAt++ >= this.#settings.missingMax || this.#links.isCongested(peer)) return
        const stored = origin.stored.get(sequence)
        if (stored === undefined) continue
        served++
        const { batch, hops } = stored
        noteHeld(stored, peer)
        this.#links.send(peer, { type: 'batch', batch, hops: onward(hops) }, out)
      }
    }
  }

  /** A batch has come by itself, this much later than it was first named; 0 if nobody was quicker. */
  sampleLag(lag: Millis): void {
    if (lag > 0) this.#lag ??= { mean: 0, deviation: 0 }
    if (this.#lag === undefined) return
    this.#lag.deviation += (Math.abs(lag - this.#lag.mean) - this.#lag.deviation) / 4
    this.#lag.mean += (lag - this.#lag.mean) / 8
  }

  /** Whether this peer itself is too busy to judge others. */
  isBusy(now: Millis): boolean {
    return this.#ownLagNow(now) > this.#settings.patienceMs
  }

  /** Asks for all that is due. */
  wake(now: Millis, events: RetrievalEvents<Peer>, out: Sender<Peer>): void {
    const deadlines = this.#deadlines
    if (deadlines === undefined || deadlines.wakeAt > now) return
    this.#ownLag = { lag: Math.max(now - deadlines.wakeAt, this.#ownLagNow(now)), at: now }
    const wants = new Map<Peer, Map<Origin<Peer>, number[]>>()
    const ahead = new Map<Origin<Peer>, Peer>()
    for (let due = deadlines.takeDue(now); due !== undefined; due = deadlines.takeDue(now)) {
      const { origin, sequence } = due
      const missing = origin.missing(sequence)
      // It came meanwhile, or was asked for again.
      if (missing === undefined || missing.askAt > now) continue
      const holder = this.#ask(origin, sequence, missing, now, events)
      if (holder === undefined) continue
      if (sequence > origin.seen.top && !ahead.has(origin)) ahead.set(origin, holder)
      let origins = wants.get(holder)
      if (origins === undefined) wants.set(holder, (origins = new Map()))
      const sequences = origins.get(origin)
      if (sequences === undefined) origins.set(origin, [sequence])
      else sequences.push(sequence)
    }
    if (deadlines.size === 0) this.#deadlines = undefined
    // When all is counted that it is asked for: what comes after that it is to bring by itself.
    for (const [origin, holder] of ahead) events.ahead(origin, holder)
    for (const [holder, origins] of wants) {
      const spans = [...origins].flatMap(([{ origin, epoch }, sequences]) =>
        spansOf(sequences.toSorted((a, b) => a - b).map(sequence => ({ origin, epoch, sequence })))
      )
      this.#links.send(holder, { type: 'want', spans }, out)
    }
  }

  #ask(
    origin: Origin<Peer>,
    sequence: number,
    missing: Missing<Peer>,
    now: Millis,
    events: RetrievalEvents<Peer>
  ): Peer | undefined {
    const { asked, holders } = missing
    const { parent } = origin
    const again = (after: Millis): void => {
      missing.askAt = now + after
      this.#askAt(missing.askAt, origin, sequence)
    }
    if (asked !== undefined && this.#links.isServing(asked, now)) {
      again(againMs)
      return undefined
    }
    const good = holders.findIndex(holder => this.#links.isGood(holder, now))
    const holder = holders[Math.max(0, good)]
    if (holder !== undefined && !this.#links.mayAsk(holder)) {
      again(againMs)
      return undefined
    }
    const newest = sequence > origin.seen.top
    if (asked !== undefined) {
      this.#links.unasked(asked)
      missing.isDetour ||= newest
      if (this.#links.isUp(asked)) events.missed(asked)
    } else if (newest && parent !== undefined && parent !== holder) events.missed(parent)
    if (holder === undefined || !this.#links.isUp(holder)) {
      // Nobody is left to ask. The next summary of a neighbour brings it up again.
      origin.found(sequence)
      this.#missing--
      // Once, however many it has named: somebody else is the parent after that.
      if (newest && asked !== undefined && asked === parent) events.exhausted(origin)
      return undefined
    }
    holders.splice(Math.max(0, good), 1)
    missing.asked = holder
    this.#links.asked(holder)
    origin.askedTop = Math.max(origin.askedTop, sequence)
    again(this.#settings.askTimeoutMs + this.#usualLag(now))
    return holder
  }

  #askAt(time: Millis, origin: Origin<Peer>, sequence: number): void {
    this.#deadlines ??= new Deadlines()
    this.#deadlines.set(time, { origin, sequence })
  }

  /** Half of it is forgotten every second. */
  #ownLagNow(now: Millis): Millis {
    const { lag, at } = this.#ownLag ?? { lag: 0, at: now }
    return lag * 0.5 ** ((now - at) / 1_000)
  }

  /** How long a batch that was named may still be on its way from the parent. */
  #patience(origin: Origin<Peer>, holder: Peer, now: Millis): Millis {
    const { patienceMs, patienceMsMax } = this.#settings
    const { parent } = origin
    if (parent === holder || (parent !== undefined && !this.#links.isGood(parent, now))) return 0
    return Math.min(patienceMsMax, patienceMs + this.#usualLag(now))
  }

  #usualLag(now: Millis): Millis {
    const { mean, deviation } = this.#lag ?? { mean: 0, deviation: 0 }
    return mean + 4 * deviation + this.#ownLagNow(now)
  }
}
