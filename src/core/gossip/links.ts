import { hopsMax } from '#protocols/gossip/messages.ts'
import { NEVER } from '../machine.ts'
import { SmallMap } from '../small-map.ts'
import type { Millis } from '../machine.ts'
import type { GossipSettings } from './settings.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'

export interface Sender<Peer> {
  /** Queues a record for a neighbour. Returns false if it reads more slowly than we write: nothing large is sent until it has caught up. */
  send(to: Peer, record: GossipRecord<Peer>): boolean
}

/** Hops of what is passed on. They stop counting at their limit: nothing is passed on twice, so nothing goes round in circles. */
export function onward(hops: number): number {
  return Math.min(hops + 1, hopsMax)
}

/** Peers that have said something before their link stood, and of whom many never get one. */
const strangersMax = 64

/** By so many times a neighbour may take longer to answer than half of the others. */
const slownessMax = 3

/** What is out of the ordinary with a neighbour. Most of them have no entry most of the time. */
interface Link {
  misses: number
  missedAt: Millis
  /** Batches in a row that others have brought before it, without it ever bringing anything, and when the last one was. */
  outruns: number
  outrunAt: Millis
  suspectUntil: Millis
  /** How often it was, for what it did not bring, since it last brought anything. */
  suspicions: number
  /** Suspected for its silence: anything that it says clears it. */
  silent: boolean
  /** When it was last suspected for that. */
  silentAt: Millis
  /** It has asked to be sent whole what would only be named to it. */
  boostedUntil: Millis
  /** Batches that it was asked for and has not sent. */
  asks: number
  /** When it last sent a batch that it was asked for. */
  servedAt: Millis
  /** It reads more slowly than we write. */
  congested: boolean
  /** Origins that it may still bring up, and since when that was so. */
  newOrigins: number
  newOriginsAt: Millis
}

/** All have been asked for a sign of life, or one of them. */
interface Probe<Peer> {
  readonly isOfAll: boolean
  /** Those that have given none yet. */
  readonly silent: Set<Peer>
  readonly half: number
  readonly at: Millis
  until: Millis
}

/** The neighbours as the gossip sees them: who can be relied on, and who is on probation. */
export class Links<Peer> {
  readonly #neighbours: { readonly linked: readonly Peer[] }
  readonly #settings: GossipSettings
  #links: SmallMap<Peer, Link> | undefined
  #probe: Probe<Peer> | undefined
  /** One that has said nothing since it was awaited. */
  #awaited: Peer | undefined
  /** Who was lately told what it lacks, and when. Each neighbour asks now and then, so nothing is kept for all of them. */
  #answered: SmallMap<Peer, Millis> | undefined

  constructor(neighbours: { readonly linked: readonly Peer[] }, settings: GossipSettings) {
    this.#neighbours = neighbours
    this.#settings = settings
  }

  get all(): readonly Peer[] {
    return this.#neighbours.linked
  }

  get wakeAt(): Millis {
    return this.#probe?.until ?? NEVER
  }

  /** Neighbours that this peer sends an origin's batches to: the more it has, the more of them have nobody nearer. */
  get childrenMax(): number {
    const { childrenMax, linksPerChild } = this.#settings
    return Math.max(childrenMax, Math.floor(this.all.length / linksPerChild))
  }

  isUp(peer: Peer): boolean {
    return this.#neighbours.linked.includes(peer)
  }

  /** Linked and not suspected. */
  isGood(peer: Peer, now: Millis): boolean {
    return !this.isSuspect(peer, now) && this.isUp(peer)
  }

