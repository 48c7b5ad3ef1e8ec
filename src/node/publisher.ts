import { batchMessagesMax, payloadBytesMax } from '#protocols/gossip/messages.ts'

/** What waits to be published while the neighbours are behind: 16 full batches. */
const waitingBytesMax = 1024 * 1024

/** More is waiting than there is room for: whoever publishes has not waited for the promise of what it published before. */
export class BusyNetworkError extends Error {
  override readonly name = 'BusyNetworkError'
}

/**
 * Collects what is published in one turn of the event loop, or while the neighbours take nothing, into batches: each costs everybody
 * in the network one signature check.
 */
export class Publisher {
  readonly #send: (payloads: readonly Uint8Array[], number: number) => void
  readonly #isOpen: () => boolean
  #waiting: { readonly payload: Uint8Array; readonly accepted: () => void }[] = []
  #waitingBytes = 0
  #numbered = 0
  #planned = false

  /**
   * @param send takes a batch and the number of its first message
   * @param isOpen whether the neighbours take anything at all; after it has become true, `flush` is to be called
   */
  constructor(send: (payloads: readonly Uint8Array[], number: number) => void, isOpen: () => boolean) {
    this.#send = send
    this.#isOpen = isOpen
  }

  /**
   * Numbers a message and sends it with all others of this turn.
   * @returns its number within the epoch, and when it was sent
   * @throws {RangeError} for a payload that is empty or longer than 64 KiB {BusyNetworkError}
   */
  publish(payload: Uint8Array): { readonly number: number; readonly accepted: Promise<void> } {
    const bytes = payload.byteLength
    if (bytes === 0 || bytes > payloadBytesMax) {
      throw new RangeError(`a message has 1 to ${payloadBytesMax} bytes, this one has ${bytes}: shorten it`)
    }
    if (this.#waitingBytes + bytes > waitingBytesMax) {
      throw new BusyNetworkError(
        `${this.#waiting.length} messages wait for the neighbours to read: publish more slowly`
      )
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.push({ payload, accepted: resolve })
    this.#waitingBytes += bytes
    if (!this.#planned) {
      this.#planned = true
      queueMicrotask(() => this.flush())
    }
    return { number: this.#numbered + this.#waiting.length, accepted: promise }
  }

  flush(): void {
    this.#planned = false
    while (this.#waiting.length > 0 && this.#isOpen()) {
      const batch = this.#take()
      const first = this.#numbered + 1
      this.#numbered += batch.length
      this.#send(
        batch.map(({ payload }) => payload),
        first
      )
      for (const { accepted } of batch) accepted()
    }
  }

  #take(): { readonly payload: Uint8Array; readonly accepted: () => void }[] {
    let bytes = 0
    let count = 0
    for (const { payload } of this.#waiting) {
      if (count === batchMessagesMax || bytes + payload.byteLength > payloadBytesMax) break
      bytes += payload.byteLength
      count++
    }
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, count)
  }
}
