import { DegreeLaw } from '#src/core/degree-law.ts'
import { between, sample, seededRandom } from '#src/core/random.ts'
import { degreeLaw } from '#src/settings.ts'
import { Calendar } from './calendar.ts'
import { OverlayWatch } from './overlay-watch.ts'
import { Network } from './network.ts'
import { SimPeer } from './sim-peer.ts'
import { SimSeed } from './sim-seed.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Surroundings } from './sim-peer.ts'

export interface WorldOptions {
  readonly seed: number
  readonly peers: number
  /** Time between two peers that start; 0 starts all within a tenth of a second. */
  readonly startEveryMs?: Millis
  readonly seeds?: number
  /** Share of messages that are lost. */
  readonly loss?: number
}

/** A whole network in virtual time: seeds, peers and delays, all from one seed number. */
export class World {
  readonly calendar = new Calendar()
  readonly network: Network
  readonly peers = new Map<number, SimPeer>()
  readonly seeds: readonly SimSeed[]
  readonly watch = new OverlayWatch()
  readonly #around: Surroundings

  constructor({ seed, peers: count, startEveryMs = 0, seeds: seedCount = 3, loss = 0 }: WorldOptions) {
    const { calendar, peers } = this
    const network = new Network(calendar, seededRandom(seed), loss)
    this.network = network
    const presenceOf = (peer: number) => peers.get(peer)?.presence ?? 'gone'
    this.seeds = Array.from({ length: seedCount }, (_, index) => new SimSeed(`s${index}`, network, presenceOf))
    for (const one of this.seeds) for (const other of this.seeds) if (one !== other) one.follow(other)
    this.#around = { network, seeds: this.seeds, law: new DegreeLaw(degreeLaw), peers }
    for (let id = 1; id <= count; id++) {
      const start = startEveryMs === 0 ? between(network.random, 0, 100) : id * startEveryMs
      calendar.at(start, () => this.join(id))
    }
  }

  get alive(): SimPeer[] {
    return [...this.peers.values()].filter(({ presence }) => presence === 'up')
  }

  join(id: number): void {
    const peer = new SimPeer(id, this.#around, changed => this.watch.check(changed))
    this.peers.set(id, peer)
    peer.enrol()
  }

  /** So large a share of the living dies at once. */
  kill(share: number, how: 'gone' | 'silent'): void {
    const { random } = this.network
    for (const peer of sample(random, this.alive, Math.floor(this.alive.length * share))) peer.die(how)
  }

  run(time: Millis): void {
    for (const end = this.calendar.now + time; this.calendar.now < end;) {
      this.calendar.runUntil(Math.min(end, this.calendar.now + 1_000))
      for (const peer of this.alive) this.watch.check(peer)
    }
  }
}
