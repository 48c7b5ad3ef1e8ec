export const overlayProtocol = '/hubcast/overlay/1.0.0'

/** A peer id, a name and a few numbers. */
export const overlayBytesMax = 256

/** Nonces are whole numbers below this: they fit a double, and two of them are equal once in 2^53. */
export const nonceLimit = Number.MAX_SAFE_INTEGER

/** Why a peer lets a link go. */
export type UnlinkReason =
  /** Another peer takes its place, so that both of them have their links: see `Referral`. */
  | 'spliced'
  /** It leaves the network. */
  | 'leaving'
  /** It has more links than its target. */
  | 'over-target'
  /** It holds another link with the same peer. */
  | 'duplicate'
  /** The other end broke a protocol. */
  | 'fault'
  /** The other end did not answer the request in time. */
  | 'too-late'

/** How a link, or the attempt at one, came to its end at the other side. */
export type LinkEnd =
  | UnlinkReason
  | 'refused'
  /** The peer could not be reached. */
  | 'unreachable'
  /** The stream ended without a word, as it does when a process dies or a connection breaks. */
  | 'lost'

export interface LinkRequest {
  /** Names this attempt. When two peers ask each other at the same time, the request with the smaller nonce stands. */
  readonly nonce: number
  /** The asker's name, as registered. */
  readonly name: string
  /**
   * 1: take me in if you have a link to spare. 2: I lack two links or more; take me in even if you have none to spare, let
   * another neighbour go instead, and send it to me.
   */
  readonly want: 1 | 2
  /** The nonce is that of a referral: you are waiting for me. */
  readonly redeem: boolean
}

/** The last word to a neighbour that is let go by a splice: who needs a link just like you do now, and expects you. */
export interface Referral<Peer = string> {
  readonly peer: Peer
  /** Its name, as registered. */
  readonly name: string
  /** The nonce to ask it with: that of its own request. */
  readonly nonce: number
}

export type OverlayMessage =
  | ({ readonly type: 'link' } & LinkRequest)
  /** `spliced`: a neighbour was let go for this link, and will ask the receiver for one. */
  | { readonly type: 'accept'; readonly nonce: number; readonly spliced: boolean }
  | { readonly type: 'refuse'; readonly nonce: number }
  | { readonly type: 'unlink'; readonly reason: UnlinkReason; readonly goTo?: Referral }
