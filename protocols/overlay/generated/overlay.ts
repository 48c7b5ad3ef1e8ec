// @ts-nocheck
import { decodeMessage, encodeMessage, enumeration, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface OverlayMessage {
  link?: Link
  accept?: Accept
  refuse?: Refuse
  unlink?: Unlink
}

export namespace OverlayMessage {
  let _codec: Codec<OverlayMessage>

  export const codec = (): Codec<OverlayMessage> => {
    if (_codec == null) {
      _codec = message<OverlayMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.unlink != null) {
          obj.refuse = undefined
          obj.accept = undefined
          obj.link = undefined
        }

        if (obj.refuse != null) {
          obj.unlink = undefined
          obj.accept = undefined
          obj.link = undefined
        }

        if (obj.accept != null) {
          obj.unlink = undefined
          obj.refuse = undefined
          obj.link = undefined
        }

        if (obj.link != null) {
          obj.unlink = undefined
          obj.refuse = undefined
          obj.accept = undefined
        }

        if (obj.link != null) {
          w.uint32(10)
          Link.codec().encode(obj.link, w)
        }

        if (obj.accept != null) {
          w.uint32(18)
          Accept.codec().encode(obj.accept, w)
        }

        if (obj.refuse != null) {
          w.uint32(26)
          Refuse.codec().encode(obj.refuse, w)
        }

        if (obj.unlink != null) {
          w.uint32(34)
          Unlink.codec().encode(obj.unlink, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {}

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.link = Link.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.link
              })
              break
            }
            case 2: {
              obj.accept = Accept.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.accept
              })
              break
            }
            case 3: {
              obj.refuse = Refuse.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.refuse
              })
              break
            }
            case 4: {
              obj.unlink = Unlink.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.unlink
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.unlink != null) {
          delete obj.refuse
          delete obj.accept
          delete obj.link
        }

        if (obj.refuse != null) {
          delete obj.unlink
          delete obj.accept
          delete obj.link
        }

        if (obj.accept != null) {
          delete obj.unlink
          delete obj.refuse
          delete obj.link
        }

        if (obj.link != null) {
          delete obj.unlink
          delete obj.refuse
          delete obj.accept
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Link.codec().stream(reader, reader.uint32(), `${prefix}.link`, {
                limits: opts.limits?.link
              })

              break
            }
            case 2: {
              yield * Accept.codec().stream(reader, reader.uint32(), `${prefix}.accept`, {
                limits: opts.limits?.accept
              })

              break
            }
            case 3: {
              yield * Refuse.codec().stream(reader, reader.uint32(), `${prefix}.refuse`, {
                limits: opts.limits?.refuse
              })

              break
            }
            case 4: {
              yield * Unlink.codec().stream(reader, reader.uint32(), `${prefix}.unlink`, {
                limits: opts.limits?.unlink
              })

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

  export interface OverlayMessageLinkNonceFieldEvent {
    field: '$.link.nonce'
    value: number
  }

  export interface OverlayMessageLinkNameFieldEvent {
    field: '$.link.name'
    value: string
  }

  export interface OverlayMessageLinkWantFieldEvent {
    field: '$.link.want'
    value: number
  }

  export interface OverlayMessageLinkRedeemFieldEvent {
    field: '$.link.redeem'
    value: boolean
  }

  export interface OverlayMessageAcceptNonceFieldEvent {
    field: '$.accept.nonce'
    value: number
  }

  export interface OverlayMessageAcceptSplicedFieldEvent {
    field: '$.accept.spliced'
    value: boolean
  }

  export interface OverlayMessageRefuseNonceFieldEvent {
    field: '$.refuse.nonce'
    value: number
  }

  export interface OverlayMessageUnlinkReasonFieldEvent {
    field: '$.unlink.reason'
    value: UnlinkReason
  }

  export interface OverlayMessageUnlinkGoToPeerFieldEvent {
    field: '$.unlink.goTo.peer'
    value: Uint8Array
  }

  export interface OverlayMessageUnlinkGoToNameFieldEvent {
    field: '$.unlink.goTo.name'
    value: string
  }

  export interface OverlayMessageUnlinkGoToNonceFieldEvent {
    field: '$.unlink.goTo.nonce'
    value: number
  }

  export function encode (obj: Partial<OverlayMessage>): Uint8Array {
    return encodeMessage(obj, OverlayMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OverlayMessage>): OverlayMessage {
    return decodeMessage(buf, OverlayMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OverlayMessage>): Generator<OverlayMessageLinkNonceFieldEvent | OverlayMessageLinkNameFieldEvent | OverlayMessageLinkWantFieldEvent | OverlayMessageLinkRedeemFieldEvent | OverlayMessageAcceptNonceFieldEvent | OverlayMessageAcceptSplicedFieldEvent | OverlayMessageRefuseNonceFieldEvent | OverlayMessageUnlinkReasonFieldEvent | OverlayMessageUnlinkGoToPeerFieldEvent | OverlayMessageUnlinkGoToNameFieldEvent | OverlayMessageUnlinkGoToNonceFieldEvent> {
    return streamMessage(buf, OverlayMessage.codec(), opts)
  }
}

export interface Link {
  nonce: number
  name: string
  want: number
  redeem: boolean
}

export namespace Link {
  let _codec: Codec<Link>

  export const codec = (): Codec<Link> => {
    if (_codec == null) {
      _codec = message<Link>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.nonce != null && obj.nonce !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.nonce)
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(18)
          w.string(obj.name)
        }

        if ((obj.want != null && obj.want !== 0)) {
          w.uint32(24)
          w.uint32(obj.want)
        }

        if ((obj.redeem != null && obj.redeem !== false)) {
          w.uint32(32)
          w.bool(obj.redeem)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          nonce: 0,
          name: '',
          want: 0,
          redeem: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.nonce = reader.uint64Number()
              break
            }
            case 2: {
              obj.name = reader.string()
              break
            }
            case 3: {
              obj.want = reader.uint32()
              break
            }
            case 4: {
              obj.redeem = reader.bool()
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
                field: `${prefix}.nonce`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.want`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.redeem`,
                value: reader.bool()
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

  export interface LinkNonceFieldEvent {
    field: '$.nonce'
    value: number
  }

  export interface LinkNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface LinkWantFieldEvent {
    field: '$.want'
    value: number
  }

  export interface LinkRedeemFieldEvent {
    field: '$.redeem'
    value: boolean
  }

  export function encode (obj: Partial<Link>): Uint8Array {
    return encodeMessage(obj, Link.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Link>): Link {
    return decodeMessage(buf, Link.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Link>): Generator<LinkNonceFieldEvent | LinkNameFieldEvent | LinkWantFieldEvent | LinkRedeemFieldEvent> {
    return streamMessage(buf, Link.codec(), opts)
  }
}

export interface Accept {
  nonce: number
  spliced: boolean
}

export namespace Accept {
  let _codec: Codec<Accept>

  export const codec = (): Codec<Accept> => {
    if (_codec == null) {
      _codec = message<Accept>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.nonce != null && obj.nonce !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.nonce)
        }

        if ((obj.spliced != null && obj.spliced !== false)) {
          w.uint32(16)
          w.bool(obj.spliced)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          nonce: 0,
          spliced: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.nonce = reader.uint64Number()
              break
            }
            case 2: {
              obj.spliced = reader.bool()
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
                field: `${prefix}.nonce`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.spliced`,
                value: reader.bool()
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

  export interface AcceptNonceFieldEvent {
    field: '$.nonce'
    value: number
  }

  export interface AcceptSplicedFieldEvent {
    field: '$.spliced'
    value: boolean
  }

  export function encode (obj: Partial<Accept>): Uint8Array {
    return encodeMessage(obj, Accept.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accept>): Accept {
    return decodeMessage(buf, Accept.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accept>): Generator<AcceptNonceFieldEvent | AcceptSplicedFieldEvent> {
    return streamMessage(buf, Accept.codec(), opts)
  }
}

export interface Refuse {
  nonce: number
}

export namespace Refuse {
  let _codec: Codec<Refuse>

  export const codec = (): Codec<Refuse> => {
    if (_codec == null) {
      _codec = message<Refuse>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.nonce != null && obj.nonce !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.nonce)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          nonce: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.nonce = reader.uint64Number()
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
                field: `${prefix}.nonce`,
                value: reader.uint64Number()
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

  export interface RefuseNonceFieldEvent {
    field: '$.nonce'
    value: number
  }

  export function encode (obj: Partial<Refuse>): Uint8Array {
    return encodeMessage(obj, Refuse.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refuse>): Refuse {
    return decodeMessage(buf, Refuse.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refuse>): Generator<RefuseNonceFieldEvent> {
    return streamMessage(buf, Refuse.codec(), opts)
  }
}

export enum UnlinkReason {
  UNLINK_UNSPECIFIED = 'UNLINK_UNSPECIFIED',
  LEAVING = 'LEAVING',
  OVER_TARGET = 'OVER_TARGET',
  DUPLICATE = 'DUPLICATE',
  FAULT = 'FAULT',
  TOO_LATE = 'TOO_LATE',
  SPLICED = 'SPLICED'
}

enum __UnlinkReasonValues {
  UNLINK_UNSPECIFIED = 0,
  LEAVING = 1,
  OVER_TARGET = 2,
  DUPLICATE = 3,
  FAULT = 4,
  TOO_LATE = 5,
  SPLICED = 6
}

export namespace UnlinkReason {
  export const codec = (): Codec<UnlinkReason> => {
    return enumeration<UnlinkReason>(__UnlinkReasonValues)
  }
}

export interface Unlink {
  reason: UnlinkReason
  goTo?: Referral
}

export namespace Unlink {
  let _codec: Codec<Unlink>

  export const codec = (): Codec<Unlink> => {
    if (_codec == null) {
      _codec = message<Unlink>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.reason != null && __UnlinkReasonValues[obj.reason] !== 0) {
          w.uint32(8)
          UnlinkReason.codec().encode(obj.reason, w)
        }

        if (obj.goTo != null) {
          w.uint32(18)
          Referral.codec().encode(obj.goTo, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          reason: UnlinkReason.UNLINK_UNSPECIFIED
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.reason = UnlinkReason.codec().decode(reader)
              break
            }
            case 2: {
              obj.goTo = Referral.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.goTo
              })
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
                field: `${prefix}.reason`,
                value: UnlinkReason.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield * Referral.codec().stream(reader, reader.uint32(), `${prefix}.goTo`, {
                limits: opts.limits?.goTo
              })

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

  export interface UnlinkReasonFieldEvent {
    field: '$.reason'
    value: UnlinkReason
  }

  export interface UnlinkGoToPeerFieldEvent {
    field: '$.goTo.peer'
    value: Uint8Array
  }

  export interface UnlinkGoToNameFieldEvent {
    field: '$.goTo.name'
    value: string
  }

  export interface UnlinkGoToNonceFieldEvent {
    field: '$.goTo.nonce'
    value: number
  }

  export function encode (obj: Partial<Unlink>): Uint8Array {
    return encodeMessage(obj, Unlink.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Unlink>): Unlink {
    return decodeMessage(buf, Unlink.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Unlink>): Generator<UnlinkReasonFieldEvent | UnlinkGoToPeerFieldEvent | UnlinkGoToNameFieldEvent | UnlinkGoToNonceFieldEvent> {
    return streamMessage(buf, Unlink.codec(), opts)
  }
}

export interface Referral {
  peer: Uint8Array
  name: string
  nonce: number
}

export namespace Referral {
  let _codec: Codec<Referral>

  export const codec = (): Codec<Referral> => {
    if (_codec == null) {
      _codec = message<Referral>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.peer)
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(18)
          w.string(obj.name)
        }

        if ((obj.nonce != null && obj.nonce !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.nonce)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: uint8ArrayAlloc(0),
          name: '',
          nonce: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.bytes()
              break
            }
            case 2: {
              obj.name = reader.string()
              break
            }
            case 3: {
              obj.nonce = reader.uint64Number()
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
                field: `${prefix}.peer`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.uint64Number()
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

  export interface ReferralPeerFieldEvent {
    field: '$.peer'
    value: Uint8Array
  }

  export interface ReferralNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface ReferralNonceFieldEvent {
    field: '$.nonce'
    value: number
  }

  export function encode (obj: Partial<Referral>): Uint8Array {
    return encodeMessage(obj, Referral.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Referral>): Referral {
    return decodeMessage(buf, Referral.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Referral>): Generator<ReferralPeerFieldEvent | ReferralNameFieldEvent | ReferralNonceFieldEvent> {
    return streamMessage(buf, Referral.codec(), opts)
  }
}
