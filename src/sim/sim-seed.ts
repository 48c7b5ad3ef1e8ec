import { othersWanted } from '#src/core/memory.ts'
import { Audience } from '#src/core/audience.ts'
import { DeadReports } from '#src/core/dead-reports.ts'
import { DialBacks } from '#src/core/dial-backs.ts'
import { NEVER } from '#src/core/machine.ts'
import { between } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { audience, deadReports, dialBacks, registry } from '#src/seed-settings.ts'
import { followRetryMs, liveness, pingTimeoutMs, probeTimeoutMs, simulation } from '#src/settings.ts'
import type { Announcement, RemovalReason } from '#protocols/announcement/messages.ts'
import type { DeadReport } from '#protocols/dead-report/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { DialBacksOutput } from '#src/core/dial-backs.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Kept } from '#src/core/memory.ts'
import type { Side } from './sim-peer.ts'
import type { World } from './world.ts'

/** For the first life of a seed and for each after a restart. */
const dialBackSettings = { ...dialBacks, dialBacksMax: simulation.dialBacksMax, freshMax: simulation.dialBacksMax }

/** A seed in virtual time: the real registry, the real judgement of dead reports and the real dial-backs. */
export class SimSeed implements DeadReportsOutput<number>, DialBacksOutput<number> {
  readonly index: number
  registry: Registry<number, number>
  #deadReports: DeadReports<number, number>
  #audience: Audience<number, number>
  #dialBacks: DialBacks<number, number>
  /** What it must not forget, by the key under which it is kept. */
  readonly #disk = new Map<string, Kept<number>>()
  readonly #world: World
  #alarmAt: Millis = NEVER
  up = true
  side: Side = 'here'
  /** Other seeds that hear what it announces. */
  readonly #followers = new Set<SimSeed>()
  /** When the last announcement to each other seed arrives: they come in order. */
  readonly #announcedAt: Millis[] = []

  constructor(index: number, world: World) {
    this.index = index
    this.#world = world
    this.registry = this.#newRegistry()
    this.#deadReports = new DeadReports(this.registry, deadReports)
    this.#audience = this.#newAudience()
    this.#dialBacks = new DialBacks(this.registry, dialBackSettings)
  }

