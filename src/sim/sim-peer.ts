import { Enrolment } from '#src/core/enrolment.ts'
import { Liveness } from '#src/core/liveness.ts'
import { NEVER } from '#src/core/machine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { between, sample } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { enrolment, liveness, pingTimeoutMs, probeTimeoutMs, topology, witnesses } from '#src/settings.ts'
import type { LinkEnd, LinkRequest, Referral, UnlinkReason } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { EnrolmentOutput, EnrolmentState } from '#src/core/enrolment.ts'
import type { LivenessOutput, PingOutcome } from '#src/core/liveness.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Neighbour } from '#src/core/neighbours.ts'
import type { TopologyOutput, UnlinkCause } from '#src/core/topology.ts'
import { SimAcquaintances } from './sim-acquaintances.ts'
import type { SimSeed } from './sim-seed.ts'
import type { World } from './world.ts'

/** Answering; gone, so that its host refuses connections; or silent, as behind a cable that was cut. */
export type Presence = 'up' | 'gone' | 'silent'

/** On which side of a partition somebody is; here, while there is none. */
export type Side = 'here' | 'beyond'

/** A time in which a peer handles nothing, and what has come for it meanwhile. */
interface Stall {
  readonly until: Millis
  readonly held: ((self: SimPeer) => void)[]
}

/** What is due by a clock of its own must not come a moment too early. */
const roundingMs = 0.01

/** Addresses, signatures and networks have no meaning here: there is one network, and everybody tells the truth. */
const nowhere: readonly string[] = []
const unsigned = new Uint8Array()
const network = ''

/**
 * A peer in virtual time: the real machines, with messages and timers from the world. It is what all of them speak to; what one
 * says that another has to hear waits until the first has finished.
 *
 * A stream is its nonce: an end that has no entry with that nonce has closed it, and whatever comes is lost. Pings of neighbours
 * that answer are no events; the first that fails comes within an interval after the death, as if rounds had run all the time.
 */
