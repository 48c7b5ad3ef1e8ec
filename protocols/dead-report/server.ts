import { answer } from '../streams/exchange.ts'
import { decodeReport, encodeReportReply } from './codec.ts'
import { deadReportBytesMax, deadReportProtocol } from './messages.ts'
import type { OnFault, StreamHost } from '../streams/exchange.ts'
import type { DeadReport, DeadReportReply } from './messages.ts'

/** Serves dead reports, on a seed's node or on that of a neighbour who is asked to look. `reporter` is the peer that libp2p has authenticated, not one that a report names. */
export async function serveDeadReports(
  host: StreamHost,
  onReport: (reporter: string, report: DeadReport) => DeadReportReply | Promise<DeadReportReply>,
  onFault: OnFault
): Promise<void> {
  await answer(
    host,
    deadReportProtocol,
    deadReportBytesMax,
    async (bytes, { remotePeer }) => encodeReportReply(await onReport(remotePeer.toString(), decodeReport(bytes))),
    onFault
  )
}
