import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

const sockets = new Set<Socket>()

// Node names every TCP socket here, on either side. The channel to the parent process is none.
for (const side of ['net.client.socket', 'net.server.socket']) {
  subscribe(side, event => sockets.add((event as { readonly socket: Socket }).socket))
}

/** Bytes that this process has handed to TCP so far; without the headers of TCP and IP. To be imported before libp2p. */
export function socketBytes(): number {
  return [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)
}
