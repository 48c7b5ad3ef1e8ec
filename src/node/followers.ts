import { setTimeout as delay } from 'node:timers/promises'
import { followAnnouncements } from '#protocols/announcement/client.ts'
import { isSame } from '#protocols/peer-record.ts'
import { announcementProtocol } from '#protocols/announcement/messages.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { followFailuresTold, followRetryMs, followRetryMsMin } from '#src/settings.ts'
import type { Announcement, Follow } from '#protocols/announcement/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { RecordCheck } from './record-check.ts'
import type { SeedContacts } from './seed-contacts.ts'

export interface FollowerEvents {
  /** How much of what this seed announces is wanted. Its stream has just been opened. */
  wanted(seed: string): Omit<Follow, 'network'>
  /** No stream of this seed's announcements is open, from now on or still. The next one begins with the list. */
  onUnheard(seed: string): void
  /** A stream of the seed stands again, after an earlier one on which it was heard. */
  onReturn(seed: string): void
  /** A `joined` is what its owner has signed. */
  onAnnouncement(seed: string, announcement: Announcement): void
  readonly onFault: OnFault
}

/** Follows the announcements of seeds, each as long as it is wanted: a stream that ends is opened again a little later. */
export class Followers {
  readonly #contacts: SeedContacts
  readonly #network: string
  readonly #records: RecordCheck
  readonly #events: FollowerEvents
  readonly #wanted = new Map<string, AbortController>()

  /** @param network id of the network that the seeds should belong to */
  constructor(contacts: SeedContacts, network: string, records: RecordCheck, events: FollowerEvents) {
    this.#contacts = contacts
    this.#network = network
    this.#records = records
    this.#events = events
  }

  follow(seed: string): void {
    if (this.#wanted.has(seed)) return
    const end = new AbortController()
    this.#wanted.set(seed, end)
    void this.#keepFollowing(seed, end.signal)
  }

  unfollow(seed: string): void {
    this.#wanted.get(seed)?.abort()
    this.#wanted.delete(seed)
  }

  stop(): void {
    for (const seed of this.#wanted.keys()) this.unfollow(seed)
  }

  async #keepFollowing(seed: string, signal: AbortSignal): Promise<void> {
    let failures = 0
    let again = false
    this.#events.onUnheard(seed)
    while (!signal.aborted) {
      try {
        const hear = async (told: Announcement): Promise<void> => {
          failures = 0
          again = true
          const announcement = await this.#authentic(seed, told)
          if (announcement !== undefined && !signal.aborted) this.#events.onAnnouncement(seed, announcement)
        }
        const follow = (): Follow => {
          // A seed that has forgotten everybody has nothing to say, and needs us most.
          if (again) this.#events.onReturn(seed)
          return { network: this.#network, ...this.#events.wanted(seed) }
        }
        await followAnnouncements(this.#contacts.open(seed), follow, hear, signal)
      } catch (error) {
        if (!signal.aborted) this.#events.onUnheard(seed)
        failures++
        // Seeds start one after another and restart; one that stays away is told of once and not every two seconds.
        if (!signal.aborted && failures === followFailuresTold)
          this.#events.onFault(`seed ${seed}`, announcementProtocol, asError(error))
      }
      const pause = Math.min(followRetryMs, followRetryMsMin * 2 ** Math.min(failures, 16)) * (0.5 + Math.random())
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }

  async #authentic(seed: string, told: Announcement): Promise<Announcement | undefined> {
    if (told.type !== 'joined') return told
    const [record] = await this.#records.authentic(`seed ${seed}`, announcementProtocol, [told.record])
    // What the seed has found out about the addresses is of the record that it names, not of a newer one that is known here.
    return record && { ...told, record, ...(!isSame(record, told.record) && { unreachable: true }) }
  }
}
