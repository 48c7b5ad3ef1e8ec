import { DeadlineError, StreamEndedError } from '../streams/errors.ts'
import { asError, exchangeMsMax } from '../streams/exchange.ts'
import { payloads } from '../streams/ends.ts'
import { decodeAnnouncement } from './codec.ts'
import { announcementBytesMax, announcementProtocol } from './messages.ts'
import type { Stream } from '@libp2p/interface'
import type { OpenStream } from '../streams/exchange.ts'
import type { Announcement } from './messages.ts'

/**
 * Hears what a seed announces until the stream ends or `signal` aborts, whichever comes first.
 * @param onAnnouncement called for each announcement in the seed's order; must not throw
 * @throws {StreamFault} always in the end: it says why there is nothing more to hear
 */
export async function followAnnouncements(
  open: OpenStream,
  onAnnouncement: (announcement: Announcement) => void,
  signal: AbortSignal
): Promise<never> {
  const opening = AbortSignal.timeout(exchangeMsMax)
  let stream: Stream | undefined
  const onAbort = (): void => stream?.abort(new StreamEndedError('no longer followed'))
  signal.addEventListener('abort', onAbort)
  try {
    stream = await open(announcementProtocol, AbortSignal.any([signal, opening]))
    // Only the seed speaks. Closing our end at once tells it so, and libp2p that the stream can go when the seed closes its own.
    await stream.close()
    for await (const payload of payloads(stream, announcementBytesMax)) onAnnouncement(decodeAnnouncement(payload))
    throw new StreamEndedError('the seed closed the stream')
  } catch (error) {
    const late = stream === undefined && opening.aborted
    const fault = late ? new DeadlineError(`no stream within ${exchangeMsMax} ms`, { cause: error }) : asError(error)
    stream?.abort(fault)
    throw fault
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
