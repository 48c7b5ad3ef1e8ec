import { addressesMax, isNewer } from '#protocols/peer-record.ts'
import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { UnexpectedMessageError } from '#protocols/streams/errors.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { logger } from '@libp2p/logger'
import { Directory } from '#src/core/directory.ts'
import { Enrolment } from '#src/core/enrolment.ts'
import { directoryEntriesMax, enrolment } from '#src/settings.ts'
import { loopbackLast, reachable } from './addresses.ts'
import { DeathReports } from './death-reports.ts'
import { Followers } from './followers.ts'
import { lookUpPeer } from './peer-lookup.ts'
import { RecordCheck } from './record-check.ts'
import { SeedContacts, SeedIdentityError } from './seed-contacts.ts'
import type { KeyObject } from 'node:crypto'
import type { Joined } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type {
  Candidates,
  RegistrationReply,
  RegistrationRequest,
  Renewal,
  View
} from '#protocols/registration/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { DirectoryOutput } from '#src/core/directory.ts'
import type { EnrolmentOutput, EnrolmentState } from '#src/core/enrolment.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Driver } from './driver.ts'
import type { OnHappening } from './events.ts'
import type { Host } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
import type { SeedAddress, SeedContact } from './seed-contacts.ts'

const debug = logger('hubcast:seed')

/** The peer whose membership it is. */
interface Self {
  readonly id: string
  readonly name: string
  /** For its records. */
  readonly key: KeyObject
  /** Start of this life, Unix time in ms. */
  readonly epoch: number
  /** Multiaddrs that it was told to listen on. */
  readonly listen: readonly string[]
  /** Where it remembers who the seeds are. */
  readonly knownSeeds: KnownSeeds | undefined
}

export interface MembershipEvents {
  /** What the next renewal tells this seed. */
  renewal(seed: string): Renewal
  /** A registrar says where this peer stands; without a view, the seed is no registrar any more. */
  onView(seed: string, view: View | undefined, now: Millis): void
  /** What a seed answered to `seek`; nothing, if it did not answer. */
  onCandidates(seed: string, candidates: Candidates | undefined, now: Millis): void
  /** A seed stands for this record, which its owner has signed. */
  onRecord(record: PeerRecord): void
  /** No seed has this peer registered, and none takes it. */
  onAdrift(now: Millis): void
  /** Somebody joined or left; `vanished` is the id of one that left. */
  onPeersChanged(vanished: string | undefined, now: Millis): void
  readonly onHappening: OnHappening
  readonly onFault: OnFault
}

/** A peer's dealings with the seeds: its registrations, what they announce, and what it asks and tells them. */
export class Membership {
  readonly #host: Host
  readonly #driver: Driver
  readonly #self: Self
  readonly #events: MembershipEvents
  readonly #contacts: SeedContacts
  /** Id of the network. */
  readonly network: string
  readonly deathReports: DeathReports
  readonly #records: RecordCheck
  readonly #followers: Followers
  readonly #enrolment: Enrolment<string, string>
  readonly #directory = new Directory<string, string>(directoryEntriesMax, { forgetsOldest: true })
  /** The IP under which a seed has seen this peer. */
  readonly #observedIps = new Map<string, string>()
  /** What this peer has said of itself last. */
  #record: PeerRecord | undefined
  /** Seeds that cannot connect to this peer. */
  readonly #outOfReach = new Set<string>()
  /** What was told of somebody else at a seed's address, at most one text a seed. */
  readonly #mistaken = new Map<string, string>()

