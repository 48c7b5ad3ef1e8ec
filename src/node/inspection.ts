import { exchangeMsMax } from '#protocols/streams/exchange.ts'
import { host as limits, identifyTimeoutMs } from '#src/settings.ts'
import { dialAny } from './dial-any.ts'
import { createHost } from './host.ts'
import { newKey } from './key-file.ts'
import { pingPeer } from './pinger.ts'

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
  const host = await createHost({
    key: await newKey(),
    listen: [],
    connectionsMax: limits.peerConnectionsMax,
    onFault: () => {}
  })
  try {
    const connection = await dialAny(host, address, exchangeMsMax)
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
  } finally {
    for (const connection of host.getConnections()) await connection.close().catch(() => {})
    await host.stop()
  }
}
