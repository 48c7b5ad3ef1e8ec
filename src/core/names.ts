import { namePattern } from '#protocols/peer-record.ts'
import { HeldNames } from './held-names.ts'
import { Holders } from './holders.ts'
import { Amnesia } from './memory.ts'
import { Origins } from './origins.ts'
import type { RegistrationReply } from '#protocols/registration/messages.ts'
import type { Millis } from './machine.ts'
import type { Kept } from './memory.ts'
import type { Origin, OriginsSettings } from './origins.ts'

export interface NamesOutput<Peer> {
  /** Keep this on the disk, in place of one of its type that is kept of the peer, before the answer leaves. */
  keep(kept: Kept<Peer>): void
  /** It need not be kept any more. */
  discard(type: Kept<Peer>['type'], peer: Peer): void
  /** What is kept is enough again to give names away: see `awaitOthers`. */
  recovered(): void
}

export interface NamesSettings extends OriginsSettings {
  readonly reservationMs: Millis
  /** Peers that are registered or hold a name at this seed. */
  readonly entriesMax: number
}

/** Which names are free at a seed, who has the others, and how many of those come from where. */
export class Names<Peer, Seed> {
  readonly #settings: NamesSettings
  readonly #registered: { readonly size: number; has(peer: Peer): boolean }
  readonly #nameOf: (peer: Peer) => string | undefined
  readonly #held = new HeldNames<Peer>()
  /** Of the names that are held or registered, here or elsewhere. */
  readonly #holders = new Holders<Peer>()
  /** Of those that have a name here, as far as they have been heard. */
  readonly #origins: Origins<Peer>
  /** While no names are given away. */
  #amnesia: Amnesia<Seed> | undefined

  /**
   * @param registered peers that are registered at this seed
   * @param nameOf the name under which a peer is registered, here or elsewhere
   */
  constructor(
    settings: NamesSettings,
    registered: { readonly size: number; has(peer: Peer): boolean },
    nameOf: (peer: Peer) => string | undefined
  ) {
    this.#settings = settings
    this.#registered = registered
    this.#nameOf = nameOf
    this.#origins = new Origins(settings)
  }

  get wakeAt(): Millis {
    return this.#held.wakeAt
  }

  wake(now: Millis, out: NamesOutput<Peer>): void {
    for (const { peer, name } of this.#held.takeDue(now)) {
      this.unclaim(name, peer)
      out.discard('held', peer)
    }
  }

  /** This seed has started without memory: it gives no name away until it has heard so many others, or for a lease. */
  awaitOthers(count: number, now: Millis): void {
    this.#amnesia = new Amnesia(count, now)
  }

  /** Whether names are given away. @param leaseMs nobody relies on a lease of the life before this one for longer */
  isReady(leaseMs: Millis, now: Millis): boolean {
    return this.#amnesia?.isOver(leaseMs, now) !== false
  }

  /** Another seed has told its whole list. */
  heard(seed: Seed): void {
    this.#amnesia?.heard(seed)
  }

  /** It is kept already. */
  restore(peer: Peer, name: string, until: Millis): void {
    this.add(name, peer)
    this.#held.hold(peer, name, until)
  }

  /**
   * Holds the name for the peer until it registers, or for a while.
   * @param leaseMs nobody relies on a lease of the life before this one for longer
   * @returns why not, if it cannot have the name
   */
  reserve(
    peer: Peer,
    name: string,
    origin: Origin | undefined,
    leaseMs: Millis,
    now: Millis,
    out: NamesOutput<Peer>
  ): RegistrationReply<Peer> | undefined {
    if (!namePattern.test(name)) return { type: 'refused', reason: 'bad-name' }
    if (!this.isReady(leaseMs, now)) return { type: 'refused', reason: 'not-ready' }
    if (this.#amnesia !== undefined) out.recovered()
    this.#amnesia = undefined
    const others = this.#holders.of(name).filter(holder => holder !== peer)
    const registered = others.find(holder => this.#nameOf(holder) === name)
    if (registered !== undefined) return { type: 'refused', reason: 'name-taken', holder: registered }
    const [rival] = others
    if (rival !== undefined) return { type: 'refused', reason: 'name-reserved', holder: rival }
    if (!this.#hasPlace(peer)) {
      // Whom another seed has registered may come to a full one, but not for ever more of them.
      const entriesMax = this.#settings.entriesMax * (this.#nameOf(peer) === undefined ? 1 : 2)
      if (this.#held.size + this.#registered.size >= entriesMax) return { type: 'refused', reason: 'full' }
      const full = this.#origins.full(origin)
      if (full !== undefined) return { type: 'refused', reason: `full-${full}` }
    }
    this.hold(peer, name, now + this.#settings.reservationMs, out)
    this.seen(peer, origin)
    return undefined
  }

  /** Where a peer that has a name here comes from. */
  seen(peer: Peer, origin: Origin | undefined): void {
    if (this.#hasPlace(peer)) this.#origins.put(peer, origin)
  }

  /** The name that the peer holds without being registered under it. */
  heldBy(peer: Peer): string | undefined {
    return this.#held.of(peer)
  }

  /** In place of any other that it held. */
  hold(peer: Peer, name: string, until: Millis, out: NamesOutput<Peer>): void {
    if (this.#held.of(peer) !== name) this.release(peer, out)
    this.add(name, peer)
    this.#held.hold(peer, name, until)
    out.keep({ type: 'held', id: peer, name })
  }

  release(peer: Peer, out: NamesOutput<Peer>): void {
    const name = this.#held.of(peer)
    if (name === undefined) return
    this.#held.release(peer)
    this.unclaim(name, peer)
    out.discard('held', peer)
  }

  /** The peer is registered under this name, or about to be. */
  add(name: string, peer: Peer): void {
    this.#holders.add(name, peer)
  }

  /** Takes the name from the peer unless it still has it by another right. */
  unclaim(name: string, peer: Peer): void {
    if (!this.#hasPlace(peer)) this.#origins.delete(peer)
    if (this.#held.of(peer) !== name && this.#nameOf(peer) !== name) this.#holders.delete(name, peer)
  }

  #hasPlace(peer: Peer): boolean {
    return this.#registered.has(peer) || this.#held.of(peer) !== undefined
  }
}
