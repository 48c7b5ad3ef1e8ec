import { candidatesMax } from '#protocols/registration/messages.ts'
import { Hearsay } from './hearsay.ts'
import { NEVER } from './machine.ts'
import { below, between } from './random.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Candidates } from '#protocols/registration/messages.ts'
import type { HearsayOutput, HearsaySettings } from './hearsay.ts'
import type { Millis } from './machine.ts'
import type { Neighbours } from './neighbours.ts'
import type { Random } from './random.ts'

export interface SearchSettings extends HearsaySettings {
  readonly seekBackoffMs: Millis
  readonly seekBackoffMsMax: Millis
}

export interface SearchOutput<Peer, Seed> extends HearsayOutput<Peer> {
  /** Ask this seed for candidates for so many links, and tell `found` what became of it. */
  seek(seed: Seed, wanted: number): void
}

const nobody: readonly never[] = []

/**
 * The search for missing links: when to ask the seeds for candidates, and which of them are left. A peer either looks for links
 * or offers its own to others, never both; and it offers them at one seed only, so that no two seeds send somebody for the same
 * one. All its registrars are asked, and any two peers share a registrar, so every offer is found in the end. If none of them
 * answers, or there is none, it goes by hearsay.
 */
export class Search<Peer, Seed> {
  readonly #neighbours: Neighbours<Peer>
  readonly #settings: SearchSettings
  readonly #random: Random
  #at: Millis = NEVER
  /** Searches since there was the last reason for hope. */
  #inVain = 0
  /** Seeds that have not answered yet; bounded by the number of seeds. */
  #asked: readonly Seed[] = nobody
  /** Whether a seed has answered in this search. */
  #answered = false
  /** Candidates that were not asked yet, at most `candidatesMax` from each seed. */
  #free: readonly PeerRecord<Peer>[] = nobody
  #body: readonly PeerRecord<Peer>[] = nobody
  /** Made when no seed answers: most peers never need it. */
  #hearsay: Hearsay<Peer> | undefined
  #offerAt: Seed | undefined

  constructor(neighbours: Neighbours<Peer>, settings: SearchSettings, random: Random) {
    this.#neighbours = neighbours
    this.#settings = settings
    this.#random = random
  }

  get wakeAt(): Millis {
    return this.#at
  }

  /** The seed at which missing links are offered. */
  get offerAt(): Seed | undefined {
    return this.#offerAt
  }

  get underWay(): boolean {
    return this.#asked.length > 0
  }

  /** Looks at this time at the latest. */
  plan(at: Millis): void {
    this.#at = Math.min(this.#at, at)
  }

  /** Looks again after a while, the longer the more often it was in vain, unless a search is planned or under way. */
  planIfIdle(now: Millis): void {
    if (this.#at !== NEVER || this.underWay) return
    const { seekBackoffMs, seekBackoffMsMax } = this.#settings
    const backoff = Math.min(seekBackoffMs * 2 ** Math.min(this.#inVain, 16), seekBackoffMsMax)
    this.#at = now + backoff * between(this.#random, 0.5, 1.5)
  }

  /** Something has changed for the better, or for the worse: be quick again. */
  hope(): void {
    this.#inVain = 0
  }

  /** Asks all registrars for their share of `missing` links. */
  begin(missing: number, seeds: readonly Seed[], now: Millis, out: SearchOutput<Peer, Seed>): void {
    this.#at = NEVER
    if (missing <= 0) return
    this.#inVain++
    this.#offerAt = undefined
    this.#answered = false
    this.rest()
    this.#asked = seeds
    for (const seed of seeds) out.seek(seed, Math.min(Math.ceil(missing / seeds.length), candidatesMax))
    if (seeds.length === 0) this.#askAround(now, out)
  }

  found(seed: Seed, candidates: Candidates<Peer> | undefined, now: Millis, out: SearchOutput<Peer, Seed>): void {
    if (!this.#asked.includes(seed)) return
    this.#asked = this.#asked.length === 1 ? nobody : this.#asked.filter(other => other !== seed)
    if (candidates !== undefined) {
      this.#answered = true
      this.#free = [...this.#free, ...candidates.free]
      this.#body = [...this.#body, ...candidates.body]
    } else if (!this.underWay && !this.#answered) this.#askAround(now, out)
  }

  /** What a neighbour says, or this peer's own memory; too late, if a seed has answered meanwhile. */
  told(records: readonly PeerRecord<Peer>[]): void {
    if (!this.#answered) this.#hearsay?.told(records)
  }

  /** Offers what nobody was found for at one of these seeds. Returns whether that is news. */
  offer(seeds: readonly Seed[]): boolean {
    if (this.#offerAt !== undefined || seeds.length === 0) return false
    this.#offerAt = seeds[below(this.#random, seeds.length)]
    return true
  }

  /**
   * The next candidate, and how many links it is asked for: first those with links to spare.
   * @param want how many links anybody else may be asked for; 0, if only those are asked who may have links to spare
   */
  next(want: 0 | 1 | 2): { record: PeerRecord<Peer>; want: 1 | 2 } | undefined {
    const [free] = this.#free
    if (free !== undefined) {
      this.#free = this.#free.slice(1)
      return { record: free, want: 1 }
    }
    const [record] = this.#body
    if (record !== undefined && want !== 0) {
      this.#body = this.#body.slice(1)
      return { record, want }
    }
    const heardOf = this.#hearsay?.next()
    return heardOf && { record: heardOf, want: want === 2 ? 2 : 1 }
  }

  /** No link is missing: the candidates that are left are of no use, and stale when one is. */
  rest(): void {
    this.#free = nobody
    this.#body = nobody
    this.#hearsay?.forget()
  }

  /** Looks no more, and offers nothing. */
  end(): void {
    this.#at = NEVER
    this.#offerAt = undefined
    this.#asked = nobody
    this.rest()
  }

  #askAround(now: Millis, out: SearchOutput<Peer, Seed>): void {
    this.#hearsay ??= new Hearsay(this.#settings)
    this.#hearsay.ask(this.#neighbours.linked, this.#random, now, out)
  }
}