export class SimPeer
  implements TopologyOutput<number, number>, LivenessOutput<number>, EnrolmentOutput<number, number>
{
  readonly id: number
  readonly neighbours = new Neighbours<number>()
  readonly topology: Topology<number, number>
  readonly acquaintances: SimAcquaintances
  readonly #liveness: Liveness<number>
  readonly #enrolment: Enrolment<number, number>
  readonly #world: World
  /** One for all who hear of it. */
  readonly #record: PeerRecord<number>
  /** Who has the name, if it is somebody else. */
  holder: number | undefined
  presence: Presence = 'up'
  side: Side = 'here'
  /** Whether a link of it has ever stood. */
  everLinked = false
  #alarmAt: Millis = NEVER
  #stall: Stall | undefined
  /** How fast its clock runs. */
  readonly #clockRate: number

  constructor(id: number, name: string, world: World) {
    this.id = id
    this.#world = world
    this.#record = { id, name, addresses: nowhere, epoch: 1, seq: 1, signature: unsigned }
    const self = { id, name, linksMax: world.linksMaxOf(id) }
    this.topology = new Topology(self, this.neighbours, world.law, topology, world.random)
    this.acquaintances = new SimAcquaintances(this, world)
    this.#liveness = new Liveness(this.neighbours, liveness)
    this.#enrolment = new Enrolment(world.seedIndexes, enrolment, world.random)
    this.#clockRate = world.clockDrift === 0 ? 1 : between(world.random, 1 - world.clockDrift, 1 + world.clockDrift)
  }

  /** By its own clock. */
  get #now(): Millis {
    return this.#world.now * this.#clockRate
  }

  get state(): EnrolmentState {
    return this.#enrolment.state
  }

  get name(): string {
    return this.#record.name
  }

  get registrars(): number[] {
    return this.#enrolment.registrars
  }

  get degree(): number {
    return this.neighbours.count('linked')
  }

  /** Time until it handles something again. */
  get stalledFor(): Millis {
    return this.#stall === undefined ? 0 : this.#stall.until - this.#world.now
  }

  /** All that reaches it comes in by this door: at once, or when it wakes. */
  attend(handle: (self: SimPeer) => void): void {
    if (this.#stall === undefined) handle(this)
    else this.#stall.held.push(handle)
  }

  /** Stands still for a while, as a stopped process does. Its neighbours' next pings may fall into that time. */
  stall(time: Millis): void {
    if (this.presence !== 'up' || this.#stall !== undefined) return
    this.#stall = { until: this.#world.now + time, held: [] }
    for (const { peer, nonce } of this.neighbours.in('linked')) this.#world.peer(peer)?.mourn(this.id, nonce, 'silent')
    this.#world.calendar.at(this.#stall.until, () => this.#wakeUp())
  }

  enrol(): void {
    this.#input(now => this.#enrolment.enrol(now, this))
  }

  /** Is no more. If it is gone, its connections end at once; if it is silent, its neighbours have to find out. */
  die(presence: 'gone' | 'silent'): void {
    this.presence = presence
    // Whoever was asked may have accepted already.
    for (const state of ['linked', 'asked'] as const) {
      for (const { peer, nonce } of this.neighbours.in(state)) {
        const other = this.#world.peer(peer)
        other?.mourn(this.id, nonce, other.side === this.side ? presence : 'silent')
      }
    }
  }

  /** A neighbour is no more, or does not answer for a while; learns of it in due time. */
  mourn(peer: number, nonce: number, presence: 'gone' | 'silent'): void {
    const { calendar, weather, random } = this.#world
    if (presence === 'gone') calendar.after(weather.latency(), () => this.onLost(peer, nonce))
    else {
      const doubt = (): void => {
        if (this.neighbours.get(peer)?.nonce === nonce) this.#input(now => this.#liveness.doubt(peer, now, this))
      }
      calendar.after(between(random, 0, liveness.pingIntervalMs), () => this.attend(doubt))
    }
  }

  /** Says good-bye to neighbours and seeds. */
  depart(): void {
    this.topology.leave(this)
    this.#enrolment.leave(this)
    this.presence = 'gone'
  }

  /** Somebody joined or left, as the seeds announce it. */
  onPeersChanged(peers: number, vanished: number | undefined): void {
    this.#input(now => {
      this.topology.peersChanged(peers, this)
      if (vanished !== undefined) this.#liveness.doubt(vanished, now, this)
    })
  }

  onAsked(peer: number, request: LinkRequest): void {
    this.#input(now => this.topology.asked(peer, request, now, this))
  }

  onAccepted(peer: number, nonce: number, spliced: boolean): void {
    this.#input(now => {
      // The stream was closed meanwhile, and the other end sees that.
      if (this.neighbours.get(peer)?.nonce !== nonce)
        this.#toPeer(peer, nonce, other => other.onEnded(this.id, nonce, 'too-late'))
      this.topology.accepted(peer, nonce, spliced, now, this)
    })
  }

  onEnded(peer: number, nonce: number, end: LinkEnd, goTo?: Referral<number>): void {
    if (end === 'unreachable') this.acquaintances.failed(peer)
    this.#input(now => this.topology.ended(peer, nonce, end, goTo, now, this))
  }

  /** Whom a neighbour names, or this peer itself remembers. */
  onTold(records: readonly PeerRecord<number>[]): void {
    this.#input(now => this.topology.told(records, now, this))
  }

  /** A stream has ended without a word. */
  onLost(peer: number, nonce: number): void {
    this.attend(() => this.onEnded(peer, nonce, 'lost'))
  }

  /** What became of a request to a seed; no reply, if there was none in time. */
  onReply(seed: number, { type }: RegistrationRequest<number>, reply: RegistrationReply<number> | undefined): void {
    this.#input(now => {
      if (reply?.type === 'refused') this.#enrolment.refused(seed, reply.reason, reply.holder, now, this)
      else if (type !== 'candidates') {
        if (reply === undefined) this.#enrolment.failed(seed, 'silent', now, this)
        else if (reply.type === 'reserved') this.#enrolment.reserved(seed, now, this)
        else if (reply.type === 'registered' && type === 'register')
          this.#enrolment.registered(seed, reply.leaseMs, now, this)
        else if (reply.type === 'registered') this.#enrolment.renewed(seed, reply.leaseMs, now)
      }
      const candidates = reply?.type === 'candidates' ? reply : undefined
      const view = reply?.type === 'registered' ? reply.view : candidates?.view
      if (view !== undefined) this.topology.viewed(seed, view, now, this)
      if (type === 'candidates') this.topology.found(seed, candidates, now, this)
    })
  }

  ask({ id }: Pick<PeerRecord<number>, 'id'>, request: LinkRequest): void {
    this.#world.counts.asks++
    const onDialled = (outcome: 'answered' | 'refused'): void => {
      // Given up meanwhile.
      if (this.presence !== 'up' || this.neighbours.get(id)?.nonce !== request.nonce) return
      if (outcome === 'answered') this.#toPeer(id, request.nonce, other => other.onAsked(this.id, request))
      else this.onEnded(id, request.nonce, 'unreachable')
    }
    this.#world.dial(this.side, id, outcome => this.attend(() => onDialled(outcome)))
  }

  accept(peer: number, nonce: number, spliced: boolean): void {
    this.#toPeer(peer, nonce, other => other.onAccepted(this.id, nonce, spliced))
  }

  refuse(peer: number, nonce: number): void {
    this.#world.counts.refusals++
    this.#toPeer(peer, nonce, other => other.onEnded(this.id, nonce, 'refused'))
  }

  unlink(peer: number, nonce: number, reason: UnlinkReason, goTo?: Referral<number>): void {
    this.#world.counts.unlinks++
    this.#toPeer(peer, nonce, other => other.onEnded(this.id, nonce, reason, goTo))
  }

  linked({ peer, nonce }: Neighbour<number>): void {
    this.everLinked = true
    // It died while the answer was on its way, or a partition has come between.
    const presence = this.#world.presence(peer, this.side)
    if (presence !== 'up') this.mourn(peer, nonce, presence)
  }

  unlinked({ peer }: Neighbour<number>, cause: UnlinkCause): void {
    this.#world.soon(() => {
      if (cause === 'lost') this.#liveness.doubt(peer, this.#now, this)
      else this.#liveness.unwatch(peer)
      this.#setAlarm()
    })
  }

  seek(seed: number, wanted: number): void {
    this.#world.request(this, seed, { type: 'candidates', wanted })
  }

  consult(neighbour: number): void {
    this.acquaintances.consult(neighbour)
  }

  recall(): void {
    this.#world.soon(() => this.onTold(this.acquaintances.recall()))
  }

  report(within: Millis): void {
    this.#enrolment.renewWithin(within, this.#now)
  }

  ping(peer: number): void {
    const onPinged = (outcome: PingOutcome): void => this.#input(() => this.#liveness.pinged(peer, outcome, this))
    this.#world.ping(this.side, peer, pingTimeoutMs, outcome => this.attend(() => onPinged(outcome)))
  }

  missed(): void {}

  /** Asks others about it. */
  doubtful({ peer }: Neighbour<number>): void {
    const others = this.neighbours.linked.filter(other => other !== peer)
    for (const other of sample(this.#world.random, others, witnesses.askedMax)) {
      const witness = this.#world.peer(other)
      if (witness?.side !== this.side) continue
      this.#world.ping(witness.side, peer, probeTimeoutMs, outcome => {
        if (outcome === 'answered') this.attend(() => this.#liveness.vouched(peer))
      })
    }
  }

  recovered(peer: number): void {
    this.#world.soon(() => this.topology.recovered(peer))
  }

  dead({ peer, missed }: Neighbour<number>, how: 'dead' | 'unreachable'): void {
    this.acquaintances.failed(peer)
    if (how === 'dead') this.#world.counts.reports++
    for (const seed of how === 'dead' ? this.#world.seeds : []) {
      if (seed.registry.registration(this.id) === undefined) continue
      this.#toSeed(seed, () => seed.report(this.id, { target: peer, missed: [...missed] }))
    }
    this.#world.soon(() => this.#input(now => this.topology.died(peer, how, now, this)))
  }

  reserve(seed: number): void {
    this.#world.request(this, seed, { type: 'reserve', name: this.#record.name, network })
  }

  register(seed: number): void {
    this.#world.request(this, seed, { type: 'register', record: this.#record })
  }

  renew(seed: number): void {
    const { degree, topology } = this
    const { named: neighbours } = this.neighbours
    const offer = topology.offerTo(seed)
    this.#world.request(this, seed, { type: 'renew', degree, target: topology.target, offer, neighbours })
  }

  leave(seed: number): void {
    const left = this.#world.seeds[seed]
    if (left !== undefined) this.#toSeed(left, () => void left.answer(this.id, { type: 'leave' }))
  }

  lost(seed: number): void {
    this.topology.unviewed(seed)
  }

  held(): void {}

  registered(): void {}

  degraded(seeds: number): void {
    if (seeds > 0) return
    this.#world.soon(() => this.#input(now => this.topology.adrift(this.acquaintances.count, now, this)))
  }

  nameTaken(holder: number | undefined): void {
    this.holder = holder
  }

  onSeedReturn(): void {
    this.#input(now => this.#enrolment.seedReturned(now))
  }

  /** A seed suspects it: renews at once. */
  speakUp(): void {
    this.#input(now => this.#enrolment.renewWithin(0, now))
  }

  /** One input, as long as it lives. */
  #input(handle: (now: Millis) => void): void {
    if (this.presence !== 'up') return
    handle(this.#now)
    this.#setAlarm()
  }

  /** Sends on a stream. If the message gets lost, so does the stream, and both ends see that. */
  #toPeer(peer: number, nonce: number, arrive: (other: SimPeer) => void): void {
    const { calendar, weather } = this.#world
    const arrives = weather.send(() => {
      const other = this.#world.peer(peer)
      if (other?.side === this.side) other.attend(arrive)
    })
    if (arrives) return
    calendar.after(weather.latency(), () => this.onLost(peer, nonce))
    calendar.after(weather.latency(), () => this.#world.peer(peer)?.onLost(this.id, nonce))
  }

  /** Tells a seed something that needs no answer. */
  #toSeed(seed: SimSeed, arrive: () => void): void {
    this.#world.weather.send(() => {
      if (seed.side === this.side) arrive()
    })
  }

  /** As in Node, the timers that are due come first, then what has arrived, in its order. */
  #wakeUp(): void {
    const held = this.#stall?.held ?? []
    this.#stall = undefined
    for (const handle of [this.#onAlarm, ...held]) this.#world.turn(() => handle(this))
  }

  /** Liveness has its rounds only for neighbours of whom there was a doubt: pings that must succeed are no events. */
  #setAlarm(): void {
    this.#world.onTurn?.(this)
    const wakeAt = Math.min(this.topology.wakeAt, this.#enrolment.wakeAt, this.#liveness.wakeAt)
    const due = this.#clockRate === 1 ? wakeAt : wakeAt / this.#clockRate + roundingMs
    const alarmAt = Math.max(Math.ceil(due), this.#world.now)
    if (alarmAt >= this.#alarmAt) return
    this.#alarmAt = alarmAt
    this.#world.calendar.at(alarmAt, this.#onAlarm)
  }

  /** One for the life of a peer: there are millions of alarms. One that was overtaken by an earlier one finds nothing to do. */
  readonly #onAlarm = (): void => {
    if (this.#alarmAt > this.#world.now || this.#stall !== undefined || this.presence !== 'up') return
    this.#alarmAt = NEVER
    const now = this.#now
    if (this.topology.wakeAt <= now) this.topology.wake(now, this)
    if (this.#enrolment.wakeAt <= now) this.#enrolment.wake(now, this)
    if (this.#liveness.wakeAt <= now) this.#liveness.wake(now, this)
    this.#setAlarm()
  }
}
