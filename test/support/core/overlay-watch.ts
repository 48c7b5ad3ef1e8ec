import { liveness, topology as settings } from '#src/settings.ts'
import type { Millis } from '#src/core/machine.ts'
import type { SimPeer } from '#src/sim/sim-peer.ts'
import type { World } from '#src/sim/world.ts'

/** Looks at a peer after each of its inputs and takes down every breach of what must hold at all times. */
export class OverlayWatch {
  readonly breaches: string[] = []
  readonly #world: World
  /** Links that stand or are on their way, by peer, as they were after the input before. */
  readonly #taken = new Map<number, number>()
  /** When each request was made, by peer and nonce. */
  readonly #asked = new Map<number, Map<number, Millis>>()

  constructor(world: World) {
    this.#world = world
    world.onTurn = peer => this.#check(peer)
  }

  #check(peer: SimPeer): void {
    const { neighbours, topology, id } = peer
    if (neighbours.get(id) !== undefined) this.#breach(peer, 'it is its own neighbour')
    const taken = neighbours.count('linked') + topology.pending
    const before = this.#taken.get(id) ?? 0
    // A target that falls leaves more than it wants, and a splice changes nothing.
    if (taken > Math.max(before, topology.target)) {
      this.#breach(peer, `${taken} links stand or are coming after ${before}, with a target of ${topology.target}`)
    }
    this.#taken.set(id, taken)
    const requests = neighbours.count('asked')
    // Each neighbour that lets go may send somebody, beside the requests of its own.
    if (requests > settings.dialsAtOnce + topology.target) this.#breach(peer, `${requests} requests at once`)
    if (neighbours.count('lost') > settings.lostNeighboursMax) this.#breach(peer, 'too many lost neighbours')
    this.#checkTimes(peer)
  }

  #checkTimes(peer: SimPeer): void {
    const before = this.#asked.get(peer.id)
    const now = new Map<number, Millis>()
    for (const { nonce, missed } of peer.neighbours.in('asked')) {
      const since = before?.get(nonce) ?? this.#world.now
      now.set(nonce, since)
      // Virtual time goes in whole milliseconds.
      if (this.#world.now - since > settings.linkTimeoutMs + 1) this.#breach(peer, 'a request outlived its time')
      if (missed.length >= liveness.pingFailuresMax) this.#breach(peer, 'a dead one is asked')
    }
    this.#asked.set(peer.id, now)
  }

  #breach({ id }: SimPeer, what: string): void {
    this.breaches.push(`at ${this.#world.now} p${id}: ${what}`)
  }
}
