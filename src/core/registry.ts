import { isNewer, isSame } from '#protocols/peer-record.ts'
import { listRecordsMax } from '#protocols/registration/messages.ts'
import { Directory } from './directory.ts'
import { Flaps } from './flaps.ts'
import { Introductions } from './introductions.ts'
import { NEVER } from './machine.ts'
import { Names } from './names.ts'
import { sample } from './random.ts'
import { joined } from './registration.ts'
import { Timeouts } from './timeouts.ts'
import type { Announcement, Digest, Joined, RemovalReason } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Candidates, RegistrationReply, RegistrationRequest, View } from '#protocols/registration/messages.ts'
import type { DegreeLaw } from './degree-law.ts'
import type { DirectoryOutput } from './directory.ts'
import type { FlapsSettings } from './flaps.ts'
import type { Machine, Millis } from './machine.ts'
import type { Kept } from './memory.ts'
import type { NamesOutput, NamesSettings } from './names.ts'
import type { Origin } from './origins.ts'
import type { Random } from './random.ts'
import type { Reach, Registration } from './registration.ts'

export interface RegistrySettings extends FlapsSettings, NamesSettings {
  /** Up to `leasePeers` peers; beyond that, so much longer for each tenfold. */
  readonly leaseMs: Millis
  readonly leasePeers: number
}

export interface RegistryOutput<Peer> extends NamesOutput<Peer> {
  /** Tell all followers. */
  announce(announcement: Announcement<Peer>): void
  /** Registered here, at this seed; followers hear of it when it was dialled back. */
  registered(record: PeerRecord<Peer>): void
  /** No longer in this seed's list. */
  removed(record: PeerRecord<Peer>, reason: RemovalReason): void
  /** Something speaks against this peer: examine it. */
  suspect(peer: Peer): void
}

/**
 * A seed's list of peers: those that are registered here, and those that other seeds announce. Names are unique among all of
 * them; the order by rank key says who is a hub.
 */
export class Registry<Peer, Seed> implements Machine<RegistryOutput<Peer>> {
  readonly #settings: RegistrySettings
  readonly #random: Random
  readonly #originOf: (address: string) => Origin | undefined
  readonly #own = new Map<Peer, Registration<Peer>>()
  /** When to look whether a lease has ended. */
  readonly #leases: Timeouts<Peer>
  readonly #names: Names<Peer, Seed>
  readonly #elsewhere: Directory<Peer, Seed>
  readonly #introductions: Introductions<Peer>
  readonly #flaps: Flaps<Peer>
  /** Until then peers may be registered here of whom this seed remembers nothing. */
  #recollectsUntil: Millis = NEVER

  /**
   * @param rankOf a number that is the same at every seed and that no peer can choose; the greatest is the biggest hub
   * @param originOf where the peers at an observed address come from; nothing, if there may be any number of them
   */
  constructor(
    settings: RegistrySettings,
    rankOf: (peer: Peer) => number,
    law: DegreeLaw,
    random: Random,
    originOf: (address: string) => Origin | undefined = () => undefined
  ) {
    this.#settings = settings
    this.#random = random
    this.#originOf = originOf
    this.#introductions = new Introductions(rankOf, law, random)
    this.#names = new Names(settings, this.#own, peer => this.find(peer)?.name)
    this.#flaps = new Flaps(settings)
    this.#leases = new Timeouts(settings.leaseMs)
    this.#elsewhere = new Directory(settings.entriesMax, { rankOf })
  }

  /** Peers that this seed knows, wherever they are registered. */
  get size(): number {
    return this.#introductions.size
  }

  /** Peers that are registered here. */
  get registrations(): number {
    return this.#own.size
  }

