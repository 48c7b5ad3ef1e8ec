import { pipe } from 'it-pipe'
import { into, finish } from '../streams/ends.ts'
import { StreamEndedError } from '../streams/errors.ts'
import { asError, exchangeMsMax, opening } from '../streams/exchange.ts'
import { encodeFrame } from '../streams/frames.ts'
import { Outbox } from '../streams/outbox.ts'
import { decodeFollow, encodeAnnouncement } from './codec.ts'
import { announcementBytesMax, announcementProtocol } from './messages.ts'
import type { Connection, Stream } from '@libp2p/interface'
import type { OnFault, StreamHost } from '../streams/exchange.ts'
import type { Announcement } from './messages.ts'

/**
 * Bytes of changes that may wait for one follower: thousands of them. The list that a new follower gets first does not count. A
 * follower that falls further behind is cut off, comes back and starts with a fresh list.
 */
const waitingBytesMax = 1024 * 1024

/** A seed's side: whoever opens a stream and names the seed's network is a follower until the stream ends. */
export class AnnouncementServer {
  readonly #followers = new Map<Stream, Outbox>()
  readonly #followersMax: number
  readonly #network: () => string
  readonly #registered: () => Iterable<Announcement>
  readonly #onFault: OnFault

  /**
   * @param network id of the seed's network
   * @param registered one `joined` for each peer that is registered here now
   * @param followersMax streams served at once; the connection limit of the node is the natural value
   */
  constructor(network: () => string, registered: () => Iterable<Announcement>, followersMax: number, onFault: OnFault) {
    this.#network = network
    this.#registered = registered
    this.#followersMax = followersMax
    this.#onFault = onFault
  }

  async start(host: StreamHost): Promise<void> {
    // One peer has one use for one stream; a second one is there while the first one is being given up.
    await host.handle(announcementProtocol, async (stream, connection) => this.#meet(stream, connection), {
      maxInboundStreams: 2
    })
  }

  /** Tells every follower. */
  announce(announcement: Announcement): void {
    const bytes = encodeAnnouncement(announcement)
    for (const outbox of this.#followers.values()) outbox.put(bytes)
  }

  /** Says what is still queued and ends all streams. */
  stop(): void {
    for (const outbox of this.#followers.values()) outbox.close()
    this.#followers.clear()
  }

  async #meet(stream: Stream, connection: Connection): Promise<void> {
    const onBroken = (thrown: unknown): void => {
      const fault = asError(thrown)
      this.#followers.delete(stream)
      if (!(fault instanceof StreamEndedError)) {
        this.#onFault(connection.remotePeer.toString(), announcementProtocol, fault)
      }
    }
    try {
      const { network } = decodeFollow(await opening(stream, announcementBytesMax))
      if (network === this.#network()) this.#follow(stream, onBroken)
      else {
        await pipe([encodeFrame(encodeAnnouncement({ type: 'other-network' }))], into(stream))
        void finish(stream, exchangeMsMax)
      }
    } catch (error) {
      stream.abort(asError(error))
      onBroken(error)
    }
  }

  #follow(stream: Stream, onBroken: (fault: Error) => void): void {
    if (this.#followers.size >= this.#followersMax) {
      stream.abort(new Error(`${this.#followersMax} followers already`))
      return
    }
    const outbox = new Outbox(async () => stream, waitingBytesMax, { onBroken }, { first: this.#list() })
    this.#followers.set(stream, outbox)
  }

  /** Changes that come while it is told come after it, so whoever hears both in order is right in the end. */
  *#list(): Generator<Uint8Array> {
    for (const joined of this.#registered()) yield encodeAnnouncement(joined)
    yield encodeAnnouncement({ type: 'caught-up' })
  }
}
