import { createHash } from 'node:crypto'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { serveDeadReports } from '#protocols/dead-report/server.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { Liveness } from '#src/core/liveness.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { Registry } from '#src/core/registry.ts'
import { DeadlineError } from '#protocols/streams/errors.ts'
import { deadReports, degreeLaw, host as hostLimits, liveness, registry } from '#src/settings.ts'
import { ipOnly } from './addresses.ts'
import { Driver } from './driver.ts'
import { faultsOf } from './faults.ts'
import { Followers } from './followers.ts'
import { createHost } from './host.ts'
import { pingPeer } from './pinger.ts'
import { SeedContacts } from './seed-contacts.ts'
import type { PrivateKey } from '@libp2p/interface'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { LivenessOutput } from '#src/core/liveness.ts'
import type { OnHappening } from './events.ts'
import type { Host } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
import type { SeedAddress } from './seed-contacts.ts'

export interface SeedNodeOptions {
  readonly key: PrivateKey
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Where the identities of other seeds are remembered that their addresses do not name. */
  readonly knownSeeds?: KnownSeeds | undefined
  readonly onHappening: OnHappening
}

/** A seed: the registry and the judgement of dead reports, wired to the wire. */
export class SeedNode {
  /** Full multiaddrs, with /p2p. They stay when the seed stops: it may come back. */
  readonly addresses: readonly string[]
  readonly #host: Host
  readonly #driver = new Driver()
  readonly #registry = new Registry<string, string>(registry, rankOf, new DegreeLaw(degreeLaw), Math.random)
  readonly #deadReports = new DeadReports(this.#registry, deadReports)
  readonly #announcements: AnnouncementServer
  readonly #knownSeeds: KnownSeeds | undefined
  readonly #onHappening: OnHappening
  readonly #onFault: OnFault
  /**
   * The other seeds, watched as peers watch their neighbours. When a machine falls silent its connections stand for two minutes, and
   * its seed must not vouch for the dead for so long.
   */
  readonly #others = new Neighbours<string>()
  readonly #liveness = new Liveness(this.#others, liveness)
  #contacts: SeedContacts | undefined
  #followers: Followers | undefined

  static async start(options: SeedNodeOptions): Promise<SeedNode> {
    const onFault = faultsOf(options.onHappening)
    const host = await createHost({ ...options, connectionsMax: hostLimits.seedConnectionsMax, onFault })
    const seed = new SeedNode(host, options, onFault)
    await seed.#serve()
    return seed
  }

  private constructor(host: Host, { knownSeeds, onHappening }: SeedNodeOptions, onFault: OnFault) {
    this.addresses = host.getMultiaddrs().map(String)
    this.#host = host
    this.#knownSeeds = knownSeeds
    this.#onHappening = onHappening
    this.#onFault = onFault
    this.#announcements = new AnnouncementServer(
      () => this.#registry.announcements(),
      hostLimits.seedConnectionsMax,
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

  /** Hears from now on what the other seeds announce. */
  follow(others: readonly SeedAddress[]): void {
    const trust = { knownSeeds: this.#knownSeeds, onHappening: this.#onHappening }
    this.#contacts ??= new SeedContacts(this.#host, others, trust)
    this.#followers ??= new Followers(this.#contacts, {
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
    this.#onHappening({ event: 'stopped' })
  }

  readonly #out: DeadReportsOutput<string> = {
    announce: announcement => this.#announcements.announce(announcement),
    registered: ({ name, id }) => this.#onHappening({ event: 'peer-joined', name, id }),
    removed: ({ name, id }, reason) => this.#onHappening({ event: 'peer-removed', name, id, reason }),
    suspect: peer => this.#driver.input(() => this.#deadReports.suspect(peer, this.#out)),
    probe: record => void this.#probe(record)
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
    this.#driver.drive(this.#liveness, this.#pings)
    await this.#announcements.start(this.#host)
    await serveDeadReports(
      this.#host,
      (reporter, report) => this.#driver.request(() => this.#deadReports.report(reporter, report, this.#out)),
      this.#onFault
    )
    await serveRegistration(
      this.#host,
      (peer, request, address) =>
        this.#driver.request(now => this.#registry.answer(peer, request, ipOnly(address), now, this.#out)),
      this.#onFault
    )
    this.#onHappening({ event: 'started', pid: process.pid, id: this.id, addresses: this.addresses })
  }

  async #probe(record: PeerRecord): Promise<void> {
    const { outcome } = await pingPeer(this.#host, record.id, record.addresses)
    // Only a failed ping removes: a probe that could not be tried says nothing.
    const alive = outcome === 'inconclusive' || outcome === 'answered'
    this.#driver.input(now => this.#deadReports.probed(record.id, alive, now, this.#out))
  }
}

/** A number in [0, 1) that is the same at every seed: the first 52 bits of a hash of the peer id. */
function rankOf(peer: string): number {
  const digest = createHash('sha256').update('hubcast/rank/1').update(peer).digest()
  return Number(digest.readBigUInt64BE() >> 12n) / 2 ** 52
}
