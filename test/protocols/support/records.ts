import { RecordDecoder, RecordEncoder } from '#protocols/gossip/codec.ts'
import { signBatch } from '#protocols/gossip/signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { ada, adaKey } from './peers.ts'
import type { Batch, GossipRecord } from '#protocols/gossip/messages.ts'

export const key = signingKey(adaKey.raw)
export const source = { origin: ada, epoch: 1 }

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A batch of ada's, signed. */
export function batchOf(sequence: number, ...texts: string[]): Batch {
  const payloads = (texts.length === 0 ? ['hello'] : texts).map(bytesOf)
  return signBatch(source, sequence, { number: sequence, time: 2, originName: 'ada', payloads }, key)
}

export function carried(sequence: number, ...texts: string[]): GossipRecord {
  return { type: 'batch', batch: batchOf(sequence, ...texts), hops: 1 }
}

/** The payloads of a stream on which only these records are said. */
export function encoded(...records: GossipRecord[]): Uint8Array[] {
  const encoder = new RecordEncoder()
  return records.flatMap(record => encoder.encode(record))
}

/** What the payloads of a stream say. */
export function decoded(payloads: Iterable<Uint8Array>): GossipRecord[] {
  const decoder = new RecordDecoder()
  return [...payloads].flatMap(payload => decoder.decode(payload) ?? [])
}
