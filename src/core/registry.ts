import { isNewer, namePattern } from '#protocols/peer-record.ts'
import { candidatesMax, listRecordsMax } from '#protocols/registration/messages.ts'
import { Directory } from './directory.ts'
import { Holders } from './holders.ts'
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
import type { Random } from './random.ts'

export interface RegistrySettings {
  readonly leaseMs: Millis
  readonly reservationMs: Millis
  readonly entriesMax: number
}

export interface RegistryOutput<Peer> {
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
  /** By the last renewal: nobody is sent to those it is linked with. */
  neighbours: readonly Peer[]
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
  readonly #leases: Timeouts<Peer>
  /** Names that a peer holds without being registered under them yet. */
  readonly #reserved = new Map<Peer, string>()
  readonly #reservations: Timeouts<Peer>
  /** Of the names that are reserved or registered, here or elsewhere. */
  readonly #holders = new Holders<Peer>()
  readonly #elsewhere: Directory<Peer, Seed>
  readonly #ranking = new Ranking<Peer>()
  /** Links to spare, by the peers' last renewals. */
  readonly #offers = new Offers<Peer>()

  /** @param rankOf a number that is the same at every seed and that no peer can choose; the greatest is the biggest hub */
  constructor(settings: RegistrySettings, rankOf: (peer: Peer) => number, law: DegreeLaw, random: Random) {
    this.#settings = settings
    this.#rankOf = rankOf
    this.#law = law
    this.#random = random
    this.#leases = new Timeouts(settings.leaseMs)
    this.#reservations = new Timeouts(settings.reservationMs)
    this.#elsewhere = new Directory(settings.entriesMax)
  }

  /** Peers that this seed knows, wherever they are registered. */
  get size(): number {
    return this.#ranking.size
  }

