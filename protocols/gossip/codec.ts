import { fromString } from 'uint8arrays/from-string'
import * as wire from './generated/gossip.ts'
import { MalformedMessageError } from '../streams/errors.ts'
import { decodeCount, decodeName, decodePeerId, decodeText, decoding, encodePeerId } from '../values.ts'
import { batchMessagesMax, boostMsMax, handlesMax, hopsMax, payloadBytesMax, spansMax } from './messages.ts'
import type { Batch, GossipRecord, Mode, Source, Span } from './messages.ts'

const signatureBytes = 64
const uint32Max = 2 ** 32 - 1

/** What the origin says of a batch and signs. */
export type BatchContent = Pick<Batch, 'number' | 'time' | 'originName' | 'payloads'>

export function encodeContent({ number, time, originName, payloads }: BatchContent): Uint8Array {
  return wire.BatchContent.encode({ number, time, originName: fromString(originName), payloads: [...payloads] })
}

/**
 * The records of one stream as bytes. Sources are numbered as they come up: an id of 38 bytes travels once a stream, and a record that
 * names a batch takes ten bytes.
 */
export class RecordEncoder {
  /** By origin and epoch. */
  readonly #handles = new Map<string, Map<number, number>>()
  #handleCount = 0

  /** One payload a frame; more than one when a source comes up for the first time. */
  encode(record: GossipRecord): Uint8Array[] {
    const frames: wire.GossipRecord[] = []
    const encoded = this.#encode(record, frames)
    return [...frames, encoded].map(frame => wire.GossipRecord.encode(frame))
  }

