import type { Mode, OriginAnnouncement, Source } from '#protocols/gossip/messages.ts'
import { hopsMax } from '#protocols/gossip/messages.ts'
import { SmallMap } from '../small-map.ts'
import { Runs } from './runs.ts'
import { Shelf } from './shelf.ts'
import type { Millis } from '../machine.ts'
import type { Candidate } from './examination.ts'

/** A batch that somebody has announced and that has not come yet. */
export interface Missing<Peer> {
  readonly since: Millis
  /** Neighbours that have it and have not been asked yet, in the order in which they said so. */
  readonly holders: Peer[]
  /** Who was asked last. */
  asked: Peer | undefined
  /** When to ask the next one. */
  askAt: Millis
  /** Whoever brings it when asked does what the parent should have done. */
  isDetour: boolean
}

const nobody: readonly never[] = []

/** Gaps of one origin kept apart. Each batch on its way beside others can make one; 256 is far beyond what overtakes. */
const gapsMax = 256

/**
 * What a peer knows of one life of an origin: the tree by which its batches come, and which of them have come.
 *
 * The tree is nobody's property: each peer has one neighbour that sends it the batches (its parent), two that only name them (its
 * watchers), and for each neighbour the mode that it wants of us.
 */
export class Origin<Peer> implements Source<Peer> {
  readonly origin: Peer
  readonly epoch: number
  /** Whether it has signed anything that we know. */
  isProven = false
  /** The newest announcement; the tree is that of its version. 0 if there was none. */
  announcement: OriginAnnouncement<Peer> | undefined
  /** Links that the announcement crossed to get here; the peers between here and the origin have fewer. */
  hop = hopsMax + 1
  /**
   * Neighbours that passed the announcement on to us, in their order (the first was the quickest): how many links lay between each and the
   * origin, as far as it knew when it did so.
   */
  readonly announcers = new SmallMap<Peer, number>()
  /** Those of them that serve as many as they can. */
  refusers: readonly Peer[] = nobody
  /** Whether all quick ways of the newest announcement are known. */
  isSettled = false
  /** Whether a shorter way than the quickest has been taken, or looked for. */
  isShortened = false
  parent: Peer | undefined
  watchers: readonly Peer[] = nobody
  /** The watcher that was told to be quick: the first one. */
  quickWatcher: Peer | undefined
  /** What neighbours want that have said so; and those that are new and may not have heard of the announcement. */
  readonly #modes = new SmallMap<Peer, Mode | 'unaware'>()
  readonly seen = new Runs(gapsMax)
  readonly stored = new Shelf<Peer>()
  /** Batches that are being examined, and such that are missing; there are seldom any. */
  #examined: SmallMap<number, Candidate<Peer>> | undefined
  #missing: SmallMap<number, Missing<Peer>> | undefined
  /** The highest sequence that a neighbour was asked for. */
  askedTop = 0
  /** How many batches in a row others have brought before the parent did. */
  late = 0
  /** When we last told a neighbour that it need not send us what we have. */
  trimmedAt: Millis | undefined
  /** Another life of the same origin. `Origins` looks after it. */
  otherLife: Origin<Peer> | undefined

  constructor({ origin, epoch }: Source<Peer>) {
    this.origin = origin
    this.epoch = epoch
  }

  /** A new tree is drawn. */
  begin(announcement: OriginAnnouncement<Peer>, hop: number): void {
    this.announcement = announcement
    this.hop = hop
    this.announcers.clear()
    this.refusers = nobody
    this.isSettled = false
    this.isShortened = false
  }

  get version(): number {
    return this.announcement?.version ?? 0
  }

  examined(sequence: number): Candidate<Peer> | undefined {
    return this.#examined?.get(sequence)
  }

  examine(sequence: number, candidate: Candidate<Peer>): void {
    this.#examined ??= new SmallMap()
    this.#examined.set(sequence, candidate)
  }

  judged(sequence: number): void {
    this.#examined?.delete(sequence)
    if (this.#examined?.size === 0) this.#examined = undefined
  }

  missing(sequence: number): Missing<Peer> | undefined {
    return this.#missing?.get(sequence)
  }

  miss(sequence: number, missing: Missing<Peer>): void {
    this.#missing ??= new SmallMap()
    this.#missing.set(sequence, missing)
  }

  /** It came, or nobody is left to ask. */
  found(sequence: number): Missing<Peer> | undefined {
    const missing = this.#missing?.get(sequence)
    this.#missing?.delete(sequence)
    if (this.#missing?.size === 0) this.#missing = undefined
    return missing
  }

  /** The highest sequence that has come or been asked for. */
  get top(): number {
    return Math.max(this.seen.top, this.askedTop)
  }

  /**
   * What a neighbour wants. One that has said nothing wants nothing if it knows the announcement. Otherwise it is told what there is, for it
   * may never have heard of the origin.
   */
  modeOf(peer: Peer): Mode {
    const mode = this.#modes.get(peer) ?? (this.announcement === undefined ? 'watch' : 'none')
    return mode === 'unaware' ? 'watch' : mode
  }

  /** A neighbour wants this. */
  wants(peer: Peer, mode: Mode): void {
    // What is said of most neighbours need not be kept.
    if (mode === 'none' && this.announcement !== undefined) this.#modes.delete(peer)
    else this.#modes.set(peer, mode)
  }

  /** A link stands over which no announcement has gone. */
  met(peer: Peer): void {
    if (this.announcement !== undefined && !this.#modes.has(peer)) this.#modes.set(peer, 'unaware')
  }

  /** An announcement has gone over its link, in either direction. */
  told(peer: Peer): void {
    if (this.#modes.get(peer) === 'unaware') this.#modes.delete(peer)
  }

  /** Neighbours that get the batches from us. */
  get children(): number {
    let children = 0
    for (const mode of this.#modes.values()) if (mode === 'eager') children++
    return children
  }

  forget(peer: Peer): void {
    this.#modes.delete(peer)
    this.watchers = this.watchers.filter(watcher => watcher !== peer)
    this.announcers.delete(peer)
    this.refusers = this.refusers.filter(refuser => refuser !== peer)
    if (this.parent === peer) this.parent = undefined
    if (this.quickWatcher === peer) this.quickWatcher = undefined
  }
}
