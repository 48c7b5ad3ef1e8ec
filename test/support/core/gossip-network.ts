import { GossipEngine } from '#src/core/gossip/engine.ts'
import { between, seededRandom } from '#src/core/random.ts'
import { gossip as settings } from '#src/gossip-settings.ts'
import { Calendar } from '#src/sim/calendar.ts'
import type { Batch, GossipRecord } from '#protocols/gossip/messages.ts'
import type { GossipOutput } from '#src/core/gossip/engine.ts'
import type { GossipSettings } from '#src/core/gossip/settings.ts'
import type { Random } from '#src/core/random.ts'

const nothing = new Uint8Array()

export function batch(origin: number, sequence: number, more: Partial<Batch<number>> = {}): Batch<number> {
  const content = { originName: `p${origin}`, number: sequence, time: 0, payloads: [nothing] }
  return { origin, epoch: 1, sequence, ...content, signed: nothing, signature: nothing, ...more }
}

export interface GossipNetworkOptions {
  readonly seed?: number
  /** Time of a record on its way, in ms. The same for both directions of a link, unless it is random. */
  readonly latency?: (from: number, to: number, random: Random) => number
  /** Whether this record gets lost; asked when it is sent. */
  readonly loses?: (record: GossipRecord<number>, from: number, to: number, random: Random) => boolean
  /**
   * Whether all announce themselves before they have something to say.
   * @default true
   */
  readonly isPrepared?: boolean
  readonly settings?: Partial<GossipSettings>
}

interface Node {
  readonly linked: number[]
  readonly engine: GossipEngine<number>
  readonly out: GossipOutput<number>
  readonly got: Batch<number>[]
  isUp: boolean
  alarmAt: number
}

/** Engines in virtual time, linked at the test's will. What one says to another arrives in the order in which it was said. */
export class GossipNetwork {
  readonly calendar = new Calendar()
  readonly random: Random
  /** Everything that was said: time, from, to, record. */
  readonly said: {
    readonly at: number
    readonly from: number
    readonly to: number
    readonly record: GossipRecord<number>
  }[] = []
  readonly #options: GossipNetworkOptions
  readonly #nodes: Node[] = []
  /** When the last record of a direction arrives. */
  readonly #arrivals = new Map<string, number>()
  readonly #sequences = new Map<number, number>()

  constructor(peers: number, links: Iterable<readonly [number, number]>, options: GossipNetworkOptions = {}) {
    this.#options = options
    this.random = seededRandom(options.seed ?? 1)
    for (let peer = 0; peer < peers; peer++) this.#nodes.push(this.#node(peer))
    for (const [one, other] of links) this.link(one, other)
  }

  get now(): number {
    return this.calendar.now
  }

  run(ms: number): void {
    this.calendar.runUntil(this.now + ms)
  }

