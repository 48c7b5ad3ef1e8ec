import { spansMax } from '#protocols/gossip/messages.ts'
import type { Span } from '#protocols/gossip/messages.ts'
import { NEVER } from '../machine.ts'
import { below, between } from '../random.ts'
import type { Millis } from '../machine.ts'
import type { Random } from '../random.ts'
import type { Links, Sender } from './links.ts'
import type { Origin } from './origin.ts'
import type { GossipSettings } from './settings.ts'
import type { Store } from './store.ts'

/** Spans of a summary that is answered: it is compared with all that is kept. Of longer ones there are few, and no hurry. */
const answeredMax = 1_024

/**
 * Tells neighbours all that this peer has: one of them now and then, and each when its link stands. Whoever is told so now and then
 * names in its turn what the other lacks, so a peer with a single neighbour need not wait until that one happens to think of it.
 */
export class Summaries<Peer> {
  readonly #origins: Iterable<Origin<Peer>>
  readonly #store: Store<Peer>
  readonly #links: Links<Peer>
  readonly #settings: GossipSettings
  readonly #random: Random
  /** In whole ms: a fraction takes 16 bytes more. */
  #dueAt: Millis | undefined
  /** Who is told next time: what it says until then shows whether it lives. */
  #next: Peer | undefined

  constructor(
    origins: Iterable<Origin<Peer>>,
    store: Store<Peer>,
    links: Links<Peer>,
    settings: GossipSettings,
    random: Random
  ) {
    this.#origins = origins
    this.#store = store
    this.#links = links
    this.#settings = settings
    this.#random = random
  }

  get wakeAt(): Millis {
    return this.#dueAt ?? NEVER
  }

  /** There is something to tell. */
  kept(now: Millis): void {
    const { syncIntervalMs } = this.#settings
    this.#dueAt ??= Math.ceil(now + between(this.#random, 0.8 * syncIntervalMs, 1.2 * syncIntervalMs))
  }

  /** Everything. The other end does the same. */
  tell(peer: Peer, now: Millis, out: Sender<Peer>): void {
    for (const spans of chunks(this.#spans(now))) this.#links.send(peer, { type: 'have', spans }, out)
  }

  /** A neighbour has told all that it has: it may not know of the rest. */
  answer(peer: Peer, spans: readonly Span<Peer>[], now: Millis, out: Sender<Peer>): void {
    if (spans.length > answeredMax || !this.#links.mayAnswer(peer, now)) return
    const told = new Map<Peer, Span<Peer>[]>()
    for (const span of spans) {
      const others = told.get(span.origin)
      if (others === undefined) told.set(span.origin, [span])
      else others.push(span)
    }
    // What has come here so long ago, and not there, does not come by itself.
    for (const each of chunks(this.#spans(now - 2 * this.#settings.syncAgeMs, told)))
      this.#links.send(peer, { type: 'have', spans: each }, out)
  }

  wake(now: Millis, out: Sender<Peer>): void {
    if (this.wakeAt > now) return
    this.#links.expire(now)
    this.#store.expire(now)
    this.#store.settle(now - 2 * this.#settings.lazyDelayMs)
    this.#dueAt = undefined
    if (this.#store.size === 0) return
    this.kept(now)
    const able = this.#links.all.filter(peer => !this.#links.isCongested(peer))
    const good = able.filter(peer => this.#links.isGood(peer, now))
    // Where nobody is good, somebody may yet be better than it seemed.
    const asked = good.length > 0 ? good : able
    const draw = (): Peer | undefined => asked[below(this.#random, asked.length)]
    const peer = this.#next !== undefined && asked.includes(this.#next) ? this.#next : draw()
    if (peer === undefined) return
    const all = [...chunks(this.#spans(now - this.#settings.syncAgeMs))]
    for (const spans of all)
      this.#links.send(peer, { type: 'have', spans, ...(all.length === 1 && { all: true }) }, out)
    // Whoever has lost all that bring it something misses nothing, and would go on to tell the dead.
    if (this.#links.isAwaited(peer)) this.#links.probe(peer, now, out)
    this.#next = draw()
    this.#links.await(this.#next)
  }

  /** What has come until then, without what somebody has told of each origin. */
  #spans(until: Millis, told?: ReadonlyMap<Peer, readonly Span<Peer>[]>): Span<Peer>[] {
    const spans: Span<Peer>[] = []
    for (const { origin, epoch, stored } of this.#origins) {
      const known = told?.get(origin)?.filter(span => span.epoch === epoch)
      if (stored.isWhole && stored.latestAt <= until) {
        const { from, to } = stored
        if (known?.some(span => span.from <= from && to <= span.to) === true) continue
        if (known === undefined || known.length === 0) {
          spans.push({ origin, epoch, from, to })
          continue
        }
      }
      let [from, to] = [0, -1]
      for (const { batch, at } of stored) {
        const { sequence } = batch
        if (at > until || known?.some(span => span.from <= sequence && sequence <= span.to) === true) continue
        if (sequence !== to + 1) {
          if (to > 0) spans.push({ origin, epoch, from, to })
          from = sequence
        }
        to = sequence
      }
      if (to > 0) spans.push({ origin, epoch, from, to })
    }
    return spans
  }
}

/** As records can carry it. */
function* chunks<Peer>(spans: readonly Span<Peer>[]): Generator<Span<Peer>[]> {
  for (let at = 0; at < spans.length; at += spansMax) yield spans.slice(at, at + spansMax)
}
