import type { Mode, OriginAnnouncement } from '#protocols/gossip/messages.ts'
import type { Millis } from '../machine.ts'
import { onward } from './links.ts'
import type { Links, Sender } from './links.ts'
import type { Origin } from './origin.ts'
import type { GossipSettings } from './settings.ts'

/**
 * By which links the batches of each origin come and go.
 *
 * An origin's announcement floods. Whoever passes it on to us first lies on the quickest way, so it becomes our parent; the next two
 * watch over it. A fresh tree has no circle, because everybody's parent has heard of the origin earlier. Later repairs may make one: it
 * starves, the watchers outside of it name what it lacks, and whoever is asked for that becomes the parent.
 */
export class Trees<Peer> {
  readonly #self: Peer
  readonly #links: Links<Peer>
  readonly #settings: GossipSettings

  constructor(self: Peer, links: Links<Peer>, settings: GossipSettings) {
    this.#self = self
    this.#links = links
    this.#settings = settings
  }

  /** Draws a tree for an origin of our own. */
  announce(origin: Origin<Peer>, announcement: OriginAnnouncement<Peer>, out: Sender<Peer>): void {
    origin.begin(announcement, 0)
    this.#passOn(origin, undefined, out)
  }

  /** Somebody has passed on an announcement, which is not older than the one that we know. Returns whether it is newer. */
  announced(
    origin: Origin<Peer>,
    announcement: OriginAnnouncement<Peer>,
    hops: number,
    from: Peer,
    now: Millis,
    out: Sender<Peer>
  ): boolean {
    const first = announcement.version > origin.version
    if (first) origin.begin(announcement, hops)
    const { announcers, parent } = origin
    // The quickest that can be relied on is found, or will be.
    const isFound =
      origin.isSettled || (parent !== undefined && announcers.has(parent) && this.#links.isTrusted(parent, now))
    if (!announcers.has(from)) {
      // The quickest, and the slowest: it is what is left when something happens to all that is quick.
      if (announcers.size >= this.#settings.announcersMax) announcers.delete([...announcers.keys()].at(-1) as Peer)
      announcers.set(from, hops - 1)
    }
    origin.told(from)
    const isBetter = !isFound && this.#links.isTrusted(from, now)
    if (isBetter || (first && parent === undefined)) this.#follow(origin, from, out)
    if (first) this.#passOn(origin, from, out)
    return first
  }

  /** All quick ways are known by now: chooses the watchers. */
  settle(origin: Origin<Peer>, now: Millis, out: Sender<Peer>): void {
    origin.isSettled = true
    const before = origin.watchers
    origin.watchers = []
    this.#addWatchers(origin, now)
    this.#tellWatchers(origin, before, out)
  }

  /** A neighbour names a batch that is on its way. One that was not asked to do so is a watcher that we can use, or is told that we cannot. */
  namedBy(origin: Origin<Peer>, peer: Peer, now: Millis, out: Sender<Peer>): void {
    const { parent, watchers } = origin
    // The origin itself names everything to everybody.
    if (parent === undefined || peer === parent || peer === origin.origin || watchers.includes(peer)) return
    if (watchers.length < this.#settings.watchersWanted && this.#links.isGood(peer, now)) {
      origin.watchers = [...watchers, peer]
      this.#tellWatchers(origin, watchers, out)
    } else this.#subscribe(origin, peer, 'none', out)
  }

  /** A neighbour sends what nobody has asked it for: it must have missed a word of ours. */
  trim(origin: Origin<Peer>, peer: Peer, out: Sender<Peer>): void {
    const named = peer === origin.quickWatcher ? 'watch' : 'lazy'
    this.#subscribe(origin, peer, origin.watchers.includes(peer) ? named : 'none', out)
  }

  subscribed(origin: Origin<Peer>, from: Peer, mode: Mode, must: boolean, out: Sender<Peer>): void {
    const full = origin.modeOf(from) !== 'eager' && origin.children >= this.#links.childrenMax
    if (mode === 'eager' && full && !must) {
      origin.wants(from, 'watch')
      this.#links.send(from, { type: 'refuse', source: sourceOf(origin) }, out)
    } else origin.wants(from, mode)
  }

  /** The parent serves as many as it can: somebody else, or nobody else is left and it has to. */
  refused(origin: Origin<Peer>, from: Peer, now: Millis, out: Sender<Peer>): void {
    if (origin.parent !== from) return
    origin.refusers = [...origin.refusers, from]
    const mayServe = (peer: Peer): boolean =>
      !origin.refusers.includes(peer) && this.#isAbove(origin, peer) && this.#links.isGood(peer, now)
    const next = [...origin.announcers.keys()].find(mayServe)
    if (next === undefined) this.#subscribe(origin, from, 'eager', out, true)
    else this.reroute(origin, next, now, out)
  }

  /** Takes another parent, for it has what the old one has not brought. The old one may come back as a watcher. */
  reroute(origin: Origin<Peer>, to: Peer, now: Millis, out: Sender<Peer>): void {
    const { parent, watchers } = origin
    this.#adopt(origin, to, out)
    if (parent !== undefined && parent !== to && this.#links.isUp(parent)) {
      if (this.#links.isGood(parent, now)) origin.watchers = [parent, ...origin.watchers]
      else this.#subscribe(origin, parent, 'none', out)
    }
    origin.watchers = origin.watchers.slice(0, this.#settings.watchersWanted)
    this.#tellWatchers(origin, watchers, out)
  }

  /**
   * The parent's batches come over many links, for somebody on the way had no place and a longer one was taken. Whoever is nearest to the
   * origin has to serve us then, once for each tree: it may have come a longer way itself than it knew.
   */
  shorten(origin: Origin<Peer>, hops: number, now: Millis, out: Sender<Peer>): void {
    if (origin.isShortened || hops <= this.#settings.hopsWanted) return
    origin.isShortened = true
    let nearest: Peer | undefined
    let hopsNearest = hops - 2
    for (const [peer, hop] of origin.announcers) {
      if (hop >= hopsNearest || !this.#links.isTrusted(peer, now)) continue
      nearest = peer
      hopsNearest = hop
    }
    if (nearest !== undefined && nearest !== origin.parent) this.#follow(origin, nearest, out, true)
  }

  /** A neighbour is gone or not to be relied on: somebody else takes its place. */
  replace(origin: Origin<Peer>, lost: Peer, now: Millis, out: Sender<Peer>): void {
    const watched = origin.watchers.includes(lost)
    if (origin.parent !== lost && !watched) return
    origin.watchers = origin.watchers.filter(peer => peer !== lost)
    const wasParent = origin.parent === lost
    if (wasParent) {
      origin.parent = undefined
      // What it was asked for is to be brought by whoever comes next.
      origin.askedTop = origin.seen.top
    }
    const next = wasParent ? this.#candidates(origin, now).next().value : undefined
    if (this.#links.isUp(lost)) {
      if (wasParent && next === undefined) {
        // Nobody else is left, and what it brings after all is better than nothing.
        origin.parent = lost
        return
      }
      this.#subscribe(origin, lost, 'none', out)
    }
    if (next !== undefined) this.reroute(origin, next, now, out)
    const before = origin.watchers
    origin.watchers = [...before]
    this.#addWatchers(origin, now)
    this.#tellWatchers(origin, before, out)
  }

  /** All who have named a batch have failed to bring it: somebody who has said nothing of it may have it. */
  seek(origin: Origin<Peer>, now: Millis, out: Sender<Peer>): void {
    const able = [...this.#candidates(origin, now)].filter(peer => origin.modeOf(peer) !== 'eager')
    const next = able.find(peer => !origin.watchers.includes(peer)) ?? able[0]
    if (next === undefined) return
    // It is to send this one too.
    origin.askedTop = origin.seen.top
    this.reroute(origin, next, now, out)
  }

  #follow(origin: Origin<Peer>, to: Peer, out: Sender<Peer>, must = false): void {
    const { parent } = origin
    if (parent !== undefined && parent !== to && this.#links.isUp(parent)) this.#subscribe(origin, parent, 'none', out)
    this.#adopt(origin, to, out, must)
  }

  #adopt(origin: Origin<Peer>, to: Peer, out: Sender<Peer>, must = false): void {
    origin.parent = to
    origin.watchers = origin.watchers.filter(peer => peer !== to)
    if (origin.quickWatcher === to) origin.quickWatcher = undefined
    origin.late = 0
    this.#subscribe(origin, to, 'eager', out, must)
  }

  #passOn(origin: Origin<Peer>, from: Peer | undefined, out: Sender<Peer>): void {
    const { announcement, hop } = origin
    if (announcement === undefined) return
    const record = { type: 'announce', announcement, hops: onward(hop) } as const
    for (const peer of this.#links.all) {
      if (peer === from) continue
      origin.told(peer)
      this.#links.send(peer, record, out)
    }
  }

  #addWatchers(origin: Origin<Peer>, now: Millis): void {
    const { watchersWanted } = this.#settings
    while (origin.watchers.length < watchersWanted) {
      // Hubs are quick, and a neighbour of each other: one that is hit by what hits them is no second watcher.
      const next = this.#candidates(origin, now, origin.watchers).next().value
      if (next === undefined) return
      origin.watchers = origin.watchers.concat([next])
    }
  }

  /** The first watcher is to be quick. The second is there for the case that both others fail, and costs no frame of its own. */
  #tellWatchers(origin: Origin<Peer>, before: readonly Peer[], out: Sender<Peer>): void {
    const { parent, watchers, quickWatcher } = origin
    const [first] = watchers
    for (const peer of watchers) {
      if (peer === first && peer !== quickWatcher) this.#subscribe(origin, peer, 'watch', out)
      if (peer !== first && (peer === quickWatcher || !before.includes(peer)))
        this.#subscribe(origin, peer, 'lazy', out)
    }
    origin.quickWatcher = first
    for (const peer of before) {
      if (peer !== parent && !watchers.includes(peer)) this.#subscribe(origin, peer, 'none', out)
    }
  }

  /**
   * Who could bring an origin's batches, or name them beside these: those nearer to it first, those that get them from us last. Beside others the
   * slowest to announce it comes first.
   */
  *#candidates(origin: Origin<Peer>, now: Millis, beside: readonly Peer[] = []): Generator<Peer> {
    const announcers = [...origin.announcers.keys()]
    if (beside.length > 0) announcers.reverse()
    const above = announcers.filter(peer => this.#isAbove(origin, peer))
    const others = announcers.filter(peer => !this.#isAbove(origin, peer))
    const children: Peer[] = []
    const tried = new Set<Peer>()
    for (const peer of [...origin.watchers, ...above, ...others, ...this.#links.all]) {
      if (tried.has(peer) || !this.#links.isGood(peer, now)) continue
      tried.add(peer)
      if (peer === origin.parent || beside.includes(peer)) continue
      if (origin.modeOf(peer) === 'eager') children.push(peer)
      else yield peer
    }
    yield* children
  }

  /** Nearer to the origin than we are, or as near and smaller: a rank that falls all the way to the origin. */
  #isAbove(origin: Origin<Peer>, peer: Peer): boolean {
    const hop = origin.announcers.get(peer) ?? Number.POSITIVE_INFINITY
    return hop < origin.hop || (hop === origin.hop && peer < this.#self)
  }

  #subscribe(origin: Origin<Peer>, to: Peer, mode: Mode, out: Sender<Peer>, must = false): void {
    // One that is silent is dead, or has more to read than it can: once it sends something it is told.
    if (mode === 'none' && this.#links.isSilent(to)) return
    this.#links.send(to, { type: 'subscribe', source: sourceOf(origin), mode, after: origin.top, must }, out)
  }
}

function sourceOf<Peer>({ origin, epoch }: Origin<Peer>): { readonly origin: Peer; readonly epoch: number } {
  return { origin, epoch }
}
