import { digestBuckets, digestSumLimit } from '#protocols/announcement/messages.ts'
import type { Digest, Joined } from '#protocols/announcement/messages.ts'

const stampBytes = 6

/** The bucket of a peer with this rank key, a number in [0, 1). */
export function bucketOf(rankKey: number): number {
  return Math.floor(rankKey * digestBuckets) % digestBuckets
}

/**
 * A record is as good as the hash of all that it says: its signature, of which one that could be reached gives the first six bytes, and any
 * other one the next six. Sums need no order, and one that overflows goes round.
 */
export function digestOf<Peer>(all: Iterable<Joined<Peer>>, rankOf: (peer: Peer) => number): Digest {
  const sums = Array.from({ length: digestBuckets }, () => 0)
  for (const { record, unreachable } of all) {
    const { id, signature } = record
    const bucket = bucketOf(rankOf(id))
    const from = unreachable === true ? stampBytes : 0
    let stamp = 0
    for (const byte of signature.subarray(from, from + stampBytes)) stamp = stamp * 256 + byte
    sums[bucket] = ((sums[bucket] ?? 0) + stamp) % digestSumLimit
  }
  return sums
}

/** The buckets in which two digests agree, in ascending order. */
export function sameBuckets(one: Digest, other: Digest): number[] {
  return one.flatMap((sum, bucket) => (sum === other[bucket] ? [bucket] : []))
}
