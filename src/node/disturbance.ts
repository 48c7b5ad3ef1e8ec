import type { ConnectionGater, MultiaddrConnection, PeerId } from '@libp2p/interface'

/**
 * Faults of the network, made on purpose for tests and demonstrations: a node that falls silent, and nodes that cannot reach each
 * other. Bytes of a silenced connection wait and are not lost, as TCP has it.
 */
export class Disturbance {
  /** Open connections, with the peer at the other end once it is known. */
  readonly #connections = new Map<MultiaddrConnection, string | undefined>()
  #silent = false
  #cutOff: ReadonlySet<string> = new Set()

  /** To be asked about each connection of the node. */
  readonly gater: ConnectionGater = {
    denyInboundConnection: connection => this.#opened(connection),
    denyOutboundConnection: (_peer, connection) => this.#opened(connection),
    denyInboundEncryptedConnection: peer => this.#cutOff.has(peer.toString()),
    denyOutboundEncryptedConnection: peer => this.#cutOff.has(peer.toString()),
    denyInboundUpgradedConnection: (peer, connection) => this.#known(peer, connection),
    denyOutboundUpgradedConnection: (peer, connection) => this.#known(peer, connection)
  }

  /** Whether the node hears anything at all. */
  set silent(silent: boolean) {
    this.#silent = silent
    this.#apply()
  }

  /** Ids of the nodes that this one cannot reach. */
  set cutOff(peers: ReadonlySet<string>) {
    this.#cutOff = peers
    this.#apply()
  }

  #opened(connection: MultiaddrConnection): boolean {
    this.#connections.set(connection, undefined)
    connection.addEventListener('close', () => this.#connections.delete(connection))
    if (this.#silent) connection.pause()
    return false
  }

  #known(peer: PeerId, connection: MultiaddrConnection): boolean {
    this.#connections.set(connection, peer.toString())
    return false
  }

  #apply(): void {
    for (const [connection, peer] of this.#connections) {
      if (connection.status !== 'open') continue
      if (this.#silent || (peer !== undefined && this.#cutOff.has(peer))) connection.pause()
      else connection.resume()
    }
  }
}