  /** Good, and never suspected since it last brought what it was to bring. */
  isTrusted(peer: Peer, now: Millis): boolean {
    return this.isGood(peer, now) && (this.#links?.get(peer)?.suspicions ?? 0) === 0
  }

  isSuspect(peer: Peer, now: Millis): boolean {
    return (this.#links?.get(peer)?.suspectUntil ?? 0) > now
  }

  /** Whether it was suspected, not long ago, because it said nothing. */
  wasSilent(peer: Peer, now: Millis): boolean {
    return now - (this.#links?.get(peer)?.silentAt ?? Number.NEGATIVE_INFINITY) < this.#settings.suspicionMs
  }

  /** Whether it was suspected because it said nothing, and has said nothing since. */
  isSilent(peer: Peer): boolean {
    return this.#links?.get(peer)?.silent === true
  }

  isBoosted(peer: Peer, now: Millis): boolean {
    return (this.#links?.get(peer)?.boostedUntil ?? 0) > now
  }

  isCongested(peer: Peer): boolean {
    return this.#links?.get(peer)?.congested === true
  }

  /** Its link is gone. */
  forget(peer: Peer, now: Millis): void {
    this.#links?.delete(peer)
    this.#probe?.silent.delete(peer)
    this.#relent(now)
  }

  /** Whether it may be told what it lacks: its question is ten bytes, the answer can be forty thousand. */
  mayAnswer(peer: Peer, now: Millis): boolean {
    if (this.isCongested(peer)) return false
    this.expire(now)
    if (this.#answered?.has(peer) === true) return false
    this.#answered ??= new SmallMap()
    this.#answered.set(peer, now)
    return true
  }

  /** Forgets what does not matter any more. */
  expire(now: Millis): void {
    const answered = this.#answered
    if (answered === undefined) return
    for (const [peer, at] of answered) if (now - at >= this.#settings.syncIntervalMs / 2) answered.delete(peer)
    if (answered.size === 0) this.#answered = undefined
  }

  /** From now on it is noticed whether this one says anything. */
  await(peer: Peer | undefined): void {
    this.#awaited = peer
  }

  /** Whether it has said nothing since. */
  isAwaited(peer: Peer): boolean {
    return this.#awaited === peer
  }

  /** Something has come from it. */
  heard(peer: Peer, now: Millis): void {
    if (this.#awaited === peer) this.#awaited = undefined
    const probe = this.#probe
    if (probe?.silent.delete(peer) === true && probe.silent.size === probe.half) {
      // Half of them have shown how long an answer takes.
      const needed = Math.max(this.#settings.probeMs, slownessMax * (now - probe.at))
      probe.until = Math.min(probe.until, probe.at + needed)
    }
    const link = this.#links?.get(peer)
    if (link?.silent === true) {
      link.silent = false
      link.suspectUntil = 0
    }
  }

  boost(peer: Peer, until: Millis): void {
    this.#link(peer).boostedUntil = until
  }

  send(to: Peer, record: GossipRecord<Peer>, out: Sender<Peer>): void {
    if (!out.send(to, record)) this.#link(to).congested = true
  }

  drained(peer: Peer): void {
    const link = this.#links?.get(peer)
    if (link !== undefined) link.congested = false
  }

  /** It has brought a batch that it was to bring. */
  delivered(peer: Peer): void {
    const link = this.#links?.get(peer)
    if (link === undefined) return
    link.misses = 0
    link.outruns = 0
    link.suspicions = 0
  }

  /** It has brought what others had brought before: it passes things on. */
  pardon(peer: Peer): void {
    const link = this.#links?.get(peer)
    if (link === undefined) return
    link.misses = 0
    link.outruns = 0
  }

  /** It has not brought a batch that others had. Returns what that makes of it; one stall is one miss, however much it held up. */
  missed(peer: Peer, now: Millis): 'known' | 'missed' | 'suspect' {
    const link = this.#link(peer)
    if (now - link.missedAt < this.#settings.missSpacingMs || link.suspectUntil > now) return 'known'
    link.missedAt = now
    // Whoever has been suspected before has no other chances left.
    if (++link.misses < this.#settings.missesMax && link.suspicions === 0) return 'missed'
    link.misses = 0
    this.#suspect(peer, now, false)
    return 'suspect'
  }

  /** Others have brought a batch before it. Returns whether it is suspected for that, as it has brought nothing for long. */
  noteOutrun(peer: Peer, now: Millis): boolean {
    const link = this.#link(peer)
    if (now - link.outrunAt < this.#settings.missSpacingMs || link.suspectUntil > now) return false
    link.outrunAt = now
    if (++link.outruns < this.#settings.missesMax) return false
    link.outruns = 0
    this.#suspect(peer, now, false)
    return true
  }

  /** They have said nothing when they were to. */
  fellSilent(peers: readonly Peer[], now: Millis): void {
    for (const peer of peers) this.#suspect(peer, now, true)
    this.#relent(now)
  }

  /** Each time, whoever still brings nothing waits twice as long for the next chance. */
  #suspect(peer: Peer, now: Millis, silent: boolean): void {
    const { suspicionMs, suspicionMsMax } = this.#settings
    const link = this.#link(peer)
    link.suspectUntil = now + Math.min(suspicionMs * 2 ** Math.min(link.suspicions, 16), suspicionMsMax)
    link.silent = silent
    if (silent) link.silentAt = now
    else link.suspicions++
  }

  /** Returns whether one more batch can be asked of it now. */
  mayAsk(peer: Peer): boolean {
    return (this.#links?.get(peer)?.asks ?? 0) < this.#settings.asksMax
  }

  asked(peer: Peer): void {
    this.#link(peer).asks++
  }

  /** It will not bring this batch any more, or it just did. */
  unasked(peer: Peer, servedAt?: Millis): void {
    const link = this.#links?.get(peer)
    if (link === undefined) return
    link.asks = Math.max(0, link.asks - 1)
    if (servedAt !== undefined) link.servedAt = servedAt
  }

  /** Whether it is just bringing what it was asked for, one after another. */
  isServing(peer: Peer, now: Millis): boolean {
    const link = this.#links?.get(peer)
    return link !== undefined && now - link.servedAt < this.#settings.askTimeoutMs
  }

  /** Returns whether it may bring up another origin: keys cost nothing, and each takes a place in our tables. */
  mayIntroduce(peer: Peer, now: Millis): boolean {
    const { newOriginsBurst, newOriginsPerMinute } = this.#settings
    const link = this.#link(peer)
    const earned = ((now - link.newOriginsAt) * newOriginsPerMinute) / 60_000
    link.newOrigins = Math.min(newOriginsBurst, link.newOrigins + earned)
    link.newOriginsAt = now
    if (link.newOrigins < 1) return false
    link.newOrigins--
    return true
  }

  /** All are to give a sign of life. */
  probeAll(now: Millis, out: Sender<Peer>): void {
    // One of them at a time is no hurry.
    if (this.#probe?.isOfAll !== true) this.#startProbe(this.all, true, now, out)
  }

  /** One is to give a sign of life, if no others are to do so. */
  probe(peer: Peer, now: Millis, out: Sender<Peer>): void {
    if (this.#probe === undefined) this.#startProbe([peer], false, now, out)
  }

  /** Those that gave none, when it is time. Where one of all is silent, the others are probed too. */
  takeSilent(now: Millis, out: Sender<Peer>): Peer[] {
    const probe = this.#probe
    if (probe === undefined || probe.until > now) return []
    this.#probe = undefined
    // What they said while we were busy is still to be read.
    if (now - probe.until > this.#settings.probeMs) return []
    const silent = [...probe.silent].filter(peer => this.isGood(peer, now))
    if (silent.length > 0 && !probe.isOfAll) this.probeAll(now, out)
    // When nobody is heard, it is we who are cut off or were asleep.
    return silent.length === this.all.length ? [] : silent
  }

  /** Nobody good is left: those that are suspected only for what they did not bring get another chance, for they may be better than the dead. */
  #relent(now: Millis): void {
    if (this.#links === undefined || this.all.some(peer => this.isGood(peer, now))) return
    for (const link of this.#links.values()) if (!link.silent) link.suspectUntil = 0
  }

  #startProbe(peers: readonly Peer[], isOfAll: boolean, now: Millis, out: Sender<Peer>): void {
    const until = now + this.#settings.probeMsMax
    this.#probe = { isOfAll, silent: new Set(peers), half: peers.length >>> 1, at: now, until }
    for (const peer of peers) this.send(peer, { type: 'probe' }, out)
  }

  #forgetStrangers(links: SmallMap<Peer, Link>): void {
    for (const peer of links.keys()) if (!this.isUp(peer)) links.delete(peer)
  }

  #link(peer: Peer): Link {
    this.#links ??= new SmallMap()
    let link = this.#links.get(peer)
    if (link === undefined) {
      link = {
        misses: 0,
        missedAt: Number.NEGATIVE_INFINITY,
        outruns: 0,
        outrunAt: Number.NEGATIVE_INFINITY,
        suspectUntil: 0,
        suspicions: 0,
        silent: false,
        silentAt: Number.NEGATIVE_INFINITY,
        boostedUntil: 0,
        asks: 0,
        servedAt: Number.NEGATIVE_INFINITY,
        congested: false,
        newOrigins: this.#settings.newOriginsBurst,
        newOriginsAt: 0
      }
      if (this.#links.size >= 2 * this.all.length + strangersMax) this.#forgetStrangers(this.#links)
      this.#links.set(peer, link)
    }
    return link
  }
}
