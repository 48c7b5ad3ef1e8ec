import type { GossipContent } from '#protocols/gossip/messages.ts'

type Identity = Pick<GossipContent<unknown>, 'origin' | 'epoch' | 'number'>

/**
 * The messages that were seen, by origin, epoch and number: an origin that says two things under one number is heard once. Only
 * authentic messages are added, so nobody can take an origin's numbers away from it. The oldest is forgotten first.
 */
export class History {
  readonly #messagesMax: number
  readonly #seen = new Set<string>()

  constructor(messagesMax: number) {
    this.#messagesMax = messagesMax
  }

  has(message: Identity): boolean {
    return this.#seen.has(key(message))
  }

  add(message: Identity): void {
    this.#seen.add(key(message))
    for (const oldest of this.#seen) {
      if (this.#seen.size <= this.#messagesMax) break
      this.#seen.delete(oldest)
    }
  }
}

function key({ origin, epoch, number }: Identity): string {
  return `${String(origin)}/${epoch}/${number}`
}
