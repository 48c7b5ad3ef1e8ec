import type { Peer, TestNetwork } from '#src/index.ts'

/**
 * Ends these peers at the same moment, as SIGKILL would. A node takes a while to end and may answer a last ping meanwhile, after
 * its links have broken; a dead process does not, so it falls silent first.
 */
export async function crash(network: TestNetwork, ...peers: Peer[]): Promise<void> {
  for (const peer of peers) network.pause(peer)
  await Promise.all(peers.map(async peer => network.kill(peer)))
}
