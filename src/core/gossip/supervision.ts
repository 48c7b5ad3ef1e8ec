import type { Millis } from '../machine.ts'
import type { Announcing } from './announcing.ts'
import type { Links, Sender } from './links.ts'
import type { Missing, Origin } from './origin.ts'
import type { Origins } from './origins.ts'
import type { Retrieval } from './retrieval.ts'
import type { GossipSettings } from './settings.ts'
import type { Trees } from './trees.ts'

/** What supervision watches and what it changes. */
interface Parts<Peer> {
  readonly links: Links<Peer>
  readonly trees: Trees<Peer>
  readonly origins: Origins<Peer>
  readonly retrieval: Retrieval<Peer>
  readonly announcing: Announcing
}

/**
 * Judges the neighbours by what they bring, and draws the consequences: long before anybody is known to be dead, nothing depends on it
 * any more.
 */
export class Supervision<Peer> {
  readonly #parts: Parts<Peer>
  readonly #settings: GossipSettings
  /** Until then the neighbours send us whole what they would only name. */
  #boostedUntil: Millis = Number.NEGATIVE_INFINITY

  constructor(parts: Parts<Peer>, settings: GossipSettings) {
    this.#parts = parts
    this.#settings = settings
  }

  get wakeAt(): Millis {
    return this.#parts.links.wakeAt
  }

  /** A new batch has come. Tells about the one that should have brought it. */
  brought(origin: Origin<Peer>, from: Peer, missing: Missing<Peer> | undefined, now: Millis, out: Sender<Peer>): void {
    const { links, retrieval, trees } = this.#parts
    if (origin.parent === from) {
      links.delivered(from)
      origin.late = 0
      // What it was asked for did not come by itself.
      if (missing?.asked === undefined) retrieval.sampleLag(missing === undefined ? 0 : now - missing.since)
    } else if (origin.parent === undefined) trees.reroute(origin, from, now, out)
    // While others send everything, nothing is ever named before it comes, and this is how a parent that brings nothing is found out.
    else if (this.#boostedUntil > now && missing === undefined && ++origin.late >= this.#settings.missesMax) {
      this.missed(origin.parent, now, out)
      trees.reroute(origin, from, now, out)
    }
  }

  /** A known batch has come again. */
  repeated(origin: Origin<Peer>, sequence: number, from: Peer, now: Millis, out: Sender<Peer>): void {
    const { links, retrieval, trees } = this.#parts
    const stored = origin.stored.get(sequence)
    if (stored?.heldBy.includes(from) === false) stored.heldBy.push(from)
    if (origin.parent === from) {
      links.delivered(from)
      origin.late = 0
    }
    // Late as it is: next time we are more patient.
    const wasParent = origin.parent === from || origin.watchers.includes(from)
    if (stored !== undefined && wasParent) retrieval.sampleLag(now - stored.since)
    const { missSpacingMs } = this.#settings
    const isMeant = origin.parent === from || this.#boostedUntil + missSpacingMs > now
    if (isMeant || now - origin.trimmedAt < missSpacingMs) return
    origin.trimmedAt = now
    trees.trim(origin, from, out)
  }

  /** This neighbour should have brought a batch that others had. */
  missed(peer: Peer, now: Millis, out: Sender<Peer>): void {
    const { links } = this.#parts
    const result = links.missed(peer, now)
    if (result === 'known') return
    if (result === 'suspect') this.#avoid(peer, now, out)
    // A dead neighbour leaves more behind than this one batch.
    if (links.probe(now)) for (const neighbour of links.all) links.send(neighbour, { type: 'probe' }, out)
  }

  /** Judges those that were to give a sign of life. */
  wake(now: Millis, out: Sender<Peer>): void {
    const { links, announcing } = this.#parts
    const silent = links.takeSilent(now)
    // When nobody is heard, it is we who are cut off or were asleep.
    if (silent.length === 0 || silent.length === links.all.length) return
    for (const peer of silent) {
      links.suspect(peer, now, true)
      this.#avoid(peer, now, out)
    }
    announcing.again(now)
  }

  /** Nothing depends on it any more. Where one has failed others may have, so for a while the watchers send everything. */
  #avoid(peer: Peer, now: Millis, out: Sender<Peer>): void {
    const { links, origins, trees } = this.#parts
    for (const origin of origins) trees.replace(origin, peer, now, out)
    const { boostMs } = this.#settings
    if (this.#boostedUntil - now > boostMs / 2) return
    this.#boostedUntil = now + boostMs
    for (const neighbour of links.all) links.send(neighbour, { type: 'boost', ms: boostMs }, out)
  }
}
