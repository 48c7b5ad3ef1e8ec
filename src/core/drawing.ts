import type { PeerRecord } from '#protocols/peer-record.ts'

/**
 * Records of different peers, as `candidate` draws them, and none of those in `taken`, to whom they are added.
 * @param find the record of a peer; none, if it is not wanted
 */
export function drawRecords<Peer>(
  wanted: number,
  taken: Set<Peer>,
  candidate: () => Peer | undefined,
  find: (peer: Peer) => PeerRecord<Peer> | undefined
): PeerRecord<Peer>[] {
  const drawn: PeerRecord<Peer>[] = []
  // Where most are taken, as in a small network, some draws hit nobody new.
  for (let tries = 4 * wanted + taken.size; drawn.length < wanted && tries > 0; tries--) {
    const peer = candidate()
    const record = peer === undefined || taken.has(peer) ? undefined : find(peer)
    if (peer === undefined || record === undefined) continue
    taken.add(peer)
    drawn.push(record)
  }
  return drawn
}
