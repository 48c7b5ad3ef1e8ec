import { isUtf8 } from 'node:buffer'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { gossipId } from '#protocols/gossip/signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { OverlayService } from '#protocols/overlay/service.ts'
import { asError, exchangeMsMax } from '#protocols/streams/exchange.ts'
import { Broadcaster } from '#src/core/broadcaster.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { Liveness } from '#src/core/liveness.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { Topology } from '#src/core/topology.ts'
import * as settings from '#src/settings.ts'
import { dialAny } from './dial-any.ts'
import { Driver } from './driver.ts'
import { faultsOf } from './faults.ts'
import { ForeignNodes } from './foreign-nodes.ts'
import { Gossiper } from './gossiper.ts'
import { createHost, hangUp, toPeer } from './host.ts'
import { Membership } from './membership.ts'
import { pingPeer } from './pinger.ts'
import { Witnesses } from './witnesses.ts'
import type { ConnectionGater, Ed25519PrivateKey } from '@libp2p/interface'
import type { Batch } from '#protocols/gossip/messages.ts'
import type { LinkEnd, Referral } from '#protocols/overlay/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { BroadcasterSettings } from '#src/core/broadcaster.ts'
import type { EnrolmentState } from '#src/core/enrolment.ts'
import type { LivenessOutput, LivenessSettings } from '#src/core/liveness.ts'
import type { Millis } from '#src/core/machine.ts'
import type { TopologyOutput, TopologySelf } from '#src/core/topology.ts'
import type { OnHappening } from './events.ts'
import type { ForeignNode } from './foreign-nodes.ts'
import type { GossipCounts } from './gossiper.ts'
import type { Host, HostOptions } from './host.ts'
import type { KnownSeeds } from './known-seeds.ts'
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
  /** Round trips of the last pings that neighbours answered, in ms. */
  readonly #latenciesMs = new Map<string, number>()
  readonly #topology: Topology<string, string>
  readonly #liveness: Liveness<string>
  readonly #pingFailuresMax: number
  readonly #broadcaster: Broadcaster
  readonly #overlay: OverlayService
  readonly #gossiper: Gossiper
  readonly #membership: Membership
  readonly #witnesses: Witnesses
  readonly #foreign: ForeignNodes
  readonly #onHappening: OnHappening

  static async start(options: PeerNodeOptions): Promise<PeerNode> {
    const onFault = faultsOf(options.onHappening)
    const host = await createHost({ ...options, connectionsMax: settings.host.peerConnectionsMax, onFault })
    const peer = new PeerNode(host, options, onFault)
    await peer.#overlay.start(host)
    await peer.#gossiper.start(host)
    await peer.#witnesses.serve()
    options.onHappening({ event: 'started', pid: process.pid, id: peer.id, addresses: peer.addresses })
    peer.#membership.enrol()
    peer.#driver.input(now => peer.#broadcaster.begin(now))
    return peer
  }

  private constructor(host: Host, options: PeerNodeOptions, onFault: OnFault) {
    const { onHappening, name, key, seeds, knownSeeds } = options
    this.#host = host
    this.#onHappening = onHappening
    const { listen, linksMax = settings.degreeLaw.kMax } = options
    this.#self = { id: host.peerId.toString(), name, linksMax }
    const liveness = { ...settings.liveness, ...options.liveness }
    this.#pingFailuresMax = liveness.pingFailuresMax
    this.#liveness = new Liveness(this.#neighbours, liveness)
    const broadcaster = { ...settings.broadcaster, ...options.broadcaster }
    this.#broadcaster = new Broadcaster(broadcaster)
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
      isWellFormed: ({ originName, payloads }) => originName !== '' && payloads.every(payload => isUtf8(payload)),
      onBatch: (batch, hops, from) => this.#onBatch(batch, hops, from),
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
      onPeersChanged: (peers, vanished, now) => {
        this.#topology.peersChanged(peers, this.#links)
        // A seed's word never cuts a link: it only makes us look.
        if (vanished !== undefined) this.#liveness.doubt(vanished, now, this.#pings)
      },
      onHappening,
      onFault
    })
    this.#witnesses = new Witnesses({
      host,
      random: Math.random,
      neighbours: () => this.#neighbours.linked,
      addressesOf: peer => this.#membership.addressesOf(peer),
      onVouched: peer => this.#driver.input(() => this.#liveness.vouched(peer)),
      onFault
    })
    const { foreignNodesMax } = settings.host
    this.#foreign = new ForeignNodes(host, this.#driver, { ...liveness, foreignNodesMax }, { onHappening, onFault })
    this.#driver.drive(this.#topology, this.#links)
    this.#driver.drive(this.#liveness, this.#pings)
    this.#driver.drive(this.#broadcaster, {
      say: (number, count) => this.#say(`${this.#self.name} says hello, ${number} of ${count}`, onFault)
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
      .map(({ peer, name }) => ({ id: peer, name, latencyMs: this.#latenciesMs.get(peer) }))
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
    const wellFormed = text.toWellFormed()
    const { number } = this.#gossiper.publish(new TextEncoder().encode(wellFormed))
    const neighbours = this.#neighbours.count('linked')
    this.#onHappening({ event: 'published', number, text: wellFormed, neighbours })
    return number
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

  /** Decides nothing while it is true, and then goes on as if nothing had been. */
  set paused(paused: boolean) {
    this.#driver.paused = paused
  }

  /** Leaves the network: neighbours and seeds are told, as far as they answer within a few seconds. */
  async leave(): Promise<void> {
    this.#driver.input(() => this.#topology.leave(this.#links))
    this.#foreign.stop()
    const patience = new Promise(resolve => setTimeout(resolve, settings.leaveTimeoutMs).unref())
    await Promise.race([this.#membership.leave(), patience])
    // What was said last is on its way: give it time to be written.
    const closing = this.#host.getConnections().map(async connection => connection.close())
    await Promise.race([Promise.allSettled(closing), patience])
    await this.stop()
  }

  /** Stops without a word, as a crash would. */
  async stop(): Promise<void> {
    this.#driver.stop()
    this.#membership.stop()
    for (const connection of this.#host.getConnections()) connection.abort(new Error('stopped'))
    await this.#host.stop()
    this.#onHappening({ event: 'stopped' })
  }

  readonly #links: TopologyOutput<string, string> = {
    ask: (record, request) => {
      this.#overlay.ask(
        record.id,
        toPeer(this.#host, record.id, () =>
          // A referral brings a name only: whom nobody has heard of from a seed is not dialled.
          record.addresses.length > 0 ? record.addresses : this.#membership.addressesOf(record.id)
        ),
        request
      )
    },
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
        toPeer(this.#host, peer, () => this.#membership.addressesOf(peer))
      )
      this.#driver.input(now => {
        this.#liveness.watch(peer, now)
        // Only those whom both have named as neighbours may report each other.
        if (this.#membership.peers <= settings.linksToldPeersMax) this.#membership.renewWithin(0, now)
      })
    },
    unlinked: ({ peer, name }, reason) => {
      const degree = this.#neighbours.count('linked')
      this.#onHappening({ event: 'unlinked', name, id: peer, reason, degree })
      this.#latenciesMs.delete(peer)
      this.#gossiper.close(peer, reason === 'lost')
      this.#driver.input(now => {
        if (reason !== 'lost') this.#liveness.unwatch(peer)
        else this.#liveness.doubt(peer, now, this.#pings)
      })
    },
    seek: (seed, wanted) => this.#membership.seek(seed, wanted),
    report: within => this.#driver.input(now => this.#membership.renewWithin(within, now))
  }

  readonly #pings: LivenessOutput<string> = {
    ping: peer => void this.#ping(peer),
    missed: ({ peer, name, missed }) => {
      const how = missed.at(-1) ?? 'other'
      const of = this.#pingFailuresMax
      this.#onHappening({ event: 'ping-failed', name, id: peer, failures: missed.length, of, how })
    },
    recovered: peer => {
      this.#driver.input(() => this.#topology.recovered(peer))
      this.#hangUpLater(peer)
    },
    doubtful: ({ peer, missed }) => this.#witnesses.ask({ target: peer, missed: [...missed] }),
    dead: ({ peer, name, missed }, how) => {
      if (how === 'dead') {
        this.#onHappening({ event: 'reported-dead', name, id: peer })
        void this.#membership.report(name, { target: peer, missed: [...missed] })
      }
      this.#driver.input(now => this.#topology.died(peer, how, now, this.#links))
    }
  }

  #ended(peer: string, nonce: number, end: LinkEnd, goTo: Referral | undefined, now: Millis): void {
    this.#topology.ended(peer, nonce, end, goTo, now, this.#links)
    this.#hangUpLater(peer)
  }

  async #ping(peer: string): Promise<void> {
    const { outcome, rttMs } = await pingPeer(this.#host, peer, this.#membership.addressesOf(peer))
    if (rttMs !== undefined && this.#neighbours.get(peer)?.state === 'linked') this.#latenciesMs.set(peer, rttMs)
    this.#driver.input(() => this.#liveness.pinged(peer, outcome, this.#pings))
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

  /** Says what nobody waits for: if the neighbours take nothing more, it is not said. */
  #say(text: string, onFault: OnFault): void {
    try {
      this.publish(text)
    } catch (error) {
      onFault(this.#self.id, gossipProtocol, asError(error))
    }
  }

  #onBatch(batch: Batch, hops: number, from: string): void {
    const { originName: origin, origin: originId, payloads, time } = batch
    for (const [index, payload] of payloads.entries()) {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload)
      const number = batch.number + index
      const ageMs = Date.now() - time
      const id = gossipId(batch, index)
      this.#onHappening({ event: 'received', origin, originId, number, text, hops, from, ageMs, id })
    }
  }
}
