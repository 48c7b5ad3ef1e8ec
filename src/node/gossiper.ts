import { GossipStreams } from '#protocols/gossip/service.ts'
import { SignatureCheck, signAnnouncement, signBatch } from '#protocols/gossip/signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { ForgedMessageError } from '#protocols/streams/errors.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { GossipEngine } from '#src/core/gossip/engine.ts'
import { gossip as settings } from '#src/gossip-settings.ts'
import { originKeysMax } from '#src/settings.ts'
import { logger } from '@libp2p/logger'
import { Publisher } from './publisher.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Batch, GossipRecord, OriginAnnouncement, Source } from '#protocols/gossip/messages.ts'
import type { OnFault, OpenStream, StreamHost } from '#protocols/streams/exchange.ts'
import type { GossipOutput, Verdict } from '#src/core/gossip/engine.ts'
import type { Driver } from './driver.ts'

const debug = logger('hubcast:gossip')

/** Signature checks at a time; while there are so many, nothing more is read. Keeps all threads busy. */
const checksMax = 64

/**
 * Batches that come closer together than this are many, in ms. Measured, 30 nodes in one process: 15 bring a tenth more through than 5 when
 * the process is busy, and the CPU time of a message is the same.
 */
const aloneMs = 15

export interface GossiperOptions {
  /** Peer id of the key. */
  readonly id: string
  readonly key: Ed25519PrivateKey
  /** The name under which the peer is registered; empty if there are no names. */
  readonly name: string
  readonly driver: Driver
  /** Whether it is known that the peer will publish. */
  readonly willPublish?: boolean
  readonly neighbours: { readonly linked: readonly string[] }
  /** Whether gossip is taken from a peer that opens a stream. */
  isNeighbour(peer: string): boolean
  /** Whether a batch is what this network speaks of, beside being signed; one that is not costs the neighbour its stream. */
  isWellFormed?(batch: Batch): boolean
  /** @param from the neighbour that brought it */
  onBatch(batch: Batch, hops: number, from: string): void
  /** Asked about each batch that is signed and well-formed before it is delivered and passed on. */
  validate?(batch: Batch): Promise<Verdict>
  onUnreachable(peer: string, how: 'ended' | 'broken'): void
  readonly onFault: OnFault
}

/** What has gone through since the start. */
export interface GossipCounts {
  /** Batches received, known ones included. */
  received: number
  /** Of those, the ones that were known. */
  duplicates: number
  /** Batches sent, once for each neighbour that they were sent to. */
  batchesSent: number
}

/** The gossip of one node: the engine, its streams, and what the node says itself. */
export class Gossiper {
  readonly #options: GossiperOptions
  readonly #driver: Driver
  readonly #engine: GossipEngine<string>
  readonly #streams: GossipStreams
  readonly #publisher: Publisher
  readonly #source: Source
  readonly #key: ReturnType<typeof signingKey>
  readonly #out: GossipOutput<string>
  readonly #signatures = new SignatureCheck(originKeysMax)
  /** Batches whose signatures are being checked, and who waits until there are fewer. */
  #checking = 0
  #checkedAt = Number.NEGATIVE_INFINITY
  #waiting: (() => void)[] = []
  /** Neighbours that read more slowly than we write. */
  readonly #behind = new Set<string>()
  readonly counts: GossipCounts = { received: 0, duplicates: 0, batchesSent: 0 }
  #sequence = 0

