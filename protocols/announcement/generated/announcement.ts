// @ts-nocheck
/* eslint-disable require-yield */

import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Follow {
  network: Uint8Array
  part: boolean
  digest: Uint8Array
}

export namespace Follow {
  let _codec: Codec<Follow>

  export const codec = (): Codec<Follow> => {
    if (_codec == null) {
      _codec = message<Follow>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.network != null && obj.network.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.network)
        }

        if ((obj.part != null && obj.part !== false)) {
          w.uint32(16)
          w.bool(obj.part)
        }

        if ((obj.digest != null && obj.digest.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.digest)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          network: uint8ArrayAlloc(0),
          part: false,
          digest: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.network = reader.bytes()
              break
            }
            case 2: {
              obj.part = reader.bool()
              break
            }
            case 3: {
              obj.digest = reader.bytes()
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
                field: `${prefix}.network`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.part`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.digest`,
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

  export interface FollowNetworkFieldEvent {
    field: '$.network'
    value: Uint8Array
  }

  export interface FollowPartFieldEvent {
    field: '$.part'
    value: boolean
  }

  export interface FollowDigestFieldEvent {
    field: '$.digest'
    value: Uint8Array
  }

  export function encode (obj: Partial<Follow>): Uint8Array {
    return encodeMessage(obj, Follow.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Follow>): Follow {
    return decodeMessage(buf, Follow.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Follow>): Generator<FollowNetworkFieldEvent | FollowPartFieldEvent | FollowDigestFieldEvent> {
    return streamMessage(buf, Follow.codec(), opts)
  }
}

export interface JoinedPeer {
  id: Uint8Array
  name: string
  addresses: Uint8Array[]
  epoch: number
  seq: number
  signature: Uint8Array
  unreachable: boolean
}

export namespace JoinedPeer {
  let _codec: Codec<JoinedPeer>

  export const codec = (): Codec<JoinedPeer> => {
    if (_codec == null) {
      _codec = message<JoinedPeer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(18)
          w.string(obj.name)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(26)
            w.bytes(value)
          }
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.epoch)
        }

        if ((obj.seq != null && obj.seq !== 0)) {
          w.uint32(40)
          w.uint32(obj.seq)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.signature)
        }

        if ((obj.unreachable != null && obj.unreachable !== false)) {
          w.uint32(56)
          w.bool(obj.unreachable)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: uint8ArrayAlloc(0),
          name: '',
          addresses: [],
          epoch: 0,
          seq: 0,
          signature: uint8ArrayAlloc(0),
          unreachable: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.bytes()
              break
            }
            case 2: {
              obj.name = reader.string()
              break
            }
            case 3: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.bytes())
              break
            }
            case 4: {
              obj.epoch = reader.uint64Number()
              break
            }
            case 5: {
              obj.seq = reader.uint32()
              break
            }
            case 6: {
              obj.signature = reader.bytes()
              break
            }
            case 7: {
              obj.unreachable = reader.bool()
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
        const obj = {
          addresses: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.id`,
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
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.bytes()
              }

              obj.addresses++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.epoch`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.seq`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.unreachable`,
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

  export interface JoinedPeerIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface JoinedPeerNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface JoinedPeerAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: Uint8Array
  }

  export interface JoinedPeerEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface JoinedPeerSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface JoinedPeerSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export interface JoinedPeerUnreachableFieldEvent {
    field: '$.unreachable'
    value: boolean
  }

  export function encode (obj: Partial<JoinedPeer>): Uint8Array {
    return encodeMessage(obj, JoinedPeer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JoinedPeer>): JoinedPeer {
    return decodeMessage(buf, JoinedPeer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JoinedPeer>): Generator<JoinedPeerIdFieldEvent | JoinedPeerNameFieldEvent | JoinedPeerAddressesFieldEvent | JoinedPeerEpochFieldEvent | JoinedPeerSeqFieldEvent | JoinedPeerSignatureFieldEvent | JoinedPeerUnreachableFieldEvent> {
    return streamMessage(buf, JoinedPeer.codec(), opts)
  }
}

export interface Announcement {
  joined?: JoinedPeer
  removed?: Removed
  caughtUp?: CaughtUp
  suspected?: Suspected
  otherNetwork?: OtherNetwork
}

export namespace Announcement {
  let _codec: Codec<Announcement>

  export const codec = (): Codec<Announcement> => {
    if (_codec == null) {
      _codec = message<Announcement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.otherNetwork != null) {
          obj.suspected = undefined
          obj.caughtUp = undefined
          obj.removed = undefined
          obj.joined = undefined
        }

        if (obj.suspected != null) {
          obj.otherNetwork = undefined
          obj.caughtUp = undefined
          obj.removed = undefined
          obj.joined = undefined
        }

        if (obj.caughtUp != null) {
          obj.otherNetwork = undefined
          obj.suspected = undefined
          obj.removed = undefined
          obj.joined = undefined
        }

        if (obj.removed != null) {
          obj.otherNetwork = undefined
          obj.suspected = undefined
          obj.caughtUp = undefined
          obj.joined = undefined
        }

        if (obj.joined != null) {
          obj.otherNetwork = undefined
          obj.suspected = undefined
          obj.caughtUp = undefined
          obj.removed = undefined
        }

        if (obj.joined != null) {
          w.uint32(10)
          JoinedPeer.codec().encode(obj.joined, w)
        }

        if (obj.removed != null) {
          w.uint32(18)
          Removed.codec().encode(obj.removed, w)
        }

        if (obj.caughtUp != null) {
          w.uint32(26)
          CaughtUp.codec().encode(obj.caughtUp, w)
        }

        if (obj.suspected != null) {
          w.uint32(34)
          Suspected.codec().encode(obj.suspected, w)
        }

        if (obj.otherNetwork != null) {
          w.uint32(42)
          OtherNetwork.codec().encode(obj.otherNetwork, w)
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
              obj.joined = JoinedPeer.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.joined
              })
              break
            }
            case 2: {
              obj.removed = Removed.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.removed
              })
              break
            }
            case 3: {
              obj.caughtUp = CaughtUp.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.caughtUp
              })
              break
            }
            case 4: {
              obj.suspected = Suspected.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.suspected
              })
              break
            }
            case 5: {
              obj.otherNetwork = OtherNetwork.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.otherNetwork
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.otherNetwork != null) {
          delete obj.suspected
          delete obj.caughtUp
          delete obj.removed
          delete obj.joined
        }

        if (obj.suspected != null) {
          delete obj.otherNetwork
          delete obj.caughtUp
          delete obj.removed
          delete obj.joined
        }

        if (obj.caughtUp != null) {
          delete obj.otherNetwork
          delete obj.suspected
          delete obj.removed
          delete obj.joined
        }

        if (obj.removed != null) {
          delete obj.otherNetwork
          delete obj.suspected
          delete obj.caughtUp
          delete obj.joined
        }

        if (obj.joined != null) {
          delete obj.otherNetwork
          delete obj.suspected
          delete obj.caughtUp
          delete obj.removed
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * JoinedPeer.codec().stream(reader, reader.uint32(), `${prefix}.joined`, {
                limits: opts.limits?.joined
              })

              break
            }
            case 2: {
              yield * Removed.codec().stream(reader, reader.uint32(), `${prefix}.removed`, {
                limits: opts.limits?.removed
              })

              break
            }
            case 3: {
              yield * CaughtUp.codec().stream(reader, reader.uint32(), `${prefix}.caughtUp`, {
                limits: opts.limits?.caughtUp
              })

              break
            }
            case 4: {
              yield * Suspected.codec().stream(reader, reader.uint32(), `${prefix}.suspected`, {
                limits: opts.limits?.suspected
              })

              break
            }
            case 5: {
              yield * OtherNetwork.codec().stream(reader, reader.uint32(), `${prefix}.otherNetwork`, {
                limits: opts.limits?.otherNetwork
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

  export interface AnnouncementJoinedIdFieldEvent {
    field: '$.joined.id'
    value: Uint8Array
  }

  export interface AnnouncementJoinedNameFieldEvent {
    field: '$.joined.name'
    value: string
  }

  export interface AnnouncementJoinedAddressesFieldEvent {
    field: '$.joined.addresses[]'
    index: number
    value: Uint8Array
  }

  export interface AnnouncementJoinedEpochFieldEvent {
    field: '$.joined.epoch'
    value: number
  }

  export interface AnnouncementJoinedSeqFieldEvent {
    field: '$.joined.seq'
    value: number
  }

  export interface AnnouncementJoinedSignatureFieldEvent {
    field: '$.joined.signature'
    value: Uint8Array
  }

  export interface AnnouncementJoinedUnreachableFieldEvent {
    field: '$.joined.unreachable'
    value: boolean
  }

  export interface AnnouncementRemovedIdFieldEvent {
    field: '$.removed.id'
    value: Uint8Array
  }

  export interface AnnouncementRemovedReasonFieldEvent {
    field: '$.removed.reason'
    value: RemovalReason
  }

  export interface AnnouncementCaughtUpPartFieldEvent {
    field: '$.caughtUp.part'
    value: boolean
  }

  export interface AnnouncementCaughtUpSameFieldEvent {
    field: '$.caughtUp.same'
    value: Uint8Array
  }

  export interface AnnouncementSuspectedIdFieldEvent {
    field: '$.suspected.id'
    value: Uint8Array
  }

  export function encode (obj: Partial<Announcement>): Uint8Array {
    return encodeMessage(obj, Announcement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Announcement {
    return decodeMessage(buf, Announcement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Generator<AnnouncementJoinedIdFieldEvent | AnnouncementJoinedNameFieldEvent | AnnouncementJoinedAddressesFieldEvent | AnnouncementJoinedEpochFieldEvent | AnnouncementJoinedSeqFieldEvent | AnnouncementJoinedSignatureFieldEvent | AnnouncementJoinedUnreachableFieldEvent | AnnouncementRemovedIdFieldEvent | AnnouncementRemovedReasonFieldEvent | AnnouncementCaughtUpPartFieldEvent | AnnouncementCaughtUpSameFieldEvent | AnnouncementSuspectedIdFieldEvent> {
    return streamMessage(buf, Announcement.codec(), opts)
  }
}

export enum RemovalReason {
  REMOVAL_UNSPECIFIED = 'REMOVAL_UNSPECIFIED',
  DEAD = 'DEAD',
  LEFT = 'LEFT'
}

enum __RemovalReasonValues {
  REMOVAL_UNSPECIFIED = 0,
  DEAD = 1,
  LEFT = 2
}

export namespace RemovalReason {
  export const codec = (): Codec<RemovalReason> => {
    return enumeration<RemovalReason>(__RemovalReasonValues)
  }
}

export interface Removed {
  id: Uint8Array
  reason: RemovalReason
}

export namespace Removed {
  let _codec: Codec<Removed>

  export const codec = (): Codec<Removed> => {
    if (_codec == null) {
      _codec = message<Removed>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if (obj.reason != null && __RemovalReasonValues[obj.reason] !== 0) {
          w.uint32(16)
          RemovalReason.codec().encode(obj.reason, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: uint8ArrayAlloc(0),
          reason: RemovalReason.REMOVAL_UNSPECIFIED
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.bytes()
              break
            }
            case 2: {
              obj.reason = RemovalReason.codec().decode(reader)
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
                field: `${prefix}.id`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.reason`,
                value: RemovalReason.codec().decode(reader)
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

  export interface RemovedIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface RemovedReasonFieldEvent {
    field: '$.reason'
    value: RemovalReason
  }

  export function encode (obj: Partial<Removed>): Uint8Array {
    return encodeMessage(obj, Removed.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Removed>): Removed {
    return decodeMessage(buf, Removed.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Removed>): Generator<RemovedIdFieldEvent | RemovedReasonFieldEvent> {
    return streamMessage(buf, Removed.codec(), opts)
  }
}

export interface CaughtUp {
  part: boolean
  same: Uint8Array
}

export namespace CaughtUp {
  let _codec: Codec<CaughtUp>

  export const codec = (): Codec<CaughtUp> => {
    if (_codec == null) {
      _codec = message<CaughtUp>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.part != null && obj.part !== false)) {
          w.uint32(8)
          w.bool(obj.part)
        }

        if ((obj.same != null && obj.same.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.same)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          part: false,
          same: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.part = reader.bool()
              break
            }
            case 2: {
              obj.same = reader.bytes()
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
                field: `${prefix}.part`,
                value: reader.bool()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.same`,
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

  export interface CaughtUpPartFieldEvent {
    field: '$.part'
    value: boolean
  }

  export interface CaughtUpSameFieldEvent {
    field: '$.same'
    value: Uint8Array
  }

  export function encode (obj: Partial<CaughtUp>): Uint8Array {
    return encodeMessage(obj, CaughtUp.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CaughtUp>): CaughtUp {
    return decodeMessage(buf, CaughtUp.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CaughtUp>): Generator<CaughtUpPartFieldEvent | CaughtUpSameFieldEvent> {
    return streamMessage(buf, CaughtUp.codec(), opts)
  }
}

export interface Suspected {
  id: Uint8Array
}

export namespace Suspected {
  let _codec: Codec<Suspected>

  export const codec = (): Codec<Suspected> => {
    if (_codec == null) {
      _codec = message<Suspected>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.id != null && obj.id.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.id)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          id: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.id = reader.bytes()
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
                field: `${prefix}.id`,
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

  export interface SuspectedIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export function encode (obj: Partial<Suspected>): Uint8Array {
    return encodeMessage(obj, Suspected.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Suspected>): Suspected {
    return decodeMessage(buf, Suspected.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Suspected>): Generator<SuspectedIdFieldEvent> {
    return streamMessage(buf, Suspected.codec(), opts)
  }
}

export interface OtherNetwork {}

export namespace OtherNetwork {
  let _codec: Codec<OtherNetwork>

  export const codec = (): Codec<OtherNetwork> => {
    if (_codec == null) {
      _codec = message<OtherNetwork>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
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

  export function encode (obj: Partial<OtherNetwork>): Uint8Array {
    return encodeMessage(obj, OtherNetwork.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OtherNetwork>): OtherNetwork {
    return decodeMessage(buf, OtherNetwork.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OtherNetwork>): Generator<{}> {
    return streamMessage(buf, OtherNetwork.codec(), opts)
  }
}
