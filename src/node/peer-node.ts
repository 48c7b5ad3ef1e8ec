import { signingKey } from '#protocols/signing.ts'
import { OverlayService } from '#protocols/overlay/service.ts'
import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { Topology } from '#src/core/topology.ts'
import * as settings from '#src/settings.ts'
import { Acquaintances } from './acquaintances.ts'
import { dialAny } from './dial-any.ts'
import { Driver } from './driver.ts'
import { faultsOf } from './faults.ts'
import { ForeignNodes } from './foreign-nodes.ts'
import { Gossiper } from './gossiper.ts'
import { createHost, hangUp, toPeer } from './host.ts'
import { Membership } from './membership.ts'
import { NeighbourWatch } from './neighbour-watch.ts'
import { pingPeer } from './pinger.ts'
import { isOfTexts, Texts, textsOf } from './texts.ts'
import type { ConnectionGater, Ed25519PrivateKey } from '@libp2p/interface'
import type { LinkEnd, Referral } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { BroadcasterSettings } from '#src/core/broadcaster.ts'
import type { EnrolmentState } from '#src/core/enrolment.ts'
import type { LivenessSettings } from '#src/core/liveness.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Neighbour } from '#src/core/neighbours.ts'
import type { TopologyOutput, TopologySelf } from '#src/core/topology.ts'
import type { OnHappening } from './events.ts'
import type { ForeignNode } from './foreign-nodes.ts'
import type { GossipCounts } from './gossiper.ts'
import type { Host, HostOptions } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
import type { PingResult } from './pinger.ts'
import type { SeedAddress, SeedContact } from './seed-contacts.ts'

/** A peer whose link stands. */
export interface LinkedPeer {
  readonly id: string
  readonly name: string
  /** Round trip of the last ping that it answered, in ms; undefined before the first. */
  readonly latencyMs: number | undefined
}

export interface PeerNodeOptions {
  readonly name: string
  readonly key: Ed25519PrivateKey
  readonly seeds: readonly SeedAddress[]
  /** Where the identities of seeds are remembered that `seeds` does not name. */
  readonly knownSeeds?: KnownSeeds | undefined
  /** File with whom to turn to when no seed answers, kept from one life to the next. */
  readonly addressBook?: string | undefined
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[]
  /** Most links that this peer wants to have, whatever the law says. */
  readonly linksMax?: number
  readonly broadcaster?: Partial<BroadcasterSettings>
  readonly liveness?: Partial<LivenessSettings>
  readonly onHappening: OnHappening
  /** Also asked about each connection; see `Disturbance`. */
  readonly gater?: ConnectionGater | undefined
  /** Where libp2p counts what it does. */
  readonly metrics?: HostOptions['metrics']
}

/** A peer: its machines, wired to the wire and to each other. */
export class PeerNode {
  readonly #host: Host
  readonly #self: TopologySelf<string>
  readonly #driver = new Driver()
  readonly #neighbours = new Neighbours<string>()
  readonly #topology: Topology<string, string>
  readonly #overlay: OverlayService
  readonly #gossiper: Gossiper
  readonly #texts: Texts
  readonly #membership: Membership
  readonly #acquaintances: Acquaintances
  readonly #watch: NeighbourWatch
  readonly #foreign: ForeignNodes
  readonly #onHappening: OnHappening
  #linksMade = 0

  static async start(options: PeerNodeOptions): Promise<PeerNode> {
    const onFault = faultsOf(options.onHappening)
    const host = await createHost({ ...options, connectionsMax: settings.host.peerConnectionsMax, onFault })
    const peer = new PeerNode(host, options, onFault)
    await peer.#overlay.start(host)
    await peer.#gossiper.start(host)
    await peer.#watch.serve()
    await peer.#acquaintances.start()
    options.onHappening({ event: 'started', pid: process.pid, id: peer.id, addresses: peer.addresses })
    peer.#membership.enrol()
    peer.#texts.begin()
    return peer
  }

