/** What seeds hand out about a peer. `Peer` is the peer id as text (`12D3KooW…`) on the wire and a number in the simulator. */
export interface PeerRecord<Peer = string> {
  readonly id: Peer
  readonly name: string
  /** Multiaddrs without /p2p, most useful first. */
  readonly addresses: readonly string[]
}

/** Plain letters only: names go into logs, file names and terminals, and must not look like one another. */
export const namePattern = /^[A-Za-z0-9._-]{1,32}$/

/** A peer has a handful of interfaces; four of them are enough to be reached, and a list of 256 records fits a reply. */
export const addressesMax = 4

/** Longest binary multiaddr that is read: an /ip6 or /dns address of usual length with its port. */
export const addressBytesMax = 128
