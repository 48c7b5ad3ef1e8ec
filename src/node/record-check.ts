import { isNewer } from '#protocols/peer-record.ts'
import { isAuthentic } from '#protocols/record-signature.ts'
import { ForgedMessageError } from '#protocols/streams/errors.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'

/** Keeps from the machines of a node what others say that owners have not signed for this network. */
export class RecordCheck {
  readonly #network: string
  readonly #known: (peer: string) => PeerRecord | undefined
  readonly #onFault: OnFault

  /** @param known the record of a peer that has passed already */
  constructor(network: string, known: (peer: string) => PeerRecord | undefined, onFault: OnFault) {
    this.#network = network
    this.#known = known
    this.#onFault = onFault
  }

  /**
   * The newest authentic record of each of these peers. What is no newer than a record that is known needs no check, so most lists
   * cost nothing. What is forged is left out, and counted against the teller in one fault for all.
   */
  async authentic(teller: string, protocol: string, told: readonly PeerRecord[]): Promise<PeerRecord[]> {
    const good: PeerRecord[] = []
    let forged: PeerRecord | undefined
    for (const record of told) {
      const known = this.#known(record.id)
      if (known !== undefined && !isNewer(record, known)) good.push(known)
      else if (await isAuthentic(record, this.#network)) good.push(record)
      else forged ??= record
    }
    if (forged !== undefined) {
      const which = `the record of ${forged.name} is not what ${forged.id} has signed for this network`
      const count = `${told.length - good.length} of ${told.length} dropped`
      this.#onFault(teller, protocol, new ForgedMessageError(`${which}: ${count}`))
    }
    return good
  }
}
