import type { Standing } from './degree-law.ts'

/** The standing of this peer as a registrar has said it last. */
interface SaidStanding<Seed> {
  readonly seed: Seed
  peers: number
  rank: number
}

/** What the registrars of a peer say of its standing. */
export class Standings<Seed> {
  /** A handful at most. */
  #said: readonly SaidStanding<Seed>[] = []
  /** Most peers that any registrar has ever told of. */
  #peersMost = 0

  /** Whether any registrar has ever said where this peer stands. */
  get everHeard(): boolean {
    return this.#peersMost > 0
  }

  get registrars(): Seed[] {
    return this.#said.map(({ seed }) => seed)
  }

  /**
   * The registrar that knows most peers is right: the others are behind. Of several that know equally many the one with the better
   * rank counts, so that their differences do not make the target swing.
   */
  get widest(): Standing | undefined {
    let widest: Standing | undefined
    for (const said of this.#said) {
      const wider = widest === undefined || said.peers > widest.peers
      if (wider || (said.peers === widest?.peers && said.rank < widest.rank)) widest = said
    }
    return widest
  }

  /**
   * A registrar says where this peer stands.
   * @returns how many peers are back: by so many the network has grown at one blow, as far as it has been so large before. That is how it
   * looks when parts that could not reach each other can do so again; a network that has never been larger only grows.
   */
  said(seed: Seed, { peers, rank }: Standing): number {
    const before = this.widest?.peers ?? Infinity
    const known = this.#said.find(said => said.seed === seed)
    if (known === undefined) this.#said = this.#said.concat({ seed, peers, rank })
    else {
      known.peers = peers
      known.rank = rank
    }
    const back = Math.min(this.widest?.peers ?? peers, this.#peersMost) - before
    this.#peersMost = Math.max(this.#peersMost, peers)
    return Math.max(0, back)
  }

  /** The seed is no registrar any more. */
  forget(seed: Seed): void {
    this.#said = this.#said.filter(said => said.seed !== seed)
  }
}
