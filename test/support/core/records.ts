import type { PeerRecord } from '#protocols/peer-record.ts'

const unsigned = new Uint8Array()

/** A record of a peer that is called p1, p2 … unless it has chosen another name. The core takes records for authentic. */
export function recordOf(id: number, name = `p${id}`, epoch = 1): PeerRecord<number> {
  return { id, name, addresses: [`/ip4/192.0.2.1/tcp/${1000 + id}`], epoch, seq: 1, signature: unsigned }
}

/** The id of a network: nobody in the core looks at it. */
export const network = ''
