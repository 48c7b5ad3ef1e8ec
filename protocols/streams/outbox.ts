import { pipe } from 'it-pipe'
import { SlowReaderError, StreamEndedError } from './errors.ts'
import { asError, exchangeMsMax } from './exchange.ts'
import { finish, into } from './ends.ts'
import { encodeFrames } from './frames.ts'
import type { Stream } from '@libp2p/interface'

/** So many bytes leave in one write, or one payload if it is longer: yamux would make one packet of whatever it is given. */
const writeBytes = 64 * 1024

/** Above so many waiting bytes the remote is behind, and below so many it has caught up. */
const behindBytes = 256 * 1024
const caughtUpBytes = 64 * 1024

export interface OutboxEvents {
  /** Told once if the stream cannot be opened or written or the remote ends it, or if the queue overflows. */
  onBroken(fault: Error): void
  /** After `put` has returned false: there is room again. */
  onCaughtUp?(): void
}

export interface OutboxOptions {
  readonly first?: Iterable<Uint8Array>
  readonly spacingMs?: number
  readonly isHeard?: boolean
}

/**
 * What waits for one remote on one long-lived stream. Payloads that are put in during the same turn of the event loop leave as
 * one contiguous write, the stream's backpressure is obeyed, and the queue has a bound in bytes: a remote that reads more
 * slowly than we write loses the stream, so it can never grow our memory. What to do then is for whoever owns the outbox.
 */
export class Outbox {
  readonly #queueBytesMax: number
  readonly #events: OutboxEvents
  readonly #first: Iterable<Uint8Array>
  readonly #spacingMs: number
  readonly #isHeard: boolean
  #stream: Stream | undefined
  #queue: Uint8Array[] = []
  #queuedBytes = 0
  #isBehind = false
  #closed = false
  #broken: Error | undefined
  #wake = (): void => {}

  /**
   * @param open opens the stream; what is put in meanwhile waits
   * @param queueBytesMax bytes that may wait, beside what libp2p has already taken
   * @param first payloads that go before all others, taken one by one as the remote reads: they need no room in the queue
   * @param spacingMs least time between two writes, in ms: what comes meanwhile shares the second one
   * @param isHeard whether the remote keeps its end open as long as it listens: when it closes that, it is told nothing more
   */
  constructor(
    open: (signal: AbortSignal) => Promise<Stream>,
    queueBytesMax: number,
    events: OutboxEvents,
    { first = [], spacingMs = 0, isHeard = false }: OutboxOptions = {}
  ) {
    this.#queueBytesMax = queueBytesMax
    this.#events = events
    this.#first = first
    this.#spacingMs = spacingMs
    this.#isHeard = isHeard
    void this.#run(open).catch((error: unknown) => {
      this.#break(asError(error))
      // Once it is closed, by its owner or because nobody listens any more, what becomes of the last bytes is no news.
      if (this.#broken !== undefined) events.onBroken(this.#broken)
    })
  }

  /**
   * Queues one payload; ignored once the outbox is closed. The bytes must not change afterwards.
   * @returns false if the remote is behind: whatever can wait had better wait for `onCaughtUp`
   */
  put(payload: Uint8Array): boolean {
    if (this.#closed) return true
    if (this.#queuedBytes + payload.byteLength > this.#queueBytesMax) {
      this.#break(new SlowReaderError(`more than ${this.#queueBytesMax} bytes wait for the remote to read`))
      return true
    }
    this.#queue.push(payload)
    this.#queuedBytes += payload.byteLength
    if (this.#queuedBytes > behindBytes) this.#isBehind = true
    this.#wake()
    return !this.#isBehind
  }

  /** Writes what is queued and then closes our end of the stream; a remote that has not read it by then is not waited for. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#wake()
    setTimeout(
      () => this.#stream?.abort(new SlowReaderError('the remote has not read the last bytes')),
      exchangeMsMax
    ).unref()
  }

  async #run(open: (signal: AbortSignal) => Promise<Stream>): Promise<void> {
    const stream = await open(AbortSignal.timeout(exchangeMsMax))
    this.#stream = stream
    if (this.#broken !== undefined) {
      stream.abort(this.#broken)
      throw this.#broken
    }
    // A remote that ends the stream while nothing is being written would go unnoticed until the next write.
    stream.addEventListener('close', ({ error, local }) => {
      this.#break(local && error !== undefined ? error : new StreamEndedError('the remote ended the stream'))
    })
    if (this.#isHeard) {
      stream.addEventListener('remoteCloseWrite', () => this.#unheard())
      if (stream.remoteWriteStatus !== 'writable') this.#unheard()
    }
    await pipe(this.#batches(), into(stream))
    void finish(stream, exchangeMsMax)
  }

  /** The remote listens no more. It may still read what is queued, and then both ends are closed in order. */
  #unheard(): void {
    if (this.#closed) return
    this.close()
    this.#events.onBroken(new StreamEndedError('the remote ended the stream'))
  }

  #break(fault: Error): void {
    if (this.#broken !== undefined || this.#closed) return
    this.#broken = fault
    this.#closed = true
    this.#queue = []
    this.#stream?.abort(fault)
    this.#wake()
  }

  async *#batches(): AsyncGenerator<Uint8Array> {
    let batch: Uint8Array[] = []
    let bytes = 0
    for (const payload of this.#first) {
      if (this.#broken !== undefined) throw this.#broken
      batch.push(payload)
      bytes += payload.byteLength
      if (bytes < writeBytes) continue
      yield encodeFrames(batch)
      batch = []
      bytes = 0
    }
    if (batch.length > 0) yield encodeFrames(batch)
    yield* this.#queued()
  }

  async *#queued(): AsyncGenerator<Uint8Array> {
    let writtenAt = Number.NEGATIVE_INFINITY
    for (;;) {
      if (this.#broken !== undefined) throw this.#broken
      if (this.#queue.length > 0) {
        const wait = this.#closed ? 0 : writtenAt + this.#spacingMs - performance.now()
        if (wait > 0 && this.#queuedBytes < writeBytes)
          await new Promise(resolve => setTimeout(resolve, Math.ceil(wait)))
        writtenAt = performance.now()
        yield encodeFrames(this.#take())
        if (this.#isBehind && this.#queuedBytes < caughtUpBytes) {
          this.#isBehind = false
          this.#events.onCaughtUp?.()
        }
      } else if (this.#closed) return
      else await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }

  /** What goes into the next write. */
  #take(): Uint8Array[] {
    let taken = 0
    let count = 0
    for (const { byteLength } of this.#queue) {
      if (count > 0 && taken + byteLength > writeBytes) break
      taken += byteLength
      count++
    }
    this.#queuedBytes -= taken
    return this.#queue.splice(0, count)
  }
}
