import { asError, exchangeMsMax } from '../streams/exchange.ts'
import { finish, payloads } from '../streams/ends.ts'
import { StreamEndedError } from '../streams/errors.ts'
import { Outbox } from '../streams/outbox.ts'
import { RecordDecoder, RecordEncoder } from './codec.ts'
import { gossipBytesMax, gossipProtocol } from './messages.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { OnFault, OpenStream, StreamHost } from '../streams/exchange.ts'
import type { GossipRecord } from './messages.ts'

/**
 * Bytes of gossip that may wait for one neighbour: what makes it count as behind, and as much again three times for what is sent
 * nevertheless, names of batches and other small things. A neighbour that takes none of that loses the link.
 */
const waitingBytesMax = 1024 * 1024

/** Least time between two writes to one neighbour, in ms: costs a few ms on long ways, and a third of the frames is saved (simulated). */
const spacingMs = 2

export interface GossipEvents {
  /** Whether a peer that opens a stream is a neighbour or has asked to be one. */
  isNeighbour(peer: string): boolean
  /** A well-formed record. Nothing more is read from this neighbour until it resolves; a `StreamFault` closes the stream it came on. */
  onRecord(from: string, record: GossipRecord): Promise<void>
  /** A neighbour for which `send` returned false has caught up. */
  onCaughtUp(peer: string): void
  /**
   * Nothing more can be sent to this neighbour: `ended` if it has ended the stream, as it does when it lets the link go, or
   * `broken` if the stream cannot be opened or the neighbour reads too slowly.
   */
  onUnreachable(peer: string, how: 'ended' | 'broken'): void
  readonly onFault: OnFault
}

/** The gossip streams of a peer: to each neighbour one that this side opens and writes, and one that it only reads. */
export class GossipStreams {
  readonly #events: GossipEvents
  readonly #outbound = new Map<string, { readonly outbox: Outbox; readonly encoder: RecordEncoder }>()
  readonly #inbound = new Map<string, Stream>()

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
    this.#outbound.get(peer)?.outbox.close()
    const onBroken = (fault: Error): void => {
      if (this.#outbound.get(peer)?.outbox !== outbox) return
      this.#outbound.delete(peer)
      const ended = fault instanceof StreamEndedError
      if (!ended) this.#events.onFault(peer, gossipProtocol, fault)
      this.#events.onUnreachable(peer, ended ? 'ended' : 'broken')
    }
    const onCaughtUp = (): void => {
      if (this.#outbound.get(peer)?.outbox === outbox) this.#events.onCaughtUp(peer)
    }
    const openStream = (signal: AbortSignal): Promise<Stream> => open(gossipProtocol, signal)
    const outbox = new Outbox(openStream, waitingBytesMax, { onBroken, onCaughtUp }, { spacingMs, isHeard: true })
    this.#outbound.set(peer, { outbox, encoder: new RecordEncoder() })
  }

  /** Queues a record for a neighbour. Returns false if it is behind; see `onCaughtUp`. */
  send(peer: string, record: GossipRecord): boolean {
    const link = this.#outbound.get(peer)
    if (link === undefined) return true
    let room = true
    for (const payload of link.encoder.encode(record)) room = link.outbox.put(payload)
    return room
  }

  /** Ends both streams with a peer. What is queued for it is still written, and what it has sent already is still heard. */
  close(peer: string): void {
    this.#outbound.get(peer)?.outbox.close()
    this.#outbound.delete(peer)
    const inbound = this.#inbound.get(peer)
    this.#inbound.delete(peer)
    if (inbound !== undefined) void finish(inbound, exchangeMsMax)
  }

  /** The neighbour has sent what it should not have: its stream is closed. */
  refuse(peer: string, fault: Error): void {
    this.#inbound.get(peer)?.abort(fault)
  }

  async #onStream(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    try {
      // Usually a neighbour whose link has just been let go; nothing is wrong with it.
      if (!this.#events.isNeighbour(peer)) throw new StreamEndedError('gossip is for neighbours only')
      this.#inbound.get(peer)?.abort(new StreamEndedError('replaced by a newer stream'))
      this.#inbound.set(peer, stream)
      const decoder = new RecordDecoder()
      for await (const payload of payloads(stream, gossipBytesMax)) {
        const record = decoder.decode(payload)
        if (record !== undefined) await this.#events.onRecord(peer, record)
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
