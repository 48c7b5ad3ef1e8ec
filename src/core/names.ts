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

/** What a seed knows of a peer otherwise. */
export interface Registered<Peer> {
  /** The name under which it is registered, here or elsewhere. */
  nameOf(peer: Peer): string | undefined
  isHere(peer: Peer): boolean
}

/** Which names are free at a seed, who has the others, and how many of those come from where. */
export class Names<Peer, Seed> {
  readonly #registered: Registered<Peer>
  readonly #held = new HeldNames<Peer>()
  /** Of the names that are held or registered, here or elsewhere. */
  readonly #holders = new Holders<Peer>()
  /** Of those that have a name here, as far as they have been heard. */
  readonly #origins: Origins<Peer>
  /** While no names are given away. */
  #amnesia: Amnesia<Seed> | undefined

  constructor(settings: OriginsSettings, registered: Registered<Peer>) {
    this.#registered = registered
    this.#origins = new Origins(settings)
  }

  get wakeAt(): Millis {
    return this.#held.wakeAt
  }

  /** Peers that hold a name without being registered under it. */
  get held(): number {
    return this.#held.size
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

  /** Another seed has told its whole list. */
  heard(seed: Seed): void {
    this.#amnesia?.heard(seed)
  }

  /** It is kept already. */
  restore(peer: Peer, name: string, until: Millis): void {
    this.add(name, peer)
    this.#held.hold(peer, name, until)
  }

  /** Why the peer cannot have this name; nothing, if it can. */
  refusal(
    peer: Peer,
    name: string,
    leaseMs: Millis,
    now: Millis,
    out: NamesOutput<Peer>
  ): RegistrationReply<Peer> | undefined {
    if (!namePattern.test(name)) return { type: 'refused', reason: 'bad-name' }
    if (this.#amnesia?.isOver(leaseMs, now) === false) return { type: 'refused', reason: 'not-ready' }
    if (this.#amnesia !== undefined) out.recovered()
    this.#amnesia = undefined
    const others = this.#holders.of(name).filter(holder => holder !== peer)
    const registered = others.find(holder => this.#registered.nameOf(holder) === name)
    if (registered !== undefined) return { type: 'refused', reason: 'name-taken', holder: registered }
    const [rival] = others
    return rival === undefined ? undefined : { type: 'refused', reason: 'name-reserved', holder: rival }
  }

  /** What has no place left for this peer, if it comes from there. Who has a name here has a place. */
  full(peer: Peer, origin: Origin | undefined): keyof Origin | undefined {
    return this.#hasPlace(peer) ? undefined : this.#origins.full(origin)
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
    this.restore(peer, name, until)
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
    if (this.#held.of(peer) !== name && this.#registered.nameOf(peer) !== name) this.#holders.delete(name, peer)
  }

  #hasPlace(peer: Peer): boolean {
    return this.#registered.isHere(peer) || this.#held.of(peer) !== undefined
  }
}
