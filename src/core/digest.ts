import { digestBuckets, digestSumLimit } from '#protocols/announcement/messages.ts'
import type { Digest } from '#protocols/announcement/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'

/** The bucket of a peer with this rank key, a number in [0, 1). */
export function bucketOf(rankKey: number): number {
  return Math.floor(rankKey * digestBuckets) % digestBuckets
}

/** A record is as good as the hash of all that it says: its signature. Sums need no order, and one that overflows goes round. */
export function digestOf<Peer>(records: Iterable<PeerRecord<Peer>>, rankOf: (peer: Peer) => number): Digest {
  const sums = Array.from({ length: digestBuckets }, () => 0)
  for (const { id, signature } of records) {
    const bucket = bucketOf(rankOf(id))
    let stamp = 0
    for (let at = 0; at < 6; at++) stamp = stamp * 256 + (signature[at] ?? 0)
    sums[bucket] = ((sums[bucket] ?? 0) + stamp) % digestSumLimit
  }
  return sums
}

/** The buckets in which two digests agree, in ascending order. */
export function sameBuckets(one: Digest, other: Digest): number[] {
  return one.flatMap((sum, bucket) => (sum === other[bucket] ? [bucket] : []))
}