  /** Begins to follow another seed, whose whole list comes first: what a digest spares is bytes, and there are none here. */
  follow(other: SimSeed): void {
    this.registry.unheard(other.index, this)
    for (const announcement of other.#audience.list()) this.registry.heard(other.index, announcement, this)
    other.#followers.add(this)
    this.#setAlarm()
  }

  /** Hears nothing of another seed any more, and notices that when it has missed as many pings as a peer may. */
  lose(other: SimSeed): void {
    other.#followers.delete(this)
    const { pingIntervalMs, pingFailuresMax } = liveness
    const noticed =
      between(this.#world.random, 0, pingIntervalMs) + (pingFailuresMax - 1) * pingIntervalMs + pingTimeoutMs
    this.#world.calendar.after(noticed, () => {
      if (!other.#followers.has(this)) this.registry.unheard(other.index, this)
    })
  }

  /**
   * Begins again, with what it had on its disk or without. It follows the other seeds and they it; the peers that are registered with it
   * notice that it is back.
   */
  restart(disk: 'kept' | 'lost'): void {
    const world = this.#world
    const before = this.registry
    this.up = true
    this.registry = this.#newRegistry()
    this.#deadReports = new DeadReports(this.registry, deadReports)
    this.#audience = this.#newAudience()
    this.#dialBacks = new DialBacks(this.registry, dialBackSettings)
    this.#followers.clear()
    if (disk === 'kept') {
      this.registry.restore(this.#disk.values(), world.now)
      for (const record of this.registry.records()) this.registered(record)
    } else {
      this.#disk.clear()
      this.registry.awaitOthers(othersWanted(world.seeds.length), world.now)
    }
    const soon = (): Millis => between(world.random, 0.5, 1.5) * followRetryMs
    for (const other of world.seeds) {
      if (other === this) continue
      for (const [follower, followed] of [
        [this, other],
        [other, this]
      ] as const) {
        world.calendar.after(soon(), () => {
          if (follower.up && followed.up) follower.follow(followed)
        })
      }
    }
    for (const peer of world.alive()) {
      if (before.registration(peer.id) !== undefined)
        world.calendar.after(soon(), () => peer.attend(() => peer.onSeedReturn()))
    }
    this.#setAlarm()
  }

  /** Is no more. The other seeds see that their streams have ended, and its word counts no longer. */
  stop(): void {
    this.up = false
    for (const seed of this.#world.seeds) {
      if (seed !== this)
        this.#world.calendar.after(this.#world.weather.latency(), () => seed.registry.unheard(this.index, seed))
    }
  }

  answer(peer: number, request: RegistrationRequest<number>): RegistrationReply<number> {
    const reply = this.registry.answer(peer, request, '/ip4/192.0.2.1', this.#world.now, this)
    this.#setAlarm()
    return reply
  }

  report(reporter: number, report: DeadReport<number>): void {
    if (!this.up) return
    this.#deadReports.report(reporter, report, this.#world.now, this)
    this.#setAlarm()
  }

  announce(announcement: Announcement<number>): void {
    const { calendar, weather } = this.#world
    if (announcement.type === 'removed' && announcement.reason === 'dead') {
      const removed = this.#world.peer(announcement.id)
      if (removed?.registrars.includes(this.index) === true) this.#world.falseRemovals++
    }
    for (const seed of this.#followers) {
      if (!seed.up) continue
      const at = Math.max(this.#announcedAt[seed.index] ?? 0, calendar.now + weather.latency())
      this.#announcedAt[seed.index] = at
      calendar.at(at, () => {
        seed.registry.heard(this.index, announcement, seed)
        seed.#setAlarm()
      })
    }
    this.#world.announced(this, announcement, this.#audience.of(announcement))
  }

  keep(kept: Kept<number>): void {
    if (this.#world.hasDisks) this.#disk.set(keyOf(kept.type, kept.type === 'held' ? kept.id : kept.record.id), kept)
  }

  discard(type: Kept<number>['type'], peer: number): void {
    this.#disk.delete(keyOf(type, peer))
  }

  recovered(): void {}

  registered(record: PeerRecord<number>): void {
    this.#world.soon(() => {
      this.#dialBacks.registered(record, this.#world.now, this)
      this.#setAlarm()
    })
  }

  removed(_record: PeerRecord<number>, _reason: RemovalReason): void {}

  suspect(peer: number): void {
    this.#world.soon(() => {
      this.#deadReports.suspect(peer, this.#world.now, this)
      this.#setAlarm()
    })
  }

  probe(record: PeerRecord<number>): void {
    this.#world.ping(this.side, record.id, probeTimeoutMs, outcome => {
      this.#deadReports.probed(record, outcome, this.#world.now, this)
      this.#setAlarm()
    })
  }

  dialBack(record: PeerRecord<number>): void {
    this.#world.ping(this.side, record.id, probeTimeoutMs, outcome => {
      this.#dialBacks.tried(record, outcome, this.#world.now, this)
      this.#setAlarm()
    })
  }

  #newRegistry(): Registry<number, number> {
    const { law, random } = this.#world
    const settings = { ...registry, entriesMax: Number.MAX_SAFE_INTEGER }
    return new Registry(settings, peer => this.#world.rankOf(peer), law, random)
  }

  #newAudience(): Audience<number, number> {
    return new Audience(this.registry, audience, peer => this.#world.rankOf(peer), this.#world.random)
  }

  #setAlarm(): void {
    const wakeAt = Math.min(this.registry.wakeAt, this.#deadReports.wakeAt, this.#dialBacks.wakeAt)
    if (wakeAt >= this.#alarmAt) return
    this.#alarmAt = wakeAt
    this.#world.calendar.at(wakeAt, () => {
      if (this.#alarmAt !== wakeAt || !this.up) return
      this.#alarmAt = NEVER
      this.registry.wake(this.#world.now, this)
      this.#deadReports.wake(this.#world.now, this)
      this.#dialBacks.wake(this.#world.now, this)
      this.#setAlarm()
    })
  }
}

function keyOf(type: Kept<number>['type'], peer: number): string {
  return `${type} ${peer}`
}
