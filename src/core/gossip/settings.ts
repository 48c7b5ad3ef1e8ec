import type { Millis } from '../machine.ts'
import type { RatesSettings } from '../rates.ts'
import type { StoreSettings } from './store.ts'

/** The numbers of the gossip engine; their values and reasons stand in src/gossip-settings.ts. */
export interface GossipSettings {
  /** Neighbours that get an origin's batches from us, unless somebody has nobody else. */
  readonly childrenMax: number
  /** Of so many links of ours one may get them, if that is more. */
  readonly linksPerChild: number
  /** Neighbours that are asked to name an origin's batches. */
  readonly watchersWanted: number
  /** Announcers of an origin that are remembered. */
  readonly announcersMax: number
  /** From the first announcement until the watchers are chosen among all who have passed it on. */
  readonly settleMs: Millis
  /** Links from an origin to a peer; when its batches come over more, the shortest way is looked for. */
  readonly hopsWanted: number
  /** From a batch's coming until it is named to those that watch, and to those that wait for an occasion. */
  readonly haveDelayMs: Millis
  readonly lazyDelayMs: Millis
  /** Batches a second from which on all names wait longer, up to `lazyDelayMs`, so that they share frames. */
  readonly busyRate: number
  /** From a batch's naming until it is asked for: what comes on top of the usual lag, and the most in all. */
  readonly patienceMs: Millis
  readonly patienceMsMax: Millis
  /** From asking for a batch until the next holder is asked. */
  readonly askTimeoutMs: Millis
  /** Batches that one neighbour is asked for at a time. */
  readonly asksMax: number
  /** While others send everything: a parent's copy that comes so much later than the first would have been missed without them. */
  readonly lateMs: Millis
  /** Failures of a neighbour to bring a batch until it is suspected, and their least distance. */
  readonly missesMax: number
  readonly missSpacingMs: Millis
  /** Length of a first suspicion, and of any. */
  readonly suspicionMs: Millis
  readonly suspicionMsMax: Millis
  /** Time for a sign of life, at least and at most: in between it is a few times what half of the neighbours need. */
  readonly probeMs: Millis
  readonly probeMsMax: Millis
  readonly boostMs: Millis
  /** So many misses in about this time are a reason for a boost. */
  readonly troubleMisses: number
  readonly troubleMs: Millis
  /** Batches up to this size are sent whole to a neighbour that asked for a boost, in bytes. */
  readonly boostBytesMax: number
  /** Batches from one neighbour that are sent on to everybody, for they have come by a detour. */
  readonly floods: RatesSettings
  /** For so long after a batch an origin has something to say. */
  readonly announceGapMs: Millis
  /** Because it was hit, an own tree is drawn anew once in this time at most. */
  readonly redrawGapMs: Millis
  /** So long after one there is no reason for another. */
  readonly announceRestMs: Millis
  /** From a link until the first announcement: between these two, but no longer than that after the first link. */
  readonly announceDelayMs: readonly [Millis, Millis]
  readonly announceDelayMsMax: Millis
  /** From a reason for another one until it comes: between these two. */
  readonly announceAgainMs: readonly [Millis, Millis]
  readonly syncIntervalMs: Millis
  /** Younger batches are on their way by themselves. */
  readonly syncAgeMs: Millis
  readonly originsMax: number
  readonly epochsMax: number
  /** So many origins may come up whoever brings them up. */
  readonly originsFree: number
  /** Above that: origins that a neighbour may bring up, at once and a minute. */
  readonly newOriginsBurst: number
  readonly newOriginsPerMinute: number
  /** Batches known to be missing, in all. */
  readonly missingMax: number
  /** Batches that wait to be named to one neighbour. */
  readonly namesMax: number
  /** Batches that are being examined at a time. */
  readonly examinedMax: number
  readonly store: StoreSettings
}
