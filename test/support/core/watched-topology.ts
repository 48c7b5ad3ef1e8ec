import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { topology as realSettings } from '#src/settings.ts'
import { rankIsTarget } from './topology-bench.ts'
import type { LinkRequest, UnlinkReason } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Neighbour } from '#src/core/neighbours.ts'
import type { TopologyOutput, UnlinkCause } from '#src/core/topology.ts'

/** So few that it matters. */
const settings = { ...realSettings, splicesAtOnce: 2 }

export const watchedSeeds = ['s1', 's2', 's3']
export const watchedLinksMax = 5

/** What happened in all runs together: a test that never gets there proves nothing. */
export class Tally {
  readonly times = new Map<string, number>()

  add(what: string): void {
    this.times.set(what, (this.times.get(what) ?? 0) + 1)
  }
}

export function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`broken: ${promise}`)
}

/**
 * One topology (its own id is 0) whose promises are looked at after each input and with each output. The numbers are those of the
 * invariants in the design of the overlay.
 */
export class WatchedTopology implements TopologyOutput<number, string> {
  readonly neighbours = new Neighbours<number>()
  readonly topology: Topology<number, string>
  now: Millis = 0
  readonly #tally: Tally
  /** Streams that are open at this end, by their peer. */
  readonly #open = new Map<number, number>()
  readonly #links = new Set<number>()
  /** Requests that are not answered, with the time they were made; those that follow a referral apart. */
  readonly #askedAt = new Map<number, Millis>()
  readonly #follows = new Set<number>()
  /** When a neighbour of somebody else was announced. */
  #announcedAt: Millis[] = []
  #splicedAt: Millis[] = []
  readonly #consultedAt = new Map<number, Millis>()
  /** Seeds that have not answered to the last search. */
  #searching = new Set<string>()
  /** Whether the last wake has begun a search without a seed. */
  #searchesByHearsay = false
  /** Links and reservations before the input. */
  #before = 0
  #linksBefore = 0
  #said = 0
  #left = false

  constructor(seed: number, tally: Tally) {
    this.#tally = tally
    const self = { id: 0, name: 'p0', linksMax: watchedLinksMax }
    this.topology = new Topology(self, this.neighbours, rankIsTarget, settings, seededRandom(seed))
  }

