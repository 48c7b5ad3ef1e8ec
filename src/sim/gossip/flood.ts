import type { Network } from './network.ts'
import type { System } from './system.ts'

/** Signature, key, origin, number and topic of a message, and its length, as libp2p's publish and subscribe have them. */
export const envelopeBytes = 140
/** Hops that fit beside the number of a message: far more than a network has. */
const hopsLimit = 256

/**
 * Model of a flood: whoever gets a message for the first time sends it to all neighbours but the one that it came from. A record is a
 * message's number times the limit of hops, plus its hops.
 */
export class Flood implements System<number> {
  readonly #network: Network<number>
  readonly #bytes: number
  /** Whether a peer has a message. */
  readonly #seen: Uint8Array

  constructor(network: Network<number>, payloadBytes: number) {
    this.#network = network
    this.#bytes = envelopeBytes + payloadBytes
    this.#seen = new Uint8Array(network.links.peers * network.traffic.messages)
  }

  start(): void {}

  publish(peer: number, message: number): void {
    this.#see(peer, message)
    this.#pass(peer, undefined, message, 1)
  }

  receive(end: number, record: number): void {
    const peer = this.#network.links.owner[end] as number
    const message = Math.floor(record / hopsLimit)
    const hops = record % hopsLimit
    if (!this.#see(peer, message)) {
      this.#network.duplicate()
      return
    }
    this.#network.deliver(peer, message, hops)
    this.#pass(peer, end, message, hops + 1)
  }

  wake(): void {}
  linkUp(): void {}
  linkDown(): void {}
  congested(): void {}

  /** Whether it is new. */
  #see(peer: number, message: number): boolean {
    const place = message * this.#network.links.peers + peer
    if (this.#seen[place] === 1) return false
    this.#seen[place] = 1
    return true
  }

  #pass(peer: number, from: number | undefined, message: number, hops: number): void {
    const { first } = this.#network.links
    const stop = first[peer + 1] as number
    for (let end = first[peer] as number; end < stop; end++) {
      if (end === from || !this.#network.isUp(end)) continue
      this.#network.send(end, message * hopsLimit + hops, this.#bytes, message)
    }
  }
}
