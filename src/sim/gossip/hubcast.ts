import { GossipEngine } from '#src/core/gossip/engine.ts'
import { gossip } from '#src/gossip-settings.ts'
import type { Batch, GossipRecord, OriginAnnouncement, Source } from '#protocols/gossip/messages.ts'
import type { Signatures } from '#src/core/gossip/engine.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Network } from './network.ts'
import type { System } from './system.ts'

/** What the records cost on the wire, in bytes: a batch without its payload, lists without what is in them. */
const batchBytes = 92
const announceBytes = 80
const modeBytes = 9
const listBytes = 4
const spanBytes = 8
const boostBytes = 4
const signBytes = 3

/** All that has bytes in it has these: nothing is encoded here, and sizes are reckoned. */
const noBytes = new Uint8Array()
const payloads = [noBytes]
const epoch = 1

/** A batch that knows which message it is. */
interface Message extends Batch<number> {
  readonly message: number
}

/** The very engine of the peers, one for each of them. */
export class Hubcast implements System<GossipRecord<number>> {
  readonly #network: Network<GossipRecord<number>>
  readonly #payloadBytes: number
  readonly #hosts: readonly Host[]
  readonly #engines: GossipEngine<number>[] = []
  /** Who is speaking: the engines share one output, which only enqueues. */
  #speaker = 0
  #isNew = false

  constructor(network: Network<GossipRecord<number>>, payloadBytes: number) {
    this.#network = network
    this.#payloadBytes = payloadBytes
    const { first, target, peers } = network.links
    this.#hosts = Array.from(
      { length: peers },
      (_, peer) => new Host(peer, Array.from(target.subarray(first[peer], first[peer + 1])))
    )
  }

  start(now: Millis): void {
    const origins = new Set(this.#network.traffic.origin)
    for (const host of this.#hosts) {
      const engine = new GossipEngine(host, host, host, gossip, this.#network.random)
      if (origins.has(host.origin)) engine.prepare()
      this.#engines.push(engine)
    }
    for (const [peer, { linked }] of this.#hosts.entries()) {
      for (const neighbour of linked) this.#with(peer, engine => engine.neighbourUp(neighbour, now, this))
    }
  }

  stop(): void {
    this.#engines.length = 0
  }

  publish(peer: number, message: number, now: Millis): void {
    const sequence = this.#network.traffic.sequence[message] as number
    const batch: Message = {
      origin: peer,
      epoch,
      sequence,
      number: sequence,
      time: now,
      originName: '',
      payloads,
      signed: noBytes,
      signature: noBytes,
      message
    }
    this.#with(peer, engine => engine.publish(batch, now, this))
  }

  receive(end: number, record: GossipRecord<number>, now: Millis): void {
    this.#isNew = false
    const { owner, target } = this.#network.links
    const engine = this.#speak(owner[end] as number)
    engine.receive(target[end] as number, record, now, this)
    if (record.type === 'batch' && !this.#isNew) this.#network.duplicate()
    this.#network.setAlarm(this.#speaker, engine.wakeAt)
  }

  wake(peer: number, now: Millis): void {
    this.#with(peer, engine => engine.wake(now, this))
  }

  linkUp(end: number, now: Millis): void {
    const { owner, target } = this.#network.links
    const [peer, other] = [owner[end] as number, target[end] as number]
    this.#hosts[peer]?.linked.push(other)
    this.#with(peer, engine => engine.neighbourUp(other, now, this))
  }

  linkDown(end: number, now: Millis): void {
    const { owner, target } = this.#network.links
    const [peer, other] = [owner[end] as number, target[end] as number]
    const host = this.#hosts[peer]
    if (host !== undefined) host.linked = host.linked.filter(linked => linked !== other)
    this.#with(peer, engine => engine.neighbourDown(other, true, now, this))
  }

  congested(end: number, isCongested: boolean, now: Millis): void {
    const { owner, target } = this.#network.links
    if (!isCongested) this.#with(owner[end] as number, engine => engine.drained(target[end] as number, now, this))
  }

  /** What the engine that is speaking wants sent. Returns whether the other keeps up. */
  send(to: number, record: GossipRecord<number>): boolean {
    const end = this.#network.links.between(this.#speaker, to)
    const message = record.type === 'batch' ? (record.batch as Message).message : undefined
    this.#network.send(end, record, this.#bytesOf(record), message)
    return !this.#network.isCongested(end)
  }

  /** What has come to the engine that is speaking for the first time. */
  deliver(batch: Batch<number>, hops: number): void {
    this.#isNew = true
    this.#network.deliver(this.#speaker, (batch as Message).message, hops)
  }

  #with(peer: number, input: (engine: GossipEngine<number>) => void): void {
    const engine = this.#speak(peer)
    input(engine)
    this.#network.setAlarm(peer, engine.wakeAt)
  }

  #speak(peer: number): GossipEngine<number> {
    this.#speaker = peer
    return this.#engines[peer] as GossipEngine<number>
  }

  #bytesOf(record: GossipRecord<number>): number {
    switch (record.type) {
      case 'batch':
        return batchBytes + this.#payloadBytes
      case 'announce':
        return announceBytes
      case 'subscribe':
      case 'refuse':
        return modeBytes
      case 'have':
      case 'want':
        return listBytes + spanBytes * record.spans.length
      case 'boost':
        return boostBytes
      case 'probe':
      case 'alive':
        return signBytes
    }
  }
}

/** What an engine is to know of the peer that it belongs to: who it is, and with whom it is linked. Nobody lies here. */
class Host implements Source<number>, Signatures<number> {
  readonly origin: number
  readonly epoch = epoch
  linked: number[]

  constructor(origin: number, linked: number[]) {
    this.origin = origin
    this.linked = linked
  }

  announcement(version: number): OriginAnnouncement<number> {
    return { origin: this.origin, epoch, version, signature: noBytes }
  }

  isAuthentic(): boolean {
    return true
  }
}