  private constructor(host: Host, options: PeerNodeOptions, onFault: OnFault) {
    const { onHappening, name, key, seeds, knownSeeds } = options
    this.#host = host
    this.#onHappening = onHappening
    const { listen, linksMax = settings.degreeLaw.kMax } = options
    this.#self = { id: host.peerId.toString(), name, linksMax }
    const liveness = { ...settings.liveness, ...options.liveness }
    const broadcaster = { ...settings.broadcaster, ...options.broadcaster }
    const law = new DegreeLaw(settings.degreeLaw)
    this.#topology = new Topology(this.#self, this.#neighbours, law, settings.topology, Math.random)
    this.#overlay = new OverlayService({
      onAsked: (peer, request) => this.#driver.input(now => this.#topology.asked(peer, request, now, this.#links)),
      onAccepted: (peer, nonce, spliced) =>
        this.#driver.input(now => this.#topology.accepted(peer, nonce, spliced, now, this.#links)),
      onEnded: (peer, nonce, end, goTo) => this.#driver.input(now => this.#ended(peer, nonce, end, goTo, now)),
      onFault
    })
    this.#gossiper = new Gossiper({
      id: this.#self.id,
      key,
      name,
      driver: this.#driver,
      willPublish: broadcaster.count > 0,
      neighbours: this.#neighbours,
      isNeighbour: peer => ['asked', 'linked'].includes(this.#neighbours.get(peer)?.state ?? ''),
      isWellFormed: isOfTexts,
      onBatch: (batch, hops, from) => {
        for (const text of textsOf(batch, hops, from)) onHappening(text)
      },
      onUnreachable: (peer, how) => this.#onUnreachable(peer, how),
      onFault
    })
    const member = { ...this.#self, listen, key: signingKey(key.raw), epoch: this.#gossiper.epoch, knownSeeds }
    this.#membership = new Membership(host, this.#driver, seeds, member, Math.random, {
      renewal: seed => ({
        degree: this.#neighbours.count('linked'),
        target: this.#topology.target,
        offer: this.#topology.offerTo(seed),
        neighbours: this.#neighbours.named
      }),
      onView: (seed, view, now) =>
        view === undefined ? this.#topology.unviewed(seed) : this.#topology.viewed(seed, view, now, this.#links),
      onCandidates: (seed, candidates, now) => this.#topology.found(seed, candidates, now, this.#links),
      onRecord: record => this.#acquaintances.note(record),
      onAdrift: now => this.#topology.adrift(this.#acquaintances.count, now, this.#links),
      onPeersChanged: (vanished, now) => {
        this.#topology.peersChanged(this.#peers, this.#links)
        if (vanished === undefined) return
        this.#acquaintances.forget(vanished)
        // A seed's word never cuts a link: it only makes us look.
        this.#watch.doubt(vanished, now)
      },
      onHappening,
      onFault
    })
    this.#acquaintances = new Acquaintances({
      host,
      network: this.#membership.network,
      random: Math.random,
      announced: peer => this.#membership.recordOf(peer),
      lookUp: async peer => this.#membership.lookUp(peer),
      isUnproven: peer => this.#membership.isUnproven(peer),
      neighbours: () => this.#neighbours.linked,
      file: options.addressBook,
      onFault
    })
    this.#watch = new NeighbourWatch({
      host,
      driver: this.#driver,
      neighbours: this.#neighbours,
      settings: liveness,
      addressesOf: async peer => this.#acquaintances.addressesOf(peer),
      provenAddressesOf: peer => this.#acquaintances.provenAddressesOf(peer),
      onRecovered: peer => {
        this.#driver.input(() => this.#topology.recovered(peer))
        this.#hangUpLater(peer)
      },
      // A report counts only if the seeds know the link by then, and in a large network the next renewal may be far.
      onDoubtful: () => this.#driver.input(now => this.#membership.renewWithin(0, now)),
      onDead: (neighbour, how) => this.#onDead(neighbour, how),
      onHappening,
      onFault
    })
    const { foreignNodesMax } = settings.host
    this.#foreign = new ForeignNodes(host, this.#driver, { ...liveness, foreignNodesMax }, { onHappening, onFault })
    this.#driver.drive(this.#topology, this.#links)
    this.#texts = new Texts({
      ...this.#self,
      settings: broadcaster,
      driver: this.#driver,
      gossiper: this.#gossiper,
      linked: () => this.#neighbours.count('linked'),
      onHappening,
      onFault
    })
  }

  get id(): string {
    return this.#host.peerId.toString()
  }

  get name(): string {
    return this.#self.name
  }

  /** Full multiaddrs, with /p2p. */
  get addresses(): string[] {
    return this.#host.getMultiaddrs().map(String)
  }

  get state(): EnrolmentState {
    return this.#membership.state
  }

  /** Labels of the seeds where this peer is registered. */
  get registrars(): string[] {
    return this.#membership.registrars
  }

  /** All seeds of its network. */
  get seeds(): SeedContact[] {
    return this.#membership.seeds
  }

  /** Links that this peer wants, by its rank among all. */
  get target(): number {
    return this.#topology.target
  }

  /** Peers whose links with this one stand. */
  get neighbours(): LinkedPeer[] {
    return this.#neighbours
      .in('linked')
      .map(({ peer, name }) => ({ id: peer, name, latencyMs: this.#watch.latencyMs(peer) }))
  }

  /** What has gone through the gossip since the start. */
  get gossipCounts(): Readonly<GossipCounts> {
    return this.#gossiper.counts
  }

  /**
   * Gossips a text to the whole network.
   * @returns its number among all that this peer has said, from 1
   * @throws {RangeError} when the text is longer than 64 KiB of UTF-8, or empty {BusyNetworkError}
   */
  publish(text: string): number {
    return this.#texts.publish(text)
  }

  /** Connected nodes that speak none of our protocols. */
  get foreignNodes(): ForeignNode[] {
    return this.#foreign.all
  }

  /**
   * Dials any libp2p node, once.
   * @returns its id
   * @throws {AddressError} {DialError} when it cannot be reached or is not the one that is named
   */
  async connect(address: string): Promise<string> {
    const connection = await dialAny(this.#host, address, exchangeMsMax)
    const id = connection.remotePeer.toString()
    this.#onHappening({ event: 'connected', address, id })
    await this.#foreign.meet(connection)
    return id
  }

  /** What it says by itself. */
  get sayings(): Texts['sayings'] {
    return this.#texts.sayings
  }

  /** Pings a peer that the seeds have announced. Resolves with undefined when nobody has this name. */
  async ping(name: string): Promise<PingResult | undefined> {
    const peer = this.#membership.find(name)
    if (peer === undefined) return undefined
    const result = await pingPeer(this.#host, peer.id, peer.addresses)
    this.#hangUpLater(peer.id)
    return result
  }

  /** Decides nothing while it is true, and then goes on as if nothing had been. */
  set paused(paused: boolean) {
    this.#driver.paused = paused
  }

  /** Leaves the network: neighbours and seeds are told, as far as they answer within a few seconds. */
  async leave(): Promise<void> {
    // With those who are its neighbours still.
    const saved = this.#acquaintances.save()
    this.#driver.input(() => this.#topology.leave(this.#links))
    this.#foreign.stop()
    const patience = new Promise(resolve => setTimeout(resolve, settings.leaveTimeoutMs).unref())
    await Promise.race([Promise.all([this.#membership.leave(), this.#overlay.heard(), saved]), patience])
    // What was said last is on its way: give it time to be written.
    const closing = this.#host.getConnections().map(async connection => connection.close())
    await Promise.race([Promise.allSettled(closing), patience])
    await this.stop()
  }

  /** Stops without a word, as a crash would. */
  async stop(): Promise<void> {
    this.#driver.stop()
    this.#membership.stop()
    this.#acquaintances.stop()
    for (const connection of this.#host.getConnections()) connection.abort(new Error('stopped'))
    await this.#host.stop()
    this.#onHappening({ event: 'stopped' })
  }

  /** In a small network announcements come first, in a large one they do not tell of everybody. */
  get #peers(): number {
    return Math.max(this.#membership.peers, this.#topology.peers)
  }

  readonly #links: TopologyOutput<string, string> = {
    ask: (to, request) =>
      this.#overlay.ask(
        to.id,
        toPeer(this.#host, to.id, async () => this.#acquaintances.addressesToAsk(to)),
        request
      ),
    accept: (peer, nonce, spliced) => this.#overlay.accept(peer, nonce, spliced),
    refuse: (peer, nonce) => {
      this.#overlay.refuse(peer, nonce)
      this.#hangUpLater(peer)
    },
    unlink: (peer, nonce, reason, goTo) => {
      this.#overlay.unlink(peer, nonce, reason, goTo)
      this.#hangUpLater(peer)
    },
    linked: ({ peer, name }) => {
      const degree = this.#neighbours.count('linked')
      this.#onHappening({ event: 'linked', name, id: peer, degree, target: this.#topology.target })
      this.#gossiper.open(
        peer,
        toPeer(this.#host, peer, async () => this.#acquaintances.addressesOf(peer))
      )
      this.#acquaintances.reached(peer)
      this.#membership.deathReports.seenAlive(peer)
      this.#driver.input(now => {
        this.#watch.watch(peer, now)
        // Only those whom both have named as neighbours may report each other.
        const isSmall = this.#peers <= settings.linksToldPeersMax
        if (isSmall || ++this.#linksMade <= this.#topology.target) this.#membership.renewWithin(0, now)
      })
    },
    unlinked: ({ peer, name }, reason) => {
      const degree = this.#neighbours.count('linked')
      this.#onHappening({ event: 'unlinked', name, id: peer, reason, degree })
      this.#gossiper.close(peer, reason === 'lost')
      this.#driver.input(now => {
        if (reason !== 'lost') this.#watch.unwatch(peer)
        else this.#watch.doubt(peer, now)
      })
    },
    seek: (seed, wanted) => this.#membership.seek(seed, wanted),
    consult: neighbour => void this.#acquaintances.consult(neighbour).then(records => this.#told(records)),
    recall: () => this.#told(this.#acquaintances.recall()),
    report: within => this.#driver.input(now => this.#membership.renewWithin(within, now))
  }

  #told(records: readonly PeerRecord[]): void {
    this.#driver.input(now => this.#topology.told(records, now, this.#links))
  }

  #onDead({ peer, name, missed }: Neighbour<string>, how: 'dead' | 'unreachable'): void {
    this.#acquaintances.failed(peer)
    if (how === 'dead') {
      this.#onHappening({ event: 'reported-dead', name, id: peer })
      void this.#membership.deathReports.report(name, { target: peer, missed: [...missed] })
    }
    this.#driver.input(now => this.#topology.died(peer, how, now, this.#links))
  }

  #ended(peer: string, nonce: number, end: LinkEnd, goTo: Referral | undefined, now: Millis): void {
    if (end === 'unreachable') this.#acquaintances.failed(peer)
    this.#topology.ended(peer, nonce, end, goTo, now, this.#links)
    this.#hangUpLater(peer)
  }

  /** Closes the connection with a peer that is none of our business any more, unless somebody has found a use for it. */
  #hangUpLater(peer: string): void {
    const look = (): void => {
      if (this.#neighbours.get(peer) === undefined) hangUp(this.#host, peer, ({ streams }) => streams.length === 0)
    }
    setTimeout(look, settings.host.idleConnectionMs).unref()
  }

  #onUnreachable(peer: string, how: 'ended' | 'broken'): void {
    const link = this.#neighbours.get(peer)
    const banish = (): void => {
      if (this.#neighbours.get(peer) === link) this.#driver.input(now => this.#topology.banish(peer, now, this.#links))
    }
    // A neighbour that lets go ends both streams at once; its last word on the link may come a little after this one.
    if (how === 'ended') setTimeout(banish, settings.lastWordMs).unref()
    else banish()
  }
}
