import { sample } from '#src/core/random.ts'
import { envelopeBytes } from './flood.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Network } from './network.ts'
import type { System } from './system.ts'

/** Neighbours in the mesh: as many as there should be, the fewest and the most. Here and below: the specification's own values. */
const meshWanted = 6
const meshMin = 4
const meshMax = 12
/** Neighbours outside of the mesh that are told what there is: so many, or this share of them if that is more. */
const lazyMin = 6
const lazyShare = 0.25
const heartbeatMs = 1_000
/** Heartbeats for which a message is told of, and for which it can be asked for. */
const toldHeartbeats = 3
const keptHeartbeats = 5
/** Time for which whoever was pruned is not grafted again. */
const backoffMs = 60_000

/** What records cost: the id of a message, and what goes with a list of ids, a graft or a prune. */
const idBytes = 34
const controlBytes = 12

/** Hops that fit beside the number of a message. */
const hopsLimit = 256

/** A message, as its number times the limit of hops plus its hops; or something about messages or the mesh. */
export type GossipsubRecord =
  | number
  | { readonly type: 'have'; readonly messages: readonly number[] }
  | { readonly type: 'want'; readonly messages: readonly number[] }
  | { readonly type: 'graft' }
  | { readonly type: 'prune' }

/**
 * Model of gossipsub 1.1 with one topic, without scores, for there is nobody to score: a message goes to the mesh, an own one to all
 * neighbours; at each heartbeat the mesh is mended and some of the others are told what there is. What its implementation in JavaScript
 * sends has no limit for slow readers, so here it has none.
 */
export class Gossipsub implements System<GossipsubRecord> {
  readonly #network: Network<GossipsubRecord>
  readonly #bytes: number
  readonly #peers: number
  /** By ends of links: 1 for those in the mesh of their owner, and until when they must not be grafted. */
  readonly #mesh: Uint8Array
  readonly #backoffUntil: Float64Array
  readonly #heartbeats: Uint32Array
  /** By message and peer: the heartbeat in which it came, counted from 1, and its hops. */
  readonly #seenIn: Uint16Array
  readonly #hops: Uint8Array
  /** What a peer tells of. */
  readonly #recent: readonly number[][]

  constructor(network: Network<GossipsubRecord>, payloadBytes: number) {
    const { peers, ends } = network.links
    this.#network = network
    this.#bytes = envelopeBytes + payloadBytes
    this.#peers = peers
    this.#mesh = new Uint8Array(ends)
    this.#backoffUntil = new Float64Array(ends)
    this.#heartbeats = new Uint32Array(peers).fill(1)
    this.#seenIn = new Uint16Array(peers * network.traffic.messages)
    this.#hops = new Uint8Array(peers * network.traffic.messages)
    this.#recent = Array.from({ length: peers }, () => [])
  }