  get wakeAt(): Millis {
    return Math.min(this.#leases.wakeAt, this.#names.wakeAt, this.#recollectsUntil)
  }

  wake(now: Millis, out: RegistryOutput<Peer>): void {
    this.#names.wake(now, out)
    if (now >= this.#recollectsUntil) {
      this.#recollectsUntil = NEVER
      out.announce({ type: 'caught-up' })
    }
    for (const peer of this.#leases.takeDue(now)) {
      const registration = this.#own.get(peer)
      if (registration === undefined) continue
      this.#leases.start(peer, now)
      if (registration.leaseUntil > now) continue
      // Silence is not death. The lease runs once more while the seed looks for itself.
      out.suspect(peer)
    }
  }

  /** What was kept when this seed ended. How much of its time was left to each is not known: all of them have it whole. */
  restore(kept: Iterable<Kept<Peer>>, now: Millis): void {
    for (const each of kept) {
      if (each.type === 'held') this.#names.restore(each.id, each.name, now + this.#leaseMs)
      else {
        this.#names.add(each.record.name, each.record.id)
        this.#introductions.add(each.record.id)
        this.#enter(each.record, now)
      }
    }
  }

  /** This seed has started without memory: it gives no name away until it has heard so many others, or for a lease. */
  awaitOthers(count: number, now: Millis): void {
    this.#names.awaitOthers(count, now)
    this.#recollectsUntil = now + this.#leaseMs
  }

  /** Whether peers that live may be missing in its list, for it has lost its memory: whoever lives registers anew within a lease. */
  get isRecollecting(): boolean {
    return this.#recollectsUntil !== NEVER
  }

  /** Whether it gives names away. */
  isReady(now: Millis): boolean {
    return this.#names.isReady(this.#leaseMs, now)
  }

  /** The newest record of a peer, wherever it is registered. */
  find(peer: Peer): PeerRecord<Peer> | undefined {
    const here = this.#own.get(peer)?.record
    const elsewhere = this.#elsewhere.get(peer)
    return here === undefined || (elsewhere !== undefined && isNewer(elsewhere, here)) ? elsewhere : here
  }

  /** All peers that this seed knows, those registered here first. */
  *records(): Iterable<PeerRecord<Peer>> {
    for (const [peer, { record }] of this.#own) yield this.find(peer) ?? record
    for (const record of this.#elsewhere.records()) if (!this.#own.has(record.id)) yield record
  }

  /** The one of this peer; nothing, if it is not registered here. */
  announcementOf(peer: Peer): ({ readonly type: 'joined' } & Joined<Peer>) | undefined {
    const registration = this.#own.get(peer)
    return registration && joined(registration)
  }

  /** One `joined` for each peer that is registered here. */
  *announcements(): Iterable<{ readonly type: 'joined' } & Joined<Peer>> {
    for (const registration of this.#own.values()) yield joined(registration)
  }

  /**
   * A request that is known to be for this network and, if it registers, to have the asker's own record.
   * @param observedAddress IP part of the asker's address, as a multiaddr
   */
  answer(
    peer: Peer,
    request: RegistrationRequest<Peer>,
    observedAddress: string,
    now: Millis,
    out: RegistryOutput<Peer>
  ): RegistrationReply<Peer> {
    const registration = this.#own.get(peer)
    if (registration !== undefined) registration.heardAt = now
    const origin = this.#originOf(observedAddress)
    this.#names.seen(peer, origin)
    switch (request.type) {
      case 'reserve': {
        const refusal = this.#names.reserve(peer, request.name, origin, this.#leaseMs, now, out)
        return refusal ?? { type: 'reserved', observedAddress }
      }
      case 'register':
        return this.#register(request.record, now, out)
      case 'renew':
        return this.#renew(peer, request.offer, request.neighbours, now)
      case 'candidates':
        if (!this.#own.has(peer)) return { type: 'refused', reason: 'not-registered' }
        return { type: 'candidates', view: this.view(peer), ...this.#candidates(peer, request.wanted, now) }
      case 'list':
        return { type: 'list', records: this.#listed(request.peer), total: this.size }
      case 'leave':
        this.#names.release(peer, out)
        if (this.#own.has(peer)) this.remove(peer, 'left', now, out)
        return { type: 'left' }
    }
  }

  /** What is known from another seed, whose stream has just been opened. */
  digest(seed: Seed): Digest | undefined {
    return this.#elsewhere.digest(seed)
  }

  /** No stream of another seed's announcements is open. */
  unheard(seed: Seed, out: RegistryOutput<Peer>): void {
    this.#elsewhere.unheard(seed, this.#elsewhereOut(out))
  }

  /** A `joined` has to be known to be what its owner has signed. */
  heard(seed: Seed, announcement: Announcement<Peer>, out: RegistryOutput<Peer>): void {
    this.#elsewhere.heard(seed, announcement, this.#elsewhereOut(out))
    if (announcement.type === 'caught-up') this.#names.heard(seed)
    if (announcement.type === 'joined') this.#succeeded(announcement.record.id, out)
    // Another seed's word does not remove who is registered here, but it is reason enough to look.
    const speaksAgainst = announcement.type === 'removed' || announcement.type === 'suspected'
    if (speaksAgainst && this.#own.has(announcement.id)) out.suspect(announcement.id)
  }

  /** The newest record of a peer that is registered here. */
  registration(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#own.has(peer) ? this.find(peer) : undefined
  }

  /** The other seeds that stand for a peer. */
  elsewhere(peer: Peer): readonly Seed[] {
    return this.#elsewhere.sourcesOf(peer)
  }

  /** When a peer that is registered here last showed a sign of life. */
  heardAt(peer: Peer): Millis {
    return this.#own.get(peer)?.heardAt ?? Number.NEGATIVE_INFINITY
  }

  /** Those that a peer has named in its last renewal; nothing, if it is not registered here. */
  neighboursOf(peer: Peer): readonly Peer[] | undefined {
    return this.#own.get(peer)?.neighbours
  }

  /** Whether this is the record under which the peer is registered here. */
  isCurrent(record: PeerRecord<Peer>): boolean {
    return this.#own.get(record.id)?.record === record
  }

  /** What came of dialling the addresses of this record; followers hear of it, and so of the peer. */
  dialledBack(record: PeerRecord<Peer>, reach: Reach, out: RegistryOutput<Peer>): void {
    const registration = this.#own.get(record.id)
    if (registration?.record !== record || registration.reach === reach) return
    registration.reach = reach
    out.announce(joined(registration))
  }

  /** Whether this seed or another one has reached the peer at the addresses of this record. */
  isReachable(record: PeerRecord<Peer>): boolean {
    if (this.isCurrent(record) && this.#own.get(record.id)?.reach === 'reached') return true
    const elsewhere = this.#elsewhere.get(record.id)
    return elsewhere !== undefined && isSame(elsewhere, record) && this.#elsewhere.isReachable(record.id)
  }

  /** How many times as long as others the peer may take to refute a suspicion. */
  suspicionFactor(peer: Peer, now: Millis): number {
    return this.#flaps.suspicionFactor(peer, now)
  }

  /** The peer was seen alive: its lease begins anew. */
  confirm(peer: Peer, now: Millis): void {
    const registration = this.#own.get(peer)
    if (registration === undefined) return
    registration.heardAt = now
    registration.leaseUntil = now + this.#leaseMs
    this.#leases.start(peer, now)
  }

  /**
   * Ends the registration here. The peer stays in the list as long as another seed that is heard stands for it.
   * @param how `refusing`: nobody listens where it was, so it is dead for certain; `silent`: nobody hears it
   */
  remove(peer: Peer, how: 'left' | 'refusing' | 'silent', now: Millis, out: RegistryOutput<Peer>): void {
    const registration = this.#own.get(peer)
    if (registration === undefined) return
    const { record, leaseUntil } = registration
    const reason: RemovalReason = how === 'left' ? 'left' : 'dead'
    if (reason === 'dead') this.#flaps.died(peer, now)
    // If it is only we who do not hear it, it goes on relying on its name as long as that.
    if (how === 'silent') this.#names.hold(peer, record.name, leaseUntil, out)
    this.#end(record, reason, out)
    if (this.#elsewhere.get(peer) === undefined) this.#vanished(record, reason, out)
    else this.#elsewhere.contest(peer, reason, this.#elsewhereOut(out))
  }

  /** What ends with a registration, whoever else stands for the peer. */
  #end({ id, name }: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    // As long as its neighbours are known.
    out.announce({ type: 'removed', id, reason })
    this.#own.delete(id)
    out.discard('registered', id)
    this.#leases.stop(id)
    this.#introductions.offer(id, 0)
    this.#names.unclaim(name, id)
  }

  #elsewhereOut(out: RegistryOutput<Peer>): DirectoryOutput<Peer> {
    return {
      appeared: record => {
        if (!this.#own.has(record.id)) this.#introductions.add(record.id)
        this.#names.add(record.name, record.id)
      },
      vanished: (record, reason) => {
        if (this.#own.has(record.id)) this.#names.unclaim(record.name, record.id)
        else this.#vanished(record, reason, out)
      }
    }
  }

  #register(record: PeerRecord<Peer>, now: Millis, out: RegistryOutput<Peer>): RegistrationReply<Peer> {
    const before = this.find(record.id)
    if (this.#names.heldBy(record.id) !== record.name) return { type: 'refused', reason: 'not-registered' }
    if (before !== undefined && !isNewer(record, before) && !isSame(record, before)) {
      this.#names.release(record.id, out)
      return { type: 'refused', reason: 'stale' }
    }
    out.keep({ type: 'registered', record })
    if (before === undefined) this.#introductions.add(record.id)
    this.#enter(record, now)
    this.#names.release(record.id, out)
    if (before !== undefined) this.#names.unclaim(before.name, record.id)
    this.#introductions.offer(record.id, 0)
    this.#flaps.returned(record.id, now)
    out.registered(record)
    return this.#registered(record.id)
  }

  /** After a restart it has neither the links nor the offers of its life before. */
  #enter(record: PeerRecord<Peer>, now: Millis): void {
    const leaseUntil = now + this.#leaseMs
    this.#own.set(record.id, { record, reach: 'untried', neighbours: [], heardAt: now, leaseUntil })
    this.#leases.start(record.id, now)
  }

  /** A registration of a life that is over, or under a name that was given up, ends when its successor is registered elsewhere. */
  #succeeded(peer: Peer, out: RegistryOutput<Peer>): void {
    const own = this.#own.get(peer)?.record
    const later = this.#elsewhere.get(peer)
    if (own === undefined || later === undefined || !isNewer(later, own)) return
    if (later.epoch !== own.epoch || later.name !== own.name) this.#end(own, 'left', out)
  }

  #renew(peer: Peer, offer: number, neighbours: readonly Peer[], now: Millis): RegistrationReply<Peer> {
    const registration = this.#own.get(peer)
    if (registration === undefined) return { type: 'refused', reason: 'not-registered' }
    this.confirm(peer, now)
    registration.neighbours = neighbours
    this.#introductions.offer(peer, offer)
    return this.#registered(peer)
  }

  #registered(peer: Peer): RegistrationReply<Peer> {
    const own = this.#own.get(peer)
    const isOutOfReach = own?.reach === 'unreached' && !this.isReachable(own.record)
    const unreachable = isOutOfReach && ({ unreachable: true } as const)
    return { type: 'registered', leaseMs: this.#leaseMs, view: this.view(peer), ...unreachable }
  }

  /** In a large network each seed hears of enough peers at any time. A few lengths only, so that registrations can share them. */
  get #leaseMs(): Millis {
    const { leaseMs, leasePeers } = this.#settings
    return leaseMs * (1 + Math.max(0, Math.round(Math.log10(this.size / leasePeers))))
  }

  /** What it is told of its standing. */
  view(peer: Peer): View {
    return { peers: this.size, rank: this.#introductions.rank(peer) }
  }

  #candidates(asker: Peer, wanted: number, now: Millis): Candidates<Peer> {
    const neighbours = this.#own.get(asker)?.neighbours ?? []
    return this.#introductions.candidates(asker, neighbours, wanted, peer => {
      const record = this.find(peer)
      return record !== undefined && this.isReachable(record) && !this.#flaps.isDamped(peer, now) ? record : undefined
    })
  }

  /** Those that can be dialled: all, or this one. */
  #listed(only: Peer | undefined): PeerRecord<Peer>[] {
    const known = only === undefined ? this.records() : [this.find(only)].flatMap(record => record ?? [])
    return sample(this.#random, this.#dialable(known), listRecordsMax)
  }

  *#dialable(records: Iterable<PeerRecord<Peer>>): Iterable<PeerRecord<Peer>> {
    for (const record of records) if (this.isReachable(record)) yield record
  }

  /** Nobody stands for the peer any more. */
  #vanished(record: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#introductions.delete(record.id)
    this.#names.unclaim(record.name, record.id)
    out.removed(record, reason)
  }
}
