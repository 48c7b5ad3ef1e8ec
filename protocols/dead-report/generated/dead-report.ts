// @ts-nocheck
import { decodeMessage, encodeMessage, enumeration, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export enum PingFailure {
  OTHER = 'OTHER',
  TIMEOUT = 'TIMEOUT',
  REFUSED = 'REFUSED'
}

enum __PingFailureValues {
  OTHER = 0,
  TIMEOUT = 1,
  REFUSED = 2
}

export namespace PingFailure {
  export const codec = (): Codec<PingFailure> => {
    return enumeration<PingFailure>(__PingFailureValues)
  }
}

export interface DeadReport {
  target: Uint8Array
  missed: PingFailure[]
}

export namespace DeadReport {
  let _codec: Codec<DeadReport>

  export const codec = (): Codec<DeadReport> => {
    if (_codec == null) {
      _codec = message<DeadReport>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.target != null && obj.target.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.target)
        }

        if (obj.missed != null && obj.missed.length > 0) {
          for (const value of obj.missed) {
            w.uint32(16)
            PingFailure.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          target: uint8ArrayAlloc(0),
          missed: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.target = reader.bytes()
              break
            }
            case 2: {
              if (opts.limits?.missed != null && obj.missed.length === opts.limits.missed) {
                throw new MaxLengthError('Decode error - repeated field "missed" had too many elements')
              }

              obj.missed.push(PingFailure.codec().decode(reader))
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
          missed: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.target`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              if (opts.limits?.missed != null && obj.missed === opts.limits.missed) {
                throw new MaxLengthError('Streaming decode error - repeated field "missed" had too many elements')
              }

              PingFailure.codec().stream(reader)

              obj.missed++

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

  export interface DeadReportTargetFieldEvent {
    field: '$.target'
    value: Uint8Array
  }

  export interface DeadReportMissedFieldEvent {
    field: '$.missed[]'
    index: number
    value: PingFailure
  }

  export function encode (obj: Partial<DeadReport>): Uint8Array {
    return encodeMessage(obj, DeadReport.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeadReport>): DeadReport {
    return decodeMessage(buf, DeadReport.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeadReport>): Generator<DeadReportTargetFieldEvent | DeadReportMissedFieldEvent> {
    return streamMessage(buf, DeadReport.codec(), opts)
  }
}

export enum ReplyStatus {
  REPLY_UNSPECIFIED = 'REPLY_UNSPECIFIED',
  NOTED = 'NOTED',
  UNKNOWN_TARGET = 'UNKNOWN_TARGET',
  NOT_ENTITLED = 'NOT_ENTITLED',
  BUSY = 'BUSY',
  ALIVE = 'ALIVE'
}

enum __ReplyStatusValues {
  REPLY_UNSPECIFIED = 0,
  NOTED = 1,
  UNKNOWN_TARGET = 2,
  NOT_ENTITLED = 3,
  BUSY = 4,
  ALIVE = 5
}

export namespace ReplyStatus {
  export const codec = (): Codec<ReplyStatus> => {
    return enumeration<ReplyStatus>(__ReplyStatusValues)
  }
}

export interface DeadReportReply {
  status: ReplyStatus
}

export namespace DeadReportReply {
  let _codec: Codec<DeadReportReply>

  export const codec = (): Codec<DeadReportReply> => {
    if (_codec == null) {
      _codec = message<DeadReportReply>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.status != null && __ReplyStatusValues[obj.status] !== 0) {
          w.uint32(8)
          ReplyStatus.codec().encode(obj.status, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          status: ReplyStatus.REPLY_UNSPECIFIED
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.status = ReplyStatus.codec().decode(reader)
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
                field: `${prefix}.status`,
                value: ReplyStatus.codec().decode(reader)
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

  export interface DeadReportReplyStatusFieldEvent {
    field: '$.status'
    value: ReplyStatus
  }

  export function encode (obj: Partial<DeadReportReply>): Uint8Array {
    return encodeMessage(obj, DeadReportReply.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeadReportReply>): DeadReportReply {
    return decodeMessage(buf, DeadReportReply.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeadReportReply>): Generator<DeadReportReplyStatusFieldEvent> {
    return streamMessage(buf, DeadReportReply.codec(), opts)
  }
}
