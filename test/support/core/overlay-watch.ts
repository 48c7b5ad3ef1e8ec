import { topology as settings } from '#src/settings.ts'
import type { Millis } from '#src/core/machine.ts'
import type { SimPeer } from './sim-peer.ts'

/** Looks at a peer after each of its inputs and takes down every breach of what must hold at all times. */
export class OverlayWatch {
  readonly breaches: string[] = []
  readonly #reserved = new Map<number, number>()
  /** When each request was made, by peer and nonce. */
  readonly #asked = new Map<number, Map<number, Millis>>()

  check(peer: SimPeer): void {
    const { neighbours, topology, id } = peer
    if (neighbours.get(id) !== undefined) this.#breach(peer, 'it is its own neighbour')
    const reserved = neighbours.count('linked') + neighbours.count('asked')
    const before = this.#reserved.get(id) ?? 0
    // One over, for a peer that lacks two links; a target that falls leaves more for a moment.
    if (reserved > Math.max(before, topology.target + 1)) {
      this.#breach(peer, `${reserved} linked or asked after ${before}, with a target of ${topology.target}`)
    }
    if (neighbours.count('asked') > settings.dialsAtOnce) this.#breach(peer, 'too many asked at once')
    this.#reserved.set(id, reserved)
    const before2 = this.#asked.get(id)
    const now = new Map<number, Millis>()
    for (const { nonce } of neighbours.in('asked')) {
      const since = before2?.get(nonce) ?? peer.now
      now.set(nonce, since)
      if (peer.now - since > settings.linkTimeoutMs) this.#breach(peer, 'a request outlived its time')
    }
    this.#asked.set(id, now)
  }

  #breach(peer: SimPeer, what: string): void {
    this.breaches.push(`at ${peer.now} p${peer.id}: ${what}`)
  }
}
