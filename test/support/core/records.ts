import type { PeerRecord } from '#protocols/peer-record.ts'

/** A record of a peer that is called p1, p2 … unless it has chosen another name. */
export function recordOf(id: number, name = `p${id}`): PeerRecord<number> {
  return { id, name, addresses: [`/ip4/192.0.2.1/tcp/${1000 + id}`] }
}
