// @ts-nocheck
import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface GossipRecord {
  define?: Definition
  announce?: Announcement
  subscribe?: Subscription
  refuse?: number
  batch?: CarriedBatch
  have?: Spans
  want?: Spans
  boost?: number
  alive?: boolean
  lost?: boolean
}

export namespace GossipRecord {
  let _codec: Codec<GossipRecord>

  export const codec = (): Codec<GossipRecord> => {
    if (_codec == null) {
      _codec = message<GossipRecord>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        obj = { ...obj }

        if (obj.alive != null) {
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.boost != null) {
          obj.alive = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.want != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.have != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.batch != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.refuse != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.subscribe = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.subscribe != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.announce = undefined
          obj.define = undefined
        }

        if (obj.announce != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.define = undefined
        }

        if (obj.define != null) {
          obj.alive = undefined
          obj.boost = undefined
          obj.want = undefined
          obj.have = undefined
          obj.batch = undefined
          obj.refuse = undefined
          obj.subscribe = undefined
          obj.announce = undefined
        }

        if (obj.define != null) {
          w.uint32(10)
          Definition.codec().encode(obj.define, w)
        }

        if (obj.announce != null) {
          w.uint32(18)
          Announcement.codec().encode(obj.announce, w)
        }

        if (obj.subscribe != null) {
          w.uint32(26)
          Subscription.codec().encode(obj.subscribe, w)
        }

        if (obj.refuse != null) {
          w.uint32(32)
          w.uint32(obj.refuse)
        }

        if (obj.batch != null) {
          w.uint32(42)
          CarriedBatch.codec().encode(obj.batch, w)
        }

        if (obj.have != null) {
          w.uint32(50)
          Spans.codec().encode(obj.have, w)
        }

        if (obj.want != null) {
          w.uint32(58)
          Spans.codec().encode(obj.want, w)
        }

        if (obj.boost != null) {
          w.uint32(64)
          w.uint32(obj.boost)
        }

        if (obj.alive != null) {
          w.uint32(72)
          w.bool(obj.alive)
        }

        if (obj.lost != null) {
          w.uint32(80)
          w.bool(obj.lost)
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
              obj.define = Definition.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.define
              })
              break
            }
            case 2: {
              obj.announce = Announcement.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.announce
              })
              break
            }
            case 3: {
              obj.subscribe = Subscription.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.subscribe
              })
              break
            }
            case 4: {
              obj.refuse = reader.uint32()
              break
            }
            case 5: {
              obj.batch = CarriedBatch.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.batch
              })
              break
            }
            case 6: {
              obj.have = Spans.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.have
              })
              break
            }
            case 7: {
              obj.want = Spans.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.want
              })
              break
            }
            case 8: {
              obj.boost = reader.uint32()
              break
            }
            case 9: {
              obj.alive = reader.bool()
              break
            }
            case 10: {
              obj.lost = reader.bool()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        if (obj.alive != null) {
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.boost != null) {
          delete obj.alive
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.want != null) {
          delete obj.alive
          delete obj.boost
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.have != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.batch != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.refuse != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.subscribe
          delete obj.announce
          delete obj.define
        }

        if (obj.subscribe != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.announce
          delete obj.define
        }

        if (obj.announce != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.define
        }

        if (obj.define != null) {
          delete obj.alive
          delete obj.boost
          delete obj.want
          delete obj.have
          delete obj.batch
          delete obj.refuse
          delete obj.subscribe
          delete obj.announce
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * Definition.codec().stream(reader, reader.uint32(), `${prefix}.define`, {
                limits: opts.limits?.define
              })

              break
            }
            case 2: {
              yield * Announcement.codec().stream(reader, reader.uint32(), `${prefix}.announce`, {
                limits: opts.limits?.announce
              })

              break
            }
            case 3: {
              yield * Subscription.codec().stream(reader, reader.uint32(), `${prefix}.subscribe`, {
                limits: opts.limits?.subscribe
              })

              break
            }
            case 4: {
              yield {
                field: `${prefix}.refuse`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield * CarriedBatch.codec().stream(reader, reader.uint32(), `${prefix}.batch`, {
                limits: opts.limits?.batch
              })

              break
            }
            case 6: {
              yield * Spans.codec().stream(reader, reader.uint32(), `${prefix}.have`, {
                limits: opts.limits?.have
              })

              break
            }
            case 7: {
              yield * Spans.codec().stream(reader, reader.uint32(), `${prefix}.want`, {
                limits: opts.limits?.want
              })

              break
            }
            case 8: {
              yield {
                field: `${prefix}.boost`,
                value: reader.uint32()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.alive`,
                value: reader.bool()
              }
              break
            }
            case 10: {
              yield {
                field: `${prefix}.lost`,
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

  export interface GossipRecordDefineHandleFieldEvent {
    field: '$.define.handle'
    value: number
  }

  export interface GossipRecordDefineOriginFieldEvent {
    field: '$.define.origin'
    value: Uint8Array
  }

  export interface GossipRecordDefineEpochFieldEvent {
    field: '$.define.epoch'
    value: number
  }

  export interface GossipRecordAnnounceHandleFieldEvent {
    field: '$.announce.handle'
    value: number
  }

  export interface GossipRecordAnnounceVersionFieldEvent {
    field: '$.announce.version'
    value: number
  }

  export interface GossipRecordAnnounceHopsFieldEvent {
    field: '$.announce.hops'
    value: number
  }

  export interface GossipRecordAnnounceSignatureFieldEvent {
    field: '$.announce.signature'
    value: Uint8Array
  }

  export interface GossipRecordSubscribeHandleFieldEvent {
    field: '$.subscribe.handle'
    value: number
  }

  export interface GossipRecordSubscribeModeFieldEvent {
    field: '$.subscribe.mode'
    value: Subscription.Mode
  }

  export interface GossipRecordSubscribeAfterFieldEvent {
    field: '$.subscribe.after'
    value: number
  }

  export interface GossipRecordSubscribeMustFieldEvent {
    field: '$.subscribe.must'
    value: boolean
  }

  export interface GossipRecordRefuseFieldEvent {
    field: '$.refuse'
    value: number
  }

  export interface GossipRecordBatchHandleFieldEvent {
    field: '$.batch.handle'
    value: number
  }

  export interface GossipRecordBatchSequenceFieldEvent {
    field: '$.batch.sequence'
    value: number
  }

  export interface GossipRecordBatchHopsFieldEvent {
    field: '$.batch.hops'
    value: number
  }

  export interface GossipRecordBatchSignedFieldEvent {
    field: '$.batch.signed'
    value: Uint8Array
  }

  export interface GossipRecordBatchSignatureFieldEvent {
    field: '$.batch.signature'
    value: Uint8Array
  }

  export interface GossipRecordBatchFloodFieldEvent {
    field: '$.batch.flood'
    value: boolean
  }

  export interface GossipRecordHaveSpansHandleFieldEvent {
    field: '$.have.spans[].handle'
    value: number
    index: number
  }

  export interface GossipRecordHaveSpansFromFieldEvent {
    field: '$.have.spans[].from'
    value: number
    index: number
  }

  export interface GossipRecordHaveSpansMoreFieldEvent {
    field: '$.have.spans[].more'
    value: number
    index: number
  }

  export interface GossipRecordHaveAllFieldEvent {
    field: '$.have.all'
    value: boolean
  }

  export interface GossipRecordWantSpansHandleFieldEvent {
    field: '$.want.spans[].handle'
    value: number
    index: number
  }

  export interface GossipRecordWantSpansFromFieldEvent {
    field: '$.want.spans[].from'
    value: number
    index: number
  }

  export interface GossipRecordWantSpansMoreFieldEvent {
    field: '$.want.spans[].more'
    value: number
    index: number
  }

  export interface GossipRecordWantAllFieldEvent {
    field: '$.want.all'
    value: boolean
  }

  export interface GossipRecordBoostFieldEvent {
    field: '$.boost'
    value: number
  }

  export interface GossipRecordAliveFieldEvent {
    field: '$.alive'
    value: boolean
  }

  export interface GossipRecordLostFieldEvent {
    field: '$.lost'
    value: boolean
  }

  export function encode (obj: Partial<GossipRecord>): Uint8Array {
    return encodeMessage(obj, GossipRecord.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipRecord>): GossipRecord {
    return decodeMessage(buf, GossipRecord.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GossipRecord>): Generator<GossipRecordDefineHandleFieldEvent | GossipRecordDefineOriginFieldEvent | GossipRecordDefineEpochFieldEvent | GossipRecordAnnounceHandleFieldEvent | GossipRecordAnnounceVersionFieldEvent | GossipRecordAnnounceHopsFieldEvent | GossipRecordAnnounceSignatureFieldEvent | GossipRecordSubscribeHandleFieldEvent | GossipRecordSubscribeModeFieldEvent | GossipRecordSubscribeAfterFieldEvent | GossipRecordSubscribeMustFieldEvent | GossipRecordRefuseFieldEvent | GossipRecordBatchHandleFieldEvent | GossipRecordBatchSequenceFieldEvent | GossipRecordBatchHopsFieldEvent | GossipRecordBatchSignedFieldEvent | GossipRecordBatchSignatureFieldEvent | GossipRecordBatchFloodFieldEvent | GossipRecordHaveSpansHandleFieldEvent | GossipRecordHaveSpansFromFieldEvent | GossipRecordHaveSpansMoreFieldEvent | GossipRecordHaveAllFieldEvent | GossipRecordWantSpansHandleFieldEvent | GossipRecordWantSpansFromFieldEvent | GossipRecordWantSpansMoreFieldEvent | GossipRecordWantAllFieldEvent | GossipRecordBoostFieldEvent | GossipRecordAliveFieldEvent | GossipRecordLostFieldEvent> {
    return streamMessage(buf, GossipRecord.codec(), opts)
  }
}

export interface Definition {
  handle: number
  origin: Uint8Array
  epoch: number
}

export namespace Definition {
  let _codec: Codec<Definition>

  export const codec = (): Codec<Definition> => {
    if (_codec == null) {
      _codec = message<Definition>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.origin != null && obj.origin.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.origin)
        }

        if ((obj.epoch != null && obj.epoch !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.epoch)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          origin: uint8ArrayAlloc(0),
          epoch: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.origin = reader.bytes()
              break
            }
            case 3: {
              obj.epoch = reader.uint64Number()
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
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.origin`,
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

  export interface DefinitionHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface DefinitionOriginFieldEvent {
    field: '$.origin'
    value: Uint8Array
  }

  export interface DefinitionEpochFieldEvent {
    field: '$.epoch'
    value: number
  }

  export function encode (obj: Partial<Definition>): Uint8Array {
    return encodeMessage(obj, Definition.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Definition>): Definition {
    return decodeMessage(buf, Definition.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Definition>): Generator<DefinitionHandleFieldEvent | DefinitionOriginFieldEvent | DefinitionEpochFieldEvent> {
    return streamMessage(buf, Definition.codec(), opts)
  }
}

export interface Announcement {
  handle: number
  version: number
  hops: number
  signature: Uint8Array
}

export namespace Announcement {
  let _codec: Codec<Announcement>

  export const codec = (): Codec<Announcement> => {
    if (_codec == null) {
      _codec = message<Announcement>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(16)
          w.uint32(obj.version)
        }

        if ((obj.hops != null && obj.hops !== 0)) {
          w.uint32(24)
          w.uint32(obj.hops)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          version: 0,
          hops: 0,
          signature: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.version = reader.uint32()
              break
            }
            case 3: {
              obj.hops = reader.uint32()
              break
            }
            case 4: {
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
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.version`,
                value: reader.uint32()
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
            case 4: {
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

  export interface AnnouncementHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface AnnouncementVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface AnnouncementHopsFieldEvent {
    field: '$.hops'
    value: number
  }

  export interface AnnouncementSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export function encode (obj: Partial<Announcement>): Uint8Array {
    return encodeMessage(obj, Announcement.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Announcement {
    return decodeMessage(buf, Announcement.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Announcement>): Generator<AnnouncementHandleFieldEvent | AnnouncementVersionFieldEvent | AnnouncementHopsFieldEvent | AnnouncementSignatureFieldEvent> {
    return streamMessage(buf, Announcement.codec(), opts)
  }
}

export interface Subscription {
  handle: number
  mode: Subscription.Mode
  after: number
  must: boolean
}

export namespace Subscription {
  export enum Mode {
    NONE = 'NONE',
    WATCH = 'WATCH',
    EAGER = 'EAGER',
    LAZY = 'LAZY'
  }

  enum __ModeValues {
    NONE = 0,
    WATCH = 1,
    EAGER = 2,
    LAZY = 3
  }

  export namespace Mode {
    export const codec = (): Codec<Mode> => {
      return enumeration<Mode>(__ModeValues)
    }
  }

  let _codec: Codec<Subscription>

  export const codec = (): Codec<Subscription> => {
    if (_codec == null) {
      _codec = message<Subscription>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if (obj.mode != null && __ModeValues[obj.mode] !== 0) {
          w.uint32(16)
          Subscription.Mode.codec().encode(obj.mode, w)
        }

        if ((obj.after != null && obj.after !== 0)) {
          w.uint32(24)
          w.uint32(obj.after)
        }

        if ((obj.must != null && obj.must !== false)) {
          w.uint32(32)
          w.bool(obj.must)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          mode: Mode.NONE,
          after: 0,
          must: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.mode = Subscription.Mode.codec().decode(reader)
              break
            }
            case 3: {
              obj.after = reader.uint32()
              break
            }
            case 4: {
              obj.must = reader.bool()
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
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.mode`,
                value: Subscription.Mode.codec().decode(reader)
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.after`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.must`,
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

  export interface SubscriptionHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface SubscriptionModeFieldEvent {
    field: '$.mode'
    value: Subscription.Mode
  }

  export interface SubscriptionAfterFieldEvent {
    field: '$.after'
    value: number
  }

  export interface SubscriptionMustFieldEvent {
    field: '$.must'
    value: boolean
  }

  export function encode (obj: Partial<Subscription>): Uint8Array {
    return encodeMessage(obj, Subscription.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Subscription>): Subscription {
    return decodeMessage(buf, Subscription.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Subscription>): Generator<SubscriptionHandleFieldEvent | SubscriptionModeFieldEvent | SubscriptionAfterFieldEvent | SubscriptionMustFieldEvent> {
    return streamMessage(buf, Subscription.codec(), opts)
  }
}

export interface CarriedBatch {
  handle: number
  sequence: number
  hops: number
  signed: Uint8Array
  signature: Uint8Array
  flood: boolean
}

export namespace CarriedBatch {
  let _codec: Codec<CarriedBatch>

  export const codec = (): Codec<CarriedBatch> => {
    if (_codec == null) {
      _codec = message<CarriedBatch>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.sequence != null && obj.sequence !== 0)) {
          w.uint32(16)
          w.uint32(obj.sequence)
        }

        if ((obj.hops != null && obj.hops !== 0)) {
          w.uint32(24)
          w.uint32(obj.hops)
        }

        if ((obj.signed != null && obj.signed.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.signed)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.signature)
        }

        if ((obj.flood != null && obj.flood !== false)) {
          w.uint32(48)
          w.bool(obj.flood)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          sequence: 0,
          hops: 0,
          signed: uint8ArrayAlloc(0),
          signature: uint8ArrayAlloc(0),
          flood: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.sequence = reader.uint32()
              break
            }
            case 3: {
              obj.hops = reader.uint32()
              break
            }
            case 4: {
              obj.signed = reader.bytes()
              break
            }
            case 5: {
              obj.signature = reader.bytes()
              break
            }
            case 6: {
              obj.flood = reader.bool()
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
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.sequence`,
                value: reader.uint32()
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
            case 4: {
              yield {
                field: `${prefix}.signed`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.flood`,
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

  export interface CarriedBatchHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface CarriedBatchSequenceFieldEvent {
    field: '$.sequence'
    value: number
  }

  export interface CarriedBatchHopsFieldEvent {
    field: '$.hops'
    value: number
  }

  export interface CarriedBatchSignedFieldEvent {
    field: '$.signed'
    value: Uint8Array
  }

  export interface CarriedBatchSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array
  }

  export interface CarriedBatchFloodFieldEvent {
    field: '$.flood'
    value: boolean
  }

  export function encode (obj: Partial<CarriedBatch>): Uint8Array {
    return encodeMessage(obj, CarriedBatch.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CarriedBatch>): CarriedBatch {
    return decodeMessage(buf, CarriedBatch.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CarriedBatch>): Generator<CarriedBatchHandleFieldEvent | CarriedBatchSequenceFieldEvent | CarriedBatchHopsFieldEvent | CarriedBatchSignedFieldEvent | CarriedBatchSignatureFieldEvent | CarriedBatchFloodFieldEvent> {
    return streamMessage(buf, CarriedBatch.codec(), opts)
  }
}

export interface BatchContent {
  number: number
  time: number
  originName: Uint8Array
  payloads: Uint8Array[]
}

export namespace BatchContent {
  let _codec: Codec<BatchContent>

  export const codec = (): Codec<BatchContent> => {
    if (_codec == null) {
      _codec = message<BatchContent>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.number)
        }

        if ((obj.time != null && obj.time !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.time)
        }

        if ((obj.originName != null && obj.originName.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.originName)
        }

        if (obj.payloads != null && obj.payloads.length > 0) {
          for (const value of obj.payloads) {
            w.uint32(34)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          number: 0,
          time: 0,
          originName: uint8ArrayAlloc(0),
          payloads: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.number = reader.uint64Number()
              break
            }
            case 2: {
              obj.time = reader.uint64Number()
              break
            }
            case 3: {
              obj.originName = reader.bytes()
              break
            }
            case 4: {
              if (opts.limits?.payloads != null && obj.payloads.length === opts.limits.payloads) {
                throw new MaxLengthError('Decode error - repeated field "payloads" had too many elements')
              }

              obj.payloads.push(reader.bytes())
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
          payloads: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.time`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.originName`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              if (opts.limits?.payloads != null && obj.payloads === opts.limits.payloads) {
                throw new MaxLengthError('Streaming decode error - repeated field "payloads" had too many elements')
              }

              yield {
                field: `${prefix}.payloads[]`,
                index: obj.payloads,
                value: reader.bytes()
              }

              obj.payloads++

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

  export interface BatchContentNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface BatchContentTimeFieldEvent {
    field: '$.time'
    value: number
  }

  export interface BatchContentOriginNameFieldEvent {
    field: '$.originName'
    value: Uint8Array
  }

  export interface BatchContentPayloadsFieldEvent {
    field: '$.payloads[]'
    index: number
    value: Uint8Array
  }

  export function encode (obj: Partial<BatchContent>): Uint8Array {
    return encodeMessage(obj, BatchContent.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BatchContent>): BatchContent {
    return decodeMessage(buf, BatchContent.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BatchContent>): Generator<BatchContentNumberFieldEvent | BatchContentTimeFieldEvent | BatchContentOriginNameFieldEvent | BatchContentPayloadsFieldEvent> {
    return streamMessage(buf, BatchContent.codec(), opts)
  }
}

export interface Spans {
  spans: Span[]
  all: boolean
}

export namespace Spans {
  let _codec: Codec<Spans>

  export const codec = (): Codec<Spans> => {
    if (_codec == null) {
      _codec = message<Spans>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.spans != null && obj.spans.length > 0) {
          for (const value of obj.spans) {
            w.uint32(10)
            Span.codec().encode(value, w)
          }
        }

        if ((obj.all != null && obj.all !== false)) {
          w.uint32(16)
          w.bool(obj.all)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          spans: [],
          all: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.spans != null && obj.spans.length === opts.limits.spans) {
                throw new MaxLengthError('Decode error - repeated field "spans" had too many elements')
              }

              obj.spans.push(Span.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.spans$
              }))
              break
            }
            case 2: {
              obj.all = reader.bool()
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
          spans: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.spans != null && obj.spans === opts.limits.spans) {
                throw new MaxLengthError('Streaming decode error - repeated field "spans" had too many elements')
              }

              for (const evt of Span.codec().stream(reader, reader.uint32(), `${prefix}.spans[]`, {
                limits: opts.limits?.spans$
              })) {
                yield {
                  ...evt,
                  index: obj.spans
                }
              }

              obj.spans++

              break
            }
            case 2: {
              yield {
                field: `${prefix}.all`,
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

  export interface SpansSpansHandleFieldEvent {
    field: '$.spans[].handle'
    value: number
    index: number
  }

  export interface SpansSpansFromFieldEvent {
    field: '$.spans[].from'
    value: number
    index: number
  }

  export interface SpansSpansMoreFieldEvent {
    field: '$.spans[].more'
    value: number
    index: number
  }

  export interface SpansAllFieldEvent {
    field: '$.all'
    value: boolean
  }

  export function encode (obj: Partial<Spans>): Uint8Array {
    return encodeMessage(obj, Spans.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Spans>): Spans {
    return decodeMessage(buf, Spans.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Spans>): Generator<SpansSpansHandleFieldEvent | SpansSpansFromFieldEvent | SpansSpansMoreFieldEvent | SpansAllFieldEvent> {
    return streamMessage(buf, Spans.codec(), opts)
  }
}

export interface Span {
  handle: number
  from: number
  more: number
}

export namespace Span {
  let _codec: Codec<Span>

  export const codec = (): Codec<Span> => {
    if (_codec == null) {
      _codec = message<Span>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.handle != null && obj.handle !== 0)) {
          w.uint32(8)
          w.uint32(obj.handle)
        }

        if ((obj.from != null && obj.from !== 0)) {
          w.uint32(16)
          w.uint32(obj.from)
        }

        if ((obj.more != null && obj.more !== 0)) {
          w.uint32(24)
          w.uint32(obj.more)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          handle: 0,
          from: 0,
          more: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.handle = reader.uint32()
              break
            }
            case 2: {
              obj.from = reader.uint32()
              break
            }
            case 3: {
              obj.more = reader.uint32()
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
                field: `${prefix}.handle`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.from`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.more`,
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

  export interface SpanHandleFieldEvent {
    field: '$.handle'
    value: number
  }

  export interface SpanFromFieldEvent {
    field: '$.from'
    value: number
  }

  export interface SpanMoreFieldEvent {
    field: '$.more'
    value: number
  }

  export function encode (obj: Partial<Span>): Uint8Array {
    return encodeMessage(obj, Span.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Span>): Span {
    return decodeMessage(buf, Span.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Span>): Generator<SpanHandleFieldEvent | SpanFromFieldEvent | SpanMoreFieldEvent> {
    return streamMessage(buf, Span.codec(), opts)
  }
}
