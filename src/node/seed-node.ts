import { createHash } from 'node:crypto'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { networkId } from '#protocols/network-id.ts'
import { isAuthenticNow } from '#protocols/record-signature.ts'
import { serveDeadReports } from '#protocols/dead-report/server.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { Audience } from '#src/core/audience.ts'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { DialBacks } from '#src/core/dial-backs.ts'
import { Liveness } from '#src/core/liveness.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { othersWanted } from '#src/core/memory.ts'
import { Rates } from '#src/core/rates.ts'
import { Registry } from '#src/core/registry.ts'
import { DeadlineError, ForgedMessageError } from '#protocols/streams/errors.ts'
import { asError } from '#protocols/streams/exchange.ts'
import * as settings from '#src/settings.ts'
import * as seedSettings from '#src/seed-settings.ts'
import { ipOnly, labelOf, originOf } from './addresses.ts'
import { Driver } from './driver.ts'
import { faultsOf } from './faults.ts'
import { Followers } from './followers.ts'
import { connectionTo, createHost } from './host.ts'
import { dialBack, pingPeer } from './pinger.ts'
import { RecordCheck } from './record-check.ts'
import { SeedContacts } from './seed-contacts.ts'
import type { PrivateKey } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest, View } from '#protocols/registration/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { DialBacksOutput } from '#src/core/dial-backs.ts'
import type { LivenessOutput } from '#src/core/liveness.ts'
import type { Kept } from '#src/core/memory.ts'
import type { Origin } from '#src/core/origins.ts'
import type { OnHappening } from './events.ts'
import type { Host, HostOptions } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
import type { SeedAddress, SeedContact } from './seed-contacts.ts'
import type { SeedMemory } from './seed-memory.ts'

export interface SeedNodeOptions {
  readonly key: PrivateKey
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** `HOST:PORT` by which the config files of its network name it; the first address that it listens on, if it is not given. */
  readonly label?: string | undefined
  /** The other seeds of its network; none, or `follow` names them later. */
  readonly others?: readonly SeedAddress[]
  /** Where the identities of other seeds are remembered that their addresses do not name. */
  readonly knownSeeds?: KnownSeeds | undefined
  readonly onHappening: OnHappening
  /** Without one it forgets everything when it ends. */
  readonly memory?: SeedMemory | undefined
  /** It has had a life of which it remembers nothing: it gives no name away before it has heard what others know. */
  readonly hasForgotten?: boolean
  /** Where the peers at an IP come from, as far as their number is limited; those in private networks come from nowhere in particular. */
  readonly originOf?: (address: string) => Origin | undefined
  /** Where libp2p counts what it does. */
  readonly metrics?: HostOptions['metrics']
}

/** A peer, or all those at an address, want more than a seed gives to one of them. */
class LimitError extends Error {
  override readonly name = 'LimitError'
}

/** What is told of a limit that has refused somebody. */
const limits: Partial<Record<string, string>> = {
  'full-address': `${seedSettings.registry.perAddressMax} peers of this address are registered, and no more are taken (perAddressMax)`,
  'full-subnet': `${seedSettings.registry.perSubnetMax} peers of this network are registered, and no more are taken (perSubnetMax)`,
  'full-rate': 'asks too often and is refused for a moment (requestsOfPeer, requestsOfAddress)'
}

/** What a seed knows of a peer. */
export interface CensusEntry {
  readonly record: PeerRecord
  readonly view: View
  /** Ids, by its last renewal; undefined if it is not registered here. */
  readonly neighbours: readonly string[] | undefined
  /** Labels of the other seeds that stand for it. */
  readonly elsewhere: readonly string[]
}

