import { isNewer } from '#protocols/peer-record.ts'
import { bucketOf, digestOf } from './digest.ts'
import type { Announcement, Digest, Joined, RemovalReason } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'

export interface DirectoryOutput<Peer> {
  /** A peer that no source had named before. */
  appeared(record: PeerRecord<Peer>): void
  /** The last source that had named the peer takes it back. */
  vanished(record: PeerRecord<Peer>, reason: RemovalReason): void
}

interface Entry<Peer, Seed> {
  /** The newest that any source has named. */
  record: PeerRecord<Peer>
  /** A few at most: there are only so many seeds. */
  sources: readonly Seed[]
  /** Those of them that have reached the peer at the addresses of this record. */
  reaching: readonly Seed[]
}

/** A source that is not heard, or is telling its list from the beginning. */
interface Telling<Peer> {
  /** Whom it has named so far. */
  readonly named: Set<Peer>
  /** It was told what is known from it, and tells only what is different: what it has said before counts meanwhile. */
  isResumed: boolean
}

export interface DirectoryOptions<Peer> {
  /** A number in [0, 1) that is the same at every seed: for the digests of sources. Without it there are none. */
  readonly rankOf?: (peer: Peer) => number
  /** Beyond the bound the oldest entry gives way, unnoticed; without this, newcomers are not taken up. */
  readonly forgetsOldest?: boolean
}

/** With three seeds there are 16 lists of sources, in their orders. */
const sharedMax = 64

/**
 * The peers that several seeds announce, in one list. A peer is in it as long as one seed stands for it. What a seed said before
 * its stream broke stays until the seed is heard again and has caught up: then all that it no longer names goes. But a seed that
 * is not heard cannot take anything back, so its old word does not count against the word of one that is heard, whichever comes
 * first: the end of its stream or the word of the other.
 */
export class Directory<Peer, Seed> {
  readonly #entriesMax: number
  readonly #options: DirectoryOptions<Peer>
  readonly #entries = new Map<Peer, Entry<Peer, Seed>>()
  /** The lists of sources that there are, at most `sharedMax`: entries by the hundred thousand have one of a few. */
  readonly #lists: (readonly Seed[])[] = []
  readonly #tellings = new Map<Seed, Telling<Peer>>()
  /** Peers that were taken back while another source still stood for them: seldom more than a few, never more than entries. */
  readonly #contested = new Map<Peer, RemovalReason>()

  /** @param entriesMax peers remembered */
  constructor(entriesMax: number, options: DirectoryOptions<Peer> = {}) {
    this.#entriesMax = entriesMax
    this.#options = options
  }

  get size(): number {
    return this.#entries.size
  }

  get(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#entries.get(peer)?.record
  }

