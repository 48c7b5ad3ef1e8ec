import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { Ed25519PrivateKey } from '@libp2p/interface'

/** Three peers whose keys are known, the same in every run and in vectors.json. */
function key(seed: number): Promise<Ed25519PrivateKey> {
  return generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
}

export const adaKey = await key(1)
export const bobKey = await key(2)
export const cydKey = await key(3)

export const ada = peerIdFromPrivateKey(adaKey).toString()
export const bob = peerIdFromPrivateKey(bobKey).toString()
export const cyd = peerIdFromPrivateKey(cydKey).toString()
