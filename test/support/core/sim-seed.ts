import { DeadReports } from '#src/core/dead-reports.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { deadReports, degreeLaw, registry } from '#src/settings.ts'
import { Pipe } from './network.ts'
import { Turns } from './turns.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { DeadReport } from '#protocols/dead-report/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { DeadReportsOutput } from '#src/core/dead-reports.ts'
import type { Network, Presence } from './network.ts'

interface Follower {
  readonly pipe: Pipe
  readonly hear: (announcement: Announcement<number>) => void
  readonly ended: () => void
}

/** The same number at every seed, and for neighbouring ids far apart. */
export function rankOf(peer: number): number {
  return seededRandom(peer)()
}

/** A seed in virtual time: the real registry and the real judgement of dead reports. */
export class SimSeed {
  readonly label: string
  readonly registry: Registry<number, string>
  readonly deadReports: DeadReports<number, string>
  readonly #network: Network
  readonly #turns: Turns
  readonly #presenceOf: (peer: number) => Presence
  readonly #followers = new Set<Follower>()
  presence: Presence = 'up'

  constructor(label: string, network: Network, presenceOf: (peer: number) => Presence = () => 'up') {
    this.label = label
    this.#network = network
    this.#presenceOf = presenceOf
    this.registry = new Registry(registry, rankOf, new DegreeLaw(degreeLaw), seededRandom(network.random() * 2 ** 32))
    this.deadReports = new DeadReports(this.registry, deadReports)
    this.#turns = new Turns(network.calendar)
    this.#turns.drive(this.registry, this.#out)
    this.#turns.drive(this.deadReports, this.#out)
  }

  readonly #out: DeadReportsOutput<number> = {
    announce: announcement => {
      for (const follower of this.#followers) this.#tell(follower, announcement)
    },
    registered: () => {},
    removed: () => {},
    suspect: peer => this.#turns.input(now => void this.deadReports.suspect(peer, now, this.#out)),
    probe: record => this.#probe(record)
  }

  answer(peer: number, request: RegistrationRequest<number>): RegistrationReply<number> {
    let reply: RegistrationReply<number> | undefined
    this.#turns.input(now => (reply = this.registry.answer(peer, request, '/ip4/192.0.2.1', now, this.#out)))
    if (reply === undefined) throw new Error('the seed did not answer')
    return reply
  }

  report(reporter: number, report: DeadReport<number>): void {
    this.#turns.input(now => void this.deadReports.report(reporter, report, now, this.#out))
  }

  /** Is no more. If it is gone, its followers notice at once; if it is silent, they do not. */
  die(presence: 'gone' | 'silent'): void {
    this.presence = presence
    this.#turns.stop()
    if (presence === 'gone') for (const { ended } of this.#followers) ended()
    this.#followers.clear()
  }

  /** Tells all registrations and from then on the changes, in order; `ended` when the stream breaks or cannot be opened. */
  tell(hear: (announcement: Announcement<number>) => void, ended: () => void): void {
    if (this.presence !== 'up') {
      this.#network.calendar.after(this.#network.latency(), ended)
      return
    }
    const follower = { pipe: new Pipe(this.#network), hear, ended }
    this.#followers.add(follower)
    for (const announcement of this.registry.announcements()) this.#tell(follower, announcement)
    this.#tell(follower, { type: 'caught-up' })
  }

  follow(other: SimSeed): void {
    const begin = (): void => {
      this.#turns.input(() => this.registry.unheard(other.label, this.#out))
      const hear = (announcement: Announcement<number>): void =>
        this.#turns.input(() => this.registry.heard(other.label, announcement, this.#out))
      this.#network.calendar.after(this.#network.latency(), () =>
        other.tell(hear, () => this.#network.calendar.after(2_000, begin))
      )
    }
    begin()
  }

  #tell(follower: Follower, announcement: Announcement<number>): void {
    if (!this.#followers.has(follower)) return
    if (follower.pipe.send(() => follower.hear(announcement))) return
    this.#followers.delete(follower)
    this.#network.calendar.after(this.#network.latency(), follower.ended)
  }

  #probe(record: PeerRecord<number>): void {
    this.#network.exchange(
      () => this.#presenceOf(record.id),
      () => 'alive' as const,
      outcome =>
        this.#turns.input(now =>
          this.deadReports.probed(record, outcome === 'alive' ? 'answered' : outcome, now, this.#out)
        )
    )
  }
}
