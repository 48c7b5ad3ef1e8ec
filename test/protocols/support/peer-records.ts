import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { PeerRecord } from '#protocols/peer-record.ts'

export const network = networkId(['127.0.0.1:5002', '127.0.0.1:6071', '127.0.0.1:7234'])
export const otherNetwork = networkId(['127.0.0.1:5002'])

/** A record that its owner has signed for `network`, or what else of it is said. */
export function recordOf(
  owner: Ed25519PrivateKey,
  name: string,
  { addresses = [], epoch = 1, seq = 1 }: Partial<Pick<PeerRecord, 'addresses' | 'epoch' | 'seq'>> = {}
): PeerRecord {
  const id = peerIdFromPrivateKey(owner).toString()
  return signRecord({ id, name, addresses, epoch, seq }, network, signingKey(owner.raw))
}
