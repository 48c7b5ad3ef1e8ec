import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { pingTimeoutMs } from '#src/settings.ts'
import { Calendar } from './calendar.ts'
import { SimPeer } from './sim-peer.ts'
import { SimSeed } from './sim-seed.ts'
import { Weather } from './weather.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { PingFailure } from '#protocols/dead-report/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationRequest } from '#protocols/registration/messages.ts'
import type { DegreeLawSettings } from '#src/core/degree-law.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Presence, Side } from './sim-peer.ts'
import type { WeatherSettings } from './weather.ts'

export interface WorldSettings {
  readonly seed: number
  readonly seeds: number
  readonly law: DegreeLawSettings
  readonly weather: WeatherSettings
  /** Most links that a peer wants, by its id; all the law asks for, if there is no such limit. */
  readonly linksMaxOf?: (peer: number) => number
  /** Whether seeds keep what they must not forget, to be started again with it: a fifth of all memory. */
  readonly hasDisks?: boolean
  /** By how much the peers' clocks run faster or slower than those of the seeds, at most; 0.1 is a tenth. */
  readonly clockDrift?: number
}

/** Time after which a ping without an answer is given up; a request has as long. */
const patienceMs = pingTimeoutMs

/**
 * Above so many peers it changes nothing that a peer does when others come and go: its next renewal comes before it would ask for its new
 * standing on their account. Only that a neighbour has gone is an event there.
 */
const standingPeersMax = 200

/** What peers have done since the last reset. */
class Counts {
  joins = 0
  /** Requests for a link. */
  asks = 0
  refusals = 0
  /** Last words on links and on attempts. */
  unlinks = 0
  /** Neighbours that were reported to the seeds. */
  reports = 0

  reset(): void {
    this.joins = this.asks = this.refusals = this.unlinks = this.reports = 0
  }
}

/** A network of seeds and peers in virtual time. The same settings give the same run, event by event. */
export class World {
  readonly calendar = new Calendar()
  readonly weather: Weather
  readonly random: Random
  readonly law: DegreeLaw
  readonly seeds: readonly SimSeed[]
  readonly seedIndexes: readonly number[]
  readonly linksMaxOf: (peer: number) => number
  readonly hasDisks: boolean
  readonly clockDrift: number
  readonly counts = new Counts()
  /** Removals as dead, by any seed, of peers that live and rely on their registration there. */
  falseRemovals = 0
  /** Told after each input of a peer: a place to check what must hold at all times. */
  onTurn: ((peer: SimPeer) => void) | undefined
  /** By id; those that are no more are taken out. */
  readonly #peers: (SimPeer | undefined)[] = []
  readonly #ranks: number[] = []
  /** Those that died without a word: dialling them leads nowhere. */
  readonly #silent = new Set<number>()
  #alive = 0
  readonly #soon: (() => void)[] = []

  constructor(settings: WorldSettings) {
    const { seed, seeds, law, weather, linksMaxOf = () => law.kMax, hasDisks = false, clockDrift = 0 } = settings
    this.random = seededRandom(seed)
    this.weather = new Weather(weather, this.calendar, this.random)
    this.law = new DegreeLaw(law)
    this.linksMaxOf = linksMaxOf
    this.hasDisks = hasDisks
    this.clockDrift = clockDrift
    this.seeds = Array.from({ length: seeds }, (_, index) => new SimSeed(index, this))
    this.seedIndexes = this.seeds.map(({ index }) => index)
    for (const one of this.seeds) for (const other of this.seeds) if (one !== other) one.follow(other)
  }

  get now(): Millis {
    return this.calendar.now
  }

  /** Peers that live. */
  get size(): number {
    return this.#alive
  }

  /** The same number at every seed. */
  rankOf(peer: number): number {
    return this.#ranks[peer] as number
  }

  peer(id: number): SimPeer | undefined {
    return this.#peers[id]
  }

  /** As those on this side see it. */
  presence(peer: number, from: Side): Presence {
    const living = this.#peers[peer]
    if (living !== undefined) return living.side === from ? 'up' : 'silent'
    return this.#silent.has(peer) ? 'silent' : 'gone'
  }

