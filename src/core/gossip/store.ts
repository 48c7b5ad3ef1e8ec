import type { Batch } from '#protocols/gossip/messages.ts'
import type { Millis } from '../machine.ts'
import type { Origin } from './origin.ts'

/** A batch that can be handed to whoever lacks it. */
export interface Stored<Peer> {
  readonly batch: Batch<Peer>
  readonly origin: Origin<Peer>
  /** Links that it has crossed to get here. */
  readonly hops: number
  readonly at: Millis
  /** When it was first heard of: named by a neighbour, or come. */
  readonly since: Millis
  /** Neighbours that are known to have it, as far as that was noticed: they are not told of it. None, if nobody is to be told any more. */
  heldBy: readonly Peer[] | undefined
  /** The one that was kept after it. */
  next: Stored<Peer> | undefined
}

/** A neighbour has it, and need not be told. */
export function noteHeld<Peer>(stored: Stored<Peer>, peer: Peer): void {
  // There are thousands of these, so none has room to spare.
  if (stored.heldBy?.includes(peer) === false) stored.heldBy = stored.heldBy.concat([peer])
}

export interface StoreSettings {
  readonly batchesMax: number
  readonly bytesMax: number
  readonly ageMsMax: Millis
}

/** The latest batches, each as long as there is room and it is not too old: what neighbours can still be given. The oldest goes first. */
export class Store<Peer> {
  readonly #settings: StoreSettings
  #oldest: Stored<Peer> | undefined
  #newest: Stored<Peer> | undefined
  /** The oldest one that may still be on its way to somebody. */
  #recent: Stored<Peer> | undefined
  #size = 0
  #bytes = 0

  constructor(settings: StoreSettings) {
    this.#settings = settings
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  add(stored: Stored<Peer>): void {
    if (this.#newest === undefined) this.#oldest = stored
    else this.#newest.next = stored
    this.#newest = stored
    this.#recent ??= stored
    this.#size++
    this.#bytes += bytesOf(stored)
    stored.origin.stored.put(stored)
    this.expire(stored.at)
  }

  expire(now: Millis): void {
    const { batchesMax, bytesMax, ageMsMax } = this.#settings
    for (let oldest = this.#oldest; oldest !== undefined; oldest = this.#oldest) {
      if (this.#size <= batchesMax && this.#bytes <= bytesMax && now - oldest.at <= ageMsMax) return
      this.#oldest = oldest.next
      if (this.#recent === oldest) this.#recent = oldest.next
      if (oldest.next === undefined) this.#newest = undefined
      this.#size--
      this.#bytes -= bytesOf(oldest)
      oldest.origin.stored.take(oldest)
    }
  }

  /** Of those that came before this time, everybody has been told who was to be. */
  settle(before: Millis): void {
    for (; this.#recent !== undefined && this.#recent.at < before; this.#recent = this.#recent.next) {
      this.#recent.heldBy = undefined
    }
  }
}

/** An entry has some hundred bytes of its own. */
function bytesOf({ batch }: Stored<unknown>): number {
  let bytes = 256 + batch.signed.byteLength
  for (const payload of batch.payloads) bytes += payload.byteLength
  return bytes
}
