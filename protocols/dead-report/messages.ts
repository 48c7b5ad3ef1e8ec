export const deadReportProtocol = '/hubcast/dead-report/2.0.0'

/** A peer id and a few numbers. */
export const deadReportBytesMax = 256

/** How a ping failed. A refused connection is strong evidence, silence is weak. */
export type PingFailure = 'timeout' | 'refused' | 'other'

/** Missed pings that one report may list; three are usual. */
export const missedMax = 16

export interface DeadReport<Peer = string> {
  readonly target: Peer
  /** The pings in a row that failed, oldest first. */
  readonly missed: readonly PingFailure[]
}

export type DeadReportReply =
  /** The seed pings the accused itself and removes it if that fails. */
  | 'noted'
  /** A peer that was asked about another one has just reached it. Seeds answer before they look. */
  | 'alive'
  /** The accused is not registered at this seed. */
  | 'unknown-target'
  /** Only its neighbours may report a peer, and nobody who has reported too many of the living. */
  | 'not-entitled'
  /** The seed has as many suspects under examination as it can. */
  | 'busy'
