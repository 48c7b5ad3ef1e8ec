import type { PeerRecord } from '../peer-record.ts'

export const registrationProtocol = '/hubcast/registration/2.0.0'

/** A renewal that names 256 neighbours (the most links a peer may have) is 10 KiB. */
export const registrationRequestBytesMax = 16 * 1024
/** A full list: 256 records of at most 700 bytes, of which 81 are epoch, seq and signature. */
export const registrationReplyBytesMax = 256 * 1024
/** Records in one list. */
export const listRecordsMax = 256
/** Records in one set of candidates, of each kind. */
export const candidatesMax = 32
/** Neighbours named in one renewal: kMax, the most links a peer may have. */
export const neighboursMax = 256

/** Where the asking peer stands among all that this seed knows. */
export interface View {
  /** Registered peers, the asker among them. */
  readonly peers: number
  /** Peers that come before the asker; 0 is the biggest hub. */
  readonly rank: number
}

export type RegistrationRequest<Peer = string> =
  /** Holds a name for this peer until `register`, or for 25 s. Nobody else hears of it. `network` is the id of the asker's network. */
  | { readonly type: 'reserve'; readonly name: string; readonly network: string }
  /** Turns the reservation into a registration that others hear of. The record is the asker's own. */
  | { readonly type: 'register'; readonly record: PeerRecord<Peer> }
  | ({ readonly type: 'renew' } & Renewal<Peer>)
  /** All peers, or this one. */
  | { readonly type: 'list'; readonly peer?: Peer }
  /** Takes back what the asker has offered here: it looks for links itself now. */
  | { readonly type: 'candidates'; readonly wanted: number }
  /** Gives up the reservation or the registration. */
  | { readonly type: 'leave' }

export interface Renewal<Peer = string> {
  /** Links that stand. */
  readonly degree: number
  /** Links that this peer wants. */
  readonly target: number
  /** Links that this seed may send others for. Only one seed at a time is offered any, so that nobody is sent in vain. */
  readonly offer: number
  readonly neighbours: readonly Peer[]
}

export type RegistrationReply<Peer = string> =
  /** `observedAddress`: the IP part of the asker's address as the seed sees it, a multiaddr such as /ip4/192.0.2.7. */
  | { readonly type: 'reserved'; readonly observedAddress: string }
  /**
   * The registration ends `leaseMs` after this reply unless it is renewed. `unreachable`: the seed has dialled the addresses of the record in
   * vain, so nobody is sent to this peer.
   */
  | { readonly type: 'registered'; readonly leaseMs: number; readonly view: View; readonly unreachable?: true }
  /** At most `listRecordsMax` records, drawn at random when there are more; `total` says how many there are. */
  | { readonly type: 'list'; readonly records: readonly PeerRecord<Peer>[]; readonly total: number }
  | ({ readonly type: 'candidates'; readonly view: View } & Candidates<Peer>)
  | { readonly type: 'left' }
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly holder?: Peer }

export interface Candidates<Peer = string> {
  /** Peers with links to spare. Each spare link is handed out once. */
  readonly free: readonly PeerRecord<Peer>[]
  /** Any peers, the better linked the likelier, for an asker that nobody with links to spare takes in. */
  readonly body: readonly PeerRecord<Peer>[]
}

export type RefusalReason =
  /** Another peer is registered under the name; `holder` says which. */
  | 'name-taken'
  /** Another peer has reserved the name and may still lose it: ask again in a second. */
  | 'name-reserved'
  /** The name does not match `namePattern`. */
  | 'bad-name'
  /** `renew`, `register` or `candidates` from a peer that is not registered (or has not reserved) here: start over. */
  | 'not-registered'
  /** The seed holds as many registrations as it can, */
  | 'full'
  /** or as it takes from one IP address, or from one network: ask another seed, and this one later. */
  | 'full-address'
  | 'full-subnet'
  /** Too many requests of this peer, or from its address: ask again later. What is registered stays so. */
  | 'full-rate'
  /** The seed has started without memory, and has not heard from enough others yet which names are taken: ask again in a second. */
  | 'not-ready'
  /** The seed belongs to another network: its config file lists other seeds than the asker's. */
  | 'other-network'
  /** The seed knows a newer record of this peer: another process has its key, or its clock was set back. */
  | 'stale'
