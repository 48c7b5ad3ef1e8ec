import { multiaddr } from '@multiformats/multiaddr'
import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { networkIdBytes } from './network-id.ts'
import { addressBytesMax, addressesMax, namePattern, signatureBytes } from './peer-record.ts'
import { MalformedMessageError } from './streams/errors.ts'
import type { PeerRecord } from './peer-record.ts'

/**
 * The values that several protocols carry, between the form in which they travel and the form in which we use them. Reading
 * trusts nothing: what comes out is well-formed, or a `MalformedMessageError` names what was not.
 */

/** An Ed25519 peer id is an identity multihash of the public key: these six bytes and the 32 of the key. */
const ed25519Prefix = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const publicKeyBytes = 32

export function encodePeerId(id: string): Uint8Array {
  return fromString(id, 'base58btc')
}

/** Only Ed25519 identities: libp2p's default everywhere, and the only kind whose key can be read from the id. */
export function decodePeerId(bytes: Uint8Array | undefined, field: string): string {
  const good =
    bytes?.byteLength === ed25519Prefix.byteLength + publicKeyBytes &&
    ed25519Prefix.every((byte, at) => bytes[at] === byte)
  if (bytes === undefined || !good) throw new MalformedMessageError(`${field} is no Ed25519 peer id`)
  return toString(bytes, 'base58btc')
}

/** The 32 bytes of the Ed25519 public key that a peer id from `decodePeerId` holds. */
export function publicKeyOf(id: string): Uint8Array {
  return encodePeerId(id).subarray(ed25519Prefix.byteLength)
}

export function encodeNetworkId(network: string): Uint8Array {
  return fromString(network, 'base16')
}

export function decodeNetworkId(bytes: Uint8Array | undefined): string {
  if (bytes?.byteLength !== networkIdBytes)
    throw new MalformedMessageError(`network id has not ${networkIdBytes} bytes`)
  return toString(bytes, 'base16')
}

export function encodeAddress(address: string): Uint8Array {
  return multiaddr(address).bytes
}

export function decodeAddress(bytes: Uint8Array, field: string): string {
  if (bytes.byteLength > addressBytesMax)
    throw new MalformedMessageError(`${field} is longer than ${addressBytesMax} bytes`)
  try {
    const address = multiaddr(bytes).toString()
    // What cannot be written as it was read would not survive being handed on.
    if (bytes.byteLength > 0 && equals(multiaddr(address).bytes, bytes)) return address
  } catch (error) {
    throw new MalformedMessageError(`${field} is no multiaddr`, { cause: error })
  }
  throw new MalformedMessageError(`${field} is no multiaddr`)
}

export function decodeAddresses(list: readonly Uint8Array[] | undefined, field: string): string[] {
  if (list === undefined) return []
  if (list.length > addressesMax) throw new MalformedMessageError(`more than ${addressesMax} ${field}`)
  return list.map(bytes => decodeAddress(bytes, field))
}

export function decodeName(name: string | undefined, field: string): string {
  if (name === undefined || !namePattern.test(name)) throw new MalformedMessageError(`${field} is no name`)
  return name
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text whose bytes are proper UTF-8. protons decodes strings leniently, so such fields are declared as bytes; the wire is the same. */
export function decodeText(bytes: Uint8Array, field: string, bytesMax: number): string {
  if (bytes.byteLength > bytesMax) throw new MalformedMessageError(`${field} is longer than ${bytesMax} bytes`)
  try {
    return strictUtf8.decode(bytes)
  } catch (error) {
    throw new MalformedMessageError(`${field} is no UTF-8`, { cause: error })
  }
}

/** A whole number in [0, max]; absent means 0, as protobuf has it. */
export function decodeCount(value: number | undefined, field: string, max: number): number {
  const count = value ?? 0
  if (!Number.isSafeInteger(count) || count < 0 || count > max) {
    throw new MalformedMessageError(`${field} is not a whole number up to ${max}`)
  }
  return count
}

/** Far more changes than a life has. */
const seqMax = 0xffff_ffff

export interface WireRecord {
  id: Uint8Array
  name: string
  addresses: Uint8Array[]
  epoch: number
  seq: number
  signature: Uint8Array
}

export function encodeRecord({ id, name, addresses, epoch, seq, signature }: PeerRecord): WireRecord {
  return { id: encodePeerId(id), name, addresses: addresses.map(encodeAddress), epoch, seq, signature }
}

/** A record of the right form. Whether its owner has signed it is another question. */
export function decodeRecord(wire: Partial<WireRecord>): PeerRecord {
  const { signature } = wire
  if (signature?.byteLength !== signatureBytes) {
    throw new MalformedMessageError(`signature of a record has not ${signatureBytes} bytes`)
  }
  const seq = decodeCount(wire.seq, 'seq of a record', seqMax)
  if (seq === 0) throw new MalformedMessageError('seq of a record is 0')
  return {
    id: decodePeerId(wire.id, 'id of a record'),
    name: decodeName(wire.name, 'name of a record'),
    addresses: decodeAddresses(wire.addresses, 'addresses of a record'),
    epoch: decodeCount(wire.epoch, 'epoch of a record', Number.MAX_SAFE_INTEGER),
    seq,
    // A copy: the record is kept, and with a view of it the whole frame would be.
    signature: Uint8Array.from(signature)
  }
}

/** Names of an enum as our messages spell them: NAME_TAKEN is `name-taken`. */
export function kebab(enumName: string): string {
  return enumName.toLowerCase().replaceAll('_', '-')
}

export function screaming(kebabName: string): string {
  return kebabName.toUpperCase().replaceAll('-', '_')
}

/** Runs a decoder; whatever it throws on bad bytes becomes the one error that callers know. */
export function decoding<Message>(what: string, decode: () => Message): Message {
  try {
    return decode()
  } catch (error) {
    if (error instanceof MalformedMessageError) throw error
    throw new MalformedMessageError(`no ${what}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error
    })
  }
}
