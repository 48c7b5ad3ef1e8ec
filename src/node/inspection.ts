import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { host as limits, identifyTimeoutMs } from '#src/settings.ts'
import { dialAny } from './dial-any.ts'
import { connectionTo, createHost } from './host.ts'
import { newKey } from './key-file.ts'
import { pingPeer } from './pinger.ts'
import type { Connection } from '@libp2p/interface'
import type { Host } from './host.ts'

/** What a libp2p node tells anybody who asks. Texts as it sent them. */
export interface Inspection {
  readonly id: string
  /** Kind of its key, such as `Ed25519`. */
  readonly keyType: string
  /** Undefined when it does not speak identify. */
  readonly identity:
    | {
        readonly agent: string
        readonly protocolVersion: string
        readonly protocols: readonly string[]
        /** Where it says that it listens. */
        readonly addresses: readonly string[]
      }
    | undefined
  /** Round trips of pings one after another, in ms; fewer than asked for when one failed. */
  readonly latenciesMs: readonly number[]
}

const pings = 5

/** Dials a libp2p node as a stranger, asks it who it is, pings it, and hangs up. @throws {AddressError} {DialError} */
export async function inspect(address: string): Promise<Inspection> {
  return visit(address, async (host, connection) => {
    const id = connection.remotePeer.toString()
    const signal = AbortSignal.timeout(identifyTimeoutMs)
    const found = await host.services.identify.identify(connection, { signal }).catch(() => undefined)
    const latenciesMs: number[] = []
    for (let left = pings; left > 0; left--) {
      const { rttMs } = await pingPeer(host, id, [])
      if (rttMs === undefined) break
      latenciesMs.push(rttMs)
    }
    const identity = found && {
      agent: found.agentVersion ?? '',
      protocolVersion: found.protocolVersion ?? '',
      protocols: found.protocols,
      addresses: found.listenAddrs.map(String)
    }
    return { id, keyType: connection.remotePeer.type, identity, latenciesMs }
  })
}

/** What became of one ping: its round trip in ms, or why there is none. */
export type Pong = { readonly rttMs: number } | { readonly reason: string }

/**
 * Dials a libp2p node as a stranger and pings it again and again, dialling anew when it has hung up.
 * @param onMet told the id of the node
 * @param onPong told what became of each ping; resolves when the next one is due, with false if there is to be none
 * @throws {AddressError} {DialError} when it cannot be reached the first time
 */
export async function pingAgain(
  address: string,
  onMet: (id: string) => void,
  onPong: (pong: Pong) => Promise<boolean>
): Promise<void> {
  await visit(address, async (host, { remotePeer }) => {
    const id = remotePeer.toString()
    onMet(id)
    const once = async (): Promise<Pong> => {
      try {
        if (connectionTo(host, id) === undefined) await dialAny(host, address, exchangeMsMax)
        const { rttMs, outcome } = await pingPeer(host, id, [])
        return rttMs === undefined ? { reason: reasons[outcome] ?? outcome } : { rttMs }
      } catch (error) {
        return { reason: error instanceof Error ? error.message : String(error) }
      }
    }
    while (await onPong(await once()));
  })
}

const reasons: Record<string, string> = {
  timeout: 'no answer in time',
  other: 'it hung up',
  inconclusive: 'could not be sent'
}

/** Dials a node from a host of its own, which listens nowhere, and hangs up when `use` is done. */
async function visit<Result>(
  address: string,
  use: (host: Host, connection: Connection) => Promise<Result>
): Promise<Result> {
  const host = await createHost({
    key: await newKey(),
    listen: [],
    connectionsMax: limits.peerConnectionsMax,
    onFault: () => {}
  })
  try {
    return await use(host, await dialAny(host, address, exchangeMsMax))
  } finally {
    for (const connection of host.getConnections()) await connection.close().catch(() => {})
    await host.stop()
  }
}
