import * as wire from './generated/dead-report.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodePeerId, decoding, encodePeerId, kebab, screaming } from '../values.ts'
import { missedMax } from './messages.ts'
import type { DeadReport, DeadReportReply, PingFailure } from './messages.ts'

export function encodeReport(report: DeadReport): Uint8Array {
  const missed = report.missed.map(failure => screaming(failure) as wire.PingFailure)
  return wire.DeadReport.encode({ target: encodePeerId(report.target), missed })
}

/** @throws {MalformedMessageError} */
export function decodeReport(bytes: Uint8Array): DeadReport {
  return decoding('dead report', () => {
    const { target, missed } = wire.DeadReport.decode(bytes)
    if (missed.length > missedMax) throw new MalformedMessageError(`more than ${missedMax} missed pings`)
    return { target: decodePeerId(target, 'target'), missed: missed.map(failure => kebab(failure) as PingFailure) }
  })
}

export function encodeReportReply(reply: DeadReportReply): Uint8Array {
  return wire.DeadReportReply.encode({ status: screaming(reply) as wire.ReplyStatus })
}

/** @throws {MalformedMessageError} */
export function decodeReportReply(bytes: Uint8Array): DeadReportReply {
  return decoding('reply to a dead report', () => {
    const status = wire.DeadReportReply.decode(bytes).status ?? wire.ReplyStatus.REPLY_UNSPECIFIED
    if (status === wire.ReplyStatus.REPLY_UNSPECIFIED) throw new MalformedMessageError('reply without a status')
    return kebab(status) as DeadReportReply
  })
}
