import { logger } from '@libp2p/logger'
import { asError, exchangeMsMax } from '../streams/exchange.ts'
import { DeadlineError, StreamEndedError, TruncatedFrameError, UnexpectedMessageError } from '../streams/errors.ts'
import { finish, payloads } from '../streams/ends.ts'
import { encodeFrame } from '../streams/frames.ts'
import { decodeOverlayMessage, encodeOverlayMessage } from './codec.ts'
import { overlayBytesMax, overlayProtocol } from './messages.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { OnFault, OpenStream, StreamHost } from '../streams/exchange.ts'
import type { LinkEnd, LinkRequest, OverlayMessage, Referral, UnlinkReason } from './messages.ts'

const debug = logger('hubcast:overlay')

export interface OverlayEvents {
  /** A peer asks for a link. Answer with `accept` or `refuse`, or say nothing while an own request to it stands. */
  onAsked(peer: string, request: LinkRequest): void
  onAccepted(peer: string, nonce: number, spliced: boolean): void
  /** Comes exactly once for each asked or asking stream that this side did not end itself. */
  onEnded(peer: string, nonce: number, end: LinkEnd, goTo?: Referral): void
  readonly onFault: OnFault
}

/**
 * The streams of the overlay. A link is a stream: opened by LINK and ACCEPT, ended by closing it, so a late message cannot hit
 * the wrong link and a peer that dies takes its links with it. A stream is named by its peer and its nonce.
 */
export class OverlayService {
  readonly #events: OverlayEvents
  /** By `key(peer, nonce)`. The core bounds what it asks and accepts; `streamsPerPeerMax` bounds what it has not yet answered. */
  readonly #streams = new Map<string, Stream>()
  /** Attempts whose stream is not open yet. One that is taken out meanwhile was given up. */
  readonly #dialling = new Set<string>()
  /** Streams on which a last word was said and whose other ends have not closed yet. Each is over after `exchangeMsMax`. */
  readonly #parting = new Set<Promise<void>>()

  constructor(events: OverlayEvents) {
    this.#events = events
  }