/** A seed: the registry and the judgement of dead reports, wired to the wire. */
export class SeedNode {
  /** Full multiaddrs, with /p2p. They stay when the seed stops: it may come back. */
  readonly addresses: readonly string[]
  /** `HOST:PORT`. */
  readonly label: string
  readonly #host: Host
  readonly #driver = new Driver()
  readonly #originOf: (address: string) => Origin | undefined
  readonly #registry: Registry<string, string>
  readonly #audience: Audience<string, string>
  readonly #deadReports: DeadReports<string, string>
  readonly #dialBacks: DialBacks<string, string>
  readonly #requestsOfPeer = new Rates<string>(seedSettings.requestsOfPeer)
  readonly #requestsOfAddress = new Rates<string>(seedSettings.requestsOfAddress)
  readonly #announcements: AnnouncementServer
  readonly #knownSeeds: KnownSeeds | undefined
  readonly #onHappening: OnHappening
  readonly #onFault: OnFault
  /**
   * The other seeds, watched as peers watch their neighbours. When a machine falls silent its connections stand for two minutes, and
   * its seed must not vouch for the dead for so long.
   */
  readonly #others = new Neighbours<string>()
  readonly #liveness = new Liveness(this.#others, settings.liveness)
  readonly #memory: SeedMemory | undefined
  readonly #hasForgotten: boolean
  /** Id of the network that it and the seeds that it follows make up. */
  #network: string
  #contacts: SeedContacts | undefined
  #followers: Followers | undefined

  static async start(options: SeedNodeOptions): Promise<SeedNode> {
    const onFault = faultsOf(options.onHappening)
    const host = await createHost({ ...options, connectionsMax: settings.host.seedConnectionsMax, onFault })
    const { others = [] } = options
    const seed = new SeedNode(host, options, others, onFault)
    await seed.#serve()
    if (others.length > 0) seed.follow(others)
    return seed
  }