  /** Those that live, in the order of their joining. */
  *alive(): Iterable<SimPeer> {
    for (const peer of this.#peers) if (peer !== undefined) yield peer
  }

  /** What the seed with the longest list has in it, or had when it stopped. */
  listedLast(): Iterable<PeerRecord<number>> {
    const [longest] = this.seeds.toSorted((a, b) => b.registry.size - a.registry.size)
    return longest?.registry.records() ?? []
  }

  /** @param name its own, if there is none */
  join(name = `p${this.#peers.length}`, side: Side = 'here'): SimPeer {
    const peer = new SimPeer(this.#peers.length, name, this)
    peer.side = side
    this.#ranks.push(this.random())
    this.#peers.push(peer)
    this.#alive++
    this.counts.joins++
    this.turn(() => peer.enrol())
    return peer
  }

  kill(peer: SimPeer, how: 'gone' | 'silent'): void {
    if (peer.presence !== 'up') return
    this.turn(() => peer.die(how))
    this.#forget(peer)
  }

  leave(peer: SimPeer): void {
    if (peer.presence !== 'up') return
    this.turn(() => peer.depart())
    this.#forget(peer)
  }

  run(time: Millis): void {
    this.calendar.runUntil(this.calendar.now + time)
  }

  /** An input that is nobody's message: what one machine says to another on its account is heard before anything else happens. */
  turn(handle: () => void): void {
    handle()
    this.#runSoon()
  }

  /** After the input that is being handled, and at the same time. */
  soon(handle: () => void): void {
    if (this.#soon.length === 0) this.calendar.at(this.now, () => this.#runSoon())
    this.#soon.push(handle)
  }

  /** @param patience time after which it is given up */
  ping(from: Side, peer: number, patience: Millis, outcome: (how: 'answered' | PingFailure) => void): void {
    this.#try(from, peer, patience, outcome, () => this.calendar.after(patience, () => outcome('timeout')))
  }

  /** Opens a stream. Nobody notices when that leads nowhere but the one who waits for it. */
  dial(from: Side, peer: number, outcome: (how: 'answered' | 'refused') => void): void {
    this.#try(from, peer, patienceMs, outcome, () => {})
  }

  /** The peer gets the reply, or nothing when there was none in time. */
  request(peer: SimPeer, seed: number, request: RegistrationRequest<number>): void {
    const until = this.now + patienceMs
    const arrives = this.weather.send(() => {
      const asked = this.seeds[seed] as SimSeed
      const reply = asked.up && asked.side === peer.side ? asked.answer(peer.id, request) : undefined
      const onReply = (): void => peer.onReply(seed, request, reply)
      const returns = reply !== undefined && this.weather.send(() => peer.attend(onReply))
      if (!returns) this.#giveUp(peer, seed, request, until)
    })
    if (!arrives) this.#giveUp(peer, seed, request, until)
  }

  /** A seed has told the peers that are registered with it: all, or these. */
  announced(seed: SimSeed, announcement: Announcement<number>, to: Iterable<number> | undefined): void {
    if (announcement.type === 'suspected') {
      const suspect = this.peer(announcement.id)
      if (suspect?.side === seed.side) this.weather.send(() => suspect.attend(() => suspect.speakUp()))
      return
    }
    if (announcement.type === 'caught-up') return
    const { registry } = seed
    const isLarge = registry.size > standingPeersMax
    if (announcement.type === 'joined' && isLarge) return
    const subject = announcement.type === 'joined' ? announcement.record.id : announcement.id
    const vanished = announcement.type === 'joined' ? undefined : subject
    for (const id of to ?? (isLarge ? (registry.neighboursOf(subject) ?? []) : this.#ids())) {
      const peer = this.peer(id)
      if (peer === undefined || id === subject || peer.side !== seed.side) continue
      if (registry.registration(id) === undefined) continue
      this.weather.send(() => peer.attend(() => peer.onPeersChanged(registry.size, vanished)))
    }
  }

  *#ids(): Iterable<number> {
    for (const { id } of this.alive()) yield id
  }

  /** Only what goes wrong needs an alarm. */
  #giveUp(peer: SimPeer, seed: number, request: RegistrationRequest<number>, until: Millis): void {
    this.calendar.at(until, () => peer.attend(() => peer.onReply(seed, request, undefined)))
  }

  #try(
    from: Side,
    peer: number,
    patience: Millis,
    outcome: (how: 'answered' | 'refused') => void,
    silent: () => void
  ): void {
    const { weather } = this
    const arrives = weather.send(() => {
      const presence = this.presence(peer, from)
      const asked = this.#peers[peer]
      const answer = (): void => {
        if (!weather.send(() => outcome(presence === 'up' ? 'answered' : 'refused'))) silent()
      }
      if (presence === 'silent' || (asked !== undefined && asked.stalledFor > patience)) silent()
      else if (asked === undefined) answer()
      else asked.attend(answer)
    })
    if (!arrives) silent()
  }

  #forget({ id, presence }: SimPeer): void {
    this.#alive--
    this.#peers[id] = undefined
    if (presence === 'silent') this.#silent.add(id)
  }

  #runSoon(): void {
    for (let handle = this.#soon.shift(); handle !== undefined; handle = this.#soon.shift()) handle()
  }
}
