import type { PeerRecord } from '../peer-record.ts'

export const announcementProtocol = '/hubcast/announcement/2.0.0'

/** One record with all its addresses; also more than a follower has to say. */
export const announcementBytesMax = 1024

/** Why a peer is no longer registered. */
export type RemovalReason =
  /** It did not answer the seed's own ping. */
  | 'dead'
  /** It said good-bye. */
  | 'left'

/** A peer is registered. */
export interface Joined<Peer = string> {
  readonly record: PeerRecord<Peer>
  /** The seed has not reached it at its addresses, or has not tried yet: nobody should dial it. */
  readonly unreachable?: true
}

/**
 * What a seed says on a stream of announcements: first one `joined` for each peer that is registered at this seed, then
 * `caught-up`, from then on the changes as they happen. A seed speaks only of its own registrations.
 */
export type Announcement<Peer = string> =
  | ({ readonly type: 'joined' } & Joined<Peer>)
  | { readonly type: 'removed'; readonly id: Peer; readonly reason: RemovalReason }
  | { readonly type: 'caught-up' }
  /** Something speaks against this peer, and the seed looks. A renewal, at any of its seeds, refutes it. */
  | { readonly type: 'suspected'; readonly id: Peer }

/** What a follower says first, and all that it says: the id of its network. */
export interface Follow {
  readonly network: string
}

/** What a seed of another network says to it instead, before it closes the stream. */
export interface OtherNetwork {
  readonly type: 'other-network'
}
