import { NEVER } from './machine.ts'
import { between, sample } from './random.ts'
import type { RefusalReason } from '#protocols/registration/messages.ts'
import type { Machine, Millis } from './machine.ts'
import type { Random } from './random.ts'

export interface EnrolmentSettings {
  /** Renewals in the time of a lease. */
  readonly renewalsPerLease: number
  /** Part of a lease that this peer relies on, from when it asked: its clock and the seed's may run at different speeds. */
  readonly leaseShare: number
  /** No lease is taken for shorter, whatever a seed says. */
  readonly leaseMsMin: Millis
  /** Least time between two renewals at one seed. */
  readonly renewSpacingMs: Millis
  readonly retryMs: Millis
  readonly retryMsMax: Millis
  /** Time in which the peers of a seed that is back renew. */
  readonly returnMsMax: Millis
}

/**
 * - `joining`: the first attempt to register is under way.
 * - `registered`: at floor(n/2)+1 seeds or more.
 * - `degraded`: at fewer or at none, because the others do not answer. It gossips all the same, but its name is not sure.
 * - `refused`: the name belongs to another peer.
 */
export type EnrolmentState = 'joining' | 'registered' | 'degraded' | 'refused'

export interface EnrolmentOutput<Peer, Seed> {
  reserve(seed: Seed): void
  register(seed: Seed): void
  renew(seed: Seed): void
  /** Give up the reservation or registration at this seed. */
  leave(seed: Seed): void
  /** The registration at this seed stands, or stands no more. */
  held(seed: Seed): void
  lost(seed: Seed): void
  registered(seeds: number): void
  /** Registered at `seeds` seeds only; `reasons` say what is wrong with the others. Told anew after every vain attempt. */
  degraded(seeds: number, reasons: ReadonlyMap<Seed, string>): void
  nameTaken(holder: Peer | undefined): void
}

type Stage = 'reserving' | 'reserved' | 'registering' | 'held'

interface Place<Seed> {
  readonly seed: Seed
  stage: Stage
  /** When it was last asked to register or renew. */
  askedAt: Millis
  leaseMs: Millis
  /** Until then the registration stands, once it is held, whatever becomes of the seed: see `leaseShare`. */
  standsUntil: Millis
  /** A renewal was sent and not answered yet; `overtaken` if the next one was due since then. */
  renewing: false | 'under way' | 'overtaken'
}

const none: readonly never[] = []

/**
 * A peer's registrations: floor(n/2)+1 seeds chosen at random, so that any two peers have a seed in common.
 *
 * A name is first reserved at all of them, one after another in ascending order within the choice, and only then registered. Of
 * several peers that want the same name, the one that is stopped by another holds nothing that lies further up, so somebody
 * always gets through; and since two choices share a seed, only one does. Whoever is stopped gives back what it holds.
 */
export class Enrolment<Peer, Seed> implements Machine<EnrolmentOutput<Peer, Seed>> {
  /** In the order of the network's seed list, the same for every peer. */
  readonly #seeds: readonly Seed[]
  readonly #settings: EnrolmentSettings
  readonly #random: Random
  readonly quorum: number
  /** A handful at most: a search through an array is quicker than a Map, and takes a quarter of it. */
  #places: readonly Place<Seed>[] = []
  /** Made when it is needed. */
  #failures: Map<Seed, string> | undefined
  #queue: readonly Seed[] = none
  #state: EnrolmentState = 'joining'
  /** Renewals go to all registrars at one time: what one of them hears, the others hear too. */
  #renewAt: Millis = NEVER
  #renewedAt: Millis = -Infinity
  #retryAt: Millis = NEVER
  /** Whether the next attempt may ask the seeds again that have failed. */
  #forgive = true
  #retries = 0
  #active = false

  constructor(seeds: readonly Seed[], settings: EnrolmentSettings, random: Random) {
    this.#seeds = seeds
    this.#settings = settings
    this.#random = random
    this.quorum = Math.floor(seeds.length / 2) + 1
  }

  get state(): EnrolmentState {
    return this.#state
  }

  /** Where the registration stands. */
  get registrars(): Seed[] {
    return this.#places.flatMap(({ stage, seed }) => (stage === 'held' ? [seed] : []))
  }

