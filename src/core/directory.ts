import { isNewer } from '#protocols/peer-record.ts'
import type { Announcement, RemovalReason } from '#protocols/announcement/messages.ts'
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
}

/** With three seeds there are 15 lists of sources, in their orders. */
const sharedMax = 64

/**
 * The peers that several seeds announce, in one list. A peer is in it as long as one seed stands for it. What a seed said before
 * its stream broke stays until the seed is heard again and has caught up: then all that it no longer names goes. But a seed that
 * is not heard cannot take anything back, so its old word does not count against the word of one that is heard, whichever comes
 * first: the end of its stream or the word of the other.
 */
export class Directory<Peer, Seed> {
  readonly #entriesMax: number
  readonly #entries = new Map<Peer, Entry<Peer, Seed>>()
  /** The lists of sources that there are, at most `sharedMax`: entries by the hundred thousand have one of a few. */
  readonly #lists: (readonly Seed[])[] = []
  /** Sources that are not heard, or are telling their list from the beginning, with the peers they have named so far. */
  readonly #tellings = new Map<Seed, Set<Peer>>()
  /** Peers that were taken back while another source still stood for them: seldom more than a few, never more than entries. */
  readonly #contested = new Map<Peer, RemovalReason>()

  /** @param entriesMax peers remembered; beyond it newcomers are not taken up */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get size(): number {
    return this.#entries.size
  }

  get(peer: Peer): PeerRecord<Peer> | undefined {
    return this.#entries.get(peer)?.record
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
      const named = this.#tellings.get(source)
      if (named === undefined || named.has(peer)) return true
    }
    return false
  }

  /** No stream of this source's announcements is open. The next one begins with the whole list. */
  unheard(source: Seed, out: DirectoryOutput<Peer>): void {
    this.#tellings.set(source, new Set())
    for (const [peer, reason] of this.#contested) if (!this.isVouchedFor(peer)) this.#vanish(peer, reason, out)
  }

  heard(source: Seed, announcement: Announcement<Peer>, out: DirectoryOutput<Peer>): void {
    switch (announcement.type) {
      case 'joined':
        this.#joined(source, announcement.record, out)
        if (this.#entries.has(announcement.record.id)) this.#tellings.get(source)?.add(announcement.record.id)
        break
      case 'removed':
        this.#tellings.get(source)?.delete(announcement.id)
        this.#withdrawn(source, announcement.id, announcement.reason, out)
        break
      case 'suspected':
        break
      case 'caught-up': {
        const named = this.#tellings.get(source)
        this.#tellings.delete(source)
        if (named === undefined) break
        for (const [peer, entry] of this.#entries) {
          // The source has seen it go while nobody listened.
          if (entry.sources.includes(source) && !named.has(peer)) this.#withdrawn(source, peer, 'dead', out)
        }
        break
      }
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

  #joined(source: Seed, record: PeerRecord<Peer>, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(record.id)
    this.#contested.delete(record.id)
    if (entry !== undefined) {
      const before = entry.record
      if (!entry.sources.includes(source)) entry.sources = this.#shared([...entry.sources, source])
      // A source may not have heard of the latest one yet, or repeat an old one on purpose: it stands for the peer, and no more.
      if (!isNewer(record, before)) return
      entry.record = record
      if (before.name === record.name) return
      out.vanished(before, 'left')
      out.appeared(record)
    } else if (this.#entries.size < this.#entriesMax) {
      this.#entries.set(record.id, { record, sources: this.#shared([source]) })
      out.appeared(record)
    }
  }

  #withdrawn(source: Seed, peer: Peer, reason: RemovalReason, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(peer)
    if (entry?.sources.includes(source) !== true) return
    entry.sources = this.#shared(entry.sources.filter(other => other !== source))
    this.contest(peer, reason, out)
  }

  #vanish(peer: Peer, reason: RemovalReason, out: DirectoryOutput<Peer>): void {
    const entry = this.#entries.get(peer)
    this.#contested.delete(peer)
    this.#entries.delete(peer)
    if (entry !== undefined) out.vanished(entry.record, reason)
  }
}
