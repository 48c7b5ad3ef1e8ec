import { DegreeLaw } from '#src/core/degree-law.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { degreeLaw, topology as settings } from '#src/settings.ts'
import { listener } from './listener.ts'
import { recordOf } from './records.ts'
import type { LinkEnd, LinkRequest, Referral } from '#protocols/overlay/messages.ts'
import type { Standing } from '#src/core/degree-law.ts'
import type { NeighbourState } from '#src/core/neighbours.ts'
import type { TopologyOutput } from '#src/core/topology.ts'

/** The rank is the target, whatever the size of the network: then every target can be had. */
export const rankIsTarget = new (class extends DegreeLaw {
  override target({ rank }: Standing): number {
    return rank
  }
})(degreeLaw)

interface BenchOptions {
  readonly seed?: number
  readonly linksMax?: number
}

/** One topology on a bench, with its table and with what it says. Its own id is 0, its seed is s1 unless there are more. */
export class TopologyBench {
  readonly neighbours = new Neighbours<number>()
  readonly topology: Topology<number, string>
  readonly said = listener<TopologyOutput<number, string>>()
  now = 0

  constructor({ seed = 1, linksMax = 256 }: BenchOptions = {}) {
    const self = { id: 0, name: 'p0', linksMax }
    this.topology = new Topology(self, this.neighbours, rankIsTarget, settings, seededRandom(seed))
  }

  get out(): TopologyOutput<number, string> {
    return this.said.out
  }

  /** A seed says what makes this the target. */
  aim(target: number, seed = 's1', peers = 1_000): void {
    this.topology.viewed(seed, { rank: target, peers }, this.now, this.out)
  }

  /** Goes on to the next deadline. */
  next(): void {
    this.wake(this.topology.wakeAt)
  }

  wake(now: number): void {
    this.now = now
    this.topology.wake(now, this.out)
  }

  /** What a seed answers to a question. */
  found(free: readonly number[], body: readonly number[] = [], seed = 's1'): void {
    const candidates = { free: free.map(id => recordOf(id)), body: body.map(id => recordOf(id)) }
    this.topology.found(seed, candidates, this.now, this.out)
  }

  /** A seed does not answer to a question. */
  silent(seed = 's1'): void {
    this.topology.found(seed, undefined, this.now, this.out)
  }

  /** Takes a target, asks the only seed, and hears of these peers. */
  seek(target: number, free: readonly number[], body: readonly number[] = []): void {
    this.aim(target)
    this.next()
    this.found(free, body)
  }

  /** A peer asks. The nonce is its id and 1000 unless it is another one. */
  asked(peer: number, { nonce = 1000 + peer, want = 1, redeem = false }: Partial<LinkRequest> = {}): void {
    this.topology.asked(peer, { nonce, name: `p${peer}`, want, redeem }, this.now, this.out)
  }

  accepted(peer: number, spliced = false): void {
    this.topology.accepted(peer, this.nonceOf(peer), spliced, this.now, this.out)
  }

  /** The other side ends the link or the attempt there is. */
  ended(peer: number, end: LinkEnd, goTo?: Referral<number>): void {
    this.topology.ended(peer, this.nonceOf(peer), end, goTo, this.now, this.out)
  }

  /** Another peer takes this one's place at a neighbour, and needs a link. */
  spliced(neighbour: number, newcomer: number, nonce = 77): void {
    this.ended(neighbour, 'spliced', { peer: newcomer, name: `p${newcomer}`, nonce })
  }

  nonceOf(peer: number): number {
    return this.neighbours.get(peer)?.nonce ?? Number.NaN
  }

  in(state: NeighbourState): number[] {
    return [...this.neighbours.in(state)].map(({ peer }) => peer)
  }

  /** Whom it asks, and for how many links. */
  asks(): (readonly [peer: number, want: 1 | 2])[] {
    return this.said.heardOf('ask').map(([, { id }, { want }]) => [id, want] as const)
  }

  /** Takes in links, and forgets what was said on the way. */
  linkWith(...peers: readonly number[]): void {
    for (const peer of peers) this.asked(peer)
    this.said.heard()
  }
}
