import type { Peer } from '#src/index.ts'

/** The peer with this name. @throws when there is none */
export function named(peers: readonly Peer[], name: string): Peer {
  const found = peers.find(peer => peer.name === name)
  if (found === undefined) throw new Error(`no peer ${name}`)
  return found
}
