import { bucketOf, digestOf, sameBuckets } from './digest.ts'
import { sample } from './random.ts'
import type { Announcement, Digest } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply } from '#protocols/registration/messages.ts'
import type { Random } from './random.ts'
import type { Registry } from './registry.ts'

export interface AudienceSettings {
  /** In a network of up to so many peers everybody who is registered hears everything. */
  readonly everybodyPeersMax: number
  /** When it has shrunk to so many, they do so again. */
  readonly everybodyPeersMin: number
  /** In a larger one so many peers hear of a newcomer, besides those that it may ask for links. */
  readonly othersTold: number
}

/**
 * Whom a seed tells what. In a large network a peer hears only of those that it may have to do with; whom else it comes to need it looks up.
 * Those who follow for everything, as the other seeds do, are told it whatever the size.
 */
export class Audience<Peer, Seed> {
  readonly #registry: Registry<Peer, Seed>
  readonly #settings: AudienceSettings
  readonly #rankOf: (peer: Peer) => number
  readonly #random: Random
  #isLarge = false

  constructor(
    registry: Registry<Peer, Seed>,
    settings: AudienceSettings,
    rankOf: (peer: Peer) => number,
    random: Random
  ) {
    this.#registry = registry
    this.#settings = settings
    this.#rankOf = rankOf
    this.#random = random
  }

  /** The registered peers that hear this, drawn as they are taken; nothing, if everybody does. */
  of(announcement: Announcement<Peer>): Iterable<Peer> | undefined {
    if (!this.#look()) return undefined
    switch (announcement.type) {
      case 'joined':
        return this.#others(announcement.record.id)
      case 'removed':
        // They have named each other.
        return this.#registry.neighboursOf(announcement.id) ?? []
      case 'suspected':
        return [announcement.id]
      case 'caught-up':
        return []
    }
  }

  /** After an answer: the peers that have to know the asker, for it may ask them for a link. In a small network they do. */
  introduced(reply: RegistrationReply<Peer>): readonly Peer[] {
    if (reply.type !== 'candidates' || !this.#look()) return []
    return [...reply.free, ...reply.body].map(({ id }) => id)
  }

  /** What a peer is told first that begins to follow. */
  *listFor(peer: Peer): Iterable<Announcement<Peer>> {
    if (!this.#look()) {
      yield* this.list()
      return
    }
    for (const id of new Set([...(this.#registry.neighboursOf(peer) ?? []), ...this.#others(peer)])) {
      const joined = this.#registry.announcementOf(id)
      if (joined !== undefined) yield joined
    }
    yield { type: 'caught-up', part: true }
  }

  /**
   * What a follower is told first that wants to know everything. The list of a seed that has forgotten somebody is not at its end before it
   * has recollected: until then it takes nothing back.
   * @param digest of what it knows already
   */
  *list(digest?: Digest): Iterable<Announcement<Peer>> {
    const hasEnd = !this.#registry.isRecollecting
    const same =
      hasEnd && digest !== undefined
        ? sameBuckets(digest, digestOf(this.#registry.announcements(), this.#rankOf))
        : undefined
    const untold = new Set(same)
    for (const joined of this.#registry.announcements()) {
      if (untold.size === 0 || !untold.has(bucketOf(this.#rankOf(joined.record.id)))) yield joined
    }
    if (hasEnd) yield same === undefined ? { type: 'caught-up' } : { type: 'caught-up', same }
  }

  *#records(): Iterable<PeerRecord<Peer>> {
    for (const { record } of this.#registry.announcements()) yield record
  }

  *#others(than: Peer): Iterable<Peer> {
    for (const { id } of sample(this.#random, this.#records(), this.#settings.othersTold)) if (id !== than) yield id
  }

  /** Whether the network is large. It does not become small again at once: each time everybody has to be told of everybody. */
  #look(): boolean {
    const { everybodyPeersMin, everybodyPeersMax } = this.#settings
    this.#isLarge = this.#registry.size > (this.#isLarge ? everybodyPeersMin : everybodyPeersMax)
    return this.#isLarge
  }
}