  /** Whether a source has reached the peer where its record says. */
  isReachable(peer: Peer): boolean {
    return (this.#entries.get(peer)?.reaching.length ?? 0) > 0
  }

  /** The seeds that stand for the peer, heard or not. */
  sourcesOf(peer: Peer): readonly Seed[] {
    return this.#entries.get(peer)?.sources ?? []
  }

  *records(): Iterable<PeerRecord<Peer>> {
    for (const entry of this.#entries.values()) yield entry.record
  }

  /** Whether a seed that is heard stands for the peer. */
  isVouchedFor(peer: Peer): boolean {
    for (const source of this.sourcesOf(peer)) {
      const telling = this.#tellings.get(source)
      if (telling === undefined || telling.isResumed || telling.named.has(peer)) return true
    }
    return false
  }

  /** No stream of this source's announcements is open. The next one begins with the whole list. */
  unheard(source: Seed, out: DirectoryOutput<Peer>): void {
    this.#tellings.set(source, { named: new Set(), isResumed: false })
    for (const [peer, reason] of this.#contested) if (!this.isVouchedFor(peer)) this.#vanish(peer, reason, out)
  }

  /** What is known from a source that begins to tell its list: it may leave out what is the same. Nothing, if nothing is known. */
  digest(source: Seed): Digest | undefined {
    const telling = this.#tellings.get(source)
    const { rankOf } = this.#options
    const known = [...this.#entries.values()].filter(({ sources }) => sources.includes(source))
    if (telling === undefined || rankOf === undefined || known.length === 0) return undefined
    telling.isResumed = true
    return digestOf(
      known.map(({ record, reaching }) => (reaching.includes(source) ? { record } : { record, unreachable: true })),
      rankOf
    )
  }

  heard(source: Seed, announcement: Announcement<Peer>, out: DirectoryOutput<Peer>): void {
    switch (announcement.type) {
      case 'joined':
        this.#joined(source, announcement, out)
        if (this.#entries.has(announcement.record.id)) this.#tellings.get(source)?.named.add(announcement.record.id)
        break
      case 'removed':
        this.#tellings.get(source)?.named.delete(announcement.id)
        this.#withdrawn(source, announcement.id, announcement.reason, out)
        break
      case 'suspected':
        break
      case 'caught-up': {
        const telling = this.#tellings.get(source)
        this.#tellings.delete(source)
        // A part says nothing of those that are not in it.
        if (telling !== undefined && announcement.part !== true)
          this.#caughtUp(source, telling.named, new Set(announcement.same), out)
        break
      }
    }
  }

  /** @param same buckets of which nothing was told, for what was known is right */
  #caughtUp(source: Seed, named: ReadonlySet<Peer>, same: ReadonlySet<number>, out: DirectoryOutput<Peer>): void {
    const { rankOf = () => Number.NaN } = this.#options
    for (const [peer, { sources }] of this.#entries) {
      if (!sources.includes(source) || named.has(peer)) continue
      if (same.size > 0 && same.has(bucketOf(rankOf(peer)))) this.#contested.delete(peer)
      // The source has seen it go while nobody listened.
      else this.#withdrawn(source, peer, 'dead', out)
    }
  }

  /** The listener itself speaks against the peer. It goes unless a seed that is heard stands for it. */
  contest(peer: Peer, reason: RemovalReason, out: DirectoryOutput<Peer>): void {
    if (!this.#entries.has(peer)) return
    this.#contested.set(peer, reason)
    if (!this.isVouchedFor(peer)) this.#vanish(peer, reason, out)
  }

  #shared(sources: readonly Seed[]): readonly Seed[] {
    const same = this.#lists.find(
      list => list.length === sources.length && list.every((source, at) => source === sources[at])
    )
    if (same === undefined && this.#lists.length < sharedMax) this.#lists.push(sources)
    return same ?? sources
  }

  #joined(source: Seed, { record, unreachable }: Joined<Peer>, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(record.id)
    const reaching = unreachable === true ? [] : [source]
    this.#contested.delete(record.id)
    if (entry !== undefined) {
      const before = entry.record
      if (!entry.sources.includes(source)) entry.sources = this.#shared([...entry.sources, source])
      // A source may not have heard of the latest one yet, or repeat an old one on purpose: it stands for the peer, and no more.
      if (isNewer(before, record)) return
      const others = isNewer(record, before) ? [] : entry.reaching.filter(other => other !== source)
      entry.reaching = this.#shared([...others, ...reaching])
      if (!isNewer(record, before)) return
      entry.record = record
      if (before.name === record.name) return
      out.vanished(before, 'left')
      out.appeared(record)
    } else if (this.#entries.size < this.#entriesMax || this.#forgetOldest()) {
      this.#entries.set(record.id, { record, sources: this.#shared([source]), reaching: this.#shared(reaching) })
      out.appeared(record)
    }
  }

  #forgetOldest(): boolean {
    if (this.#options.forgetsOldest !== true) return false
    for (const peer of this.#entries.keys()) {
      this.#entries.delete(peer)
      this.#contested.delete(peer)
      for (const { named } of this.#tellings.values()) named.delete(peer)
      return true
    }
    return false
  }

  #withdrawn(source: Seed, peer: Peer, reason: RemovalReason, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(peer)
    if (entry?.sources.includes(source) !== true) return
    entry.sources = this.#shared(entry.sources.filter(other => other !== source))
    entry.reaching = this.#shared(entry.reaching.filter(other => other !== source))
    this.contest(peer, reason, out)
  }

  #vanish(peer: Peer, reason: RemovalReason, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(peer)
    this.#contested.delete(peer)
    this.#entries.delete(peer)
    if (entry !== undefined) out.vanished(entry.record, reason)
  }
}
