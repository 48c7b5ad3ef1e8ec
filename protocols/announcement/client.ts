import { pipe } from 'it-pipe'
import { otherNetwork } from '../network-id.ts'
import { DeadlineError, OtherNetworkError, StreamEndedError } from '../streams/errors.ts'
import { asError, exchangeMsMax } from '../streams/exchange.ts'
import { into, payloads } from '../streams/ends.ts'
import { encodeFrame } from '../streams/frames.ts'
import { decodeAnnouncement, encodeFollow } from './codec.ts'
import { announcementBytesMax, announcementProtocol } from './messages.ts'
import type { Stream } from '@libp2p/interface'
import type { OpenStream } from '../streams/exchange.ts'
import type { Announcement, Follow } from './messages.ts'

/**
 * Hears what a seed announces until the stream ends or `signal` aborts, whichever comes first.
 * @param follow what to say, asked for when the stream is open
 * @param onAnnouncement called for each announcement in the seed's order, the next one when it has resolved; must not fail
 * @throws {StreamFault} always in the end: it says why there is nothing more to hear
 */
export async function followAnnouncements(
  open: OpenStream,
  follow: () => Follow,
  onAnnouncement: (announcement: Announcement) => void | Promise<void>,
  signal: AbortSignal
): Promise<never> {
  const opening = AbortSignal.timeout(exchangeMsMax)
  let stream: Stream | undefined
  const onAbort = (): void => stream?.abort(new StreamEndedError('no longer followed'))
  signal.addEventListener('abort', onAbort)
  try {
    stream = await open(announcementProtocol, AbortSignal.any([signal, opening]))
    // From here on only the seed speaks. Our end is closed at once, which tells libp2p that the stream can go when the seed closes its own.
    await pipe([encodeFrame(encodeFollow(follow()))], into(stream))
    for await (const payload of payloads(stream, announcementBytesMax)) {
      const announcement = decodeAnnouncement(payload)
      if (announcement.type === 'other-network') throw new OtherNetworkError(otherNetwork)
      await onAnnouncement(announcement)
    }
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
