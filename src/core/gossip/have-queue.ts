import { NEVER } from '../machine.ts'
import { SmallMap } from '../small-map.ts'
import { spansOf } from './spans.ts'
import type { Millis } from '../machine.ts'
import type { Links, Sender } from './links.ts'
import type { GossipSettings } from './settings.ts'
import type { Stored } from './store.ts'

/** Names for one neighbour. */
interface Waiting<Peer> {
  readonly names: Stored<Peer>[]
  dueAt: Millis
}

/**
 * Batches that are to be named to neighbours, a little later than they came: by then many a neighbour has shown that it has them, and
 * what is left shares a frame with others or with whatever else goes to the same neighbour.
 */
export class HaveQueue<Peer> {
  readonly #settings: GossipSettings
  #waiting: SmallMap<Peer, Waiting<Peer>> | undefined
  /** The earliest time at which a neighbour is to be told, while there is one. */
  #dueAt: Millis = 0
  /** Batches a second, of the last second or two, and when the last one came. */
  #rate = 0
  #cameAt: Millis = 0

  constructor(settings: GossipSettings) {
    this.#settings = settings
  }

  get wakeAt(): Millis {
    return this.#waiting === undefined ? NEVER : this.#dueAt
  }

  /** A batch has come: the more there are, the longer names wait for each other. */
  came(now: Millis): void {
    this.#rate = this.#rate * Math.exp((this.#cameAt - now) / 1_000) + 1
    this.#cameAt = now
  }

  /** @param isLazy whether it may wait for something else that goes to this neighbour */
  put(peer: Peer, stored: Stored<Peer>, isLazy: boolean, now: Millis): void {
    const { haveDelayMs, lazyDelayMs, busyRate, namesMax } = this.#settings
    const load = this.#rate / busyRate
    const soonMs = Math.min(lazyDelayMs, haveDelayMs * Math.max(1, load))
    // An occasion comes the sooner the more there is to say, and where there is little a frame more costs nothing.
    const lazyMs = Math.max(soonMs, lazyDelayMs * Math.min(1, load))
    const dueAt = now + (isLazy ? lazyMs : soonMs)
    this.#dueAt = Math.min(this.wakeAt, dueAt)
    this.#waiting ??= new SmallMap()
    const waiting = this.#waiting.get(peer)
    if (waiting === undefined) this.#waiting.set(peer, { names: [stored], dueAt })
    else {
      waiting.names.push(stored)
      waiting.dueAt = Math.min(waiting.dueAt, dueAt)
      // The oldest is left to the next summary.
      if (waiting.names.length > namesMax) waiting.names.shift()
    }
  }

  forget(peer: Peer): void {
    this.#waiting?.delete(peer)
    if (this.#waiting?.size === 0) this.#waiting = undefined
  }

  flush(now: Millis, links: Links<Peer>, out: Sender<Peer>): void {
    if (this.wakeAt > now) return
    let next = NEVER
    for (const [peer, { dueAt }] of this.#waiting ?? []) {
      if (dueAt <= now) this.flushTo(peer, links, out)
      else next = Math.min(next, dueAt)
    }
    if (this.#waiting !== undefined) this.#dueAt = next
  }

  /** Something goes to this neighbour anyway: all names for it go along. */
  flushTo(peer: Peer, links: Links<Peer>, out: Sender<Peer>): void {
    const waiting = this.#waiting?.get(peer)
    if (waiting === undefined) return
    this.forget(peer)
    // Batches of one origin come nearly in order, and a span too many does no harm.
    const unknown = waiting.names.filter(({ heldBy }) => heldBy?.includes(peer) !== true)
    if (unknown.length > 0) links.send(peer, { type: 'have', spans: spansOf(unknown.map(({ batch }) => batch)) }, out)
  }
}