  /** Links and whatever is reserved for links. */
  get #committed(): number {
    return this.neighbours.count('linked') + this.topology.pending
  }

  /** Gives one input and looks whether all promises are kept; gives how many outputs came of it. */
  input(give: (now: Millis) => void): number {
    this.#before = this.#committed
    this.#linksBefore = this.neighbours.count('linked')
    this.#said = 0
    give(this.now)
    this.#look()
    return this.#said
  }

  /** Time goes by, with a wake at each deadline. */
  wait(ms: Millis): void {
    const until = this.now + ms
    while (this.topology.wakeAt <= until) {
      this.now = Math.max(this.now, this.topology.wakeAt)
      // A new search does not wait for the answers to the one before, nor does one without a seed, which goes by hearsay.
      const before = this.#searching
      this.#searching = new Set()
      this.#searchesByHearsay = false
      this.input(now => {
        this.topology.wake(now, this)
        if (this.#searching.size === 0 && !this.#searchesByHearsay) this.#searching = before
      })
      must(this.topology.wakeAt > this.now, 'a wake does all that is due')
    }
    this.now = until
  }

  answered(seed: string): void {
    this.#searching.delete(seed)
  }

  announced(): void {
    this.#announcedAt.push(this.now)
    this.#tally.add('a neighbour of another is announced')
  }

  /** The other side ends the stream of this peer. */
  close(peer: number): void {
    this.#open.delete(peer)
  }

  leave(): void {
    this.#left = true
    this.topology.leave(this)
  }

  ask({ id }: Pick<PeerRecord<number>, 'id'>, { nonce, redeem }: LinkRequest): void {
    this.#says()
    must(!this.#left, 'nobody is asked after leaving')
    must(id !== 0 && !this.#open.has(id), 'I1: it asks neither itself nor somebody with whom it has a stream')
    this.#open.set(id, nonce)
    this.#askedAt.set(id, this.now)
    if (redeem) this.#follows.add(id)
    else this.#follows.delete(id)
    this.#tally.add(redeem ? 'follows a referral' : 'asks')
  }

  accept(peer: number, nonce: number, spliced: boolean): void {
    this.#says()
    must(!this.#left, 'nobody is accepted after leaving')
    must(!this.#open.has(peer), 'I1: there is one stream a peer')
    this.#open.set(peer, nonce)
    this.#tally.add(spliced ? 'accepts by a splice' : 'accepts')
    if (spliced) must(this.neighbours.count('linked') === this.#linksBefore, 'a splice keeps the degree')
  }

  refuse(): void {
    this.#said++
    this.#tally.add('refuses')
  }

  unlink(peer: number, nonce: number, reason: UnlinkReason): void {
    this.#says()
    must(this.#open.get(peer) === nonce, 'only a stream that is open is ended')
    this.#open.delete(peer)
    this.#tally.add(reason)
    if (reason !== 'spliced') return
    this.#splicedAt = [...this.#splicedAt, this.now].filter(at => at > this.now - settings.spliceWindowMs)
    const budget = Math.max(settings.splicesAtOnce, this.topology.target)
    must(this.#splicedAt.length <= budget, 'I10: splices stay in their budget')
  }

  linked({ peer }: Neighbour<number>): void {
    this.#says()
    must(!this.#links.has(peer), 'a link is announced once')
    this.#links.add(peer)
  }

  unlinked({ peer }: Neighbour<number>, cause: UnlinkCause): void {
    this.#says()
    // What a splice has to keep is what there is without the old link of the asker.
    if (cause === 'duplicate') this.#linksBefore--
    must(this.#links.delete(peer), 'only a link that was announced is taken back')
  }

  seek(seed: string): void {
    this.#says()
    this.#searching.add(seed)
    this.#tally.add('seeks')
  }

  consult(neighbour: number): void {
    this.#says()
    must(this.#links.has(neighbour), 'only neighbours are consulted')
    const restedMs = this.now - (this.#consultedAt.get(neighbour) ?? Number.NEGATIVE_INFINITY)
    must(restedMs >= settings.consultSpacingMs, 'a neighbour is not consulted again too soon')
    this.#consultedAt.set(neighbour, this.now)
    this.#tally.add('consults')
  }

  recall(): void {
    this.#says()
    this.#searchesByHearsay = true
    must(!this.#left, 'nobody is recalled after leaving')
    this.#tally.add('recalls')
  }

  report(): void {
    this.#says()
    must(!this.#left, 'nothing is reported after leaving')
  }

  #says(): void {
    this.#said++
    const bound = Math.max(this.topology.target, this.#before)
    must(this.#committed <= bound, 'I2, I3: a link needs room or a reservation')
  }

  #look(): void {
    const { topology, neighbours, now } = this
    const linked = [...neighbours.in('linked')]
    const asked = [...neighbours.in('asked')]
    must(!neighbours.get(0), 'I1: it is no neighbour of itself')
    must(
      this.#committed <= Math.max(topology.target, this.#before),
      'I3: what is committed only grows up to the target'
    )
    must(this.#committed <= watchedLinksMax, 'I3: there are never more links than this peer may have')
    must(topology.pending >= neighbours.reserved, 'what is expected is counted')
    const streams = [...asked, ...linked].every(({ peer, nonce }) => this.#open.get(peer) === nonce)
    must(streams && this.#open.size === asked.length + linked.length, 'I8: each entry lives on its own stream')
    must(linked.length === this.#links.size && linked.every(({ peer }) => this.#links.has(peer)), 'links are announced')
    for (const { peer } of asked) {
      must(now - (this.#askedAt.get(peer) ?? 0) < settings.linkTimeoutMs, 'I5: a request ends in its time')
    }
    this.#announcedAt = this.#announcedAt.filter(at => now - at < settings.referralTimeoutMs)
    must(topology.pending - neighbours.reserved <= this.#announcedAt.length, 'I5: an expectation ends in its time')
    const dials = asked.filter(({ peer }) => !this.#follows.has(peer)).length
    must(dials <= settings.dialsAtOnce, 'I12: as many dials at once as may be')
    this.#lookAtOffers()
    const missing = topology.target - this.#committed
    if (this.#left) must(asked.length + linked.length === 0, 'after leaving there are no neighbours')
    else if (missing > 0 && asked.length === 0 && this.#searching.size === 0) {
      must(topology.wakeAt < Number.POSITIVE_INFINITY, 'a missing link is looked for')
    }
  }

  #lookAtOffers(): void {
    const offers = watchedSeeds.map(seed => this.topology.offerTo(seed)).filter(offer => offer !== 0)
    must(offers.length <= 1, 'I9: an offer is at one seed')
    const missing = this.topology.target - this.#committed
    for (const offer of offers) {
      must(offer === missing && !this.#left, 'an offer is what is missing')
      must(this.#searching.size === 0, 'nothing is offered during a search')
      this.#tally.add('offers')
    }
  }
}
