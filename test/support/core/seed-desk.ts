import { Audience } from '#src/core/audience.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { audience as usual, registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { network, recordOf } from './records.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { AudienceSettings } from '#src/core/audience.ts'
import type { RegistryOutput } from '#src/core/registry.ts'

/** A number in [0, 1) for each peer, as unlike its neighbours' as a hash is. */
export function rankOf(peer: number): number {
  return (peer * 0.6180339887498949) % 1
}

/** With a signature of its own, as a record in the world has: digests go by it. */
export function signedRecord(id: number, epoch = 1, seq = 1): PeerRecord<number> {
  const random = seededRandom(id * 1_000_003 + epoch * 1_009 + seq)
  const signature = Uint8Array.from({ length: 64 }, () => random() * 256)
  return { ...recordOf(id, `p${id}`, epoch), seq, signature }
}

/** A seed's list and whom it tells what, without a wire. What it announces goes to `onAnnounce`, with those whom it is for. */
export class SeedDesk implements RegistryOutput<number> {
  readonly registry: Registry<number, string>
  readonly audience: Audience<number, string>
  onAnnounce: (announcement: Announcement<number>, to: readonly number[] | undefined) => void = () => {}
  onSuspect: (peer: number) => void = () => {}
  /** What is kept on the disk. */
  readonly disk = new Set<string>()

  constructor(run = 1, audience: Partial<AudienceSettings> = {}, entriesMax = settings.entriesMax) {
    const random = seededRandom(run)
    this.registry = new Registry({ ...settings, entriesMax }, rankOf, new DegreeLaw(degreeLaw), random)
    this.audience = new Audience(this.registry, { ...usual, ...audience }, rankOf, random)
  }

  ask(peer: number, request: RegistrationRequest<number>, now = 0): RegistrationReply<number> {
    return this.registry.answer(peer, request, '/ip4/192.0.2.1', now, this)
  }

  register(record: PeerRecord<number>, now = 0): RegistrationReply<number> {
    const reserved = this.ask(record.id, { type: 'reserve', name: record.name, network }, now)
    const reply = reserved.type === 'reserved' ? this.ask(record.id, { type: 'register', record }, now) : reserved
    // It is announced when it has been dialled back.
    if (reply.type === 'registered') this.registry.dialledBack(record, 'reached', this)
    return reply
  }

  renew(peer: number, neighbours: readonly number[], offer = 0, now = 0): RegistrationReply<number> {
    return this.ask(peer, { type: 'renew', degree: neighbours.length, target: 4, offer, neighbours }, now)
  }

  announce(announcement: Announcement<number>): void {
    const to = this.audience.of(announcement)
    this.onAnnounce(announcement, to && [...to])
  }

  keep(kept: Parameters<RegistryOutput<number>['keep']>[0]): void {
    this.disk.add(kept.type === 'held' ? `held ${kept.id}` : `registered ${kept.record.id}`)
  }

  discard(type: 'held' | 'registered', peer: number): void {
    this.disk.delete(`${type} ${peer}`)
  }

  recovered(): void {}
  registered(): void {}
  removed(): void {}

  suspect(peer: number): void {
    this.onSuspect(peer)
  }
}
