/** Where a peer comes from, as far as it counts: its address, and the network around it. */
export interface Origin {
  readonly address: string
  readonly subnet: string
}

export interface OriginsSettings {
  /** Peers that may have a name at this seed and come from one address, and from one subnet. */
  readonly perAddressMax: number
  readonly perSubnetMax: number
}

/** How many peers come from where, so that nobody fills a seed from one place. There are no more of them than names at the seed. */
export class Origins<Peer> {
  readonly #settings: OriginsSettings
  readonly #origins = new Map<Peer, Origin>()
  /** Of addresses and subnets. */
  readonly #counts = new Map<string, number>()

  constructor(settings: OriginsSettings) {
    this.#settings = settings
  }

  /** What has no place left for one more peer from there. */
  full(origin: Origin | undefined): keyof Origin | undefined {
    if (origin === undefined) return undefined
    const { perAddressMax, perSubnetMax } = this.#settings
    if (this.#count(origin.address) >= perAddressMax) return 'address'
    return this.#count(origin.subnet) >= perSubnetMax ? 'subnet' : undefined
  }

  /** Where the peer comes from now; nothing, if that does not count. */
  put(peer: Peer, origin: Origin | undefined): void {
    this.delete(peer)
    if (origin === undefined) return
    this.#origins.set(peer, origin)
    this.#add(origin, 1)
  }

  delete(peer: Peer): void {
    const origin = this.#origins.get(peer)
    if (origin === undefined) return
    this.#origins.delete(peer)
    this.#add(origin, -1)
  }

  #count(place: string): number {
    return this.#counts.get(place) ?? 0
  }

  #add({ address, subnet }: Origin, change: number): void {
    for (const place of [address, subnet]) {
      const count = this.#count(place) + change
      if (count > 0) this.#counts.set(place, count)
      else this.#counts.delete(place)
    }
  }
}
