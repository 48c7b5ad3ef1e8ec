import { nonceLimit } from '#protocols/overlay/messages.ts'
import { candidatesMax, neighboursMax } from '#protocols/registration/messages.ts'
import { NEVER } from './machine.ts'
import { below, between, sample } from './random.ts'
import { Timeouts } from './timeouts.ts'
import type { LinkEnd, LinkRequest, UnlinkReason } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Candidates } from '#protocols/registration/messages.ts'
import type { DegreeLaw, Standing } from './degree-law.ts'
import type { Machine, Millis } from './machine.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'
import type { Random } from './random.ts'

export interface TopologySettings {
  readonly linkTimeoutMs: Millis
  readonly dialsAtOnce: number
  readonly repairDelayMs: Millis
  readonly seekBackoffMs: Millis
  readonly seekBackoffMsMax: Millis
  readonly reviewMsPerPeer: Millis
  readonly lostNeighboursMax: number
}

/** Why a link is no more, as this peer sees it. */
export type UnlinkCause = LinkEnd | 'dead'

export interface TopologyOutput<Peer> {
  /** Dial the peer and send LINK. */
  ask(peer: PeerRecord<Peer>, request: LinkRequest): void
  accept(peer: Peer, nonce: number): void
  refuse(peer: Peer, nonce: number): void
  unlink(peer: Peer, nonce: number, reason: UnlinkReason): void
  linked(neighbour: Neighbour<Peer>): void
  unlinked(neighbour: Neighbour<Peer>, cause: UnlinkCause): void
  /** Ask a seed for candidates for so many links. */
  seek(wanted: number): void
  /** Tell the seeds the new degree and target, and hear the new standing, within this time. */
  report(within: Millis): void
}

/**
 * Reaches and holds the target degree. A peer that has fewer links than its target asks the seeds for peers with links to spare
 * and asks those; one that is asked accepts while it has room. Links that are on their way count as taken (without that,
 * everybody overshoots, cuts and overshoots again). When two peers ask each other at once, the request with the smaller nonce
 * stands. See protocols/overlay/README.md.
 */
export class Topology<Peer, Seed> implements Machine<TopologyOutput<Peer>> {
  readonly #self: { readonly id: Peer; readonly name: string }
  readonly #neighbours: Neighbours<Peer>
  readonly #law: DegreeLaw
  readonly #settings: TopologySettings
  readonly #random: Random
  readonly #requests: Timeouts<Peer>
  /** What each registrar says of this peer's standing. */
  readonly #standings = new Map<Seed, Standing>()
  #target = 0
  /** Candidates of the last answer that were not asked yet. */
  #free: PeerRecord<Peer>[] = []
  #body: PeerRecord<Peer>[] = []
  #seekAt: Millis = NEVER
  #seeksInVain = 0
  #leaving = false

  constructor(
    self: { readonly id: Peer; readonly name: string },
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
    this.#requests = new Timeouts(settings.linkTimeoutMs)
  }

  get target(): number {
    return this.#target
  }