  constructor(options: GossiperOptions) {
    const { id, key, driver, neighbours } = options
    this.#options = options
    this.#driver = driver
    this.#key = signingKey(key.raw)
    // The start of this process as origin: a restarted one numbers its batches from 1 again.
    this.#source = { origin: id, epoch: Date.now() }
    const signatures = {
      announcement: (version: number) => signAnnouncement(this.#source, version, this.#key),
      isAuthentic: (announcement: OriginAnnouncement) => this.#signatures.check(announcement)
    }
    this.#engine = new GossipEngine(this.#source, neighbours, signatures, settings, Math.random)
    if (options.willPublish === true) this.#engine.prepare()
    this.#streams = new GossipStreams({
      isNeighbour: peer => options.isNeighbour(peer),
      onRecord: (from, record) => this.#onRecord(from, record),
      onCaughtUp: peer => this.#onCaughtUp(peer),
      onUnreachable: (peer, how) => options.onUnreachable(peer, how),
      onFault: options.onFault
    })
    this.#publisher = new Publisher(
      (payloads, number) => this.#send(payloads, number),
      // A few slow neighbours are served by others; when most of them are behind, it is we who say too much.
      () => this.#behind.size <= neighbours.linked.length / 2
    )
    this.#out = {
      send: (to, record) => this.#sendTo(to, record),
      deliver: (batch, hops, from) => options.onBatch(batch, hops, from),
      examine: (batch, from) => void this.#examine(batch, from)
    }
    driver.drive(this.#engine, this.#out)
  }

  /** The start of this process, Unix time in ms. */
  get epoch(): number {
    return this.#source.epoch
  }

  async start(host: StreamHost): Promise<void> {
    await this.#streams.start(host)
  }

  /** @throws {RangeError} for a payload that is empty or longer than 64 KiB {BusyNetworkError} */
  publish(payload: Uint8Array): { readonly number: number; readonly accepted: Promise<void> } {
    return this.#publisher.publish(payload)
  }

  /** A link stands. */
  open(peer: string, open: OpenStream): void {
    this.#streams.open(peer, open)
    this.#driver.input(now => this.#engine.neighbourUp(peer, now, this.#out))
  }

  /** @param broken whether the link went without a word */
  close(peer: string, broken: boolean): void {
    this.#streams.close(peer)
    this.#behind.delete(peer)
    this.#driver.input(now => this.#engine.neighbourDown(peer, broken, now, this.#out))
    this.#publisher.flush()
  }

  #send(payloads: readonly Uint8Array[], number: number): void {
    const content = { number, time: Date.now(), originName: this.#options.name, payloads }
    const batch = signBatch(this.#source, ++this.#sequence, content, this.#key)
    this.#driver.input(now => this.#engine.publish(batch, now, this.#out))
  }

  #sendTo(peer: string, record: GossipRecord): boolean {
    debug('%s to %s', record.type, peer)
    if (record.type === 'batch') this.counts.batchesSent++
    const room = this.#streams.send(peer, record)
    if (!room) this.#behind.add(peer)
    return room
  }

  #onCaughtUp(peer: string): void {
    this.#behind.delete(peer)
    this.#driver.input(now => this.#engine.drained(peer, now, this.#out))
    this.#publisher.flush()
  }

  /** Resolves when more can be taken. */
  async #onRecord(from: string, record: GossipRecord): Promise<void> {
    debug('%s from %s', record.type, from)
    const receipt = this.#driver.request(now => this.#engine.receive(from, record, now, this.#out))
    if (record.type === 'batch') {
      this.counts.received++
      if (receipt === 'duplicate') this.counts.duplicates++
    }
    if (receipt === 'forged') throw new ForgedMessageError(`a ${record.type} is not what its origin has signed`)
    if (this.#checking >= checksMax) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  async #examine(batch: Batch, from: string): Promise<void> {
    let verdict: Verdict = 'ignore'
    this.#checking++
    try {
      verdict = (await this.#isAuthentic(batch)) ? 'accept' : 'forged'
    } finally {
      this.#checking--
      for (const resume of this.#waiting.splice(0)) resume()
    }
    try {
      if (verdict === 'accept') verdict = (await this.#options.validate?.(batch)) ?? 'accept'
    } catch (error) {
      verdict = 'ignore'
      this.#options.onFault(batch.origin, 'validation', asError(error))
    }
    this.#driver.input(now => this.#engine.judged(batch, verdict, now, this.#out))
    if (verdict === 'forged')
      this.#streams.refuse(from, new ForgedMessageError('a batch is not what its origin has signed'))
  }

  /** One now and then is checked at once: handing it to another thread would cost nearly as much as the check. */
  async #isAuthentic(batch: Batch): Promise<boolean> {
    if (this.#options.isWellFormed?.(batch) === false) return false
    const now = performance.now()
    const isAlone = now - this.#checkedAt > aloneMs
    this.#checkedAt = now
    return isAlone ? this.#signatures.check(batch) : this.#signatures.checkAside(batch)
  }
}
