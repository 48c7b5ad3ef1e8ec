import { Deadlines } from './deadlines.ts'
import type { Millis } from './machine.ts'

interface Hold<Peer> {
  readonly peer: Peer
  readonly name: string
  readonly until: Millis
}

/**
 * Names that peers have for a time without being registered under them: because they are about to, or because they were removed for their
 * silence and may still rely on a lease that has not ended. One a peer.
 */
export class HeldNames<Peer> {
  readonly #holds = new Map<Peer, Hold<Peer>>()
  readonly #due = new Deadlines<Hold<Peer>>()

  get size(): number {
    return this.#holds.size
  }

  get wakeAt(): Millis {
    return this.#due.wakeAt
  }

  /** The name that this peer has; nothing, if it has none. */
  of(peer: Peer): string | undefined {
    return this.#holds.get(peer)?.name
  }

  *[Symbol.iterator](): Iterator<Hold<Peer>> {
    yield* this.#holds.values()
  }

  /** In place of any other that the peer had. */
  hold(peer: Peer, name: string, until: Millis): void {
    const hold = { peer, name, until }
    this.#holds.set(peer, hold)
    this.#due.set(until, hold)
  }

  release(peer: Peer): void {
    this.#holds.delete(peer)
  }

  /** Releases those whose time is over. */
  takeDue(now: Millis): Hold<Peer>[] {
    const ended: Hold<Peer>[] = []
    for (let due = this.#due.takeDue(now); due !== undefined; due = this.#due.takeDue(now)) {
      if (this.#holds.get(due.peer) !== due) continue
      this.#holds.delete(due.peer)
      ended.push(due)
    }
    return ended
  }
}
