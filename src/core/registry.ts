import { namePattern } from '#protocols/peer-record.ts'
import { candidatesMax, listRecordsMax } from '#protocols/registration/messages.ts'
import { Deadlines } from './deadlines.ts'
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
  /** Up to `leasePeers` peers; beyond that, so much longer for each tenfold. */
  readonly leaseMs: Millis
  readonly leasePeers: number
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
  /** Names that a peer holds without being registered under them yet. */
  readonly #reserved = new Map<Peer, string>()
  readonly #reservations: Timeouts<Peer>
  /**
   * Names of peers that were removed for their silence, until their leases end: if it is only we who do not hear them, they go on relying on
   * their names as long as that.
   */
  readonly #lingering = new Map<Peer, string>()
  readonly #lingerings = new Deadlines<Peer>()
  /** Of the names that are reserved, registered or lingering, here or elsewhere. */
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

  /** Peers that are registered here. */
  get registrations(): number {
    return this.#own.size
  }

  get wakeAt(): Millis {
    return Math.min(this.#leases.wakeAt, this.#reservations.wakeAt, this.#lingerings.wakeAt)
  }

  wake(now: Millis, out: RegistryOutput<Peer>): void {
    for (const peer of this.#reservations.takeDue(now)) this.#unreserve(peer)
    for (let gone = this.#lingerings.takeDue(now); gone !== undefined; gone = this.#lingerings.takeDue(now)) {
      const name = this.#lingering.get(gone)
      this.#lingering.delete(gone)
      if (name !== undefined) this.#unclaim(name, gone)
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

  find(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#own.get(peer)?.record ?? this.#elsewhere.get(peer)
  }

  /** All peers that this seed knows, those registered here first. */
  *records(): Iterable<PeerRecord<Peer>> {
    for (const { record } of this.#own.values()) yield record
    for (const record of this.#elsewhere.records()) if (!this.#own.has(record.id)) yield record
  }

  /** One `joined` for each peer that is registered here. */
  *announcements(): Iterable<Announcement<Peer>> {
    for (const { record } of this.#own.values()) yield { type: 'joined', record }
  }

  /** @param observedAddress IP part of the asker's address, as a multiaddr */
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
        return this.#reserve(peer, request.name, observedAddress, now)
      case 'register':
        return this.#register({ id: peer, name: request.name, addresses: request.addresses }, now, out)
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

  heard(seed: Seed, announcement: Announcement<Peer>, out: RegistryOutput<Peer>): void {
    this.#elsewhere.heard(seed, announcement, this.#elsewhereOut(out))
    // Another seed's word does not remove who is registered here, but it is reason enough to look.
    const speaksAgainst = announcement.type === 'removed' || announcement.type === 'suspected'
    if (speaksAgainst && this.#own.has(announcement.id)) out.suspect(announcement.id)
  }

  /** The record of a peer that is registered here. */
  registration(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#own.get(peer)?.record
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
    this.#own.delete(peer)
    if (how === 'silent') {
      this.#lingering.set(peer, record.name)
      this.#lingerings.set(leaseUntil, peer)
    }
    this.#leases.stop(peer)
    this.#offers.withdraw(peer)
    out.announce({ type: 'removed', id: peer, reason })
    if (this.#elsewhere.get(peer) === undefined) this.#vanished(record, reason, out)
    else {
      this.#unclaim(record.name, peer)
      this.#elsewhere.contest(peer, reason, this.#elsewhereOut(out))
    }
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
    this.#reserved.delete(record.id)
    this.#reservations.stop(record.id)
    this.#lingering.delete(record.id)
    if (before === undefined) this.#ranking.add(this.#rankOf(record.id), record.id)
    // After a restart it has neither the links nor the offers of its life before.
    this.#own.set(record.id, { record, neighbours: [], heardAt: now, leaseUntil: now + this.#leaseMs })
    if (before !== undefined) this.#unclaim(before.name, record.id)
    this.#offers.withdraw(record.id)
    this.#leases.start(record.id, now)
    out.announce({ type: 'joined', record })
    out.registered(record)
    return this.#registered(record.id)
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
    return { type: 'registered', leaseMs: this.#leaseMs, view: this.#view(peer) }
  }

  /** In a large network each seed hears of enough peers at any time. A few lengths only, so that registrations can share them. */
  get #leaseMs(): Millis {
    const { leaseMs, leasePeers } = this.#settings
    return leaseMs * (1 + Math.max(0, Math.round(Math.log10(this.size / leasePeers))))
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
    const isHeld = this.#reserved.get(peer) === name || this.#lingering.get(peer) === name
    if (!isHeld && this.find(peer)?.name !== name) this.#holders.delete(name, peer)
  }

  /** Nobody stands for the peer any more. */
  #vanished(record: PeerRecord<Peer>, reason: RemovalReason, out: RegistryOutput<Peer>): void {
    this.#ranking.delete(this.#rankOf(record.id), record.id)
    this.#unclaim(record.name, record.id)
    out.removed(record, reason)
  }
}
