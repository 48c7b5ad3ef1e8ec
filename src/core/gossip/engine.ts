import { hopsMax } from '#protocols/gossip/messages.ts'
import type { GossipMessage } from '#protocols/gossip/messages.ts'
import type { Neighbours } from '../neighbours.ts'
import { History } from './history.ts'

export interface GossipOutput<Peer> {
  send(to: Peer, message: GossipMessage<Peer>): void
  /** A message seen for the first time, from somebody else. */
  deliver(message: GossipMessage<Peer>): void
}

/** What came of a received message. */
export type Receipt = 'new' | 'duplicate' | 'forged'

/**
 * Floods: what is new goes to all neighbours but the one it came from. Every message reaches every peer of the connected
 * network and is delivered once. The signature is checked once, after the duplicate check, and nothing unchecked travels on.
 */
export class GossipEngine<Peer> {
  readonly #neighbours: Neighbours<Peer>
  readonly #isAuthentic: (message: GossipMessage<Peer>) => boolean
  readonly #history: History
  readonly #heldMax: number
  /** Own messages that were published while there was no neighbour, oldest first. */
  #held: GossipMessage<Peer>[] = []

  /**
   * @param isAuthentic whether the origin has signed the message; asked once for each message that is not yet known
   * @param historyMax messages remembered for the duplicate check
   * @param heldMax own messages kept while there is no neighbour to send them to; beyond it the oldest is lost
   */
  constructor(
    neighbours: Neighbours<Peer>,
    isAuthentic: (message: GossipMessage<Peer>) => boolean,
    historyMax: number,
    heldMax: number
  ) {
    this.#neighbours = neighbours
    this.#isAuthentic = isAuthentic
    this.#history = new History(historyMax)
    this.#heldMax = heldMax
  }

  /** Sends out a message of this peer's own. */
  publish(message: GossipMessage<Peer>, out: GossipOutput<Peer>): void {
    this.#history.add(message)
    if (this.#neighbours.count('linked') > 0) this.#forward(message, undefined, out)
    else {
      this.#held.push(message)
      if (this.#held.length > this.#heldMax) this.#held.shift()
    }
  }

  /** A link stands: what was published into the void goes out. */
  neighbourUp(out: GossipOutput<Peer>): void {
    if (this.#neighbours.count('linked') === 0) return
    const held = this.#held
    this.#held = []
    for (const message of held) this.#forward(message, undefined, out)
  }

  receive(from: Peer, message: GossipMessage<Peer>, out: GossipOutput<Peer>): Receipt {
    if (this.#history.has(message)) return 'duplicate'
    if (!this.#isAuthentic(message)) return 'forged'
    this.#history.add(message)
    out.deliver(message)
    this.#forward(message, from, out)
    return 'new'
  }

  #forward(message: GossipMessage<Peer>, from: Peer | undefined, out: GossipOutput<Peer>): void {
    if (message.hops >= hopsMax) return
    const onward = { ...message, hops: message.hops + 1 }
    for (const peer of this.#neighbours.linked) if (peer !== from) out.send(peer, onward)
  }
}
