import { nonceLimit } from '#protocols/overlay/messages.ts'
import { below, between, sample } from './random.ts'
import { Search } from './search.ts'
import { Standings } from './standings.ts'
import { Timeouts } from './timeouts.ts'
import type { LinkEnd, LinkRequest, Referral, UnlinkReason } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Candidates } from '#protocols/registration/messages.ts'
import type { DegreeLaw, Standing } from './degree-law.ts'
import type { Machine, Millis } from './machine.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'
import type { Random } from './random.ts'
import type { SearchOutput, SearchSettings } from './search.ts'

export interface TopologySettings extends SearchSettings {
  readonly linkTimeoutMs: Millis
  readonly repairDelayMs: Millis
  readonly referralTimeoutMs: Millis
  readonly dialsAtOnce: number
  readonly splicesAtOnce: number
  readonly spliceWindowMs: Millis
  readonly reviewMsPerPeer: Millis
  readonly reunionPeersMin: number
  readonly reunionShare: number
  readonly lostNeighboursMax: number
}

/** Who a topology belongs to. */
export interface TopologySelf<Peer> {
  readonly id: Peer
  readonly name: string
  /** Most links that this peer wants to have, whatever the law says. */
  readonly linksMax: number
}

/** Why a link is no more, as this peer sees it. */
export type UnlinkCause = LinkEnd | 'dead'

/** Somebody to link with: whom a seed has named, or a neighbour without an address. */
type Asked<Peer> = Pick<PeerRecord<Peer>, 'id' | 'name' | 'addresses'>

export interface TopologyOutput<Peer, Seed> extends SearchOutput<Peer, Seed> {
  /** Dial the peer and send LINK. Without addresses, dial those in the record that is known of the peer. */
  ask(peer: Asked<Peer>, request: LinkRequest): void
  accept(peer: Peer, nonce: number, spliced: boolean): void
  refuse(peer: Peer, nonce: number): void
  unlink(peer: Peer, nonce: number, reason: UnlinkReason, goTo?: Referral<Peer>): void
  linked(neighbour: Neighbour<Peer>): void
  unlinked(neighbour: Neighbour<Peer>, cause: UnlinkCause): void
  /** Renew at the seeds within this time: to hear the new standing, or to tell them of an offer. */
  report(within: Millis): void
}

/**
 * Reaches and holds the target degree, which is the law's quantile at this peer's rank.
 *
 * A peer that has fewer links than its target asks the seeds for peers with links to spare, and asks those. If it lacks two, it
 * may also ask a peer that has all it wants: that one takes it in and lets another neighbour go in the same step (a *splice*),
 * with a referral to the newcomer. The one that asked has two links then, the others have as many as before. Each step is one
 * peer's own, so nothing can be left half done and nothing is locked: whatever gets lost leaves somebody a link short, and that
 * is mended like any other loss.
 *
 * Links that are on their way count as taken: without that, everybody overshoots, cuts and overshoots again. When two peers ask
 * each other at once, the request with the smaller nonce stands. See protocols/overlay/README.md.
 */
export class Topology<Peer, Seed> implements Machine<TopologyOutput<Peer, Seed>> {
  readonly #self: TopologySelf<Peer>
  readonly #neighbours: Neighbours<Peer>
  readonly #law: DegreeLaw
  readonly #settings: TopologySettings
  readonly #random: Random
  readonly #search: Search<Peer, Seed>
  readonly #requests: Timeouts<Peer>
  /** Nonces of referrals to this peer: each will bring a link. */
  readonly #expected: Timeouts<number>
  readonly #standings = new Standings<Seed>()
  #target = 0
  /** When it has spliced, as far back as the last splice looked: a peer seldom does it twice in a while. */
  #splicedAt: readonly Millis[] = []
  #leaving = false

  constructor(
    self: TopologySelf<Peer>,
    neighbours: Neighbours<Peer>,
    law: DegreeLaw,
    settings: TopologySettings,
    random: Random
  ) {
    this.#self = self
    this.#neighbours = neighbours
    this.#law = law
    this.#settings = settings
    this.#random = random
    this.#search = new Search(neighbours, settings, random)
    this.#requests = new Timeouts(settings.linkTimeoutMs)
    this.#expected = new Timeouts(settings.referralTimeoutMs)
  }

