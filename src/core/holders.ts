/**
 * Who has which name, by reservation or registration. One peer nearly always, but after a partition it may be more: only then there
 * is a list.
 */
export class Holders<Peer> {
  readonly #first = new Map<string, Peer>()
  /** The others that have the same name. */
  readonly #rivals = new Map<string, readonly Peer[]>()

  /** All that have the name, in the order in which they got it. */
  of(name: string): readonly Peer[] {
    const first = this.#first.get(name)
    return first === undefined ? [] : [first, ...(this.#rivals.get(name) ?? [])]
  }

  add(name: string, peer: Peer): void {
    const holders = this.of(name)
    if (!holders.includes(peer)) this.#set(name, [...holders, peer])
  }

  delete(name: string, peer: Peer): void {
    const holders = this.of(name)
    if (holders.includes(peer)) {
      this.#set(
        name,
        holders.filter(holder => holder !== peer)
      )
    }
  }

  #set(name: string, [first, ...rivals]: readonly Peer[]): void {
    if (first === undefined) this.#first.delete(name)
    else this.#first.set(name, first)
    if (rivals.length === 0) this.#rivals.delete(name)
    else this.#rivals.set(name, rivals)
  }
}