  link(one: number, other: number): void {
    for (const [peer, neighbour] of [
      [one, other],
      [other, one]
    ] as const) {
      if (!this.#at(peer).linked.includes(neighbour)) this.#at(peer).linked.push(neighbour)
    }
    for (const [peer, neighbour] of [
      [one, other],
      [other, one]
    ] as const) {
      this.#input(peer, ({ engine, out }) => engine.neighbourUp(neighbour, this.now, out))
    }
  }

  /** Both ends notice. */
  unlink(one: number, other: number, broken = false): void {
    for (const [peer, neighbour] of [
      [one, other],
      [other, one]
    ] as const) {
      const { linked } = this.#at(peer)
      if (linked.includes(neighbour)) linked.splice(linked.indexOf(neighbour), 1)
      this.#input(peer, ({ engine, out }) => engine.neighbourDown(neighbour, broken, this.now, out))
    }
  }

  /** Is silent from now on; nobody is told. */
  crash(peer: number): void {
    this.#at(peer).isUp = false
  }

  publish(peer: number): Batch<number> {
    const sequence = (this.#sequences.get(peer) ?? 0) + 1
    this.#sequences.set(peer, sequence)
    const published = batch(peer, sequence, { time: this.now })
    this.#input(peer, ({ engine, out }) => engine.publish(published, this.now, out))
    return published
  }

  /** Batches that this peer was given, in their order. */
  got(peer: number): readonly Batch<number>[] {
    return this.#at(peer).got
  }

  /** Batches that were sent, one way or another. */
  get batchesSent(): number {
    return this.said.filter(({ record }) => record.type === 'batch').length
  }

  /** What was said from this time on, one line each. */
  transcript(since = 0): string {
    return this.said
      .filter(({ at }) => at >= since)
      .map(({ at, from, to, record }) => `${String(at).padStart(6)}  ${from} > ${to}  ${words(record)}`)
      .join('\n')
  }

  #at(peer: number): Node {
    return this.#nodes[peer] as Node
  }

  #node(self: number): Node {
    const linked: number[] = []
    const got: Batch<number>[] = []
    const signatures = {
      announcement: (version: number) => ({ origin: self, epoch: 1, version, signature: nothing }),
      isAuthentic: () => true
    }
    const source = { origin: self, epoch: 1 }
    const ownSettings = { ...settings, ...this.#options.settings }
    const engine = new GossipEngine<number>(source, { linked }, signatures, ownSettings, this.random)
    if (this.#options.isPrepared !== false) engine.prepare()
    const out: GossipOutput<number> = {
      send: (to, record) => {
        this.#send(self, to, record)
        return true
      },
      deliver: delivered => void got.push(delivered)
    }
    return { linked, engine, out, got, isUp: true, alarmAt: Infinity }
  }

  #send(from: number, to: number, record: GossipRecord<number>): void {
    const { latency = (_from, _to, random) => between(random, 10, 50), loses } = this.#options
    this.said.push({ at: this.now, from, to, record })
    if (loses?.(record, from, to, this.random) === true) return
    const direction = `${from} ${to}`
    const arrival = Math.max(this.now + latency(from, to, this.random), this.#arrivals.get(direction) ?? 0)
    this.#arrivals.set(direction, arrival)
    this.calendar.at(arrival, () => {
      const isLinked = this.#at(to).linked.includes(from)
      if (isLinked) this.#input(to, ({ engine, out }) => engine.receive(from, record, this.now, out))
    })
  }

  #input(peer: number, handle: (node: Node) => void): void {
    const node = this.#at(peer)
    if (!node.isUp) return
    handle(node)
    this.#setAlarm(node)
  }

  #setAlarm(node: Node): void {
    const at = Math.max(Math.ceil(node.engine.wakeAt), this.now)
    if (at >= node.alarmAt) return
    node.alarmAt = at
    this.calendar.at(at, () => {
      if (node.alarmAt > this.now || !node.isUp) return
      node.alarmAt = Infinity
      node.engine.wake(this.now, node.out)
      this.#setAlarm(node)
    })
  }
}

function words(record: GossipRecord<number>): string {
  switch (record.type) {
    case 'announce':
      return `announce ${record.announcement.origin} version ${record.announcement.version}, hop ${record.hops}`
    case 'subscribe': {
      const { mode, source, after, must } = record
      return `subscribe ${source.origin} ${mode} after ${after}${must ? ', must' : ''}`
    }
    case 'refuse':
      return `refuse ${record.source.origin}`
    case 'batch':
      return `batch ${record.batch.origin}#${record.batch.sequence}, hop ${record.hops}${record.flood === true ? ', flood' : ''}`
    case 'have':
    case 'want': {
      const spans = record.spans.map(({ origin, from, to }) => `${origin}#${from}${to > from ? `-${to}` : ''}`)
      return `${record.type} ${spans.join(' ')}`
    }
    case 'boost':
      return `boost ${record.ms}${record.lost === true ? ', lost' : ''}`
    case 'probe':
    case 'alive':
      return record.type
  }
}

/** A connected graph: a ring of all, and so many links across. */
export function ringWithChords(peers: number, chords: number, random: Random): [number, number][] {
  const links = new Map<string, [number, number]>()
  const add = (one: number, other: number): void => {
    if (one !== other) links.set(`${Math.min(one, other)} ${Math.max(one, other)}`, [one, other])
  }
  for (let peer = 0; peer < peers; peer++) add(peer, (peer + 1) % peers)
  for (let chord = 0; chord < chords; chord++) add(Math.floor(random() * peers), Math.floor(random() * peers))
  return [...links.values()]
}
