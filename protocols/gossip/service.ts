import { asError, exchangeMsMax } from '../streams/exchange.ts'
import { finish, payloads } from '../streams/ends.ts'
import { StreamEndedError } from '../streams/errors.ts'
import { Outbox } from '../streams/outbox.ts'
import { decodeGossip, encodeGossip } from './codec.ts'
import { gossipBytesMax, gossipProtocol } from './messages.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { OnFault, OpenStream, StreamHost } from '../streams/exchange.ts'
import type { GossipMessage } from './messages.ts'

/**
 * Bytes of gossip that may wait for one neighbour: 16 messages of the largest size, thousands of usual ones. A neighbour that is
 * stopped for 20 s in a busy network stays below it; one that falls further behind loses the link.
 */
const waitingBytesMax = 1024 * 1024

export interface GossipEvents {
  /** Whether a peer that opens a stream is a neighbour or has asked to be one. */
  isNeighbour(peer: string): boolean
  /** A well-formed message. Throwing a `StreamFault` closes the stream it came on. */
  onMessage(from: string, message: GossipMessage): void
  /**
   * Nothing more can be sent to this neighbour: `ended` if it has ended the stream, as it does when it lets the link go, or
   * `broken` if the stream cannot be opened or the neighbour reads too slowly.
   */
  onUnreachable(peer: string, how: 'ended' | 'broken'): void
  readonly onFault: OnFault
}

/** The gossip streams of a peer: to each neighbour one that this side opens and writes, and one that it only reads. */
export class GossipService {
  readonly #events: GossipEvents
  readonly #outboxes = new Map<string, Outbox>()
  readonly #inbound = new Map<string, Stream>()
  /** The message sent last and its bytes: it goes to all neighbours in a row and is encoded once. */
  #encoded: { message: GossipMessage; bytes: Uint8Array } | undefined

  constructor(events: GossipEvents) {
    this.#events = events
  }

  async start(host: StreamHost): Promise<void> {
    // One stream, and one that replaces it after a reconnect that the other side noticed first.
    await host.handle(gossipProtocol, (stream, connection) => this.#onStream(stream, connection), {
      maxInboundStreams: 2
    })
  }

  /** Opens the stream to a new neighbour. What is sent before it stands waits for it. */
  open(peer: string, open: OpenStream): void {
    this.#outboxes.get(peer)?.close()
    const outbox = new Outbox(
      signal => open(gossipProtocol, signal),
      waitingBytesMax,
      fault => {
        if (this.#outboxes.get(peer) !== outbox) return
        this.#outboxes.delete(peer)
        const ended = fault instanceof StreamEndedError
        if (!ended) this.#events.onFault(peer, gossipProtocol, fault)
        this.#events.onUnreachable(peer, ended ? 'ended' : 'broken')
      }
    )
    this.#outboxes.set(peer, outbox)
  }

  /** Queues a message for a neighbour. `message` must not change afterwards. */
  send(peer: string, message: GossipMessage): void {
    if (this.#encoded?.message !== message) this.#encoded = { message, bytes: encodeGossip(message) }
    this.#outboxes.get(peer)?.put(this.#encoded.bytes)
  }

  /** Ends both streams with a peer. What is queued for it is still written, and what it has sent already is still heard. */
  close(peer: string): void {
    this.#outboxes.get(peer)?.close()
    this.#outboxes.delete(peer)
    const inbound = this.#inbound.get(peer)
    this.#inbound.delete(peer)
    if (inbound !== undefined) finish(inbound, exchangeMsMax)
  }

  async #onStream(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    try {
      // Usually a neighbour whose link has just been let go; nothing is wrong with it.
      if (!this.#events.isNeighbour(peer)) throw new StreamEndedError('gossip is for neighbours only')
      this.#inbound.get(peer)?.abort(new StreamEndedError('replaced by a newer stream'))
      this.#inbound.set(peer, stream)
      for await (const payload of payloads(stream, gossipBytesMax)) {
        this.#events.onMessage(peer, decodeGossip(payload))
      }
      await stream.close()
    } catch (error) {
      const fault = asError(error)
      stream.abort(fault)
      if (!(fault instanceof StreamEndedError)) this.#events.onFault(peer, gossipProtocol, fault)
    } finally {
      if (this.#inbound.get(peer) === stream) this.#inbound.delete(peer)
    }
  }
}