  get wakeAt(): Millis {
    let wakeAt = Math.min(this.#retryAt, this.#renewAt)
    for (const { standsUntil } of this.#places) wakeAt = Math.min(wakeAt, standsUntil)
    return wakeAt
  }

  /** Starts to register. */
  enrol(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    this.#active = true
    this.#choose(now, out)
  }

  wake(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    this.#lapse(now, out)
    if (now >= this.#renewAt) this.#renew(now, out)
    if (now >= this.#retryAt) {
      this.#retryAt = NEVER
      if (this.#forgive) this.#failures = undefined
      this.#choose(now, out)
    }
  }

  /** Renews within this time: there is news to tell or to hear. */
  renewWithin(within: Millis, now: Millis): void {
    if (this.#renewAt === NEVER) return
    this.#renewAt = Math.min(this.#renewAt, Math.max(now + within, this.#renewedAt + this.#settings.renewSpacingMs))
  }

  /** A seed is back after a while and may have forgotten us. Others have noticed it too: they must not all come at once. */
  seedReturned(now: Millis): void {
    this.renewWithin(between(this.#random, 0, this.#settings.returnMsMax), now)
  }

  reserved(seed: Seed, now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    if (!this.#advance(seed, 'reserving', 'reserved')) return
    this.#next(now, out)
  }

  /** @param leaseMs from the seed's answer; the registration ends there so long after it, unless it is renewed */
  registered(seed: Seed, leaseMs: Millis, now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    if (!this.#advance(seed, 'registering', 'held')) return
    this.#extend(seed, leaseMs)
    // Where one seed is back, others may be.
    this.#retries = 0
    this.#renewedAt = now
    if (this.#renewAt === NEVER) this.#renewAt = this.#nextRenewal(now)
    out.held(seed)
    this.#settle(now, out)
  }

  /** A renewal was answered, with how long the registration stands from then on. */
  renewed(seed: Seed, leaseMs: Millis, now: Millis): void {
    const place = this.#place(seed)
    if (place?.stage !== 'held') return
    this.#extend(seed, leaseMs)
    // It may have left before the news that the next one was to tell.
    if (place.renewing === 'overtaken') this.renewWithin(0, now)
    place.renewing = false
    this.#failures?.delete(seed)
  }

  refused(
    seed: Seed,
    reason: RefusalReason,
    holder: Peer | undefined,
    now: Millis,
    out: EnrolmentOutput<Peer, Seed>
  ): void {
    const place = this.#place(seed)
    if (place === undefined) return
    // Only asked too often: what stands still stands.
    if (reason === 'full-rate') {
      this.failed(seed, reason, now, out)
      return
    }
    // Where a registration stood, any refusal means that it stands no more; the seed may know another holder of the name by now.
    switch (place.stage === 'held' ? 'not-registered' : reason) {
      case 'name-taken':
        this.#forget(seed, out)
        this.#release(() => true, out)
        this.#active = false
        this.#state = 'refused'
        out.nameTaken(holder)
        break
      case 'name-reserved':
        // The rival may still lose: give way, then try again under the same name.
        this.#forget(seed, out)
        this.#release(place => place.stage !== 'held', out)
        this.#retryAt = now + this.#settings.retryMs * between(this.#random, 0.5, 1.5)
        this.#forgive = false
        break
      case 'not-registered':
        // The seed has restarted, or has found this peer dead: a fresh registration puts it right.
        this.#forget(seed, out)
        this.#choose(now, out)
        break
      case 'bad-name':
      case 'full':
      case 'full-address':
      case 'full-subnet':
      case 'not-ready':
      case 'other-network':
      case 'stale':
        this.#fails(seed, reason)
        this.#forget(seed, out)
        this.#next(now, out)
        break
    }
  }

  /** The seed did not answer. */
  failed(seed: Seed, reason: string, now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    const place = this.#place(seed)
    if (place === undefined) return
    this.#fails(seed, reason)
    // The registration stands as long as its lease.
    if (place.stage === 'held') place.renewing = false
    else {
      // If only the answer was lost, the seed would keep a registration that this peer does not know of. A reservation ends by itself.
      if (place.stage === 'registering') out.leave(seed)
      this.#forget(seed, out)
      this.#next(now, out)
    }
  }

  /** Gives everything up. */
  leave(out: EnrolmentOutput<Peer, Seed>): void {
    this.#active = false
    this.#retryAt = NEVER
    this.#release(() => true, out)
  }

  /** Begins an attempt at what is missing to the quorum, unless one is under way. */
  #choose(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    if (this.#active && !this.#busy()) this.#next(now, out)
  }

  /** The next step of an attempt: reserve at one more seed, or register where the name is reserved. */
  #next(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    if (!this.#active) return
    const seed = this.#nextInQueue()
    if (seed !== undefined) {
      const place: Place<Seed> = {
        seed,
        stage: 'reserving',
        askedAt: now,
        leaseMs: NEVER,
        standsUntil: NEVER,
        renewing: false
      }
      this.#places = this.#places.concat(place)
      out.reserve(seed)
      return
    }
    for (const place of this.#places) {
      if (place.stage !== 'reserved') continue
      place.stage = 'registering'
      place.askedAt = now
      out.register(place.seed)
    }
    this.#settle(now, out)
  }

  #nextInQueue(): Seed | undefined {
    const queue = this.#queue.length > 0 ? this.#queue : this.#refill()
    this.#queue = queue.length > 1 ? queue.slice(1) : none
    return queue[0]
  }

  /** Chooses at random what is missing, among the seeds that have not failed. */
  #refill(): readonly Seed[] {
    const fresh = this.#seeds.filter(seed => this.#place(seed) === undefined && this.#failures?.has(seed) !== true)
    const choice = new Set(sample(this.#random, fresh, Math.max(0, this.quorum - this.#places.length)))
    return this.#seeds.filter(seed => choice.has(seed))
  }

  /** Nothing is under way any more: say how it stands, and try again later for what is missing. */
  #settle(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    if (this.#busy()) return
    if (this.#places.length >= this.quorum) {
      this.#retries = 0
      this.#retryAt = NEVER
      if (this.#state !== 'registered') {
        this.#state = 'registered'
        out.registered(this.#places.length)
      }
      return
    }
    this.#state = 'degraded'
    out.degraded(this.#places.length, this.#failures ?? new Map())
    const { retryMs, retryMsMax } = this.#settings
    const backoff = Math.min(retryMs * 2 ** Math.min(this.#retries, 16), retryMsMax)
    this.#retries++
    this.#forgive = true
    this.#retryAt = now + backoff * between(this.#random, 0.5, 1.5)
  }

  #fails(seed: Seed, reason: string): void {
    this.#failures ??= new Map()
    this.#failures.set(seed, reason)
  }

  #place(seed: Seed): Place<Seed> | undefined {
    return this.#places.find(place => place.seed === seed)
  }

  #advance(seed: Seed, from: Stage, to: Stage): boolean {
    const place = this.#place(seed)
    if (place?.stage !== from) return false
    place.stage = to
    return true
  }

  #renew(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    this.#renewedAt = now
    this.#renewAt = NEVER
    for (const place of this.#places) {
      if (place.stage !== 'held') continue
      this.#renewAt = this.#nextRenewal(now)
      if (place.renewing !== false) place.renewing = 'overtaken'
      else {
        place.renewing = 'under way'
        place.askedAt = now
        out.renew(place.seed)
      }
    }
  }

  #nextRenewal(now: Millis): Millis {
    let leaseMs = NEVER
    for (const place of this.#places) leaseMs = Math.min(leaseMs, place.leaseMs)
    return now + (leaseMs / this.#settings.renewalsPerLease) * between(this.#random, 0.9, 1.1)
  }

  #extend(seed: Seed, leaseMs: Millis): void {
    const { leaseMsMin, leaseShare } = this.#settings
    const place = this.#place(seed)
    if (place === undefined) return
    place.leaseMs = Math.max(leaseMs, leaseMsMin)
    place.standsUntil = place.askedAt + place.leaseMs * leaseShare
  }

  /** Leases that have not been renewed in time are no registrations any more: others take their place. */
  #lapse(now: Millis, out: EnrolmentOutput<Peer, Seed>): void {
    for (const { seed, standsUntil } of this.#places) {
      if (standsUntil > now) continue
      if (this.#failures?.has(seed) !== true) this.#fails(seed, 'no renewal in time')
      this.#forget(seed, out)
      this.#choose(now, out)
    }
  }

  #busy(): boolean {
    for (const place of this.#places) if (place.stage !== 'held') return true
    return false
  }

  #release(which: (place: Place<Seed>) => boolean, out: EnrolmentOutput<Peer, Seed>): void {
    this.#queue = none
    for (const place of this.#places.filter(which)) {
      out.leave(place.seed)
      this.#forget(place.seed, out)
    }
  }

  #forget(seed: Seed, out: EnrolmentOutput<Peer, Seed>): void {
    const place = this.#place(seed)
    this.#places = this.#places.filter(other => other !== place)
    if (this.#places.length === 0) this.#renewAt = NEVER
    if (place?.stage !== 'held') return
    out.lost(seed)
    if (this.#places.length < this.quorum && this.#state === 'registered') this.#state = 'degraded'
  }
}