  get wakeAt(): Millis {
    return Math.min(this.#seekAt, this.#requests.wakeAt)
  }

  wake(now: Millis, out: TopologyOutput<Peer>): void {
    for (const peer of this.#requests.takeDue(now)) {
      const neighbour = this.#neighbours.get(peer)
      if (neighbour?.state !== 'asked') continue
      this.#neighbours.remove(peer)
      out.unlink(peer, neighbour.nonce, 'too-late')
    }
    if (now >= this.#seekAt) {
      this.#seekAt = NEVER
      if (this.#deficit() > 0 && !this.#leaving) {
        this.#seeksInVain++
        out.seek(Math.min(this.#deficit(), candidatesMax))
        this.#planSeek(now)
      }
    }
    this.#mend(now, out)
  }

  /**
   * A registrar says where this peer stands. The one that knows most peers is right: the others are behind. Of several that know
   * equally many the one with the better rank counts, so that their differences do not make the target swing.
   */
  viewed(seed: Seed, standing: Standing, now: Millis, out: TopologyOutput<Peer>): void {
    this.#standings.set(seed, standing)
    let widest = standing
    for (const other of this.#standings.values()) {
      if (other.peers > widest.peers || (other.peers === widest.peers && other.rank < widest.rank)) widest = other
    }
    const target = this.#law.target(widest)
    if (target !== this.#target) {
      // A newcomer does not wait.
      if (this.#target === 0) this.#seekAt = now
      this.#target = target
      this.#seeksInVain = 0
      out.report(0)
    }
    this.#trim(out)
    this.#mend(now, out)
  }

  /** The seed is no registrar any more. */
  unviewed(seed: Seed): void {
    this.#standings.delete(seed)
  }

  /** Somebody joined or left: targets may have moved. Spread so that the seeds see few of these at a time. */
  peersChanged(peers: number, out: TopologyOutput<Peer>): void {
    out.report(between(this.#random, 0, peers * this.#settings.reviewMsPerPeer))
  }

  /** What a seed answered to `seek`. */
  found(candidates: Candidates<Peer>, now: Millis, out: TopologyOutput<Peer>): void {
    this.#free = [...candidates.free]
    this.#body = [...candidates.body]
    this.#mend(now, out)
  }

  /** A peer asks for a link. */
  asked(peer: Peer, request: LinkRequest, now: Millis, out: TopologyOutput<Peer>): void {
    const known = this.#neighbours.get(peer)
    // Both asked at once, and mine stands: the other end sees the same and drops its own. Over a second connection its request may
    // even come after its ACCEPT.
    const crosses = known?.state === 'asked' || (known?.state === 'linked' && now < known.crossingUntil)
    if (known !== undefined && crosses && known.nonce < request.nonce) return
    if (known?.state === 'asked') {
      this.#neighbours.remove(peer)
      this.#requests.stop(peer)
      out.unlink(peer, known.nonce, 'duplicate')
    } else if (known?.state === 'linked') {
      // Only a peer that has lost its end of our link asks for another one.
      this.#drop(known, 'duplicate', out)
    }
    if (!this.#takes(request)) {
      out.refuse(peer, request.nonce)
      this.#mend(now, out)
      return
    }
    const neighbour = this.#neighbours.put(peer, request.name, 'linked', request.nonce)
    out.accept(peer, request.nonce)
    out.linked(neighbour)
    out.report(this.#settings.seekBackoffMs)
  }

  accepted(peer: Peer, nonce: number, now: Millis, out: TopologyOutput<Peer>): void {
    const asked = this.#neighbours.get(peer)
    if (asked?.state !== 'asked' || asked.nonce !== nonce) return
    this.#requests.stop(peer)
    this.#seeksInVain = 0
    const neighbour = this.#neighbours.put(peer, asked.name, 'linked', nonce)
    neighbour.crossingUntil = now + this.#settings.linkTimeoutMs
    out.linked(neighbour)
    out.report(this.#settings.seekBackoffMs)
    this.#mend(now, out)
  }

  /** The other side ended a link or an attempt. A stream that no entry lives on changes nothing. */
  ended(peer: Peer, nonce: number, end: LinkEnd, now: Millis, out: TopologyOutput<Peer>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined || neighbour.nonce !== nonce || neighbour.state === 'lost') return
    this.#neighbours.remove(peer)
    this.#requests.stop(peer)
    if (neighbour.state === 'linked') {
      if (end === 'lost') this.#watchLost(neighbour)
      this.#unlinked(neighbour, end, now, out)
    } else this.#mend(now, out)
  }

  /** Ends a link whose other end broke a protocol. */
  banish(peer: Peer, now: Millis, out: TopologyOutput<Peer>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour?.state !== 'linked') return
    this.#neighbours.remove(peer)
    out.unlink(peer, neighbour.nonce, 'fault')
    this.#unlinked(neighbour, 'fault', now, out)
  }

  /** The neighbour missed too many pings. */
  died(peer: Peer, now: Millis, out: TopologyOutput<Peer>): void {
    const neighbour = this.#neighbours.get(peer)
    if (neighbour === undefined) return
    this.#neighbours.remove(peer)
    this.#requests.stop(peer)
    if (neighbour.state === 'lost') return
    out.unlink(peer, neighbour.nonce, 'fault')
    if (neighbour.state === 'linked') this.#unlinked(neighbour, 'dead', now, out)
  }

  /** A lost neighbour answered a ping: only its link had broken. */
  recovered(peer: Peer): void {
    if (this.#neighbours.get(peer)?.state === 'lost') this.#neighbours.remove(peer)
  }

  /** Says good-bye to everybody. Nobody is asked or accepted from now on. */
  leave(out: TopologyOutput<Peer>): void {
    this.#leaving = true
    this.#seekAt = NEVER
    for (const neighbour of [...this.#neighbours.in('asked'), ...this.#neighbours.in('linked')]) {
      this.#neighbours.remove(neighbour.peer)
      this.#requests.stop(neighbour.peer)
      out.unlink(neighbour.peer, neighbour.nonce, 'leaving')
      if (neighbour.state === 'linked') out.unlinked(neighbour, 'leaving')
    }
  }

  #deficit(): number {
    return this.#target - this.#neighbours.count('linked') - this.#neighbours.count('asked')
  }

  #takes(request: LinkRequest): boolean {
    if (this.#leaving) return false
    if (this.#deficit() > 0) return true
    // One over the target for a peer that lacks two. `#trim` lets another one go at the next report; that one and the asker then
    // lack a link each, and fill each other's. Without this a peer that comes when everybody has what it wants stays alone.
    return request.want === 2 && this.#deficit() === 0 && this.#target < neighboursMax
  }

  #mend(now: Millis, out: TopologyOutput<Peer>): void {
    if (this.#leaving) return
    while (this.#deficit() > 0 && this.#neighbours.count('asked') < this.#settings.dialsAtOnce) {
      const found = this.#nextCandidate()
      if (found === undefined) break
      const nonce = below(this.#random, nonceLimit)
      this.#neighbours.put(found.record.id, found.record.name, 'asked', nonce)
      this.#requests.start(found.record.id, now)
      out.ask(found.record, { nonce, name: this.#self.name, want: found.want })
    }
    if (this.#deficit() > 0 && this.#neighbours.count('asked') === 0 && this.#seekAt === NEVER) this.#planSeek(now)
  }

  /** First those with links to spare; any others if two links are missing, or all. */
  #nextCandidate(): { record: PeerRecord<Peer>; want: 1 | 2 } | undefined {
    for (;;) {
      const free = this.#free.pop()
      const want = free === undefined && this.#deficit() >= 2 ? 2 : 1
      const alone = this.#neighbours.count('linked') + this.#neighbours.count('asked') === 0
      const record = free ?? (want === 2 || alone ? this.#body.pop() : undefined)
      if (record === undefined) return undefined
      if (record.id !== this.#self.id && this.#neighbours.get(record.id) === undefined) return { record, want }
    }
  }

  /** Lets go what is over the target, but not the youngest: that one may have been taken in to save it. */
  #trim(out: TopologyOutput<Peer>): void {
    const over = this.#neighbours.count('linked') - this.#target
    if (over <= 0 || this.#target === 0) return
    const oldestFirst = [...this.#neighbours.in('linked')]
    for (const neighbour of sample(this.#random, oldestFirst.slice(0, -1), over)) {
      this.#drop(neighbour, 'over-target', out)
    }
    out.report(0)
  }

  #drop(neighbour: Neighbour<Peer>, reason: UnlinkReason, out: TopologyOutput<Peer>): void {
    this.#neighbours.remove(neighbour.peer)
    out.unlink(neighbour.peer, neighbour.nonce, reason)
    out.unlinked(neighbour, reason)
  }

  #unlinked(neighbour: Neighbour<Peer>, cause: UnlinkCause, now: Millis, out: TopologyOutput<Peer>): void {
    out.unlinked(neighbour, cause)
    if (this.#leaving) return
    this.#seeksInVain = 0
    const repairAt = now + this.#settings.repairDelayMs * between(this.#random, 0.5, 1.5)
    this.#seekAt = Math.min(this.#seekAt, repairAt)
    out.report(0)
  }

  #watchLost(neighbour: Neighbour<Peer>): void {
    if (this.#neighbours.count('lost') >= this.#settings.lostNeighboursMax) {
      for (const oldest of this.#neighbours.in('lost')) {
        this.#neighbours.remove(oldest.peer)
        break
      }
    }
    this.#neighbours.put(neighbour.peer, neighbour.name, 'lost', neighbour.nonce)
  }

  #planSeek(now: Millis): void {
    const { seekBackoffMs, seekBackoffMsMax } = this.#settings
    const backoff = Math.min(seekBackoffMs * 2 ** Math.min(this.#seeksInVain, 16), seekBackoffMsMax)
    this.#seekAt = now + backoff * between(this.#random, 0.5, 1.5)
  }
}