  async start(host: StreamHost): Promise<void> {
    // One link, one request that replaces it, and one that crosses ours.
    await host.handle(overlayProtocol, (stream, connection) => this.#onStream(stream, connection), {
      maxInboundStreams: 3
    })
  }

  /** Opens a stream to the peer and sends LINK. The outcome comes as `onAccepted` or `onEnded`. */
  ask(peer: string, open: OpenStream, request: LinkRequest): void {
    this.#dialling.add(key(peer, request.nonce))
    void this.#ask(peer, open, request)
  }

  accept(peer: string, nonce: number, spliced: boolean): void {
    this.#send(peer, nonce, { type: 'accept', nonce, spliced })
  }

  refuse(peer: string, nonce: number): void {
    this.#sendLast(peer, nonce, { type: 'refuse', nonce })
  }

  /** Ends a link, or an attempt that got no answer yet, with a last word if there is somebody to hear it. */
  unlink(peer: string, nonce: number, reason: UnlinkReason, goTo?: Referral): void {
    this.#dialling.delete(key(peer, nonce))
    this.#sendLast(peer, nonce, { type: 'unlink', reason, ...(goTo && { goTo }) })
  }

  /**
   * Resolves when all to whom a last word was said have heard it. A connection that is closed before may take the word with it: if the
   * other end writes before it reads, it learns that nobody is there, and reads no more.
   */
  async heard(): Promise<void> {
    await Promise.all(this.#parting)
  }

  async #ask(peer: string, open: OpenStream, request: LinkRequest): Promise<void> {
    const name = key(peer, request.nonce)
    let stream: Stream
    try {
      stream = await open(overlayProtocol, AbortSignal.timeout(exchangeMsMax))
    } catch (error) {
      if (this.#dialling.delete(name)) this.#unreachable(peer, request.nonce, asError(error))
      return
    }
    if (!this.#dialling.delete(name)) {
      stream.abort(new StreamEndedError('given up while dialling'))
      return
    }
    this.#streams.set(name, stream)
    this.#send(peer, request.nonce, { type: 'link', ...request })
    await this.#listen(stream, payloads(stream, overlayBytesMax), peer, request.nonce, 'asked')
  }

  #unreachable(peer: string, nonce: number, error: Error): void {
    this.#events.onFault(peer, overlayProtocol, error)
    this.#events.onEnded(peer, nonce, 'unreachable')
  }

  async #onStream(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const deadline = setTimeout(
      () => stream.abort(new DeadlineError(`no LINK within ${exchangeMsMax} ms`)),
      exchangeMsMax
    )
    const incoming = payloads(stream, overlayBytesMax)
    let request: OverlayMessage
    try {
      const first = await incoming.next()
      if (first.done === true) throw new StreamEndedError('stream ended without a message')
      request = decodeOverlayMessage(first.value)
      if (request.type !== 'link') throw new UnexpectedMessageError(`${request.type} on a stream that has no link yet`)
      if (this.#streams.has(key(peer, request.nonce))) throw new UnexpectedMessageError('nonce is in use')
    } catch (error) {
      const fault = asError(error)
      stream.abort(fault)
      // An asker that gives up before it has asked does no wrong.
      if (!(fault instanceof StreamEndedError)) this.#events.onFault(peer, overlayProtocol, fault)
      return
    } finally {
      clearTimeout(deadline)
    }
    this.#streams.set(key(peer, request.nonce), stream)
    debug('link from %s', peer)
    this.#events.onAsked(peer, request)
    await this.#listen(stream, incoming, peer, request.nonce, 'asking')
  }

  /** Hears the stream until its end, and tells of the end unless this side made it. */
  async #listen(
    stream: Stream,
    incoming: AsyncIterable<Uint8Array>,
    peer: string,
    nonce: number,
    role: 'asked' | 'asking'
  ): Promise<void> {
    let end: LinkEnd = 'lost'
    let goTo: Referral | undefined
    let answered = role === 'asking'
    try {
      for await (const payload of incoming) {
        const message = decodeOverlayMessage(payload)
        debug('%s from %s', message.type, peer)
        if (message.type === 'unlink') {
          end = message.reason
          goTo = message.goTo
          break
        }
        if (answered || message.type === 'link') throw new UnexpectedMessageError(`${message.type} on an open link`)
        if (message.nonce !== nonce) throw new UnexpectedMessageError(`${message.type} for another nonce`)
        answered = true
        if (message.type === 'refuse') {
          end = 'refused'
          break
        }
        if (this.#streams.get(key(peer, nonce)) === stream) this.#events.onAccepted(peer, nonce, message.spliced)
      }
      void finish(stream, exchangeMsMax)
    } catch (error) {
      const fault = asError(error)
      stream.abort(fault)
      if (this.#streams.get(key(peer, nonce)) === stream && !(fault instanceof StreamEndedError)) {
        this.#events.onFault(peer, overlayProtocol, fault)
        // A peer that dies in the middle of a frame is dead and not at fault.
        if (!(fault instanceof TruncatedFrameError)) end = 'fault'
      }
    }
    if (this.#streams.get(key(peer, nonce)) === stream) {
      this.#streams.delete(key(peer, nonce))
      this.#events.onEnded(peer, nonce, end, goTo)
    }
  }

  #send(peer: string, nonce: number, message: OverlayMessage): void {
    debug('%s to %s', message.type, peer)
    try {
      // A handful of small frames in the life of a stream: they need no queue.
      this.#streams.get(key(peer, nonce))?.send(encodeFrame(encodeOverlayMessage(message)))
    } catch {
      // The stream has ended under our hands; #listen tells of it.
    }
  }

  #sendLast(peer: string, nonce: number, message: OverlayMessage): void {
    const stream = this.#streams.get(key(peer, nonce))
    if (stream === undefined) return
    this.#send(peer, nonce, message)
    this.#streams.delete(key(peer, nonce))
    const over = finish(stream, exchangeMsMax)
    this.#parting.add(over)
    void over.then(() => this.#parting.delete(over))
  }
}

function key(peer: string, nonce: number): string {
  return `${peer} ${nonce}`
}
