import { DegreeLaw } from '#src/core/degree-law.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { topology as settings } from '#src/settings.ts'
import { listener } from './listener.ts'
import { recordOf } from './records.ts'
import type { LinkRequest } from '#protocols/overlay/messages.ts'
import type { TopologyOutput } from '#src/core/topology.ts'

/** Everybody's target is to be linked with all others: then a standing among n + 1 peers is a target of n. */
const everybody = new DegreeLaw({ gamma: 2.5, kMin: 100, kMinSmall: 100, smallNetworkPeers: 32, kMax: 256 })

/** One topology on a bench, with its table and with what it says. Its own id is 0. */
export class TopologyBench {
  readonly neighbours = new Neighbours<number>()
  readonly topology: Topology<number, string>
  readonly said = listener<TopologyOutput<number>>()
  now = 0

  constructor(seed = 1) {
    const self = { id: 0, name: 'p0' }
    this.topology = new Topology(self, this.neighbours, everybody, settings, seededRandom(seed))
  }

  get out(): TopologyOutput<number> {
    return this.said.out
  }

  aim(target: number, seed = 's1'): void {
    this.topology.viewed(seed, { rank: target, peers: target + 1 }, this.now, this.out)
  }

  /** The seeds know of these peers. */
  found(free: readonly number[], body: readonly number[] = []): void {
    const records = { free: free.map(id => recordOf(id)), body: body.map(id => recordOf(id)) }
    this.topology.found(records, this.now, this.out)
  }

  asked(peer: number, { nonce = 1000 + peer, want = 1 }: Partial<LinkRequest> = {}): void {
    this.topology.asked(peer, { nonce, name: `p${peer}`, want }, this.now, this.out)
  }

  accepted(peer: number): void {
    this.topology.accepted(peer, this.nonceOf(peer), this.now, this.out)
  }

  wake(now: number): void {
    this.now = now
    this.topology.wake(now, this.out)
  }

  nonceOf(peer: number): number {
    return this.neighbours.get(peer)?.nonce ?? Number.NaN
  }

  in(state: 'asked' | 'linked' | 'lost'): number[] {
    return [...this.neighbours.in(state)].map(({ peer }) => peer)
  }

  /** Takes in links until the target is reached, and forgets what was said on the way. */
  linkWith(...peers: readonly number[]): void {
    for (const peer of peers) this.asked(peer)
    this.said.heard()
  }
}
