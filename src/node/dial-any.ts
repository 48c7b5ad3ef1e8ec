import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Connection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Host } from './host.ts'

/** What should be an address is none. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
}

/** A libp2p node could not be reached. The message says why, and what to do. */
export class DialError extends Error {
  override readonly name = 'DialError'
}

/**
 * Reads what somebody has typed as the address of a node.
 * @throws {AddressError}
 */
export function parseAddress(text: string): Multiaddr {
  try {
    const address = multiaddr(text)
    const components = address.getComponents()
    // What stands behind /p2p is not looked at before it is dialled.
    for (const { name, value } of components) if (name === 'p2p') peerIdFromString(value ?? '')
    if (components.length > 0) return address
  } catch (error) {
    throw notAnAddress(text, error)
  }
  throw notAnAddress(text, undefined)
}

/**
 * Dials any libp2p node, with or without its identity in the address.
 * @throws {AddressError} {DialError} when it cannot be reached, speaks another transport, or is not the one that the address names
 */
export async function dialAny(host: Host, text: string, timeoutMs: number): Promise<Connection> {
  const address = parseAddress(text)
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    return await host.dial(address, { signal })
  } catch (error) {
    const why = signal.aborted ? `no answer within ${timeoutMs / 1_000} s` : reason(error)
    throw new DialError(`cannot connect to ${text}: ${why}`, { cause: error })
  }
}

function notAnAddress(text: string, cause: unknown): AddressError {
  const examples = '/ip4/192.0.2.7/tcp/4001 or /ip4/192.0.2.7/tcp/4001/p2p/12D3KooW…'
  return new AddressError(`${JSON.stringify(text)} is no multiaddr: write one such as ${examples}`, { cause })
}

/** The peer id of whoever answered, if a dial failed because it is not the one that the address names. */
export function whoAnswered(error: unknown): string | undefined {
  // A host name may lead to several addresses, each of which was tried.
  if (error instanceof AggregateError) return error.errors.map(whoAnswered).find(id => id !== undefined)
  const message = error instanceof Error ? error.message : ''
  return /identity key (\w+) does not match expected remote identity key/.exec(message)?.[1]
}

/** What libp2p's errors mean to somebody who has typed an address. */
function reason(error: unknown): string {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  const stranger = whoAnswered(error)
  if (stranger !== undefined)
    return `another node answers there, ${stranger}: if that is the one you mean, correct the end of the address`
  if (message.includes('Can not dial self')) return 'it is the address of this node itself'
  if (message.includes('ECONNREFUSED')) return 'nobody listens there (connection refused)'
  if (message.includes('aborted due to timeout'))
    return name === 'EncryptionFailedError' ? 'it takes connections, but does not answer' : 'no answer in time'
  if (message.includes('ECONNRESET') || message.includes('Unexpected EOF'))
    return 'it hangs up at once: it refuses us, or is no libp2p node'
  if (message.includes('ENOTFOUND')) return 'its host name is not known'
  if (name === 'NoValidAddressesError') return 'only addresses with a host and a TCP port can be dialled'
  if (name === 'EncryptionFailedError') return `it does not speak libp2p with noise (${message})`
  if (name === 'MuxerUnavailableError') return `it does not speak yamux (${message})`
  return message
}
