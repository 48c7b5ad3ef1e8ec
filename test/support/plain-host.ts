import { createHost } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Host } from '#src/node/host.ts'

/** A node on loopback with none of our protocols, under its own new key if no other is given. Whoever starts it stops it. */
export async function plainHost(key?: Ed25519PrivateKey): Promise<Host> {
  const listen = ['/ip4/127.0.0.1/tcp/0']
  return createHost({ key: key ?? (await newKey()), listen, connectionsMax: 10, onFault: () => {} })
}

/** Where it can be dialled, without its identity, as records have it. */
export function addressesOf(host: Host): string[] {
  return host.getMultiaddrs().map(address => address.decapsulate('/p2p').toString())
}
