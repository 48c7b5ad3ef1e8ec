import { ask } from '../streams/exchange.ts'
import { decodeReportReply, encodeReport } from './codec.ts'
import { deadReportBytesMax, deadReportProtocol } from './messages.ts'
import type { OpenStream } from '../streams/exchange.ts'
import type { DeadReport, DeadReportReply } from './messages.ts'

/**
 * Reports a neighbour to the seed that `open` reaches, or asks another neighbour about it.
 * @throws {StreamFault} when the other breaks the protocol or does not answer in time; a dial error as libp2p gives it
 */
export async function reportDead(open: OpenStream, report: DeadReport): Promise<DeadReportReply> {
  return decodeReportReply(await ask(open, deadReportProtocol, encodeReport(report), deadReportBytesMax))
}
