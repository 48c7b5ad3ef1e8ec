import { isNewer, isSame, namePattern } from '#protocols/peer-record.ts'
import { candidatesMax, listRecordsMax } from '#protocols/registration/messages.ts'
import { drawNew } from './candidates.ts'
import { Directory } from './directory.ts'
import { HeldNames } from './held-names.ts'
import { Holders } from './holders.ts'
import { Amnesia } from './memory.ts'
import { Offers } from './offers.ts'
import { sample } from './random.ts'
import { Ranking } from './ranking.ts'
import { Timeouts } from './timeouts.ts'
import type { Announcement, RemovalReason } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type {
  Candidates,
  RegistrationReply,
  RegistrationRequest,
  Renewal,
  View
} from '#protocols/registration/messages.ts'
import type { DegreeLaw } from './degree-law.ts'
import type { DirectoryOutput } from './directory.ts'
import type { Machine, Millis } from './machine.ts'
import type { Kept } from './memory.ts'
import type { Random } from './random.ts'

export interface RegistrySettings {
  /** Up to `leasePeers` peers; beyond that, so much longer for each tenfold. */
  readonly leaseMs: Millis
  readonly leasePeers: number
  readonly reservationMs: Millis
  readonly entriesMax: number
}

export interface RegistryOutput<Peer> {
  /** Keep this on the disk, in place of one of its type that is kept of the peer, before the answer leaves. */
  keep(kept: Kept<Peer>): void
  /** It need not be kept any more. */
  discard(type: Kept<Peer>['type'], peer: Peer): void
  /** What is kept is enough again to give names away: see `awaitOthers`. */
  recovered(): void
  /** Tell all followers. */
  announce(announcement: Announcement<Peer>): void
  /** Registered here, at this seed. */
  registered(record: PeerRecord<Peer>): void
  /** No longer in this seed's list. */
  removed(record: PeerRecord<Peer>, reason: RemovalReason): void
  /** Something speaks against this peer: examine it. */
  suspect(peer: Peer): void
}

interface Registration<Peer> {
  readonly record: PeerRecord<Peer>
  /** By the last renewal: nobody is sent to those it is linked with, and they may report it. */
  neighbours: readonly Peer[]
  /** When it last showed a sign of life. */
  heardAt: Millis
  /** When its lease ends. */
  leaseUntil: Millis
}

/**
 * A seed's list of peers: those that are registered here, and those that other seeds announce. Names are unique among all of
 * them; the order by rank key says who is a hub.
 */
export class Registry<Peer, Seed> implements Machine<RegistryOutput<Peer>> {
  readonly #settings: RegistrySettings
  readonly #rankOf: (peer: Peer) => number
  readonly #law: DegreeLaw
  readonly #random: Random
  readonly #own = new Map<Peer, Registration<Peer>>()
  /** When to look whether a lease has ended. */
  readonly #leases: Timeouts<Peer>
  readonly #held = new HeldNames<Peer>()
  /** Of the names that are held or registered, here or elsewhere. */
  readonly #holders = new Holders<Peer>()
  readonly #elsewhere: Directory<Peer, Seed>
  readonly #ranking = new Ranking<Peer>()
  readonly #offers = new Offers<Peer>()
  /** While no names are given away. */
  #amnesia: Amnesia<Seed> | undefined

  /** @param rankOf a number that is the same at every seed and that no peer can choose; the greatest is the biggest hub */
  constructor(settings: RegistrySettings, rankOf: (peer: Peer) => number, law: DegreeLaw, random: Random) {
    this.#settings = settings
    this.#rankOf = rankOf
    this.#law = law
    this.#random = random
    this.#leases = new Timeouts(settings.leaseMs)
    this.#elsewhere = new Directory(settings.entriesMax)
  }

  /** Peers that this seed knows, wherever they are registered. */
  get size(): number {
    return this.#ranking.size
  }

  /** Peers that are registered here. */
  get registrations(): number {
    return this.#own.size
  }

