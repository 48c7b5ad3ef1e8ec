import type { PeerRecord } from '#protocols/peer-record.ts'

/** Up to `wanted` of the peers that `draw` gives, without those in `taken`, to which they are added. */
export function drawNew<Peer>(
  wanted: number,
  taken: Set<Peer>,
  draw: () => PeerRecord<Peer> | undefined
): PeerRecord<Peer>[] {
  const drawn: PeerRecord<Peer>[] = []
  // Where most are taken, as in a small network, some draws hit nobody new.
  for (let tries = 4 * wanted + taken.size; drawn.length < wanted && tries > 0; tries--) {
    const record = draw()
    if (record === undefined || taken.has(record.id)) continue
    taken.add(record.id)
    drawn.push(record)
  }
  return drawn
}