  constructor(
    host: Host,
    driver: Driver,
    seeds: readonly SeedAddress[],
    self: Self,
    random: Random,
    events: MembershipEvents
  ) {
    this.#host = host
    this.#driver = driver
    this.#self = self
    this.#events = events
    this.#contacts = new SeedContacts(host, seeds, { knownSeeds: self.knownSeeds, onHappening: events.onHappening })
    this.#enrolment = new Enrolment(this.#contacts.labels, enrolment, random)
    this.network = networkId(this.#contacts.labels)
    this.#records = new RecordCheck(this.network, peer => this.#directory.get(peer), events.onFault)
    this.#followers = new Followers(this.#contacts, this.network, this.#records, {
      wanted: () => ({ part: true }),
      onUnheard: seed => driver.input(now => this.#directory.unheard(seed, this.#directoryOut(now))),
      // It may have restarted and forgotten us: the renewal finds out.
      onReturn: () => {
        void this.deathReports.retry()
        driver.input(now => this.#enrolment.seedReturned(now))
      },
      onAnnouncement: (seed, announcement) =>
        driver.input(now => {
          if (announcement.type === 'joined') this.#announced(announcement)
          this.#directory.heard(seed, announcement, this.#directoryOut(now))
          // A sign of life refutes it.
          if (announcement.type === 'suspected' && announcement.id === host.peerId.toString())
            this.#enrolment.renewWithin(0, now)
        }),
      onFault: events.onFault
    })
    const registrars = (): readonly string[] => this.registrars
    const { onHappening, onFault } = events
    this.deathReports = new DeathReports({ contacts: this.#contacts, registrars, onHappening, onFault })
    driver.drive(this.#enrolment, this.#out)
  }

  get state(): EnrolmentState {
    return this.#enrolment.state
  }

  /** Peers that the seeds have announced. */
  get peers(): number {
    return this.#directory.size
  }

  /** Labels of the seeds where the registration stands. */
  get registrars(): string[] {
    return this.#enrolment.registrars.toSorted()
  }

  /** All seeds of the network. */
  get seeds(): SeedContact[] {
    return this.#contacts.all
  }

  /** Starts to register. */
  enrol(): void {
    this.#driver.input(now => this.#enrolment.enrol(now, this.#out))
  }

  /** Renews at all registrars within this time. */
  renewWithin(within: Millis, now: Millis): void {
    this.#enrolment.renewWithin(within, now)
  }

  /** Asks a registrar for candidates. */
  seek(seed: string, wanted: number): void {
    const onFailure = (_reason: string, now: Millis): void => this.#events.onCandidates(seed, undefined, now)
    this.#request(
      seed,
      { type: 'candidates', wanted },
      (reply, now) => {
        if (reply.type !== 'candidates') return false
        this.#events.onView(seed, reply.view, now)
        this.#events.onCandidates(seed, reply, now)
        return true
      },
      onFailure
    )
  }

  /** The record of a peer, as the seeds announce it. */
  recordOf(peer: string): PeerRecord | undefined {
    return this.#directory.get(peer)
  }

  /** Whether seeds have announced the peer, and none has reached it where its record says: the addresses might be anybody's. */
  isUnproven(peer: string): boolean {
    return this.#directory.get(peer) !== undefined && !this.#directory.isReachable(peer)
  }

  /** The record of a peer that the seeds need not have announced, as those say where this one is registered. */
  async lookUp(peer: string): Promise<PeerRecord | undefined> {
    return lookUpPeer(peer, this.registrars, this.#contacts, this.#records)
  }

  /** The peer that has this name, as the seeds announce it. */
  find(name: string): PeerRecord | undefined {
    for (const record of this.#directory.records()) if (record.name === name) return record
    return undefined
  }

  /** Says good-bye to the registrars; resolves when they have heard it or cannot be reached. */
  async leave(): Promise<void> {
    this.#followers.stop()
    const leaving: Promise<void>[] = []
    this.#driver.input(() =>
      this.#enrolment.leave({ ...this.#out, leave: seed => void leaving.push(this.#leave(seed)) })
    )
    await Promise.all(leaving)
  }

  /** Stops without a word. */
  stop(): void {
    this.#followers.stop()
  }

  get #out(): EnrolmentOutput<string, string> {
    return {
      reserve: seed => this.#reserve(seed),
      register: seed => this.#register(seed),
      renew: seed => this.#renew(seed),
      leave: seed => void this.#leave(seed),
      held: seed => {
        this.#followers.follow(seed)
        void this.deathReports.retry()
      },
      lost: seed => {
        this.#observedIps.delete(seed)
        this.#outOfReach.delete(seed)
        this.#followers.unfollow(seed)
        // Its old word must not outweigh what the registrars say from now on.
        this.#driver.input(now => {
          this.#directory.unheard(seed, this.#directoryOut(now))
          this.#events.onView(seed, undefined, now)
        })
      },
      registered: () => {
        const of = this.#contacts.labels.length
        this.#events.onHappening({ event: 'registered', seeds: this.registrars, of })
      },
      degraded: (count, reasons) => {
        const { quorum } = this.#enrolment
        const of = this.#contacts.labels.length
        const why = Object.fromEntries(reasons)
        this.#events.onHappening({ event: 'degraded', seeds: this.registrars, of, quorum, reasons: why })
        if (count === 0) this.#driver.input(now => this.#events.onAdrift(now))
      },
      nameTaken: holder => {
        this.#events.onHappening({ event: 'name-taken', name: this.#self.name, holder })
      }
    }
  }

  /** A peer that has started anew lives, whatever was known of it. */
  #announced({ record, unreachable }: Joined): void {
    const known = this.#directory.get(record.id)
    if (known === undefined || isNewer(record, known)) this.deathReports.seenAlive(record.id)
    // Its addresses might be anybody's: it is not to be turned to when no seed is there to say otherwise.
    if (unreachable !== true) this.#events.onRecord(record)
  }

