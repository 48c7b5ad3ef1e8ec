import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { encodePeerId, publicKeyOf } from '../values.ts'
import { encodeContent } from './codec.ts'
import { announcementDomain, batchDomain } from './messages.ts'
import type { KeyObject } from 'node:crypto'
import type { BatchContent } from './codec.ts'
import type { Batch, OriginAnnouncement, Source } from './messages.ts'

const domainBytes: Record<string, Uint8Array> = {
  [batchDomain]: fromString(batchDomain),
  [announcementDomain]: fromString(announcementDomain)
}
const nothing = new Uint8Array()

/** A batch with the signature of its origin, whose key this is. */
export function signBatch(source: Source, sequence: number, content: BatchContent, key: KeyObject): Batch {
  const signed = encodeContent(content)
  const { origin, epoch } = source
  const input = inputOf(batchDomain, encodePeerId(origin), epoch, sequence, signed)
  return { origin, epoch, sequence, ...content, signed, signature: sign(null, input, key) }
}

export function signAnnouncement({ origin, epoch }: Source, version: number, key: KeyObject): OriginAnnouncement {
  const input = inputOf(announcementDomain, encodePeerId(origin), epoch, version, nothing)
  return { origin, epoch, version, signature: sign(null, input, key) }
}

/** The key that the signers take, from a libp2p Ed25519 key: `raw` is the 32 bytes of the secret and the 32 of the public key. */
export function signingKey(raw: Uint8Array): KeyObject {
  const d = toString(raw.subarray(0, 32), 'base64url')
  const x = toString(raw.subarray(32), 'base64url')
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x } })
}

/**
 * Checks signatures, and remembers the keys of recent origins: importing a key costs 6 us and a check 67 us (measured on Node 20), and
 * an origin says much.
 */
export class SignatureCheck {
  readonly #keysMax: number
  readonly #origins = new Map<string, { readonly id: Uint8Array; readonly key: KeyObject }>()

  /** @param keysMax keys remembered, about 1 KiB each; the longest unused goes first */
  constructor(keysMax: number) {
    this.#keysMax = keysMax
  }

  /** Whether the origin has signed it. */
  check(signed: Batch | OriginAnnouncement): boolean {
    const { input, key } = this.#prepare(signed)
    return verify(null, input, key, signed.signature)
  }

  /** The same on another thread: takes twice as long when there is nothing else to do, and leaves this thread to others. */
  async checkAside(signed: Batch | OriginAnnouncement): Promise<boolean> {
    const { input, key } = this.#prepare(signed)
    return new Promise((resolve, reject) => {
      verify(null, input, key, signed.signature, (error, isAuthentic) => {
        if (error === null) resolve(isAuthentic)
        else reject(error)
      })
    })
  }

  #prepare(signed: Batch | OriginAnnouncement): { readonly input: Uint8Array; readonly key: KeyObject } {
    const { origin, epoch } = signed
    const { id, key } = this.#origins.get(origin) ?? { id: encodePeerId(origin), key: importKey(origin) }
    this.#origins.delete(origin)
    this.#origins.set(origin, { id, key })
    for (const longestUnused of this.#origins.keys()) {
      if (this.#origins.size <= this.#keysMax) break
      this.#origins.delete(longestUnused)
    }
    const input =
      'sequence' in signed
        ? inputOf(batchDomain, id, epoch, signed.sequence, signed.signed)
        : inputOf(announcementDomain, id, epoch, signed.version, nothing)
    return { input, key }
  }
}

/** Names a message whatever it claims to be: the first 8 bytes of the SHA-256 of what its batch's signature covers, and its place. */
export function gossipId({ origin, epoch, sequence, signed }: Batch, index: number): string {
  const input = inputOf(batchDomain, encodePeerId(origin), epoch, sequence, signed)
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 16)
  return index === 0 ? digest : `${digest}.${index}`
}

/** Every part has a fixed length but the last, so no two inputs of one domain are alike, and neither begins with the other's domain. */
function inputOf(domain: string, id: Uint8Array, epoch: number, ordinal: number, rest: Uint8Array): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(16))
  numbers.setBigUint64(0, BigInt(epoch))
  numbers.setBigUint64(8, BigInt(ordinal))
  return concat([domainBytes[domain] as Uint8Array, id, new Uint8Array(numbers.buffer), rest])
}

/** As a JWK: importing DER takes 77 us on Node 20, JWK 6 us (measured). */
function importKey(origin: string): KeyObject {
  const x = toString(publicKeyOf(origin), 'base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
}
