import { ApiError } from './api-error.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { ConnectReply, EndPeerHow, NodeReply, PeerReply, PeerSummary, SeedsReply } from './contract.ts'

/** The overlay at one moment. */
export interface Look {
  /** The living. */
  readonly peers: readonly PeerSummary[]
  /** Ids of the two ends, each link once. */
  readonly links: readonly (readonly [string, string])[]
  /** Of the peers of which all links are known. */
  readonly degrees: readonly number[]
}

/** What one kind of node can tell of the network, and what it can be told to do. Everything is asked for anew each time. */
export interface View {
  readonly role: NodeReply['role']
  readonly name: string
  readonly id: string | null
  readonly addresses: readonly string[]
  readonly network: NodeReply['network']
  /** Takes its time with many peers. @throws {ApiError} with too many */
  look(): Look
  neighboursOf(peer: string, look: Look): PeerReply['neighbours']
  seeds(look: Look): SeedsReply
  /** Why the node is not ready to serve; nothing, when it is. */
  troubles(): string[]
  /** What only this kind of node can measure. Cheap, for it is read every few seconds. */
  readonly gauges: readonly Gauge[]
  /** Id of the peer whose death the event tells of. */
  deathIn(event: NodeEvent): string | undefined
  /** Missing where the node does no such thing. */
  readonly acts: Partial<Acts>
}

export interface Gauge {
  /** As Prometheus has it, without `hubcast_`. */
  readonly name: string
  readonly help: string
  readonly read: () => number
}

export interface Acts {
  /** @returns `ORIGIN#NUMBER` @throws {ApiError} */
  publish(text: string, from: string | undefined): string
  /** @throws {ApiError} */
  connect(address: string): Promise<ConnectReply>
  /** @throws {ApiError} */
  startPeer(name: string | undefined): Promise<PeerSummary>
  /** @throws {ApiError} */
  endPeer(peer: string, how: EndPeerHow): Promise<void>
}

/** What publishing and dialling throw, for whoever has asked for it over HTTP. Other errors stay what they are. */
export function refusal(error: unknown): unknown {
  if (error instanceof RangeError) return new ApiError('bad-request', error.message, 'Send 1 byte to 64 KiB of text.')
  if (!(error instanceof Error)) return error
  switch (error.name) {
    case 'BusyNetworkError':
      return new ApiError('unavailable', error.message, 'Try again in a second.')
    case 'AddressError':
      return new ApiError('bad-request', error.message, 'Write a multiaddr such as /ip4/192.0.2.10/tcp/4001.')
    case 'DialError':
      return new ApiError('unavailable', error.message, 'See whether the node runs and is the one that is named.')
    default:
      return error
  }
}
