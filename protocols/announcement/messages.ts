import type { PeerRecord } from '../peer-record.ts'

export const announcementProtocol = '/hubcast/announcement/2.0.0'

/** One record with all its addresses; also more than a follower has to say. */
export const announcementBytesMax = 1024

/** Peers fall into so many buckets, by the first bits of the hash that gives their rank. */
export const digestBuckets = 128
/** What each bucket adds up to is below this: six bytes. */
export const digestSumLimit = 2 ** 48

/**
 * What a follower knows of a seed's list from before, in one number for each bucket: the sum of the first six bytes of the signatures of all
 * records in it. Where it is the same at both ends the list is the same.
 */
export type Digest = readonly number[]

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
  /** `part`: the list had not all in it. `same`: buckets of which nothing was told, for the follower knows what is in them. */
  | { readonly type: 'caught-up'; readonly part?: boolean; readonly same?: readonly number[] }
  /** Something speaks against this peer, and the seed looks. A renewal, at any of its seeds, refutes it. */
  | { readonly type: 'suspected'; readonly id: Peer }

/** What a follower says first, and all that it says. */
export interface Follow {
  /** The id of its network. */
  readonly network: string
  /** In a large network a part is enough for it, as for a peer: those that it may have to do with. */
  readonly part?: boolean
  /** It knows so much from an earlier stream; nothing is told of buckets that are the same. */
  readonly digest?: Digest
}

/** What a seed of another network says to it instead, before it closes the stream. */
export interface OtherNetwork {
  readonly type: 'other-network'
}