  start(now: Millis): void {
    const { random } = this.#network
    for (let peer = 0; peer < this.#peers; peer++) this.#network.setAlarm(peer, now + random() * heartbeatMs)
  }

  publish(peer: number, message: number): void {
    this.#see(peer, message, 0)
    for (const end of this.#ends(peer)) this.#sendMessage(end, message)
  }

  receive(end: number, record: GossipsubRecord, now: Millis): void {
    if (typeof record === 'number') this.#onMessage(end, Math.floor(record / hopsLimit), record % hopsLimit)
    else if (record.type === 'graft') this.#onGraft(end, now)
    else if (record.type === 'prune') {
      this.#mesh[end] = 0
      this.#backoffUntil[end] = now + backoffMs
    } else if (record.type === 'have') this.#onHave(end, record.messages)
    else this.#onWant(end, record.messages)
  }

  wake(peer: number, now: Millis): void {
    this.#network.setAlarm(peer, now + heartbeatMs)
    this.#mendMesh(peer, now)
    const heartbeat = this.#heartbeats[peer] as number
    const recent = this.#recent[peer] as number[]
    this.#tell(peer, recent)
    this.#heartbeats[peer] = heartbeat + 1
    const old = recent.findIndex(message => this.#seen(peer, message) > heartbeat + 1 - toldHeartbeats)
    recent.splice(0, old < 0 ? recent.length : old)
  }

  linkUp(): void {}

  linkDown(end: number): void {
    this.#mesh[end] = 0
  }

  congested(): void {}

  #onMessage(end: number, message: number, hops: number): void {
    const { owner, target } = this.#network.links
    const peer = owner[end] as number
    if (this.#seen(peer, message) > 0) {
      this.#network.duplicate()
      return
    }
    this.#see(peer, message, hops)
    this.#network.deliver(peer, message, hops)
    const origin = this.#network.traffic.origin[message]
    for (const other of this.#ends(peer)) {
      if (this.#mesh[other] === 1 && other !== end && target[other] !== origin) this.#sendMessage(other, message)
    }
  }

  #onGraft(end: number, now: Millis): void {
    const peer = this.#network.links.owner[end] as number
    if (this.#mesh[end] === 1) return
    const isFull = this.#ends(peer).filter(other => this.#mesh[other] === 1).length >= meshMax
    if (isFull || (this.#backoffUntil[end] as Millis) > now) this.#prune(end, now)
    else this.#mesh[end] = 1
  }

  #onHave(end: number, messages: readonly number[]): void {
    const peer = this.#network.links.owner[end] as number
    const wanted = messages.filter(message => this.#seen(peer, message) === 0)
    if (wanted.length > 0) this.#sendIds(end, 'want', wanted)
  }

  #onWant(end: number, messages: readonly number[]): void {
    const peer = this.#network.links.owner[end] as number
    const oldest = (this.#heartbeats[peer] as number) - keptHeartbeats
    for (const message of messages) if (this.#seen(peer, message) > oldest) this.#sendMessage(end, message)
  }

  #mendMesh(peer: number, now: Millis): void {
    const ends = this.#ends(peer)
    const mesh = ends.filter(end => this.#mesh[end] === 1)
    if (mesh.length < meshMin) {
      const able = ends.filter(end => this.#mesh[end] === 0 && (this.#backoffUntil[end] as Millis) <= now)
      for (const end of sample(this.#network.random, able, meshWanted - mesh.length)) {
        this.#mesh[end] = 1
        this.#network.send(end, { type: 'graft' }, controlBytes)
      }
    } else if (mesh.length > meshMax) {
      for (const end of sample(this.#network.random, mesh, mesh.length - meshWanted)) this.#prune(end, now)
    }
  }

  #prune(end: number, now: Millis): void {
    this.#mesh[end] = 0
    this.#backoffUntil[end] = now + backoffMs
    this.#network.send(end, { type: 'prune' }, controlBytes)
  }

  #tell(peer: number, recent: readonly number[]): void {
    if (recent.length === 0) return
    const others = this.#ends(peer).filter(end => this.#mesh[end] === 0)
    const told = Math.max(lazyMin, Math.floor(lazyShare * others.length))
    const messages = recent.slice()
    for (const end of sample(this.#network.random, others, told)) this.#sendIds(end, 'have', messages)
  }

  /** The ends of links that stand. */
  #ends(peer: number): number[] {
    const { first } = this.#network.links
    const ends: number[] = []
    const stop = first[peer + 1] as number
    for (let end = first[peer] as number; end < stop; end++) if (this.#network.isUp(end)) ends.push(end)
    return ends
  }

  /** The heartbeat in which a peer got a message, from 1; 0 if it has not. */
  #seen(peer: number, message: number): number {
    return this.#seenIn[message * this.#peers + peer] as number
  }

  #see(peer: number, message: number, hops: number): void {
    const place = message * this.#peers + peer
    this.#seenIn[place] = this.#heartbeats[peer] as number
    this.#hops[place] = hops
    this.#recent[peer]?.push(message)
  }

  #sendMessage(end: number, message: number): void {
    const peer = this.#network.links.owner[end] as number
    const hops = (this.#hops[message * this.#peers + peer] as number) + 1
    this.#network.send(end, message * hopsLimit + hops, this.#bytes, message)
  }

  #sendIds(end: number, type: 'have' | 'want', messages: readonly number[]): void {
    this.#network.send(end, { type, messages }, controlBytes + idBytes * messages.length)
  }
}
