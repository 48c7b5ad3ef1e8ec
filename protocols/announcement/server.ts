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
import type { Announcement, Follow } from './messages.ts'

/**
 * Bytes of changes that may wait for one follower: thousands of them. The list that a new follower gets first does not count. A
 * follower that falls further behind is cut off, comes back and starts with a fresh list.
 */
const waitingBytesMax = 1024 * 1024

/** A stream on which somebody follows. */
interface Follower {
  readonly peer: string
  readonly outbox: Outbox
  /** A part of what is announced is enough for it. */
  readonly takesPart: boolean
}

/** A seed's side: whoever opens a stream and names the seed's network is a follower until the stream ends. */
export class AnnouncementServer {
  readonly #followers = new Map<Stream, Follower>()
  /** Those that take a part: a peer has one stream in use, the latest. */
  readonly #parts = new Map<string, Follower>()
  /** Whether those that take a part may have missed anything. */
  #isPartial = false
  readonly #followersMax: number
  readonly #network: () => string
  readonly #list: (follower: string, follow: Follow) => Iterable<Announcement>
  readonly #onFault: OnFault

  /**
   * @param network id of the seed's network
   * @param list what a new follower is told first, with `caught-up` at its end
   * @param followersMax streams served at once; the connection limit of the node is the natural value
   */
  constructor(
    network: () => string,
    list: (follower: string, follow: Follow) => Iterable<Announcement>,
    followersMax: number,
    onFault: OnFault
  ) {
    this.#network = network
    this.#list = list
    this.#followersMax = followersMax
    this.#onFault = onFault
  }

  async start(host: StreamHost): Promise<void> {
    // One peer has one use for one stream; a second one is there while the first one is being given up.
    await host.handle(announcementProtocol, async (stream, connection) => this.#meet(stream, connection), {
      maxInboundStreams: 2
    })
  }

  /** @param to those to tell of the followers that take a part; the others hear everything. All of them, if it is not given */
  announce(announcement: Announcement, to?: Iterable<string>): void {
    if (to === undefined && this.#isPartial) this.#startOver()
    const bytes = encodeAnnouncement(announcement)
    for (const { outbox, takesPart } of this.#followers.values()) if (to === undefined || !takesPart) outbox.put(bytes)
    if (to !== undefined) this.tell(announcement, to)
  }

  /** Tells these only, as far as they follow and take a part. */
  tell(announcement: Announcement, to: Iterable<string>): void {
    this.#isPartial = true
    const bytes = encodeAnnouncement(announcement)
    for (const peer of to) this.#parts.get(peer)?.outbox.put(bytes)
  }

  /** Says what is still queued and ends all streams. */
  stop(): void {
    for (const { outbox } of this.#followers.values()) outbox.close()
    this.#followers.clear()
    this.#parts.clear()
  }

  /** From now on everybody hears everything again. Whoever has heard a part until now comes back at once, for the whole list. */
  #startOver(): void {
    this.#isPartial = false
    for (const [stream, { outbox, takesPart }] of this.#followers) {
      if (!takesPart) continue
      outbox.close()
      this.#forget(stream)
    }
  }

  async #meet(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString()
    const onBroken = (thrown: unknown): void => {
      const fault = asError(thrown)
      this.#forget(stream)
      if (!(fault instanceof StreamEndedError)) this.#onFault(peer, announcementProtocol, fault)
    }
    try {
      const follow = decodeFollow(await opening(stream, announcementBytesMax))
      if (follow.network === this.#network()) this.#follow(stream, peer, follow, onBroken)
      else {
        await pipe([encodeFrame(encodeAnnouncement({ type: 'other-network' }))], into(stream))
        void finish(stream, exchangeMsMax)
      }
    } catch (error) {
      stream.abort(asError(error))
      onBroken(error)
    }
  }

  #follow(stream: Stream, peer: string, follow: Follow, onBroken: (fault: Error) => void): void {
    if (this.#followers.size >= this.#followersMax) {
      stream.abort(new Error(`${this.#followersMax} followers already`))
      return
    }
    const outbox = new Outbox(async () => stream, waitingBytesMax, { onBroken }, { first: this.#told(peer, follow) })
    const follower = { peer, outbox, takesPart: follow.part === true }
    this.#followers.set(stream, follower)
    if (follower.takesPart) this.#parts.set(peer, follower)
  }

  #forget(stream: Stream): void {
    const follower = this.#followers.get(stream)
    this.#followers.delete(stream)
    if (follower !== undefined && this.#parts.get(follower.peer) === follower) this.#parts.delete(follower.peer)
  }

  /** Changes that come while the list is told come after it, so whoever hears both in order is right in the end. */
  *#told(peer: string, follow: Follow): Generator<Uint8Array> {
    for (const announcement of this.#list(peer, follow)) {
      if (announcement.type === 'caught-up' && announcement.part === true) this.#isPartial = true
      yield encodeAnnouncement(announcement)
    }
  }
}
