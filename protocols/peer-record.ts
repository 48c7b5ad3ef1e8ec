/**
 * What seeds hand out about a peer, signed by the peer itself (`record-signature.ts`). `Peer` is the peer id as text (`12D3KooW…`) on
 * the wire and a number in the simulator.
 */
export interface PeerRecord<Peer = string> {
  readonly id: Peer
  readonly name: string
  /** Multiaddrs without /p2p, most useful first. */
  readonly addresses: readonly string[]
  /** Start of this life of the peer, Unix time in ms: greater than that of any life before. */
  readonly epoch: number
  /** Counts from 1 within a life, and is raised whenever the record changes. */
  readonly seq: number
  /** 64 bytes. Empty in the simulator, where everybody tells the truth. */
  readonly signature: Uint8Array
}

/** Whether a record says something later than another one of the same peer. */
export function isNewer(
  { epoch, seq }: Pick<PeerRecord<unknown>, 'epoch' | 'seq'>,
  other: Pick<PeerRecord<unknown>, 'epoch' | 'seq'>
): boolean {
  return epoch > other.epoch || (epoch === other.epoch && seq > other.seq)
}

/** Plain letters only: names go into logs, file names and terminals, and must not look like one another. */
export const namePattern = /^[A-Za-z0-9._-]{1,32}$/

/** A peer has a handful of interfaces; four of them are enough to be reached, and a list of 256 records fits a reply. */
export const addressesMax = 4

/** Longest binary multiaddr that is read: an /ip6 or /dns address of usual length with its port. */
export const addressBytesMax = 128

/** An Ed25519 signature. */
export const signatureBytes = 64

/** Whether two records of one life and number are one: a signature says the same of the same content only. */
export function isSame<Peer>(a: PeerRecord<Peer>, b: PeerRecord<Peer>): boolean {
  return a.epoch === b.epoch && a.seq === b.seq && a.signature.every((byte, at) => byte === b.signature[at])
}