  private constructor(host: Host, options: SeedNodeOptions, others: readonly SeedAddress[], onFault: OnFault) {
    this.addresses = host.getMultiaddrs().map(String)
    this.label = options.label ?? labelOf(this.addresses[0] ?? '')
    this.#network = this.#networkWith(others)
    this.#host = host
    this.#originOf = options.originOf ?? originOf
    const law = new DegreeLaw(settings.degreeLaw)
    this.#registry = new Registry(seedSettings.registry, rankOf, law, Math.random, this.#originOf)
    this.#audience = new Audience(this.#registry, seedSettings.audience, rankOf, Math.random)
    this.#deadReports = new DeadReports(this.#registry, seedSettings.deadReports)
    this.#dialBacks = new DialBacks(this.#registry, seedSettings.dialBacks)
    this.#knownSeeds = options.knownSeeds
    this.#memory = options.memory
    this.#hasForgotten = options.hasForgotten ?? false
    const now = performance.now()
    this.#registry.restore(ofNetwork(options.memory?.recall() ?? [], this.#network), now)
    // How many others there are is said later.
    if (this.#hasForgotten) this.#registry.awaitOthers(Number.POSITIVE_INFINITY, now)
    this.#onHappening = options.onHappening
    this.#onFault = onFault
    this.#announcements = new AnnouncementServer(
      () => this.#network,
      (follower, { part, digest }) => (part === true ? this.#audience.listFor(follower) : this.#audience.list(digest)),
      settings.host.seedConnectionsMax,
      onFault
    )
  }

  get id(): string {
    return this.#host.peerId.toString()
  }

  /** The peers that this seed knows. */
  get peers(): PeerRecord[] {
    return [...this.#registry.records()]
  }

  /** What is known of each of them, and of its links. */
  *census(): Iterable<CensusEntry> {
    for (const record of this.#registry.records()) {
      const { id } = record
      const registry = this.#registry
      yield {
        record,
        view: registry.view(id),
        neighbours: registry.neighboursOf(id),
        elsewhere: registry.elsewhere(id)
      }
    }
  }

  /** Peers that are registered with this seed itself. */
  get registrations(): number {
    return this.#registry.registrations
  }

  /** Whether it gives names away: not while it has lost its memory and has not heard from enough others. */
  get isReady(): boolean {
    return this.#registry.isReady(performance.now())
  }

  /** The other seeds of its network. */
  get others(): SeedContact[] {
    return this.#contacts?.all ?? []
  }

  /** Hears from now on what the other seeds announce, which are with this one the seeds of its network. Called once. */
  follow(others: readonly SeedAddress[]): void {
    if (this.#hasForgotten && this.#contacts === undefined)
      this.#driver.input(now => this.#registry.awaitOthers(othersWanted(others.length + 1), now))
    this.#network = this.#networkWith(others)
    const trust = { knownSeeds: this.#knownSeeds, onHappening: this.#onHappening }
    this.#contacts ??= new SeedContacts(this.#host, others, trust)
    const records = new RecordCheck(this.#network, peer => this.#registry.find(peer), this.#onFault)
    this.#followers ??= new Followers(this.#contacts, this.#network, records, {
      wanted: seed => {
        const digest = this.#driver.request(() => this.#registry.digest(seed))
        return digest === undefined ? {} : { digest }
      },
      onUnheard: seed => this.#driver.input(() => this.#registry.unheard(seed, this.#out)),
      onReturn: () => {},
      onAnnouncement: (seed, announcement) =>
        this.#driver.input(() => this.#registry.heard(seed, announcement, this.#out)),
      onFault: this.#onFault
    })
    for (const { label } of others) {
      this.#followers.follow(label)
      this.#watch(label)
    }
  }

  async stop(): Promise<void> {
    this.#followers?.stop()
    this.#announcements.stop()
    this.#driver.stop()
    await this.#host.stop()
    await this.#memory?.close()
    this.#onHappening({ event: 'stopped' })
  }

  readonly #out: DeadReportsOutput<string> & DialBacksOutput<string> = {
    announce: announcement => this.#announcements.announce(announcement, this.#audience.of(announcement)),
    registered: record => {
      this.#onHappening({ event: 'peer-joined', name: record.name, id: record.id })
      this.#driver.input(now => this.#dialBacks.registered(record, now, this.#out))
    },
    removed: ({ name, id }, reason) => this.#onHappening({ event: 'peer-removed', name, id, reason }),
    suspect: peer => this.#driver.input(now => void this.#deadReports.suspect(peer, now, this.#out)),
    probe: record => void this.#probe(record),
    dialBack: record => void this.#dialBack(record),
    keep: kept => this.#memory?.keep(kept),
    discard: (type, peer) => this.#memory?.discard(type, peer),
    recovered: () => this.#memory?.declareComplete()
  }

  readonly #pings: LivenessOutput<string> = {
    ping: seed => void this.#ping(seed),
    missed: () => {},
    recovered: () => {},
    dead: ({ peer: seed, missed }) => {
      const silence = new DeadlineError(`${missed.length} pings without an answer`)
      this.#onFault(`seed ${seed}`, 'ping', silence)
      this.#contacts?.cut(seed, silence)
      this.#watch(seed)
    }
  }

  #watch(seed: string): void {
    this.#driver.input(now => {
      this.#others.put(seed, seed, 'linked', 0)
      this.#liveness.watch(seed, now)
    })
  }

  async #ping(seed: string): Promise<void> {
    const { outcome } = (await this.#contacts?.ping(seed)) ?? { outcome: 'inconclusive' }
    this.#driver.input(() => this.#liveness.pinged(seed, outcome, this.#pings))
  }

  async #serve(): Promise<void> {
    this.#driver.drive(this.#registry, this.#out)
    this.#driver.drive(this.#deadReports, this.#out)
    this.#driver.drive(this.#dialBacks, this.#out)
    for (const record of this.peers) this.#driver.input(now => this.#dialBacks.registered(record, now, this.#out))
    this.#driver.drive(this.#liveness, this.#pings)
    await this.#announcements.start(this.#host)
    await serveDeadReports(
      this.#host,
      (reporter, report) => this.#driver.request(now => this.#deadReports.report(reporter, report, now, this.#out)),
      this.#onFault
    )
    await serveRegistration(
      this.#host,
      async (peer, request, address) => {
        const reply = this.#answer(peer, request, address)
        return (await this.#isRemembered()) ? reply : { type: 'refused', reason: 'not-ready' }
      },
      this.#onFault
    )
    this.#onHappening({ event: 'started', pid: process.pid, id: this.id, addresses: this.addresses })
  }

  /** What is answered must be on the disk first. If it cannot be written the peer goes to another seed. */
  async #isRemembered(): Promise<boolean> {
    try {
      await this.#memory?.committed()
      return true
    } catch (error) {
      this.#onFault(this.id, 'memory', asError(error))
      return false
    }
  }

  /** @throws {ForgedMessageError} for a record that the asker has not signed for this network */
  #answer(peer: string, request: RegistrationRequest, address: Multiaddr): RegistrationReply {
    const observed = ipOnly(address)
    const origin = this.#originOf(observed)
    const inTime = this.#driver.request(
      now =>
        this.#requestsOfPeer.take(peer, now) &&
        (origin === undefined || this.#requestsOfAddress.take(origin.address, now))
    )
    const reply = inTime ? this.#reply(peer, request, observed) : ({ type: 'refused', reason: 'full-rate' } as const)
    const limit = reply.type === 'refused' ? limits[reply.reason] : undefined
    if (limit !== undefined) this.#onFault(origin?.address ?? peer, registrationProtocol, new LimitError(limit))
    return reply
  }

  /** @throws {ForgedMessageError} for a record that the asker has not signed for this network */
  #reply(peer: string, request: RegistrationRequest, observedAddress: string): RegistrationReply {
    // A registration begins with a reservation, and what else needs a network needs a registration.
    if (request.type === 'reserve' && request.network !== this.#network) {
      return { type: 'refused', reason: 'other-network' }
    }
    if (request.type === 'register') {
      const { record } = request
      if (record.id !== peer || !isAuthenticNow(record, this.#network)) {
        throw new ForgedMessageError(`the record of ${record.name} is not what ${peer} has signed for this network`)
      }
    }
    const reply = this.#driver.request(now => this.#registry.answer(peer, request, observedAddress, now, this.#out))
    const joined = this.#registry.announcementOf(peer)
    const introduced = this.#audience.introduced(reply)
    if (joined !== undefined && introduced.length > 0) this.#announcements.tell(joined, introduced)
    return reply
  }

  #networkWith(others: readonly SeedAddress[]): string {
    return networkId([this.label, ...others.map(({ label }) => label)])
  }

  async #dialBack(record: PeerRecord): Promise<void> {
    const outcome = await dialBack(this.#host, record.id, record.addresses)
    this.#driver.input(now => this.#dialBacks.tried(record, outcome, now, this.#out))
  }

  async #probe(record: PeerRecord): Promise<void> {
    const { outcome } = await pingPeer(this.#host, record.id, record.addresses, settings.probeTimeoutMs)
    // Whom nobody can reach, and who does not come by itself, is nowhere.
    const isNowhere = record.addresses.length === 0 && connectionTo(this.#host, record.id) === undefined
    this.#driver.input(now => this.#deadReports.probed(record, isNowhere ? 'other' : outcome, now, this.#out))
  }
}

/** What a seed keeps is of one network, so one record shows whether it is this one: its config file may have changed since. */
function ofNetwork(kept: readonly Kept<string>[], network: string): readonly Kept<string>[] {
  const first = kept.find(each => each.type === 'registered')
  return first === undefined || isAuthenticNow(first.record, network) ? kept : []
}

/** A number in [0, 1) that is the same at every seed: the first 52 bits of a hash of the peer id. */
function rankOf(peer: string): number {
  const digest = createHash('sha256').update('hubcast/rank/1').update(peer).digest()
  return Number(digest.readBigUInt64BE() >> 12n) / 2 ** 52
}
