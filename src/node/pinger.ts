import { asError } from '#protocols/streams/exchange.ts'
import { logger } from '@libp2p/logger'
import { loopLagMsMin, pingTimeoutMs, probeTimeoutMs } from '#src/settings.ts'
import { connectionTo, dialPeer, dialTargets } from './host.ts'
import { LoopLag } from './loop-lag.ts'
import type { Connection } from '@libp2p/interface'
import type { PingOutcome } from '#src/core/liveness.ts'
import type { Host } from './host.ts'

const debug = logger('hubcast:ping')

const loopLag = new LoopLag(loopLagMsMin)

/** With a round trip if it was answered. `inconclusive`: it could not be tried, for reasons of our own. */
export interface PingResult {
  readonly outcome: PingOutcome
  readonly rttMs?: number
}

/** The last ping of each host to each peer, while it is under way. As many as their callers have under way, each of whom has a bound. */
const lastPings = new WeakMap<Host, Map<string, Promise<PingResult>>>()

/**
 * One ping by libp2p's ping service, dialling first if need be, with an end to it: the service itself would wait for ever. Never
 * rejects. A ping waits for its turn, for libp2p allows one ping stream to a peer, and two at once may spoil each other.
 * @param timeoutMs how long it may take once it is its turn
 */
export async function pingPeer(
  host: Host,
  peer: string,
  addresses: readonly string[],
  timeoutMs = pingTimeoutMs
): Promise<PingResult> {
  const ofHost = lastPings.get(host) ?? new Map<string, Promise<PingResult>>()
  lastPings.set(host, ofHost)
  const turn = (ofHost.get(peer) ?? Promise.resolve()).then(async () => ping(host, peer, addresses, timeoutMs))
  ofHost.set(peer, turn)
  const result = await turn
  if (ofHost.get(peer) === turn) ofHost.delete(peer)
  debug('%s: %s', peer, result.rttMs === undefined ? result.outcome : `${result.rttMs} ms`)
  return result
}

async function ping(host: Host, peer: string, addresses: readonly string[], timeoutMs: number): Promise<PingResult> {
  if (connectionTo(host, peer) === undefined && addresses.length === 0) return { outcome: 'inconclusive' }
  return outcomeOf(host, timeoutMs, async signal => {
    const connection = connectionTo(host, peer) ?? (await dialPeer(host, peer, addresses, signal))
    return host.services.ping.ping(connection.remotePeer, { signal })
  })
}

/**
 * Opens a new connection with a peer, whatever others there are, pings it over that one, and closes it again. Never rejects.
 * @param addresses one of them has to lead to the peer
 */
export async function dialBack(host: Host, peer: string, addresses: readonly string[]): Promise<PingOutcome> {
  if (addresses.length === 0) return 'other'
  let connection: Connection | undefined
  const { outcome } = await outcomeOf(host, probeTimeoutMs, async signal =>
    host.services.ping.ping(dialTargets(peer, addresses), {
      signal,
      force: true,
      onProgress: event => {
        if (event.type === 'connection:opened') connection = event.detail
      }
    })
  )
  connection?.close().catch((error: unknown) => connection?.abort(asError(error)))
  return outcome
}

/** @param ping resolves with the round trip in ms */
async function outcomeOf(
  host: Host,
  timeoutMs: number,
  ping: (signal: AbortSignal) => Promise<number>
): Promise<PingResult> {
  const signal = AbortSignal.timeout(timeoutMs)
  const startedAt = performance.now()
  try {
    return { outcome: 'answered', rttMs: await ping(signal) }
  } catch (error) {
    // What it waited for may have arrived, and only not been read.
    if (loopLag.since(startedAt)) return { outcome: 'inconclusive' }
    if (signal.aborted) return { outcome: 'timeout' }
    // It has no ping service, and says so: that is an answer.
    if (error instanceof Error && error.name === 'UnsupportedProtocolError')
      return { outcome: 'answered', rttMs: performance.now() - startedAt }
    if (host.status !== 'started' || ownFault(error)) return { outcome: 'inconclusive' }
    return { outcome: mentions(error, 'ECONNREFUSED') ? 'refused' : 'other' }
  }
}

/** Another ping was under way, or too many dials: that says nothing about the peer. */
function ownFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'TooManyOutboundProtocolStreamsError' || error.message.includes('Dial queue is full')
}

function mentions(error: unknown, code: string): boolean {
  if (error instanceof AggregateError && error.errors.some(inner => mentions(inner, code))) return true
  return error instanceof Error && error.message.includes(code)
}
