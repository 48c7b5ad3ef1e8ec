import { Pipe } from './network.ts'
import type { LinkEnd, LinkRequest, UnlinkReason } from '#protocols/overlay/messages.ts'
import type { Network, Presence } from './network.ts'

/** A peer as its links see it. */
export interface LinkHost {
  readonly id: number
  readonly presence: Presence
  onAsked(peer: number, request: LinkRequest): void
  onAccepted(peer: number, nonce: number): void
  onEnded(peer: number, nonce: number, end: LinkEnd): void
}

/** One end of a stream. What arrives at a closed end is lost. */
class End {
  readonly links: SimLinks
  readonly key: string
  readonly pipe: Pipe
  /** The other end, once the stream is open. */
  other: End | undefined

  constructor(links: SimLinks, remote: number, nonce: number, network: Network) {
    this.links = links
    this.key = keyOf(remote, nonce)
    this.pipe = new Pipe(network)
  }
}

function keyOf(remote: number, nonce: number): string {
  return `${remote} ${nonce}`
}

/** The overlay's streams of one peer in virtual time: each a pair of pipes, as `OverlayService` has them over libp2p. */
export class SimLinks {
  readonly host: LinkHost
  readonly #network: Network
  readonly #linksOf: (peer: number) => SimLinks | undefined
  readonly #ends = new Map<string, End>()

  constructor(host: LinkHost, network: Network, linksOf: (peer: number) => SimLinks | undefined) {
    this.host = host
    this.#network = network
    this.#linksOf = linksOf
  }

  /** Dials, which takes two messages, then sends LINK. */
  ask(peer: number, request: LinkRequest): void {
    const { nonce } = request
    const end = new End(this, peer, nonce, this.#network)
    this.#ends.set(end.key, end)
    this.#network.exchange(
      () => this.#linksOf(peer)?.host.presence ?? 'gone',
      () => 'open' as const,
      outcome => {
        const there = this.#linksOf(peer)
        if (this.#ends.get(end.key) !== end) return
        if (outcome !== 'open' || there === undefined) this.#ended(end, peer, nonce, 'unreachable')
        else {
          end.other = new End(there, this.host.id, nonce, this.#network)
          end.other.other = end
          there.#ends.set(end.other.key, end.other)
          this.#send(end, () => there.host.onAsked(this.host.id, request))
        }
      }
    )
  }

  accept(peer: number, nonce: number): void {
    const end = this.#ends.get(keyOf(peer, nonce))
    if (end !== undefined) this.#send(end, () => this.#linksOf(peer)?.host.onAccepted(this.host.id, nonce))
  }

  refuse(peer: number, nonce: number): void {
    this.#close(peer, nonce, 'refused')
  }

  unlink(peer: number, nonce: number, reason: UnlinkReason): void {
    this.#close(peer, nonce, reason)
  }

  /** All streams break, and both sides see it. */
  breakAll(): void {
    for (const end of this.#ends.values()) this.#break(end)
  }

  #close(peer: number, nonce: number, reason: LinkEnd): void {
    const end = this.#ends.get(keyOf(peer, nonce))
    if (end === undefined) return
    const { other } = end
    if (other !== undefined) this.#send(end, () => other.links.#ended(other, this.host.id, nonce, reason))
    this.#ends.delete(end.key)
  }

  /** Arrives only if the other side is there and its end still open. */
  #send(end: End, arrive: () => void): void {
    const { other } = end
    if (other === undefined) return
    const arrives = end.pipe.send(() => {
      if (other.links.host.presence === 'up' && other.links.#ends.get(other.key) === other) arrive()
    })
    if (!arrives) this.#break(end)
  }

  #break(end: End): void {
    for (const side of [end, end.other]) {
      if (side === undefined) continue
      const [remote, nonce] = side.key.split(' ').map(Number) as [number, number]
      this.#network.calendar.after(this.#network.latency(), () => side.links.#ended(side, remote, nonce, 'lost'))
    }
  }

  #ended(end: End, peer: number, nonce: number, how: LinkEnd): void {
    if (this.#ends.get(end.key) !== end || this.host.presence !== 'up') return
    this.#ends.delete(end.key)
    this.host.onEnded(peer, nonce, how)
  }
}