  get wakeAt(): Millis {
    return Math.min(this.#leases.wakeAt, this.#held.wakeAt)
  }

  wake(now: Millis, out: RegistryOutput<Peer>): void {
    for (const { peer, name } of this.#held.takeDue(now)) {
      this.#unclaim(name, peer)
      out.discard('held', peer)
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
      const { id, name } = each.type === 'held' ? each : each.record
      this.#holders.add(name, id)
      if (each.type === 'held') this.#held.hold(id, name, now + this.#leaseMs)
      else {
        this.#ranking.add(this.#rankOf(id), id)
        this.#enter(each.record, now)
      }
    }
  }

  /** This seed has started without memory: it gives no name away until it has heard so many others, or for a lease. */
  awaitOthers(count: number, now: Millis): void {
    this.#amnesia = new Amnesia(count, now)
  }

  /** Whether it gives names away. */
  isReady(now: Millis): boolean {
    return this.#amnesia?.isOver(this.#leaseMs, now) !== false
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

  /** One `joined` for each peer that is registered here. */
  *announcements(): Iterable<Announcement<Peer>> {
    for (const { record } of this.#own.values()) yield { type: 'joined', record }
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
    switch (request.type) {
      case 'reserve':
        return this.#reserve(peer, request.name, observedAddress, now, out)
      case 'register':
        return this.#register(request.record, now, out)
      case 'renew':
        return this.#renew(peer, request, now)
      case 'candidates':
        if (!this.#own.has(peer)) return { type: 'refused', reason: 'not-registered' }
        return { type: 'candidates', view: this.view(peer), ...this.#candidates(peer, request.wanted) }
      case 'list':
        return { type: 'list', records: sample(this.#random, this.records(), listRecordsMax), total: this.size }
      case 'leave':
        this.#release(peer, out)
        if (this.#own.has(peer)) this.remove(peer, 'left', out)
        return { type: 'left' }
    }
  }

  /** No stream of another seed's announcements is open. */
  unheard(seed: Seed, out: RegistryOutput<Peer>): void {
    this.#elsewhere.unheard(seed, this.#elsewhereOut(out))
  }

  /** A `joined` has to be known to be what its owner has signed. */
  heard(seed: Seed, announcement: Announcement<Peer>, out: RegistryOutput<Peer>): void {
    this.#elsewhere.heard(seed, announcement, this.#elsewhereOut(out))
    if (announcement.type === 'caught-up') this.#amnesia?.heard(seed)
    if (announcement.type === 'joined') this.#succeeded(announcement.record.id, out)
    // Another seed's word does not remove who is registered here, but it is reason enough to look.
    const speaksAgainst = announcement.type === 'removed' || announcement.type === 'suspected'
    if (speaksAgainst && this.#own.has(announcement.id)) out.suspect(announcement.id)
  }

  /** The newest record of a peer that is registered here. */
  registration(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#own.has(peer) ? this.find(peer) : undefined
  }

  /** A peer's neighbours by its last renewal, none if it is not registered here, and the other seeds that stand for it. */
  standing(peer: Peer): { readonly neighbours: readonly Peer[] | undefined; readonly elsewhere: readonly Seed[] } {
    return { neighbours: this.#own.get(peer)?.neighbours, elsewhere: this.#elsewhere.sourcesOf(peer) }
  }

  /** When a peer that is registered here last showed a sign of life. */
  heardAt(peer: Peer): Millis {
    return this.#own.get(peer)?.heardAt ?? Number.NEGATIVE_INFINITY
  }

  /** Whether each names the other as a neighbour. Of a peer that is registered elsewhere only, the other's word is all there is. */
  areNeighbours(peer: Peer, registered: Peer): boolean {
    const isNamed = (by: Peer, named: Peer): boolean | undefined => this.#own.get(by)?.neighbours.includes(named)
    return isNamed(registered, peer) === true && isNamed(peer, registered) !== false
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
  remove(peer: Peer, how: 'left' | 'refusing' | 'silent', out: RegistryOutput<Peer>): void {
    const registration = this.#own.get(peer)
    if (registration === undefined) return
    const { record, leaseUntil } = registration
    const reason: RemovalReason = how === 'left' ? 'left' : 'dead'
    // If it is only we who do not hear it, it goes on relying on its name as long as that.
    if (how === 'silent') this.#hold(peer, record.name, leaseUntil, out)
    this.#end(record, reason, out)
    if (this.#elsewhere.get(peer) === undefined) this.#vanished(record, reason, out)
    else this.#elsewhere.contest(peer, reason, this.#elsewhereOut(out))
  }

  /** What ends with a registration, whoever else stands for the peer. */
  #end({ id, name }: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#own.delete(id)
    out.discard('registered', id)
    this.#leases.stop(id)
    this.#offers.withdraw(id)
    this.#unclaim(name, id)
    out.announce({ type: 'removed', id, reason })
  }

  #elsewhereOut(out: RegistryOutput<Peer>): DirectoryOutput<Peer> {
    return {
      appeared: record => {
        if (!this.#own.has(record.id)) this.#ranking.add(this.#rankOf(record.id), record.id)
        this.#holders.add(record.name, record.id)
      },
      vanished: (record, reason) => {
        if (this.#own.has(record.id)) this.#unclaim(record.name, record.id)
        else this.#vanished(record, reason, out)
      }
    }
  }

  #reserve(
    peer: Peer,
    name: string,
    observedAddress: string,
    now: Millis,
    out: RegistryOutput<Peer>
  ): RegistrationReply<Peer> {
    if (!namePattern.test(name)) return { type: 'refused', reason: 'bad-name' }
    if (!this.isReady(now)) return { type: 'refused', reason: 'not-ready' }
    if (this.#amnesia !== undefined) out.recovered()
    this.#amnesia = undefined
    const others = this.#holders.of(name).filter(holder => holder !== peer)
    const registered = others.find(holder => this.find(holder)?.name === name)
    if (registered !== undefined) return { type: 'refused', reason: 'name-taken', holder: registered }
    const [rival] = others
    if (rival !== undefined) return { type: 'refused', reason: 'name-reserved', holder: rival }
    const known = this.#held.of(peer) !== undefined || this.find(peer) !== undefined
    if (!known && this.#held.size + this.#own.size >= this.#settings.entriesMax) {
      return { type: 'refused', reason: 'full' }
    }
    this.#hold(peer, name, now + this.#settings.reservationMs, out)
    return { type: 'reserved', observedAddress }
  }

  #register(record: PeerRecord<Peer>, now: Millis, out: RegistryOutput<Peer>): RegistrationReply<Peer> {
    const before = this.find(record.id)
    if (this.#held.of(record.id) !== record.name) return { type: 'refused', reason: 'not-registered' }
    if (before !== undefined && !isNewer(record, before) && !isSame(record, before)) {
      this.#release(record.id, out)
      return { type: 'refused', reason: 'stale' }
    }
    this.#held.release(record.id)
    out.discard('held', record.id)
    out.keep({ type: 'registered', record })
    if (before === undefined) this.#ranking.add(this.#rankOf(record.id), record.id)
    this.#enter(record, now)
    if (before !== undefined) this.#unclaim(before.name, record.id)
    this.#offers.withdraw(record.id)
    out.announce({ type: 'joined', record })
    out.registered(record)
    return this.#registered(record.id)
  }

  /** After a restart it has neither the links nor the offers of its life before. */
  #enter(record: PeerRecord<Peer>, now: Millis): void {
    this.#own.set(record.id, { record, neighbours: [], heardAt: now, leaseUntil: now + this.#leaseMs })
    this.#leases.start(record.id, now)
  }

  /** A registration of a life that is over, or under a name that was given up, ends when its successor is registered elsewhere. */
  #succeeded(peer: Peer, out: RegistryOutput<Peer>): void {
    const own = this.#own.get(peer)?.record
    const later = this.#elsewhere.get(peer)
    if (own === undefined || later === undefined || !isNewer(later, own)) return
    if (later.epoch !== own.epoch || later.name !== own.name) this.#end(own, 'left', out)
  }

  #renew(peer: Peer, { offer, neighbours }: Renewal<Peer>, now: Millis): RegistrationReply<Peer> {
    const registration = this.#own.get(peer)
    if (registration === undefined) return { type: 'refused', reason: 'not-registered' }
    this.confirm(peer, now)
    registration.neighbours = neighbours
    this.#offers.offer(peer, offer)
    return this.#registered(peer)
  }

  #registered(peer: Peer): RegistrationReply<Peer> {
    return { type: 'registered', leaseMs: this.#leaseMs, view: this.view(peer) }
  }

  /** In a large network each seed hears of enough peers at any time. A few lengths only, so that registrations can share them. */
  get #leaseMs(): Millis {
    const { leaseMs, leasePeers } = this.#settings
    return leaseMs * (1 + Math.max(0, Math.round(Math.log10(this.size / leasePeers))))
  }

  /** What it is told of its standing. */
  view(peer: Peer): View {
    return { peers: this.size, rank: this.#ranking.rank(this.#rankOf(peer)) }
  }

  #candidates(asker: Peer, wanted: number): Candidates<Peer> {
    const count = Math.min(wanted, candidatesMax)
    // Whoever looks for links does not wait for others to come.
    this.#offers.withdraw(asker)
    const taken = new Set([asker, ...(this.#own.get(asker)?.neighbours ?? [])])
    const found = (peer: Peer | undefined): PeerRecord<Peer> | undefined =>
      peer === undefined ? undefined : this.find(peer)
    const free = drawNew(count, taken, () => found(this.#offers.draw(this.#random)))
    for (const { id } of free) this.#offers.use(id)
    const body = drawNew(count, taken, () => found(this.#ranking.at(this.#law.linkEnd(this.size, this.#random))))
    return { free, body }
  }

  #hold(peer: Peer, name: string, until: Millis, out: RegistryOutput<Peer>): void {
    if (this.#held.of(peer) !== name) this.#release(peer, out)
    this.#holders.add(name, peer)
    this.#held.hold(peer, name, until)
    out.keep({ type: 'held', id: peer, name })
  }

  #release(peer: Peer, out: RegistryOutput<Peer>): void {
    const name = this.#held.of(peer)
    if (name === undefined) return
    this.#held.release(peer)
    this.#unclaim(name, peer)
    out.discard('held', peer)
  }

  /** Takes the name from the peer unless it still has it by another right. */
  #unclaim(name: string, peer: Peer): void {
    if (this.#held.of(peer) !== name && this.find(peer)?.name !== name) this.#holders.delete(name, peer)
  }

  /** Nobody stands for the peer any more. */
  #vanished(record: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#ranking.delete(this.#rankOf(record.id), record.id)
    this.#unclaim(record.name, record.id)
    out.removed(record, reason)
  }
}
