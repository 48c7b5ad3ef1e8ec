import { pipe } from 'it-pipe'
import { DeadlineError, StreamEndedError, StreamFault, UnexpectedMessageError } from './errors.ts'
import { finish, into, payloads } from './ends.ts'
import { encodeFrame } from './frames.ts'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'

/** Opens a stream to one certain remote, dialling it if need be. */
export type OpenStream = (protocol: string, signal: AbortSignal) => Promise<Stream>

/** What the services of the wire need of a libp2p node. */
export type StreamHost = Pick<Libp2p, 'handle'>

/** Told of everything that a remote did wrong, after its stream was closed. Must not throw. */
export type OnFault = (remote: string, protocol: string, fault: Error) => void

/**
 * Time for one whole exchange, in ms: dial, negotiation, request and reply. Also the time that an asked side gives a request to
 * arrive. Above the two seconds that a slow link may hold back a message, below the 13 s between two pings.
 */
export const exchangeMsMax = 10_000

/**
 * One request, one reply, one deadline, one stream.
 * @throws {StreamFault} when the other end breaks the protocol or the deadline; a dial error as libp2p gives it
 */
export async function ask(
  open: OpenStream,
  protocol: string,
  request: Uint8Array,
  replyBytesMax: number
): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(exchangeMsMax)
  try {
    const stream = await open(protocol, signal)
    return await within(stream, signal, async () => {
      await pipe([encodeFrame(request)], into(stream))
      const reply = await firstPayload(stream, replyBytesMax)
      void finish(stream, exchangeMsMax)
      return reply
    })
  } catch (error) {
    throw signal.aborted ? new DeadlineError(`no reply within ${exchangeMsMax} ms`, { cause: error }) : asError(error)
  }
}

/**
 * Answers one request a stream. Whatever a remote sends costs it its stream and nothing else.
 * @param reply gets the request's payload; what it throws is taken for the remote's fault
 */
export async function answer(
  host: StreamHost,
  protocol: string,
  requestBytesMax: number,
  reply: (request: Uint8Array, connection: Connection) => Uint8Array | Promise<Uint8Array>,
  onFault: OnFault
): Promise<void> {
  const serve = async (stream: Stream, connection: Connection): Promise<void> => {
    try {
      await within(stream, AbortSignal.timeout(exchangeMsMax), async () => {
        const request = await firstPayload(stream, requestBytesMax)
        await pipe([encodeFrame(await reply(request, connection))], into(stream))
        void finish(stream, exchangeMsMax)
      })
    } catch (error) {
      onFault(connection.remotePeer.toString(), protocol, asError(error))
    }
  }
  await host.handle(protocol, serve)
}

/**
 * What a remote says first on a stream that it has opened.
 * @throws {StreamFault} when that is no good frame, or does not come in time; the stream is aborted then
 */
export async function opening(stream: Stream, bytesMax: number): Promise<Uint8Array> {
  return within(stream, AbortSignal.timeout(exchangeMsMax), async () => firstPayload(stream, bytesMax))
}

/** Does the work on the stream; failure or the signal's end aborts the stream. */
async function within<Result>(stream: Stream, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  const onDeadline = (): void => stream.abort(new DeadlineError(`exchange took longer than ${exchangeMsMax} ms`))
  signal.addEventListener('abort', onDeadline)
  try {
    return await work()
  } catch (error) {
    stream.abort(asError(error))
    throw error
  } finally {
    signal.removeEventListener('abort', onDeadline)
  }
}

/** The first payload that the remote sends; its end may stay open, the exchange is over with the reply. */
async function firstPayload(stream: Stream, bytesMax: number): Promise<Uint8Array> {
  for await (const payload of payloads(stream, bytesMax)) return payload
  throw new UnexpectedMessageError('stream ended without a message')
}

/** What was thrown as an Error; errors of libp2p about ended streams under our own name. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof StreamFault) return thrown
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error.name === 'StreamStateError' || error.name === 'StreamResetError')
    return new StreamEndedError(error.message, { cause: error })
  return error
}
