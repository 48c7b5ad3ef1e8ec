import { concat } from 'uint8arrays/concat'
import { FramePrefixError, FrameTooLargeError, TruncatedFrameError } from './errors.ts'

/**
 * Frames of all our protocols: the length of the payload as an unsigned varint (LEB128), then the payload.
 *
 * The decoder is strict. A prefix has at most 3 bytes, no needless bytes and no zero length, and is judged byte by byte as it
 * arrives: at no time are more than the 3 bytes of a prefix plus one allowed payload kept, and no byte is looked at twice.
 */

/** Three bytes say up to 2 MiB, which is more than any of our protocols allows. */
const prefixBytesMax = 3

/** The frames of all payloads, one after another in ONE array: each further `send` would cost a packet of its own. */
export function encodeFrames(payloads: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const payload of payloads) parts.push(encodePrefix(payload.byteLength), payload)
  return concat(parts)
}

export function encodeFrame(payload: Uint8Array): Uint8Array {
  return encodeFrames([payload])
}

function encodePrefix(length: number): Uint8Array {
  if (length === 0 || length >= 1 << (7 * prefixBytesMax)) throw new RangeError(`no frame holds ${length} bytes`)
  const prefix: number[] = []
  for (let rest = length; ; rest >>>= 7) {
    if (rest < 0x80) {
      prefix.push(rest)
      return Uint8Array.from(prefix)
    }
    prefix.push((rest & 0x7f) | 0x80)
  }
}

/** Cuts a stream of bytes into payloads. One decoder per stream. */
export class FrameDecoder {
  readonly #payloadBytesMax: number
  #length = 0
  #prefixBytes = 0
  /** The payload in the making; undefined while the prefix is read. */
  #payload: Uint8Array | undefined
  #filled = 0

  /** @param payloadBytesMax longest payload that the protocol allows, in bytes */
  constructor(payloadBytesMax: number) {
    this.#payloadBytesMax = payloadBytesMax
  }

  /**
   * Takes the next bytes as they came and yields each payload that they complete. A payload is a copy of its own.
   * @throws {FramePrefixError} @throws {FrameTooLargeError} the stream is beyond repair and must be closed
   */
  *decode(chunk: Uint8Array): Generator<Uint8Array> {
    let at = 0
    while (at < chunk.byteLength) {
      if (this.#payload === undefined) {
        this.#readPrefixByte(chunk[at++] as number)
        continue
      }
      const taken = Math.min(this.#payload.byteLength - this.#filled, chunk.byteLength - at)
      this.#payload.set(chunk.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === this.#payload.byteLength) {
        const payload = this.#payload
        this.#payload = undefined
        yield payload
      }
    }
  }

  /** @throws {TruncatedFrameError} when the bytes so far end inside a frame */
  end(): void {
    if (this.#payload !== undefined) {
      throw new TruncatedFrameError(
        `stream ended after ${this.#filled} of ${this.#payload.byteLength} bytes of a frame`
      )
    }
    if (this.#prefixBytes > 0) throw new TruncatedFrameError('stream ended inside the length of a frame')
  }

  #readPrefixByte(byte: number): void {
    this.#length += (byte & 0x7f) << (7 * this.#prefixBytes)
    this.#prefixBytes++
    if (byte >= 0x80) {
      if (this.#prefixBytes === prefixBytesMax) throw new FramePrefixError('length of a frame has more than 3 bytes')
      return
    }
    if (this.#length === 0) throw new FramePrefixError('frame of no bytes')
    if (byte === 0) throw new FramePrefixError('length of a frame has needless bytes')
    if (this.#length > this.#payloadBytesMax) {
      throw new FrameTooLargeError(`frame of ${this.#length} bytes, the limit is ${this.#payloadBytesMax}`)
    }
    this.#payload = new Uint8Array(this.#length)
    this.#filled = 0
    this.#length = 0
    this.#prefixBytes = 0
  }
}
