// @ts-nocheck
import { decodeMessage, encodeMessage, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface GossipMessage {
  signed: Uint8Array
  signature: Uint8Array
  hops: number
}

export namespace GossipMessage {
  let _codec: Codec<GossipMessage>

  export const codec = (): Codec<GossipMessage> => {
    if (_codec == null) {
      _codec = message<GossipMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.signed != null && obj.signed.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.signed)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signature)
        }

        if ((obj.hops != null && obj.hops !== 0)) {
          w.uint32(24)
          w.uint32(obj.hops)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          signed: uint8ArrayAlloc(0),
          signature: uint8ArrayAlloc(0),
          hops: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.signed = reader.bytes()
              break
            }
            case 2: {
              obj.signature = reader.bytes()
              break
            }
            case 3: {
              obj.hops = reader.uint32()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.signed`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.hops`,
                value: reader.uint32()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface GossipMessageSignedFieldEvent {
    field: '$.signed'
    value: Uint8Array
  }

  export interface GossipMessageSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export interface GossipMessageHopsFieldEvent {
    field: '$.hops'
    value: number
  }

  export function encode (obj: Partial<GossipMessage>): Uint8Array {
    return encodeMessage(obj, GossipMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipMessage>): GossipMessage {
    return decodeMessage(buf, GossipMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipMessage>): Generator<GossipMessageSignedFieldEvent | GossipMessageSignatureFieldEvent | GossipMessageHopsFieldEvent> {
    return streamMessage(buf, GossipMessage.codec(), opts)
  }
}

export interface GossipContent {
  origin: Uint8Array
  originName: Uint8Array
  epoch: number
  number: number
  time: number
  text: Uint8Array
}

export namespace GossipContent {
  let _codec: Codec<GossipContent>

  export const codec = (): Codec<GossipContent> => {
    if (_codec == null) {
      _codec = message<GossipContent>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.origin != null && obj.origin.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.origin)
        }

        if ((obj.originName != null && obj.originName.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.originName)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.epoch)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.number)
        }

        if ((obj.time != null && obj.time !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.time)
        }

        if ((obj.text != null && obj.text.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.text)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          origin: uint8ArrayAlloc(0),
          originName: uint8ArrayAlloc(0),
          epoch: 0,
          number: 0,
          time: 0,
          text: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.origin = reader.bytes()
              break
            }
            case 2: {
              obj.originName = reader.bytes()
              break
            }
            case 3: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 4: {
              obj.number = reader.uint64Number()
              break
            }
            case 5: {
              obj.time = reader.uint64Number()
              break
            }
            case 6: {
              obj.text = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.origin`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.originName`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.time`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.text`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface GossipContentOriginFieldEvent {
    field: '$.origin'
    value: Uint8Array
  }

  export interface GossipContentOriginNameFieldEvent {
    field: '$.originName'
    value: Uint8Array
  }

  export interface GossipContentEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface GossipContentNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface GossipContentTimeFieldEvent {
    field: '$.time'
    value: number
  }

  export interface GossipContentTextFieldEvent {
    field: '$.text'
    value: Uint8Array
  }

  export function encode (obj: Partial<GossipContent>): Uint8Array {
    return encodeMessage(obj, GossipContent.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipContent>): GossipContent {
    return decodeMessage(buf, GossipContent.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipContent>): Generator<GossipContentOriginFieldEvent | GossipContentOriginNameFieldEvent | GossipContentEpochFieldEvent | GossipContentNumberFieldEvent | GossipContentTimeFieldEvent | GossipContentTextFieldEvent> {
    return streamMessage(buf, GossipContent.codec(), opts)
  }
}
