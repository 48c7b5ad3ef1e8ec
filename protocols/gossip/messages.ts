export const gossipProtocol = '/hubcast/gossip/1.0.0'

/** The signing domain: a signature made for anything else is worth nothing here. */
export const gossipSigningDomain = 'hubcast/gossip/1'

/** Text of one message, in UTF-8 bytes. With its envelope it fits a frame of 64 KiB. */
export const textBytesMax = 60 * 1024
export const gossipBytesMax = 64 * 1024

/** A message that has travelled this far goes round in circles: the networks it is meant for have 10 hops at a million peers. */
export const hopsMax = 64

/** What the origin says and signs. */
export interface GossipContent<Peer = string> {
  readonly origin: Peer
  /** The name under which the origin is registered, as it claims. */
  readonly originName: string
  /** Start of the origin's process, Unix time in ms: a restarted origin numbers from 1 again in a new epoch. */
  readonly epoch: number
  /** 1, 2, 3 … within the epoch. */
  readonly number: number
  /** When it was published, Unix time in ms by the origin's clock. */
  readonly time: number
  readonly text: string
}

export interface GossipMessage<Peer = string> extends GossipContent<Peer> {
  /** Links it has crossed; 1 at the origin's neighbours. Not signed: it changes on the way. */
  readonly hops: number
  /** The content exactly as the origin encoded it: what the signature covers, and what is passed on. Empty in the simulator. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}