  #encode(record: GossipRecord, definitions: wire.GossipRecord[]): wire.GossipRecord {
    switch (record.type) {
      case 'announce': {
        const { announcement, hops } = record
        const { version, signature } = announcement
        return { announce: { handle: this.#handle(announcement, definitions), version, hops, signature } }
      }
      case 'subscribe': {
        const { source, mode, after, must } = record
        const handle = this.#handle(source, definitions)
        return { subscribe: { handle, mode: modes[mode], after, must } }
      }
      case 'refuse':
        return { refuse: this.#handle(record.source, definitions) }
      case 'batch': {
        const { batch, hops, flood = false } = record
        const { sequence, signed, signature } = batch
        return { batch: { handle: this.#handle(batch, definitions), sequence, hops, signed, signature, flood } }
      }
      case 'have':
        return { have: this.#spans(record.spans, definitions, record.all) }
      case 'want':
        return { want: this.#spans(record.spans, definitions) }
      case 'boost':
        return { boost: record.ms, ...(record.lost && { lost: true }) }
      case 'probe':
        return { alive: true }
      case 'alive':
        return { alive: false }
    }
  }

  #spans(spans: readonly Span[], definitions: wire.GossipRecord[], all = false): wire.Spans {
    // All of them, or none: a table that starts anew half-way would take the first ones' meaning.
    if (this.#handleCount + spans.length > handlesMax) this.#beginAnew()
    return {
      all,
      spans: spans.map(span => ({
        handle: this.#handle(span, definitions),
        from: span.from,
        more: span.to - span.from
      }))
    }
  }

  #handle({ origin, epoch }: Source, definitions: wire.GossipRecord[]): number {
    const known = this.#handles.get(origin)?.get(epoch)
    if (known !== undefined) return known
    if (this.#handleCount >= handlesMax) this.#beginAnew()
    const handle = ++this.#handleCount
    const epochs = this.#handles.get(origin)
    if (epochs === undefined) this.#handles.set(origin, new Map([[epoch, handle]]))
    else epochs.set(epoch, handle)
    definitions.push({ define: { handle, origin: encodePeerId(origin), epoch } })
    return handle
  }

  #beginAnew(): void {
    this.#handles.clear()
    this.#handleCount = 0
  }
}

const modes: Record<Mode, wire.Subscription.Mode> = {
  none: wire.Subscription.Mode.NONE,
  lazy: wire.Subscription.Mode.LAZY,
  watch: wire.Subscription.Mode.WATCH,
  eager: wire.Subscription.Mode.EAGER
}

/** The other end of a `RecordEncoder`. One for each stream. */
export class RecordDecoder {
  readonly #sources: Source[] = []

  /** The record, its signature not yet checked; nothing, if the payload only numbers a source. @throws {MalformedMessageError} */
  decode(bytes: Uint8Array): GossipRecord | undefined {
    return decoding('gossip record', () => this.#decode(wire.GossipRecord.decode(bytes)))
  }

  #decode(record: wire.GossipRecord): GossipRecord | undefined {
    const { define, announce, subscribe, refuse, batch, have, want, boost, alive } = record
    if (batch !== undefined) {
      return { type: 'batch', batch: this.#batch(batch), hops: hops(batch.hops), ...(batch.flood && { flood: true }) }
    }
    if (have !== undefined) return { type: 'have', spans: this.#spans(have), ...(have.all && { all: true }) }
    if (want !== undefined) return { type: 'want', spans: this.#spans(want) }
    if (subscribe !== undefined) {
      const { handle, mode, after, must } = subscribe
      const source = this.#source(handle)
      return { type: 'subscribe', source, mode: modeOf(mode), after: decodeCount(after, 'after', uint32Max), must }
    }
    if (announce !== undefined) {
      const version = ordinal(announce.version, 'version')
      const announcement = { ...this.#source(announce.handle), version, signature: signature(announce.signature) }
      return { type: 'announce', announcement, hops: hops(announce.hops) }
    }
    if (refuse !== undefined) return { type: 'refuse', source: this.#source(refuse) }
    if (boost !== undefined) {
      return { type: 'boost', ms: decodeCount(boost, 'boost', boostMsMax), ...(record.lost === true && { lost: true }) }
    }
    if (alive !== undefined) return { type: alive ? 'probe' : 'alive' }
    if (define === undefined) throw new MalformedMessageError('gossip record of unknown type')
    this.#define(define)
    return undefined
  }

  #define({ handle, origin, epoch }: wire.Definition): void {
    if (handle === 1) this.#sources.length = 0
    if (handle !== this.#sources.length + 1 || handle > handlesMax) {
      throw new MalformedMessageError(`handle ${handle} after ${this.#sources.length}`)
    }
    const source = {
      origin: decodePeerId(origin, 'origin'),
      epoch: decodeCount(epoch, 'epoch', Number.MAX_SAFE_INTEGER)
    }
    this.#sources.push(source)
  }

  #source(handle: number): Source {
    const source = this.#sources[handle - 1]
    if (source === undefined) throw new MalformedMessageError(`handle ${handle} stands for nothing`)
    return source
  }

  #spans({ spans }: wire.Spans): Span[] {
    if (spans.length > spansMax) throw new MalformedMessageError(`more than ${spansMax} spans`)
    return spans.map(({ handle, from, more }) => {
      const first = ordinal(from, 'first sequence')
      return { ...this.#source(handle), from: first, to: first + decodeCount(more, 'span', uint32Max - first) }
    })
  }

  #batch(carried: wire.CarriedBatch): Batch {
    const { signed } = carried
    const content = wire.BatchContent.decode(signed, { limits: { payloads: batchMessagesMax } })
    const number = decodeCount(content.number, 'number', Number.MAX_SAFE_INTEGER - batchMessagesMax)
    if (number === 0) throw new MalformedMessageError('messages are numbered from 1')
    const { originName, payloads } = content
    if (payloads.length === 0) throw new MalformedMessageError('batch without a message')
    let bytes = 0
    for (const { byteLength } of payloads) bytes += byteLength
    if (bytes > payloadBytesMax) throw new MalformedMessageError(`payloads of ${bytes} bytes`)
    const { origin, epoch } = this.#source(carried.handle)
    return {
      origin,
      epoch,
      sequence: ordinal(carried.sequence, 'sequence'),
      number,
      time: decodeCount(content.time, 'time', Number.MAX_SAFE_INTEGER),
      originName: originName.byteLength === 0 ? '' : nameOf(originName),
      payloads,
      signed,
      signature: signature(carried.signature)
    }
  }
}

function modeOf(mode: wire.Subscription.Mode | undefined): Mode {
  switch (mode) {
    case wire.Subscription.Mode.EAGER:
      return 'eager'
    case wire.Subscription.Mode.WATCH:
      return 'watch'
    case wire.Subscription.Mode.LAZY:
      return 'lazy'
    case wire.Subscription.Mode.NONE:
    case undefined:
      return 'none'
  }
}

function nameOf(bytes: Uint8Array): string {
  return decodeName(decodeText(bytes, 'name of the origin', payloadBytesMax), 'name of the origin')
}

function ordinal(value: number, field: string): number {
  const count = decodeCount(value, field, uint32Max)
  if (count === 0) throw new MalformedMessageError(`${field} counts from 1`)
  return count
}

/** At least one link has been crossed: the one it came by. */
function hops(value: number): number {
  const count = decodeCount(value, 'hops', hopsMax)
  if (count === 0) throw new MalformedMessageError('hops count from 1')
  return count
}

function signature(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength !== signatureBytes) throw new MalformedMessageError('signature is not 64 bytes long')
  return bytes
}