  get target(): number {
    return this.#target
  }

  /** Peers in the network, as the registrar says that knows most of them. */
  get peers(): number {
    return this.#standings.widest?.peers ?? 0
  }

  /** Links that this seed may send others for. */
  offerTo(seed: Seed): number {
    return seed === this.#search.offerAt ? Math.max(0, this.#deficit()) : 0
  }

  /** Links that may still come of what is under way; 0 at rest. */
  get pending(): number {
    return this.#neighbours.reserved + this.#expected.size
  }

  get wakeAt(): Millis {
    return Math.min(this.#search.wakeAt, this.#requests.wakeAt, this.#expected.wakeAt)
  }

  wake(now: Millis, out: TopologyOutput<Peer, Seed>): void {
    this.#expected.takeDue(now)
    for (const peer of this.#requests.takeDue(now)) {
      const neighbour = this.#neighbours.get(peer)
      if (neighbour?.state !== 'asked') continue
      this.#neighbours.remove(peer)
      out.unlink(peer, neighbour.nonce, 'too-late')
    }
    if (now >= this.#search.wakeAt && !this.#leaving) {
      this.#search.begin(this.#deficit(), this.#standings.registrars, now, out)
    }
    this.#mend(now, out)
  }

  /** A registrar says where this peer stands. */
  viewed(seed: Seed, standing: Standing, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (this.#leaving) return
    const back = this.#standings.said(seed, standing)
    const widest = this.#standings.widest ?? standing
    this.#aim(this.#law.target(widest), now)
    this.#trim(out)
    if (back >= Math.max(this.#settings.reunionPeersMin, this.#settings.reunionShare * widest.peers))
      this.#mingle(now, out)
    this.#mend(now, out)
  }

  /** No seed has ever answered this newcomer, which knows of so many peers: it wants as few links as anybody until one does. */
  adrift(known: number, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (known === 0 || this.#standings.everHeard || this.#leaving) return
    this.#aim(this.#law.range(known + 1).from, now)
    this.#mend(now, out)
  }

  /** The seed is no registrar any more. */
  unviewed(seed: Seed): void {
    this.#standings.forget(seed)
  }

  /** Somebody joined or left: targets may have moved. Spread so that the seeds see few of these at a time. */
  peersChanged(peers: number, out: TopologyOutput<Peer, Seed>): void {
    out.report(between(this.#random, 0, peers * this.#settings.reviewMsPerPeer))
  }

  /** What a seed answered to `seek`; nothing, if it did not answer. */
  found(seed: Seed, candidates: Candidates<Peer> | undefined, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (this.#leaving) return
    this.#search.found(seed, candidates, now, out)
    this.#mend(now, out)
    const atRest = !this.#search.underWay && this.#neighbours.count('asked') === 0
    if (this.#deficit() > 0 && atRest && this.#search.offer(this.#standings.registrars)) out.report(0)
  }

  /** Whom a neighbour names that was consulted, or this peer itself remembers. */
  told(records: readonly PeerRecord<Peer>[], now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (this.#leaving) return
    this.#search.told(records)
    this.#mend(now, out)
  }

  /** A peer asks for a link. */
  asked(peer: Peer, request: LinkRequest, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    const known = this.#neighbours.get(peer)
    // Both asked at once, and mine stands: the other end sees the same and drops its own. Over a second connection its request may
    // even come after its ACCEPT.
    const crosses = known?.state === 'asked' || (known?.state === 'linked' && now < known.crossingUntil)
    if (known !== undefined && crosses && known.nonce < request.nonce) return
    if (known?.state === 'asked') {
      this.#remove(known)
      out.unlink(peer, known.nonce, 'duplicate')
    } else if (known?.state === 'linked') {
      // Only a peer that has lost its end of our link asks for another one.
      this.#drop(known, 'duplicate', out)
    }
    const expected = request.redeem && this.#redeem(request.nonce)
    const room = !this.#leaving && (expected || this.#deficit() > 0)
    const spliced = !room && this.#splice(peer, request, now, out)
    if (!room && !spliced) out.refuse(peer, request.nonce)
    else {
      const neighbour = this.#neighbours.put(peer, request.name, 'linked', request.nonce)
      out.accept(peer, request.nonce, spliced)
      out.linked(neighbour)
    }
    this.#mend(now, out)
  }

  accepted(peer: Peer, nonce: number, spliced: boolean, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    const asked = this.#neighbours.get(peer)
    if (asked?.state !== 'asked' || asked.nonce !== nonce) return
    this.#requests.stop(peer)
    this.#search.hope()
    const neighbour = this.#neighbours.put(peer, asked.name, 'linked', nonce)
    neighbour.crossingUntil = now + this.#settings.linkTimeoutMs
    if (asked.reserves === 2 && spliced) this.#expected.start(nonce, now)
    out.linked(neighbour)
    this.#mend(now, out)
  }

  /** The other side ended a link or an attempt. A stream that no entry lives on changes nothing. */
  ended(
    peer: Peer,
    nonce: number,
    end: LinkEnd,
    goTo: Referral<Peer> | undefined,
    now: Millis,
    out: TopologyOutput<Peer, Seed>
  ): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined || neighbour.nonce !== nonce || neighbour.state === 'lost') return
    this.#remove(neighbour)
    if (neighbour.state === 'asked') {
      this.#mend(now, out)
      return
    }
    if (end === 'lost') this.#neighbours.lose(neighbour, this.#settings.lostNeighboursMax)
    out.unlinked(neighbour, end)
    if (!this.#follows(goTo)) this.#repair(now)
    else this.#ask({ id: goTo.peer, name: goTo.name, addresses: [] }, goTo.nonce, 1, true, now, out)
  }

  /** Ends a link whose other end broke a protocol. */
  banish(peer: Peer, now: Millis, out: TopologyOutput<Peer, Seed>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour?.state !== 'linked') return
    this.#drop(neighbour, 'fault', out)
    this.#repair(now)
  }

  /** The neighbour missed too many pings: of ours, if it is `unreachable`, for others reach it. */
  died(peer: Peer, how: 'dead' | 'unreachable', now: Millis, out: TopologyOutput<Peer, Seed>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined) return
    this.#remove(neighbour)
    if (neighbour.state === 'lost') return
    out.unlink(peer, neighbour.nonce, 'fault')
    if (neighbour.state === 'linked') out.unlinked(neighbour, how)
    this.#repair(now)
  }

  /** A lost neighbour answered a ping: only its link had broken. */
  recovered(peer: Peer): void {
    if (this.#neighbours.get(peer)?.state === 'lost') this.#neighbours.remove(peer)
  }

  /** Says good-bye to everybody. Nobody is asked or accepted from now on. */
  leave(out: TopologyOutput<Peer, Seed>): void {
    this.#leaving = true
    this.#search.end()
    for (const neighbour of [...this.#neighbours.in('asked'), ...this.#neighbours.in('linked')]) {
      this.#remove(neighbour)
      out.unlink(neighbour.peer, neighbour.nonce, 'leaving')
      if (neighbour.state === 'linked') out.unlinked(neighbour, 'leaving')
    }
  }

  #aim(wanted: number, now: Millis): void {
    const target = Math.min(wanted, this.#self.linksMax)
    if (target === this.#target) return
    // A newcomer does not wait.
    if (this.#target === 0) this.#search.plan(now)
    this.#target = target
    this.#search.hope()
  }

  #deficit(): number {
    return this.#target - this.#neighbours.count('linked') - this.pending
  }

  /** Lets a neighbour go for the asker, and sends it to the asker. The degree stays what it is. Returns whether it could. */
  #splice(peer: Peer, request: LinkRequest, now: Millis, out: TopologyOutput<Peer, Seed>): boolean {
    if (request.want !== 2 || this.#leaving || this.#neighbours.count('linked') === 0) return false
    const lately = this.#splicedAt.filter(at => now < at + this.#settings.spliceWindowMs)
    if (lately.length >= Math.max(this.#settings.splicesAtOnce, this.#target)) return false
    this.#splicedAt = lately.concat(now)
    const [neighbour] = sample(this.#random, this.#neighbours.in('linked'), 1) as [Neighbour<Peer>]
    const goTo = { peer, name: request.name, nonce: request.nonce }
    this.#drop(neighbour, 'spliced', out, goTo)
    return true
  }

  /** Takes back the place that was kept for whoever comes with this referral. Returns whether there was one. */
  #redeem(nonce: number): boolean {
    const expected = this.#expected.has(nonce)
    this.#expected.stop(nonce)
    if (expected) return true
    // It may even come before the answer that announces it, which brings one link less then.
    for (const { peer, name, nonce: asked, reserves } of this.#neighbours.in('asked')) {
      if (asked !== nonce || reserves !== 2) continue
      this.#neighbours.put(peer, name, 'asked', nonce)
      return true
    }
    return false
  }

  #follows(goTo: Referral<Peer> | undefined): goTo is Referral<Peer> {
    if (goTo === undefined || this.#leaving || this.#deficit() <= 0 || goTo.peer === this.#self.id) return false
    return this.#neighbours.get(goTo.peer) === undefined
  }

  #mend(now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (this.#leaving) return
    while (this.#deficit() > 0 && this.#neighbours.count('asked') < this.#settings.dialsAtOnce) {
      const next = this.#search.next(this.#wantOfAnybody())
      if (next === undefined) break
      const { record, want } = next
      if (record.id === this.#self.id || this.#neighbours.get(record.id) !== undefined) continue
      this.#ask(record, below(this.#random, nonceLimit), want, false, now, out)
    }
    if (this.#neighbours.count('asked') > 0) return
    if (this.#deficit() > 0) this.#search.planIfIdle(now)
    else this.#search.rest()
  }

  /** Links that are asked of a peer which is not known to have any to spare. */
  #wantOfAnybody(): 0 | 1 | 2 {
    // In a network of a few peers everybody is to be linked with everybody: whoever is not our neighbour lacks us.
    if (this.#target >= (this.#standings.widest?.peers ?? Infinity) - 1) return 1
    if (this.#deficit() >= 2) return 2
    const alone = this.#neighbours.count('linked') + this.pending === 0
    return alone ? 1 : 0
  }

  #ask(
    asked: Asked<Peer>,
    nonce: number,
    want: 1 | 2,
    redeem: boolean,
    now: Millis,
    out: TopologyOutput<Peer, Seed>
  ): void {
    this.#neighbours.put(asked.id, asked.name, 'asked', nonce, want)
    this.#requests.start(asked.id, now)
    out.ask(asked, { nonce, name: this.#self.name, want, redeem })
  }

  /** Lets go what is over the target. */
  #trim(out: TopologyOutput<Peer, Seed>): void {
    const over = this.#neighbours.count('linked') - this.#target
    // A target of nothing is a seed that has lost its memory: it must not tear the network apart.
    if (over <= 0 || this.#target === 0) return
    for (const neighbour of sample(this.#random, this.#neighbours.in('linked'), over)) {
      this.#drop(neighbour, 'over-target', out)
    }
  }

  /**
   * Parts of the network reach each other again, and would stay parts: each has mended itself, and hardly anybody misses a link. So everybody
   * looks for one new neighbour among all. Who has lost one already, for others do so too, lacks two then, and may ask anybody.
   */
  #mingle(now: Millis, out: TopologyOutput<Peer, Seed>): void {
    if (this.#deficit() > 1) return
    for (const neighbour of sample(this.#random, this.#neighbours.in('linked'), 1)) {
      this.#drop(neighbour, 'over-target', out)
      this.#repair(now)
    }
  }

  #drop(
    neighbour: Neighbour<Peer>,
    reason: UnlinkReason,
    out: TopologyOutput<Peer, Seed>,
    goTo?: Referral<Peer>
  ): void {
    this.#remove(neighbour)
    out.unlink(neighbour.peer, neighbour.nonce, reason, goTo)
    out.unlinked(neighbour, reason)
  }

  #remove({ peer }: Neighbour<Peer>): void {
    this.#neighbours.remove(peer)
    this.#requests.stop(peer)
  }

  /** A link is missing: look for another one soon, but not all who have lost the same neighbour at the same moment. */
  #repair(now: Millis): void {
    if (this.#leaving) return
    this.#search.hope()
    this.#search.plan(now + this.#settings.repairDelayMs * between(this.#random, 0.5, 1.5))
  }
}