  get wakeAt(): Millis {
    return Math.min(this.#leases.wakeAt, this.#reservations.wakeAt)
  }

  wake(now: Millis, out: RegistryOutput<Peer>): void {
    for (const peer of this.#reservations.takeDue(now)) this.#unreserve(peer)
    for (const peer of this.#leases.takeDue(now)) {
      // Silence is not death. The lease runs once more while the seed looks for itself.
      this.#leases.start(peer, now)
      out.suspect(peer)
    }
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
    switch (request.type) {
      case 'reserve':
        return this.#reserve(peer, request.name, observedAddress, now)
      case 'register':
        return this.#register(request.record, now, out)
      case 'renew':
        return this.#renew(peer, request, now)
      case 'candidates':
        if (!this.#own.has(peer)) return { type: 'refused', reason: 'not-registered' }
        return { type: 'candidates', view: this.#view(peer), ...this.#candidates(peer, request.wanted) }
      case 'list':
        return { type: 'list', records: sample(this.#random, this.records(), listRecordsMax), total: this.size }
      case 'leave':
        this.#unreserve(peer)
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
    if (announcement.type === 'joined') this.#succeeded(announcement.record.id, out)
    // Another seed's word does not remove who is registered here, but it is reason enough to look.
    if (announcement.type === 'removed' && this.#own.has(announcement.id)) out.suspect(announcement.id)
  }

  /** The newest record of a peer that is registered here. */
  registration(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#own.has(peer) ? this.find(peer) : undefined
  }

  /** The peer was seen alive: its lease begins anew. */
  confirm(peer: Peer, now: Millis): void {
    if (this.#own.has(peer)) this.#leases.start(peer, now)
  }

  /** Ends the registration here. The peer stays in the list as long as another seed that is heard stands for it. */
  remove(peer: Peer, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    const record = this.#own.get(peer)?.record
    if (record === undefined) return
    this.#end(record, reason, out)
    if (this.#elsewhere.get(peer) === undefined) this.#vanished(record, reason, out)
    else this.#elsewhere.contest(peer, reason, this.#elsewhereOut(out))
  }

  /** What ends with a registration, whoever else stands for the peer. */
  #end({ id, name }: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#own.delete(id)
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

  #reserve(peer: Peer, name: string, observedAddress: string, now: Millis): RegistrationReply<Peer> {
    if (!namePattern.test(name)) return { type: 'refused', reason: 'bad-name' }
    const others = this.#holders.of(name).filter(holder => holder !== peer)
    const registered = others.find(holder => this.find(holder)?.name === name)
    if (registered !== undefined) return { type: 'refused', reason: 'name-taken', holder: registered }
    const [rival] = others
    if (rival !== undefined) return { type: 'refused', reason: 'name-reserved', holder: rival }
    const known = this.#reserved.has(peer) || this.find(peer) !== undefined
    if (!known && this.#reserved.size + this.#own.size >= this.#settings.entriesMax) {
      return { type: 'refused', reason: 'full' }
    }
    if (this.#reserved.get(peer) !== name) this.#unreserve(peer)
    this.#holders.add(name, peer)
    this.#reserved.set(peer, name)
    this.#reservations.start(peer, now)
    return { type: 'reserved', observedAddress }
  }

  #register(record: PeerRecord<Peer>, now: Millis, out: RegistryOutput<Peer>): RegistrationReply<Peer> {
    const before = this.find(record.id)
    if (this.#reserved.get(record.id) !== record.name) return { type: 'refused', reason: 'not-registered' }
    if (before !== undefined && !isNewer(record, before) && !isSame(record, before)) {
      this.#unreserve(record.id)
      return { type: 'refused', reason: 'stale' }
    }
    this.#reserved.delete(record.id)
    this.#reservations.stop(record.id)
    if (before === undefined) this.#ranking.add(this.#rankOf(record.id), record.id)
    // After a restart it has neither the links nor the offers of its life before.
    this.#own.set(record.id, { record, neighbours: [] })
    if (before !== undefined) this.#unclaim(before.name, record.id)
    this.#offers.withdraw(record.id)
    this.#leases.start(record.id, now)
    out.announce({ type: 'joined', record })
    out.registered(record)
    return this.#registered(record.id)
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
    this.#leases.start(peer, now)
    registration.neighbours = neighbours
    this.#offers.offer(peer, offer)
    return this.#registered(peer)
  }

  #registered(peer: Peer): RegistrationReply<Peer> {
    return { type: 'registered', leaseMs: this.#settings.leaseMs, view: this.#view(peer) }
  }

  #view(peer: Peer): View {
    return { peers: this.size, rank: this.#ranking.rank(this.#rankOf(peer)) }
  }

  #candidates(asker: Peer, wanted: number): Candidates<Peer> {
    const count = Math.min(wanted, candidatesMax)
    // Whoever looks for links does not wait for others to come.
    this.#offers.withdraw(asker)
    const taken = new Set([asker, ...(this.#own.get(asker)?.neighbours ?? [])])
    const draw = (wanted: number, candidate: () => Peer | undefined): PeerRecord<Peer>[] => {
      const drawn: PeerRecord<Peer>[] = []
      // Where most are taken, as in a small network, some draws hit nobody new.
      for (let tries = 4 * wanted + taken.size; drawn.length < wanted && tries > 0; tries--) {
        const peer = candidate()
        const record = peer === undefined || taken.has(peer) ? undefined : this.find(peer)
        if (peer === undefined || record === undefined) continue
        taken.add(peer)
        drawn.push(record)
      }
      return drawn
    }
    const free = draw(count, () => this.#offers.draw(this.#random))
    for (const { id } of free) this.#offers.use(id)
    const body = draw(count, () => this.#ranking.at(this.#law.linkEnd(this.size, this.#random)))
    return { free, body }
  }

  #unreserve(peer: Peer): void {
    const name = this.#reserved.get(peer)
    if (name === undefined) return
    this.#reserved.delete(peer)
    this.#reservations.stop(peer)
    this.#unclaim(name, peer)
  }

  /** Takes the name from the peer unless it still has it by another right. */
  #unclaim(name: string, peer: Peer): void {
    if (this.#reserved.get(peer) !== name && this.find(peer)?.name !== name) this.#holders.delete(name, peer)
  }

  /** Nobody stands for the peer any more. */
  #vanished(record: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#ranking.delete(this.#rankOf(record.id), record.id)
    this.#unclaim(record.name, record.id)
    out.removed(record, reason)
  }
}

/** Whether two records of one life and number are one: a signature says the same of the same content only. */
function isSame<Peer>(a: PeerRecord<Peer>, b: PeerRecord<Peer>): boolean {
  return a.epoch === b.epoch && a.seq === b.seq && a.signature.every((byte, at) => byte === b.signature[at])
}
