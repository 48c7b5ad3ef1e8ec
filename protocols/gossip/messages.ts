export const gossipProtocol = '/hubcast/gossip/2.0.0'

/** The signing domains: a signature made for one of them is worth nothing for the other. */
export const batchDomain = 'hubcast/gossip/2/batch'
export const announcementDomain = 'hubcast/gossip/2/announcement'

/** Payloads of one batch together, in bytes: a single message may be as long, and its frame stays below that of a bulk transfer. */
export const payloadBytesMax = 64 * 1024
/** Messages under one signature: with more, the signature's share of a message's cost is below a hundredth anyway. */
export const batchMessagesMax = 256
/** Longest frame, in bytes: a full batch with the lengths of its payloads, its signature and its name. */
export const gossipBytesMax = 72 * 1024
/** Spans in one record; whoever has more to tell sends another record. */
export const spansMax = 4_096
/** Origins that one stream may have numbered at a time. */
export const handlesMax = 16_384

/** Hops are counted up to here: the networks that this is meant for have 10 at a million peers. */
export const hopsMax = 64

/** One life of an origin. A restarted origin numbers from 1 again, in a new epoch. */
export interface Source<Peer = string> {
  readonly origin: Peer
  /** Start of the origin's process, Unix time in ms. */
  readonly epoch: number
}

/** What an origin publishes in one turn of its event loop: one signature, and one unit on its way and in every store. */
export interface Batch<Peer = string> extends Source<Peer> {
  /** 1, 2, 3 … within the epoch. */
  readonly sequence: number
  /** Number of the first message within the epoch; the others follow. */
  readonly number: number
  /** When it was published, Unix time in ms by the origin's clock. */
  readonly time: number
  /** The name under which the origin is registered, as it claims; empty outside of a registered network. */
  readonly originName: string
  /** At least one. */
  readonly payloads: readonly Uint8Array[]
  /** `number` to `payloads` as the origin encoded them: what the signature covers, and what is passed on. Empty in the simulator. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

/** An origin makes itself known: the way that this takes through the network is the tree for what the origin says later. */
export interface OriginAnnouncement<Peer = string> extends Source<Peer> {
  /** 1, 2, 3 … within the epoch: a newer one draws the tree anew. */
  readonly version: number
  readonly signature: Uint8Array
}

/** Batches of one source, by their sequences, both ends included. */
export interface Span<Peer = string> extends Source<Peer> {
  readonly from: number
  readonly to: number
}

/**
 * What a neighbour wants of a source: nothing, to be told which batches there are, soon or when something else goes the same way, or the
 * batches themselves.
 */
export type Mode = 'none' | 'lazy' | 'watch' | 'eager'

/** With `flood`, its usual way is broken somewhere: it goes whole to all neighbours that may lack it. */
export interface CarriedBatch<Peer = string> {
  readonly type: 'batch'
  readonly batch: Batch<Peer>
  readonly hops: number
  readonly flood?: true
}

export type GossipRecord<Peer = string> =
  | { readonly type: 'announce'; readonly announcement: OriginAnnouncement<Peer>; readonly hops: number }
  | {
      readonly type: 'subscribe'
      readonly source: Source<Peer>
      readonly mode: Mode
      /** The highest sequence that the subscriber knows of: what comes after it is sent at once. */
      readonly after: number
      /** Nobody else is left to ask: not to be refused. */
      readonly must: boolean
    }
  /** The answer to `subscribe` of a peer that serves as many as it can; it treats the subscriber as a watcher. */
  | { readonly type: 'refuse'; readonly source: Source<Peer> }
  | CarriedBatch<Peer>
  /** With `all`, the sender has nothing else that has been there for a while: whoever has more names it in its turn. */
  | { readonly type: 'have'; readonly spans: readonly Span<Peer>[]; readonly all?: true }
  | { readonly type: 'want'; readonly spans: readonly Span<Peer>[] }
  /**
   * For so long, what would only be announced to the sender is to be sent whole. With `lost`, a neighbour of the sender has fallen silent: the
   * trees of whoever hears of it may have gone that way.
   */
  | { readonly type: 'boost'; readonly ms: number; readonly lost?: true }
  /** Whoever gets it answers with `alive`. */
  | { readonly type: 'probe' }
  | { readonly type: 'alive' }

/** Longest `boost`, in ms. */
export const boostMsMax = 60_000