  #directoryOut(now: Millis): DirectoryOutput<string> {
    const changed = (vanished: string | undefined): void => this.#events.onPeersChanged(vanished, now)
    return {
      appeared: ({ id, name }) => {
        if (id === this.#host.peerId.toString()) return
        this.#events.onHappening({ event: 'peer-joined', name, id })
        this.#driver.input(() => changed(undefined))
      },
      vanished: ({ id, name }, reason) => {
        if (id === this.#host.peerId.toString()) return
        this.#events.onHappening({ event: 'peer-removed', name, id, reason })
        this.#driver.input(() => changed(id))
      }
    }
  }

  #reserve(seed: string): void {
    this.#attempt(seed, { type: 'reserve', name: this.#self.name, network: this.network }, (reply, now) => {
      if (reply.type !== 'reserved') return false
      this.#observedIps.set(seed, reply.observedAddress)
      this.#enrolment.reserved(seed, now, this.#out)
      return true
    })
  }

  #register(seed: string): void {
    this.#attempt(seed, { type: 'register', record: this.#ownRecord() }, (reply, now) => {
      if (reply.type !== 'registered') return false
      this.#enrolment.registered(seed, reply.leaseMs, now, this.#out)
      // Otherwise it has not been tried yet.
      if (reply.unreachable === true) this.#tellReach(seed, false)
      this.#events.onView(seed, reply.view, now)
      return true
    })
  }

  /**
   * The same for all seeds: when it is asked for, all of them have said under which IP they see this peer. A seed that comes in later and
   * sees another one makes a new record necessary; the others hear of that one from it.
   */
  #ownRecord(): PeerRecord {
    const { id, name, key, epoch, listen } = this.#self
    const observed = [...this.#observedIps].toSorted(([a], [b]) => (a < b ? -1 : 1))
    const seen = observed.flatMap(([, ip]) => reachable(listen, this.#host.getMultiaddrs(), ip))
    const addresses = loopbackLast([...new Set(seen)]).slice(0, addressesMax)
    if (this.#record?.addresses.join() !== addresses.join()) {
      const seq = (this.#record?.seq ?? 0) + 1
      this.#record = signRecord({ id, name, addresses, epoch, seq }, this.network, key)
    }
    return this.#record
  }

  #renew(seed: string): void {
    this.#attempt(seed, { type: 'renew', ...this.#events.renewal(seed) }, (reply, now) => {
      if (reply.type !== 'registered') return false
      this.#enrolment.renewed(seed, reply.leaseMs, now)
      this.#tellReach(seed, reply.unreachable !== true)
      this.#events.onView(seed, reply.view, now)
      return true
    })
  }

  async #leave(seed: string): Promise<void> {
    try {
      await requestRegistration(this.#contacts.open(seed), { type: 'leave' })
    } catch (error) {
      this.#events.onFault(`seed ${seed}`, registrationProtocol, asError(error))
    }
  }

  /** A request of the enrolment: refusals and failures go back to it. */
  #attempt(
    seed: string,
    request: RegistrationRequest,
    onReply: (reply: RegistrationReply, now: Millis) => boolean
  ): void {
    this.#request(seed, request, onReply, (reason, now) => this.#enrolment.failed(seed, reason, now, this.#out))
  }

  /** @param onReply returns whether it could use the reply */
  #request(
    seed: string,
    request: RegistrationRequest,
    onReply: (reply: RegistrationReply, now: Millis) => boolean,
    onFailure: (reason: string, now: Millis) => void
  ): void {
    const failed = (error: unknown): void => {
      const { name, message } = asError(error)
      debug('%s at %s: %s', request.type, seed, name)
      if (error instanceof SeedIdentityError) this.#tellOnce(seed, error)
      this.#driver.input(now => onFailure(`${name}: ${message}`, now))
    }
    this.#ask(seed, request).then(
      reply =>
        this.#driver.input(now => {
          debug('%s at %s: %s', request.type, seed, reply.type)
          if (reply.type === 'refused') {
            this.#enrolment.refused(seed, reply.reason, reply.holder, now, this.#out)
            if (request.type === 'candidates') onFailure(reply.reason, now)
          } else if (!onReply(reply, now))
            failed(new UnexpectedMessageError(`${reply.type} in answer to ${request.type}`))
        }),
      failed
    )
  }

  /** What the seed replies, without records that their owners have not signed. */
  async #ask(seed: string, request: RegistrationRequest): Promise<RegistrationReply> {
    const reply = await requestRegistration(this.#contacts.open(seed), request)
    if (reply.type !== 'candidates') return reply
    const { free, body } = reply
    const check = async (records: readonly PeerRecord[]): Promise<PeerRecord[]> =>
      this.#records.authentic(`seed ${seed}`, registrationProtocol, records)
    const candidates = { free: await check(free), body: await check(body) }
    for (const record of [...candidates.free, ...candidates.body]) this.#events.onRecord(record)
    return { ...reply, ...candidates }
  }

  /** When it changes. */
  #tellReach(seed: string, isReachable: boolean): void {
    if (isReachable !== this.#outOfReach.has(seed)) return
    if (isReachable) {
      this.#outOfReach.delete(seed)
      this.#events.onHappening({ event: 'reachable', seed })
    } else {
      this.#outOfReach.add(seed)
      this.#events.onHappening({ event: 'unreachable', seed, addresses: this.#record?.addresses ?? [] })
    }
  }

  /** Also when other seeds make the quorum: nobody else would hear of it then. */
  #tellOnce(seed: string, error: SeedIdentityError): void {
    if (this.#mistaken.get(seed) === error.message) return
    this.#mistaken.set(seed, error.message)
    this.#events.onFault(`seed ${seed}`, 'its identity', error)
  }
}
