// @ts-nocheck
/* eslint-disable require-yield */

import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface PeerRecord {
  id: Uint8Array
  name: string
  addresses: Uint8Array[]
  epoch: number
  seq: number
  signature: Uint8Array
}

export namespace PeerRecord {
  let _codec: Codec<PeerRecord>

  export const codec = (): Codec<PeerRecord> => {
    if (_codec == null) {
      _codec = message<PeerRecord>((obj, w, opts = {}) => {
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
          signature: uint8ArrayAlloc(0)
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

  export interface PeerRecordIdFieldEvent {
    field: '$.id'
    value: Uint8Array
  }

  export interface PeerRecordNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface PeerRecordAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: Uint8Array
  }

  export interface PeerRecordEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export interface PeerRecordSeqFieldEvent {
    field: '$.seq'
    value: number
  }

  export interface PeerRecordSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<PeerRecord>): Uint8Array {
    return encodeMessage(obj, PeerRecord.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRecord>): PeerRecord {
    return decodeMessage(buf, PeerRecord.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRecord>): Generator<PeerRecordIdFieldEvent | PeerRecordNameFieldEvent | PeerRecordAddressesFieldEvent | PeerRecordEpochFieldEvent | PeerRecordSeqFieldEvent | PeerRecordSignatureFieldEvent> {
    return streamMessage(buf, PeerRecord.codec(), opts)
  }
}

export interface View {
  peers: number
  rank: number
}

export namespace View {
  let _codec: Codec<View>

  export const codec = (): Codec<View> => {
    if (_codec == null) {
      _codec = message<View>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peers != null && obj.peers !== 0)) {
          w.uint32(8)
          w.uint32(obj.peers)
        }

        if ((obj.rank != null && obj.rank !== 0)) {
          w.uint32(16)
          w.uint32(obj.rank)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peers: 0,
          rank: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peers = reader.uint32()
              break
            }
            case 2: {
              obj.rank = reader.uint32()
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
                field: `${prefix}.peers`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.rank`,
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

  export interface ViewPeersFieldEvent {
    field: '$.peers'
    value: number
  }

  export interface ViewRankFieldEvent {
    field: '$.rank'
    value: number
  }

  export function encode (obj: Partial<View>): Uint8Array {
    return encodeMessage(obj, View.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<View>): View {
    return decodeMessage(buf, View.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<View>): Generator<ViewPeersFieldEvent | ViewRankFieldEvent> {
    return streamMessage(buf, View.codec(), opts)
  }
}

export interface RegistrationRequest {
  reserve?: Reserve
  register?: Register
  renew?: Renew
  list?: List
  candidates?: Candidates
  leave?: Leave
}

export namespace RegistrationRequest {
  let _codec: Codec<RegistrationRequest>

  export const codec = (): Codec<RegistrationRequest> => {
    if (_codec == null) {
      _codec = message<RegistrationRequest>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.leave != null) {
          obj.candidates = undefined
          obj.list = undefined
          obj.renew = undefined
          obj.register = undefined
          obj.reserve = undefined
        }

        if (obj.candidates != null) {
          obj.leave = undefined
          obj.list = undefined
          obj.renew = undefined
          obj.register = undefined
          obj.reserve = undefined
        }

        if (obj.list != null) {
          obj.leave = undefined
          obj.candidates = undefined
          obj.renew = undefined
          obj.register = undefined
          obj.reserve = undefined
        }

        if (obj.renew != null) {
          obj.leave = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.register = undefined
          obj.reserve = undefined
        }

        if (obj.register != null) {
          obj.leave = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.renew = undefined
          obj.reserve = undefined
        }

        if (obj.reserve != null) {
          obj.leave = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.renew = undefined
          obj.register = undefined
        }

        if (obj.reserve != null) {
          w.uint32(10)
          Reserve.codec().encode(obj.reserve, w)
        }

        if (obj.register != null) {
          w.uint32(18)
          Register.codec().encode(obj.register, w)
        }

        if (obj.renew != null) {
          w.uint32(26)
          Renew.codec().encode(obj.renew, w)
        }

        if (obj.list != null) {
          w.uint32(34)
          List.codec().encode(obj.list, w)
        }

        if (obj.candidates != null) {
          w.uint32(42)
          Candidates.codec().encode(obj.candidates, w)
        }

        if (obj.leave != null) {
          w.uint32(50)
          Leave.codec().encode(obj.leave, w)
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
              obj.reserve = Reserve.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.reserve
              })
              break
            }
            case 2: {
              obj.register = Register.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.register
              })
              break
            }
            case 3: {
              obj.renew = Renew.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.renew
              })
              break
            }
            case 4: {
              obj.list = List.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.list
              })
              break
            }
            case 5: {
              obj.candidates = Candidates.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.candidates
              })
              break
            }
            case 6: {
              obj.leave = Leave.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.leave
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.leave != null) {
          delete obj.candidates
          delete obj.list
          delete obj.renew
          delete obj.register
          delete obj.reserve
        }

        if (obj.candidates != null) {
          delete obj.leave
          delete obj.list
          delete obj.renew
          delete obj.register
          delete obj.reserve
        }

        if (obj.list != null) {
          delete obj.leave
          delete obj.candidates
          delete obj.renew
          delete obj.register
          delete obj.reserve
        }

        if (obj.renew != null) {
          delete obj.leave
          delete obj.candidates
          delete obj.list
          delete obj.register
          delete obj.reserve
        }

        if (obj.register != null) {
          delete obj.leave
          delete obj.candidates
          delete obj.list
          delete obj.renew
          delete obj.reserve
        }

        if (obj.reserve != null) {
          delete obj.leave
          delete obj.candidates
          delete obj.list
          delete obj.renew
          delete obj.register
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Reserve.codec().stream(reader, reader.uint32(), `${prefix}.reserve`, {
                limits: opts.limits?.reserve
              })

              break
            }
            case 2: {
              yield * Register.codec().stream(reader, reader.uint32(), `${prefix}.register`, {
                limits: opts.limits?.register
              })

              break
            }
            case 3: {
              yield * Renew.codec().stream(reader, reader.uint32(), `${prefix}.renew`, {
                limits: opts.limits?.renew
              })

              break
            }
            case 4: {
              yield * List.codec().stream(reader, reader.uint32(), `${prefix}.list`, {
                limits: opts.limits?.list
              })

              break
            }
            case 5: {
              yield * Candidates.codec().stream(reader, reader.uint32(), `${prefix}.candidates`, {
                limits: opts.limits?.candidates
              })

              break
            }
            case 6: {
              yield * Leave.codec().stream(reader, reader.uint32(), `${prefix}.leave`, {
                limits: opts.limits?.leave
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

  export interface RegistrationRequestReserveNameFieldEvent {
    field: '$.reserve.name'
    value: string
  }

  export interface RegistrationRequestReserveNetworkFieldEvent {
    field: '$.reserve.network'
    value: Uint8Array
  }

  export interface RegistrationRequestRegisterRecordIdFieldEvent {
    field: '$.register.record.id'
    value: Uint8Array
  }

  export interface RegistrationRequestRegisterRecordNameFieldEvent {
    field: '$.register.record.name'
    value: string
  }

  export interface RegistrationRequestRegisterRecordAddressesFieldEvent {
    field: '$.register.record.addresses[]'
    index: number
    value: Uint8Array
  }

  export interface RegistrationRequestRegisterRecordEpochFieldEvent {
    field: '$.register.record.epoch'
    value: number
  }

  export interface RegistrationRequestRegisterRecordSeqFieldEvent {
    field: '$.register.record.seq'
    value: number
  }

  export interface RegistrationRequestRegisterRecordSignatureFieldEvent {
    field: '$.register.record.signature'
    value: Uint8Array
  }

  export interface RegistrationRequestRenewDegreeFieldEvent {
    field: '$.renew.degree'
    value: number
  }

  export interface RegistrationRequestRenewTargetFieldEvent {
    field: '$.renew.target'
    value: number
  }

  export interface RegistrationRequestRenewNeighboursFieldEvent {
    field: '$.renew.neighbours[]'
    index: number
    value: Uint8Array
  }

  export interface RegistrationRequestRenewOfferFieldEvent {
    field: '$.renew.offer'
    value: number
  }

  export interface RegistrationRequestListPeerFieldEvent {
    field: '$.list.peer'
    value: Uint8Array
  }

  export interface RegistrationRequestCandidatesWantedFieldEvent {
    field: '$.candidates.wanted'
    value: number
  }

  export function encode (obj: Partial<RegistrationRequest>): Uint8Array {
    return encodeMessage(obj, RegistrationRequest.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RegistrationRequest>): RegistrationRequest {
    return decodeMessage(buf, RegistrationRequest.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RegistrationRequest>): Generator<RegistrationRequestReserveNameFieldEvent | RegistrationRequestReserveNetworkFieldEvent | RegistrationRequestRegisterRecordIdFieldEvent | RegistrationRequestRegisterRecordNameFieldEvent | RegistrationRequestRegisterRecordAddressesFieldEvent | RegistrationRequestRegisterRecordEpochFieldEvent | RegistrationRequestRegisterRecordSeqFieldEvent | RegistrationRequestRegisterRecordSignatureFieldEvent | RegistrationRequestRenewDegreeFieldEvent | RegistrationRequestRenewTargetFieldEvent | RegistrationRequestRenewNeighboursFieldEvent | RegistrationRequestRenewOfferFieldEvent | RegistrationRequestListPeerFieldEvent | RegistrationRequestCandidatesWantedFieldEvent> {
    return streamMessage(buf, RegistrationRequest.codec(), opts)
  }
}

export interface Reserve {
  name: string
  network: Uint8Array
}

export namespace Reserve {
  let _codec: Codec<Reserve>

  export const codec = (): Codec<Reserve> => {
    if (_codec == null) {
      _codec = message<Reserve>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(10)
          w.string(obj.name)
        }

        if ((obj.network != null && obj.network.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.network)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          name: '',
          network: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.name = reader.string()
              break
            }
            case 2: {
              obj.network = reader.bytes()
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
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.network`,
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

  export interface ReserveNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface ReserveNetworkFieldEvent {
    field: '$.network'
    value: Uint8Array
  }

  export function encode (obj: Partial<Reserve>): Uint8Array {
    return encodeMessage(obj, Reserve.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reserve>): Reserve {
    return decodeMessage(buf, Reserve.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reserve>): Generator<ReserveNameFieldEvent | ReserveNetworkFieldEvent> {
    return streamMessage(buf, Reserve.codec(), opts)
  }
}

export interface Register {
  record?: PeerRecord
}

export namespace Register {
  let _codec: Codec<Register>

  export const codec = (): Codec<Register> => {
    if (_codec == null) {
      _codec = message<Register>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.record != null) {
          w.uint32(10)
          PeerRecord.codec().encode(obj.record, w)
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
              obj.record = PeerRecord.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.record
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
              yield * PeerRecord.codec().stream(reader, reader.uint32(), `${prefix}.record`, {
                limits: opts.limits?.record
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

  export interface RegisterRecordIdFieldEvent {
    field: '$.record.id'
    value: Uint8Array
  }

  export interface RegisterRecordNameFieldEvent {
    field: '$.record.name'
    value: string
  }

  export interface RegisterRecordAddressesFieldEvent {
    field: '$.record.addresses[]'
    index: number
    value: Uint8Array
  }

  export interface RegisterRecordEpochFieldEvent {
    field: '$.record.epoch'
    value: number
  }

  export interface RegisterRecordSeqFieldEvent {
    field: '$.record.seq'
    value: number
  }

  export interface RegisterRecordSignatureFieldEvent {
    field: '$.record.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<Register>): Uint8Array {
    return encodeMessage(obj, Register.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Register>): Register {
    return decodeMessage(buf, Register.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Register>): Generator<RegisterRecordIdFieldEvent | RegisterRecordNameFieldEvent | RegisterRecordAddressesFieldEvent | RegisterRecordEpochFieldEvent | RegisterRecordSeqFieldEvent | RegisterRecordSignatureFieldEvent> {
    return streamMessage(buf, Register.codec(), opts)
  }
}

export interface Renew {
  degree: number
  target: number
  neighbours: Uint8Array[]
  offer: number
}

export namespace Renew {
  let _codec: Codec<Renew>

  export const codec = (): Codec<Renew> => {
    if (_codec == null) {
      _codec = message<Renew>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.degree != null && obj.degree !== 0)) {
          w.uint32(8)
          w.uint32(obj.degree)
        }

        if ((obj.target != null && obj.target !== 0)) {
          w.uint32(16)
          w.uint32(obj.target)
        }

        if (obj.neighbours != null && obj.neighbours.length > 0) {
          for (const value of obj.neighbours) {
            w.uint32(26)
            w.bytes(value)
          }
        }

        if ((obj.offer != null && obj.offer !== 0)) {
          w.uint32(32)
          w.uint32(obj.offer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          degree: 0,
          target: 0,
          neighbours: [],
          offer: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.degree = reader.uint32()
              break
            }
            case 2: {
              obj.target = reader.uint32()
              break
            }
            case 3: {
              if (opts.limits?.neighbours != null && obj.neighbours.length === opts.limits.neighbours) {
                throw new MaxLengthError('Decode error - repeated field "neighbours" had too many elements')
              }

              obj.neighbours.push(reader.bytes())
              break
            }
            case 4: {
              obj.offer = reader.uint32()
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
          neighbours: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.degree`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.target`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              if (opts.limits?.neighbours != null && obj.neighbours === opts.limits.neighbours) {
                throw new MaxLengthError('Streaming decode error - repeated field "neighbours" had too many elements')
              }

              yield {
                field: `${prefix}.neighbours[]`,
                index: obj.neighbours,
                value: reader.bytes()
              }

              obj.neighbours++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.offer`,
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

  export interface RenewDegreeFieldEvent {
    field: '$.degree'
    value: number
  }

  export interface RenewTargetFieldEvent {
    field: '$.target'
    value: number
  }

  export interface RenewNeighboursFieldEvent {
    field: '$.neighbours[]'
    index: number
    value: Uint8Array
  }

  export interface RenewOfferFieldEvent {
    field: '$.offer'
    value: number
  }

  export function encode (obj: Partial<Renew>): Uint8Array {
    return encodeMessage(obj, Renew.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Renew>): Renew {
    return decodeMessage(buf, Renew.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Renew>): Generator<RenewDegreeFieldEvent | RenewTargetFieldEvent | RenewNeighboursFieldEvent | RenewOfferFieldEvent> {
    return streamMessage(buf, Renew.codec(), opts)
  }
}

export interface List {
  peer: Uint8Array
}

export namespace List {
  let _codec: Codec<List>

  export const codec = (): Codec<List> => {
    if (_codec == null) {
      _codec = message<List>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.peer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.bytes()
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

  export interface ListPeerFieldEvent {
    field: '$.peer'
    value: Uint8Array
  }

  export function encode (obj: Partial<List>): Uint8Array {
    return encodeMessage(obj, List.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<List>): List {
    return decodeMessage(buf, List.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<List>): Generator<ListPeerFieldEvent> {
    return streamMessage(buf, List.codec(), opts)
  }
}

export interface Candidates {
  wanted: number
}

export namespace Candidates {
  let _codec: Codec<Candidates>

  export const codec = (): Codec<Candidates> => {
    if (_codec == null) {
      _codec = message<Candidates>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.wanted != null && obj.wanted !== 0)) {
          w.uint32(8)
          w.uint32(obj.wanted)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          wanted: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.wanted = reader.uint32()
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
                field: `${prefix}.wanted`,
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

  export interface CandidatesWantedFieldEvent {
    field: '$.wanted'
    value: number
  }

  export function encode (obj: Partial<Candidates>): Uint8Array {
    return encodeMessage(obj, Candidates.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Candidates>): Candidates {
    return decodeMessage(buf, Candidates.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Candidates>): Generator<CandidatesWantedFieldEvent> {
    return streamMessage(buf, Candidates.codec(), opts)
  }
}

export interface Leave {}

export namespace Leave {
  let _codec: Codec<Leave>

  export const codec = (): Codec<Leave> => {
    if (_codec == null) {
      _codec = message<Leave>((obj, w, opts = {}) => {
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

  export function encode (obj: Partial<Leave>): Uint8Array {
    return encodeMessage(obj, Leave.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Leave>): Leave {
    return decodeMessage(buf, Leave.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Leave>): Generator<{}> {
    return streamMessage(buf, Leave.codec(), opts)
  }
}

export interface RegistrationReply {
  reserved?: Reserved
  registered?: Registered
  list?: Listing
  candidates?: CandidateSet
  left?: Left
  refused?: Refused
}

export namespace RegistrationReply {
  let _codec: Codec<RegistrationReply>

  export const codec = (): Codec<RegistrationReply> => {
    if (_codec == null) {
      _codec = message<RegistrationReply>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.refused != null) {
          obj.left = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.registered = undefined
          obj.reserved = undefined
        }

        if (obj.left != null) {
          obj.refused = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.registered = undefined
          obj.reserved = undefined
        }

        if (obj.candidates != null) {
          obj.refused = undefined
          obj.left = undefined
          obj.list = undefined
          obj.registered = undefined
          obj.reserved = undefined
        }

        if (obj.list != null) {
          obj.refused = undefined
          obj.left = undefined
          obj.candidates = undefined
          obj.registered = undefined
          obj.reserved = undefined
        }

        if (obj.registered != null) {
          obj.refused = undefined
          obj.left = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.reserved = undefined
        }

        if (obj.reserved != null) {
          obj.refused = undefined
          obj.left = undefined
          obj.candidates = undefined
          obj.list = undefined
          obj.registered = undefined
        }

        if (obj.reserved != null) {
          w.uint32(10)
          Reserved.codec().encode(obj.reserved, w)
        }

        if (obj.registered != null) {
          w.uint32(18)
          Registered.codec().encode(obj.registered, w)
        }

        if (obj.list != null) {
          w.uint32(26)
          Listing.codec().encode(obj.list, w)
        }

        if (obj.candidates != null) {
          w.uint32(34)
          CandidateSet.codec().encode(obj.candidates, w)
        }

        if (obj.left != null) {
          w.uint32(42)
          Left.codec().encode(obj.left, w)
        }

        if (obj.refused != null) {
          w.uint32(50)
          Refused.codec().encode(obj.refused, w)
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
              obj.reserved = Reserved.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.reserved
              })
              break
            }
            case 2: {
              obj.registered = Registered.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.registered
              })
              break
            }
            case 3: {
              obj.list = Listing.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.list
              })
              break
            }
            case 4: {
              obj.candidates = CandidateSet.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.candidates
              })
              break
            }
            case 5: {
              obj.left = Left.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.left
              })
              break
            }
            case 6: {
              obj.refused = Refused.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.refused
              })
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.refused != null) {
          delete obj.left
          delete obj.candidates
          delete obj.list
          delete obj.registered
          delete obj.reserved
        }

        if (obj.left != null) {
          delete obj.refused
          delete obj.candidates
          delete obj.list
          delete obj.registered
          delete obj.reserved
        }

        if (obj.candidates != null) {
          delete obj.refused
          delete obj.left
          delete obj.list
          delete obj.registered
          delete obj.reserved
        }

        if (obj.list != null) {
          delete obj.refused
          delete obj.left
          delete obj.candidates
          delete obj.registered
          delete obj.reserved
        }

        if (obj.registered != null) {
          delete obj.refused
          delete obj.left
          delete obj.candidates
          delete obj.list
          delete obj.reserved
        }

        if (obj.reserved != null) {
          delete obj.refused
          delete obj.left
          delete obj.candidates
          delete obj.list
          delete obj.registered
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Reserved.codec().stream(reader, reader.uint32(), `${prefix}.reserved`, {
                limits: opts.limits?.reserved
              })

              break
            }
            case 2: {
              yield * Registered.codec().stream(reader, reader.uint32(), `${prefix}.registered`, {
                limits: opts.limits?.registered
              })

              break
            }
            case 3: {
              yield * Listing.codec().stream(reader, reader.uint32(), `${prefix}.list`, {
                limits: opts.limits?.list
              })

              break
            }
            case 4: {
              yield * CandidateSet.codec().stream(reader, reader.uint32(), `${prefix}.candidates`, {
                limits: opts.limits?.candidates
              })

              break
            }
            case 5: {
              yield * Left.codec().stream(reader, reader.uint32(), `${prefix}.left`, {
                limits: opts.limits?.left
              })

              break
            }
            case 6: {
              yield * Refused.codec().stream(reader, reader.uint32(), `${prefix}.refused`, {
                limits: opts.limits?.refused
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

  export interface RegistrationReplyReservedObservedAddressFieldEvent {
    field: '$.reserved.observedAddress'
    value: Uint8Array
  }

  export interface RegistrationReplyRegisteredLeaseMsFieldEvent {
    field: '$.registered.leaseMs'
    value: number
  }

  export interface RegistrationReplyRegisteredViewPeersFieldEvent {
    field: '$.registered.view.peers'
    value: number
  }

  export interface RegistrationReplyRegisteredViewRankFieldEvent {
    field: '$.registered.view.rank'
    value: number
  }

  export interface RegistrationReplyRegisteredUnreachableFieldEvent {
    field: '$.registered.unreachable'
    value: boolean
  }

  export interface RegistrationReplyListRecordsIdFieldEvent {
    field: '$.list.records[].id'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyListRecordsNameFieldEvent {
    field: '$.list.records[].name'
    value: string
    index: number
  }

  export interface RegistrationReplyListRecordsAddressesFieldEvent {
    field: '$.list.records[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface RegistrationReplyListRecordsEpochFieldEvent {
    field: '$.list.records[].epoch'
    value: number
    index: number
  }

  export interface RegistrationReplyListRecordsSeqFieldEvent {
    field: '$.list.records[].seq'
    value: number
    index: number
  }

  export interface RegistrationReplyListRecordsSignatureFieldEvent {
    field: '$.list.records[].signature'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyListTotalFieldEvent {
    field: '$.list.total'
    value: number
  }

  export interface RegistrationReplyCandidatesViewPeersFieldEvent {
    field: '$.candidates.view.peers'
    value: number
  }

  export interface RegistrationReplyCandidatesViewRankFieldEvent {
    field: '$.candidates.view.rank'
    value: number
  }

  export interface RegistrationReplyCandidatesFreeIdFieldEvent {
    field: '$.candidates.free[].id'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyCandidatesFreeNameFieldEvent {
    field: '$.candidates.free[].name'
    value: string
    index: number
  }

  export interface RegistrationReplyCandidatesFreeAddressesFieldEvent {
    field: '$.candidates.free[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface RegistrationReplyCandidatesFreeEpochFieldEvent {
    field: '$.candidates.free[].epoch'
    value: number
    index: number
  }

  export interface RegistrationReplyCandidatesFreeSeqFieldEvent {
    field: '$.candidates.free[].seq'
    value: number
    index: number
  }

  export interface RegistrationReplyCandidatesFreeSignatureFieldEvent {
    field: '$.candidates.free[].signature'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyCandidatesBodyIdFieldEvent {
    field: '$.candidates.body[].id'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyCandidatesBodyNameFieldEvent {
    field: '$.candidates.body[].name'
    value: string
    index: number
  }

  export interface RegistrationReplyCandidatesBodyAddressesFieldEvent {
    field: '$.candidates.body[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface RegistrationReplyCandidatesBodyEpochFieldEvent {
    field: '$.candidates.body[].epoch'
    value: number
    index: number
  }

  export interface RegistrationReplyCandidatesBodySeqFieldEvent {
    field: '$.candidates.body[].seq'
    value: number
    index: number
  }

  export interface RegistrationReplyCandidatesBodySignatureFieldEvent {
    field: '$.candidates.body[].signature'
    value: Uint8Array
    index: number
  }

  export interface RegistrationReplyRefusedReasonFieldEvent {
    field: '$.refused.reason'
    value: RefusalReason
  }

  export interface RegistrationReplyRefusedHolderFieldEvent {
    field: '$.refused.holder'
    value: Uint8Array
  }

  export interface RegistrationReplyRefusedLimitFieldEvent {
    field: '$.refused.limit'
    value: Limit
  }

  export function encode (obj: Partial<RegistrationReply>): Uint8Array {
    return encodeMessage(obj, RegistrationReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RegistrationReply>): RegistrationReply {
    return decodeMessage(buf, RegistrationReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RegistrationReply>): Generator<RegistrationReplyReservedObservedAddressFieldEvent | RegistrationReplyRegisteredLeaseMsFieldEvent | RegistrationReplyRegisteredViewPeersFieldEvent | RegistrationReplyRegisteredViewRankFieldEvent | RegistrationReplyRegisteredUnreachableFieldEvent | RegistrationReplyListRecordsIdFieldEvent | RegistrationReplyListRecordsNameFieldEvent | RegistrationReplyListRecordsAddressesFieldEvent | RegistrationReplyListRecordsEpochFieldEvent | RegistrationReplyListRecordsSeqFieldEvent | RegistrationReplyListRecordsSignatureFieldEvent | RegistrationReplyListTotalFieldEvent | RegistrationReplyCandidatesViewPeersFieldEvent | RegistrationReplyCandidatesViewRankFieldEvent | RegistrationReplyCandidatesFreeIdFieldEvent | RegistrationReplyCandidatesFreeNameFieldEvent | RegistrationReplyCandidatesFreeAddressesFieldEvent | RegistrationReplyCandidatesFreeEpochFieldEvent | RegistrationReplyCandidatesFreeSeqFieldEvent | RegistrationReplyCandidatesFreeSignatureFieldEvent | RegistrationReplyCandidatesBodyIdFieldEvent | RegistrationReplyCandidatesBodyNameFieldEvent | RegistrationReplyCandidatesBodyAddressesFieldEvent | RegistrationReplyCandidatesBodyEpochFieldEvent | RegistrationReplyCandidatesBodySeqFieldEvent | RegistrationReplyCandidatesBodySignatureFieldEvent | RegistrationReplyRefusedReasonFieldEvent | RegistrationReplyRefusedHolderFieldEvent | RegistrationReplyRefusedLimitFieldEvent> {
    return streamMessage(buf, RegistrationReply.codec(), opts)
  }
}

export interface Reserved {
  observedAddress: Uint8Array
}

export namespace Reserved {
  let _codec: Codec<Reserved>

  export const codec = (): Codec<Reserved> => {
    if (_codec == null) {
      _codec = message<Reserved>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.observedAddress != null && obj.observedAddress.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.observedAddress)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          observedAddress: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.observedAddress = reader.bytes()
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
                field: `${prefix}.observedAddress`,
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

  export interface ReservedObservedAddressFieldEvent {
    field: '$.observedAddress'
    value: Uint8Array
  }

  export function encode (obj: Partial<Reserved>): Uint8Array {
    return encodeMessage(obj, Reserved.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reserved>): Reserved {
    return decodeMessage(buf, Reserved.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reserved>): Generator<ReservedObservedAddressFieldEvent> {
    return streamMessage(buf, Reserved.codec(), opts)
  }
}

export interface Registered {
  leaseMs: number
  view?: View
  unreachable: boolean
}

export namespace Registered {
  let _codec: Codec<Registered>

  export const codec = (): Codec<Registered> => {
    if (_codec == null) {
      _codec = message<Registered>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.leaseMs != null && obj.leaseMs !== 0)) {
          w.uint32(8)
          w.uint32(obj.leaseMs)
        }

        if (obj.view != null) {
          w.uint32(18)
          View.codec().encode(obj.view, w)
        }

        if ((obj.unreachable != null && obj.unreachable !== false)) {
          w.uint32(24)
          w.bool(obj.unreachable)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          leaseMs: 0,
          unreachable: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.leaseMs = reader.uint32()
              break
            }
            case 2: {
              obj.view = View.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.view
              })
              break
            }
            case 3: {
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
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.leaseMs`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield * View.codec().stream(reader, reader.uint32(), `${prefix}.view`, {
                limits: opts.limits?.view
              })

              break
            }
            case 3: {
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

  export interface RegisteredLeaseMsFieldEvent {
    field: '$.leaseMs'
    value: number
  }

  export interface RegisteredViewPeersFieldEvent {
    field: '$.view.peers'
    value: number
  }

  export interface RegisteredViewRankFieldEvent {
    field: '$.view.rank'
    value: number
  }

  export interface RegisteredUnreachableFieldEvent {
    field: '$.unreachable'
    value: boolean
  }

  export function encode (obj: Partial<Registered>): Uint8Array {
    return encodeMessage(obj, Registered.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Registered>): Registered {
    return decodeMessage(buf, Registered.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Registered>): Generator<RegisteredLeaseMsFieldEvent | RegisteredViewPeersFieldEvent | RegisteredViewRankFieldEvent | RegisteredUnreachableFieldEvent> {
    return streamMessage(buf, Registered.codec(), opts)
  }
}

export interface Listing {
  records: PeerRecord[]
  total: number
}

export namespace Listing {
  let _codec: Codec<Listing>

  export const codec = (): Codec<Listing> => {
    if (_codec == null) {
      _codec = message<Listing>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.records != null && obj.records.length > 0) {
          for (const value of obj.records) {
            w.uint32(10)
            PeerRecord.codec().encode(value, w)
          }
        }

        if ((obj.total != null && obj.total !== 0)) {
          w.uint32(16)
          w.uint32(obj.total)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          records: [],
          total: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.records != null && obj.records.length === opts.limits.records) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              obj.records.push(PeerRecord.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.records$
              }))
              break
            }
            case 2: {
              obj.total = reader.uint32()
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
          records: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.records != null && obj.records === opts.limits.records) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              for (const evt of PeerRecord.codec().stream(reader, reader.uint32(), `${prefix}.records[]`, {
                limits: opts.limits?.records$
              })) {
                yield {
                  ...evt,
                  index: obj.records
                }
              }

              obj.records++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.total`,
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

  export interface ListingRecordsIdFieldEvent {
    field: '$.records[].id'
    value: Uint8Array
    index: number
  }

  export interface ListingRecordsNameFieldEvent {
    field: '$.records[].name'
    value: string
    index: number
  }

  export interface ListingRecordsAddressesFieldEvent {
    field: '$.records[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface ListingRecordsEpochFieldEvent {
    field: '$.records[].epoch'
    value: number
    index: number
  }

  export interface ListingRecordsSeqFieldEvent {
    field: '$.records[].seq'
    value: number
    index: number
  }

  export interface ListingRecordsSignatureFieldEvent {
    field: '$.records[].signature'
    value: Uint8Array
    index: number
  }

  export interface ListingTotalFieldEvent {
    field: '$.total'
    value: number
  }

  export function encode (obj: Partial<Listing>): Uint8Array {
    return encodeMessage(obj, Listing.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Listing>): Listing {
    return decodeMessage(buf, Listing.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Listing>): Generator<ListingRecordsIdFieldEvent | ListingRecordsNameFieldEvent | ListingRecordsAddressesFieldEvent | ListingRecordsEpochFieldEvent | ListingRecordsSeqFieldEvent | ListingRecordsSignatureFieldEvent | ListingTotalFieldEvent> {
    return streamMessage(buf, Listing.codec(), opts)
  }
}

export interface CandidateSet {
  view?: View
  free: PeerRecord[]
  body: PeerRecord[]
}

export namespace CandidateSet {
  let _codec: Codec<CandidateSet>

  export const codec = (): Codec<CandidateSet> => {
    if (_codec == null) {
      _codec = message<CandidateSet>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.view != null) {
          w.uint32(10)
          View.codec().encode(obj.view, w)
        }

        if (obj.free != null && obj.free.length > 0) {
          for (const value of obj.free) {
            w.uint32(18)
            PeerRecord.codec().encode(value, w)
          }
        }

        if (obj.body != null && obj.body.length > 0) {
          for (const value of obj.body) {
            w.uint32(26)
            PeerRecord.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          free: [],
          body: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.view = View.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.view
              })
              break
            }
            case 2: {
              if (opts.limits?.free != null && obj.free.length === opts.limits.free) {
                throw new MaxLengthError('Decode error - repeated field "free" had too many elements')
              }

              obj.free.push(PeerRecord.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.free$
              }))
              break
            }
            case 3: {
              if (opts.limits?.body != null && obj.body.length === opts.limits.body) {
                throw new MaxLengthError('Decode error - repeated field "body" had too many elements')
              }

              obj.body.push(PeerRecord.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.body$
              }))
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
          free: 0,
          body: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * View.codec().stream(reader, reader.uint32(), `${prefix}.view`, {
                limits: opts.limits?.view
              })

              break
            }
            case 2: {
              if (opts.limits?.free != null && obj.free === opts.limits.free) {
                throw new MaxLengthError('Streaming decode error - repeated field "free" had too many elements')
              }

              for (const evt of PeerRecord.codec().stream(reader, reader.uint32(), `${prefix}.free[]`, {
                limits: opts.limits?.free$
              })) {
                yield {
                  ...evt,
                  index: obj.free
                }
              }

              obj.free++

              break
            }
            case 3: {
              if (opts.limits?.body != null && obj.body === opts.limits.body) {
                throw new MaxLengthError('Streaming decode error - repeated field "body" had too many elements')
              }

              for (const evt of PeerRecord.codec().stream(reader, reader.uint32(), `${prefix}.body[]`, {
                limits: opts.limits?.body$
              })) {
                yield {
                  ...evt,
                  index: obj.body
                }
              }

              obj.body++

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

  export interface CandidateSetViewPeersFieldEvent {
    field: '$.view.peers'
    value: number
  }

  export interface CandidateSetViewRankFieldEvent {
    field: '$.view.rank'
    value: number
  }

  export interface CandidateSetFreeIdFieldEvent {
    field: '$.free[].id'
    value: Uint8Array
    index: number
  }

  export interface CandidateSetFreeNameFieldEvent {
    field: '$.free[].name'
    value: string
    index: number
  }

  export interface CandidateSetFreeAddressesFieldEvent {
    field: '$.free[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface CandidateSetFreeEpochFieldEvent {
    field: '$.free[].epoch'
    value: number
    index: number
  }

  export interface CandidateSetFreeSeqFieldEvent {
    field: '$.free[].seq'
    value: number
    index: number
  }

  export interface CandidateSetFreeSignatureFieldEvent {
    field: '$.free[].signature'
    value: Uint8Array
    index: number
  }

  export interface CandidateSetBodyIdFieldEvent {
    field: '$.body[].id'
    value: Uint8Array
    index: number
  }

  export interface CandidateSetBodyNameFieldEvent {
    field: '$.body[].name'
    value: string
    index: number
  }

  export interface CandidateSetBodyAddressesFieldEvent {
    field: '$.body[].addresses[]'
    index: number
    value: Uint8Array
  }

  export interface CandidateSetBodyEpochFieldEvent {
    field: '$.body[].epoch'
    value: number
    index: number
  }

  export interface CandidateSetBodySeqFieldEvent {
    field: '$.body[].seq'
    value: number
    index: number
  }

  export interface CandidateSetBodySignatureFieldEvent {
    field: '$.body[].signature'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<CandidateSet>): Uint8Array {
    return encodeMessage(obj, CandidateSet.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CandidateSet>): CandidateSet {
    return decodeMessage(buf, CandidateSet.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CandidateSet>): Generator<CandidateSetViewPeersFieldEvent | CandidateSetViewRankFieldEvent | CandidateSetFreeIdFieldEvent | CandidateSetFreeNameFieldEvent | CandidateSetFreeAddressesFieldEvent | CandidateSetFreeEpochFieldEvent | CandidateSetFreeSeqFieldEvent | CandidateSetFreeSignatureFieldEvent | CandidateSetBodyIdFieldEvent | CandidateSetBodyNameFieldEvent | CandidateSetBodyAddressesFieldEvent | CandidateSetBodyEpochFieldEvent | CandidateSetBodySeqFieldEvent | CandidateSetBodySignatureFieldEvent> {
    return streamMessage(buf, CandidateSet.codec(), opts)
  }
}

export interface Left {}

export namespace Left {
  let _codec: Codec<Left>

  export const codec = (): Codec<Left> => {
    if (_codec == null) {
      _codec = message<Left>((obj, w, opts = {}) => {
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

  export function encode (obj: Partial<Left>): Uint8Array {
    return encodeMessage(obj, Left.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Left>): Left {
    return decodeMessage(buf, Left.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Left>): Generator<{}> {
    return streamMessage(buf, Left.codec(), opts)
  }
}

export enum RefusalReason {
  REFUSAL_UNSPECIFIED = 'REFUSAL_UNSPECIFIED',
  NAME_TAKEN = 'NAME_TAKEN',
  NAME_RESERVED = 'NAME_RESERVED',
  BAD_NAME = 'BAD_NAME',
  NOT_REGISTERED = 'NOT_REGISTERED',
  FULL = 'FULL',
  NOT_READY = 'NOT_READY',
  OTHER_NETWORK = 'OTHER_NETWORK',
  STALE = 'STALE'
}

enum __RefusalReasonValues {
  REFUSAL_UNSPECIFIED = 0,
  NAME_TAKEN = 1,
  NAME_RESERVED = 2,
  BAD_NAME = 3,
  NOT_REGISTERED = 4,
  FULL = 5,
  NOT_READY = 6,
  OTHER_NETWORK = 7,
  STALE = 8
}

export namespace RefusalReason {
  export const codec = (): Codec<RefusalReason> => {
    return enumeration<RefusalReason>(__RefusalReasonValues)
  }
}

export enum Limit {
  SEED = 'SEED',
  ADDRESS = 'ADDRESS',
  SUBNET = 'SUBNET',
  RATE = 'RATE'
}

enum __LimitValues {
  SEED = 0,
  ADDRESS = 1,
  SUBNET = 2,
  RATE = 3
}

export namespace Limit {
  export const codec = (): Codec<Limit> => {
    return enumeration<Limit>(__LimitValues)
  }
}

export interface Refused {
  reason: RefusalReason
  holder: Uint8Array
  limit: Limit
}

export namespace Refused {
  let _codec: Codec<Refused>

  export const codec = (): Codec<Refused> => {
    if (_codec == null) {
      _codec = message<Refused>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.reason != null && __RefusalReasonValues[obj.reason] !== 0) {
          w.uint32(8)
          RefusalReason.codec().encode(obj.reason, w)
        }

        if ((obj.holder != null && obj.holder.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.holder)
        }

        if (obj.limit != null && __LimitValues[obj.limit] !== 0) {
          w.uint32(24)
          Limit.codec().encode(obj.limit, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          reason: RefusalReason.REFUSAL_UNSPECIFIED,
          holder: uint8ArrayAlloc(0),
          limit: Limit.SEED
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.reason = RefusalReason.codec().decode(reader)
              break
            }
            case 2: {
              obj.holder = reader.bytes()
              break
            }
            case 3: {
              obj.limit = Limit.codec().decode(reader)
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
                value: RefusalReason.codec().decode(reader)
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.holder`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.limit`,
                value: Limit.codec().decode(reader)
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

  export interface RefusedReasonFieldEvent {
    field: '$.reason'
    value: RefusalReason
  }

  export interface RefusedHolderFieldEvent {
    field: '$.holder'
    value: Uint8Array
  }

  export interface RefusedLimitFieldEvent {
    field: '$.limit'
    value: Limit
  }

  export function encode (obj: Partial<Refused>): Uint8Array {
    return encodeMessage(obj, Refused.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refused>): Refused {
    return decodeMessage(buf, Refused.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Refused>): Generator<RefusedReasonFieldEvent | RefusedHolderFieldEvent | RefusedLimitFieldEvent> {
    return streamMessage(buf, Refused.codec(), opts)
  }
}
