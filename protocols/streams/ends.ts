import { pipe } from 'it-pipe'
import { StreamEndedError, StreamFault } from './errors.ts'
import { FrameDecoder } from './frames.ts'
import { spareWindowUpdates } from './window.ts'
import type { Stream } from '@libp2p/interface'

/**
 * The two ends of a libp2p stream as it-pipe likes them: a source of payloads and a sink for bytes, both with backpressure. The
 * stream is paused while the consumer works, so that a sender gets no further ahead than the stream's window.
 */

/**
 * The payloads of a stream's frames. Ends when the remote closes its end; leaving the loop early leaves the stream paused.
 * @throws {StreamFault} for a bad frame or a reset stream
 */
export function payloads(stream: Stream, payloadBytesMax: number): AsyncGenerator<Uint8Array> {
  return pipe(chunks(stream), source => frames(source, payloadBytesMax))
}

async function* frames(source: AsyncIterable<Uint8Array>, payloadBytesMax: number): AsyncGenerator<Uint8Array> {
  const decoder = new FrameDecoder(payloadBytesMax)
  for await (const chunk of source) yield* decoder.decode(chunk)
  decoder.end()
}

async function* chunks(stream: Stream): AsyncGenerator<Uint8Array> {
  spareWindowUpdates(stream)
  const arrived: Uint8Array[] = []
  let wake = (): void => {}
  let resuming = false
  const onMessage = (event: { data: Uint8Array | { subarray(): Uint8Array } }): void => {
    arrived.push(event.data.subarray())
    if (stream.readStatus === 'readable' && !resuming) stream.pause()
    wake()
  }
  // `resume` hands out what has arrived before it opens the window again: a pause from within would be undone.
  const resume = (): void => {
    resuming = true
    stream.resume()
    resuming = false
    if (arrived.length > 0 && stream.readStatus === 'readable') stream.pause()
  }
  const onEnd = (): void => wake()
  let failure = stream.status === 'reset' || stream.status === 'aborted' ? ended() : undefined
  const onClose = (event: { error?: Error }): void => {
    if (event.error !== undefined) failure = ended(event.error)
    wake()
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('end', onEnd)
  stream.addEventListener('close', onClose)
  try {
    for (;;) {
      const woken = new Promise<void>(resolve => (wake = resolve))
      const chunk = arrived.shift()
      if (chunk !== undefined) yield chunk
      else if (failure !== undefined) throw failure
      else if (stream.readStatus === 'paused') resume()
      else if (stream.readableEnded || (stream.status !== 'open' && stream.readBufferLength === 0)) return
      else await woken
    }
  } finally {
    if (stream.readStatus === 'readable') stream.pause()
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('end', onEnd)
    stream.removeEventListener('close', onClose)
  }
}

/** Why a stream was reset, if it was for a reason of ours; else that it was. */
function ended(cause?: Error): Error {
  return cause instanceof StreamFault ? cause : new StreamEndedError('stream was reset', { cause })
}

/** Writes what the source gives, waits whenever the stream asks for it, and closes our end after the last bytes. */
export function into(stream: Stream): (source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => Promise<void> {
  return async source => {
    for await (const bytes of source) {
      if (!stream.send(bytes)) await drained(stream)
    }
    if (stream.status === 'reset' || stream.status === 'aborted') throw ended()
    await stream.close()
  }
}

/**
 * Until the stream has taken all bytes and can take more, or has ended. The stream's own `onDrain` tells of a drain of the whole
 * connection, which need not be one of this stream.
 */
async function drained(stream: Stream): Promise<void> {
  while (stream.status === 'open' && (stream.writableNeedsDrain || stream.writeBufferLength > 0)) {
    await new Promise<void>(resolve => {
      const events = ['drain', 'idle', 'close'] as const
      const done = (): void => {
        for (const event of events) stream.removeEventListener(event, done)
        resolve()
      }
      for (const event of events) stream.addEventListener(event, done)
    })
    // The stream goes on writing in a microtask after a drain; only then it knows whether it is full again.
    await Promise.resolve()
  }
}

/**
 * Closes our end and gives the remote `lingerMs` to close its own; then the stream is reset, whatever the remote wants.
 * @returns what resolves when the stream is over; never rejects
 */
export async function finish(stream: Stream, lingerMs: number): Promise<void> {
  const timer = setTimeout(() => stream.abort(new StreamEndedError('the remote did not close its end')), lingerMs)
  timer.unref()
  const over = new Promise<void>(resolve => stream.addEventListener('close', () => resolve()))
  try {
    await stream.close()
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
  }
  // A stream that had ended before tells it no more.
  if (stream.status === 'open' || stream.status === 'closing') await over
  clearTimeout(timer)
}
