import { sign, verify } from 'node:crypto'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { signedInput, verifyingKey } from './signing.ts'
import { encodeAddress, encodeNetworkId, encodePeerId } from './values.ts'
import type { KeyObject } from 'node:crypto'
import type { PeerRecord } from './peer-record.ts'

const domain = fromString('hubcast/record/1')

/** A record as its owner signs it for one network, whose id is `network`. */
export function signRecord(content: Omit<PeerRecord, 'signature'>, network: string, key: KeyObject): PeerRecord {
  return { ...content, signature: Uint8Array.from(sign(null, inputOf(content, network), key)) }
}

/**
 * Whether the peer that the record names has signed it, for this network. On another thread: that takes longer when there is nothing
 * else to do, but a list of thousands does not hold up everything else.
 */
export async function isAuthentic(record: PeerRecord, network: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, inputOf(record, network), verifyingKey(record.id), record.signature, (error, authentic) => {
      if (error === null) resolve(authentic)
      else reject(error)
    })
  })
}

/** The same on this thread, for one record that somebody waits for. */
export function isAuthenticNow(record: PeerRecord, network: string): boolean {
  return verify(null, inputOf(record, network), verifyingKey(record.id), record.signature)
}

/** Name and addresses have their lengths before them, which fit one byte each. */
function inputOf({ id, name, addresses, epoch, seq }: Omit<PeerRecord, 'signature'>, network: string): Uint8Array {
  const texts = [fromString(name), ...addresses.map(encodeAddress)]
  const rest = concat(texts.flatMap(bytes => [Uint8Array.of(bytes.byteLength), bytes]))
  return signedInput(concat([domain, encodeNetworkId(network)]), encodePeerId(id), epoch, seq, rest)
}
