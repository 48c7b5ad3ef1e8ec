import type { NodeEvent } from '#src/node/events.ts'
import type { Hop, MessageReply, MessageSummary } from './contract.ts'

interface Entry {
  readonly id: string
  readonly origin: string
  readonly originId: string
  readonly number: number
  readonly text: string
  readonly publishedAt: number
  /** Hash of what was signed: a peer that starts anew counts from 1 again. Unknown until somebody has received it. */
  signature: string | undefined
  /** The peers of this process when it was published, by id. One map for all messages until a peer comes or goes. */
  readonly expected: ReadonlyMap<string, string>
  /** By the id of the receiver. */
  readonly hops: Map<string, Hop>
}

export interface MessageLogSettings {
  readonly messagesMax: number
  readonly listTextMax: number
}

/** The last messages, and how each of them has reached the peers of this process. */
export class MessageLog {
  readonly #settings: MessageLogSettings
  readonly #entries = new Map<string, Entry>()
  /** Names of the running peers of this process, by id. Each change makes a new one. */
  #running: ReadonlyMap<string, string> = new Map()
  /** The other way round. */
  readonly #ids = new Map<string, string>()

  constructor(settings: MessageLogSettings) {
    this.#settings = settings
  }

  note(event: NodeEvent): void {
    if (event.role !== 'peer') return
    const time = Date.parse(event.time)
    const { node } = event
    if (event.event === 'started') {
      this.#running = new Map([...this.#running, [event.id, node]])
      this.#ids.set(node, event.id)
    } else if (event.event === 'stopped') {
      this.#running = new Map([...this.#running].filter(([, name]) => name !== node))
      this.#ids.delete(node)
    } else if (event.event === 'published') {
      const { number, text } = event
      this.#open({ origin: node, originId: this.#ids.get(node) ?? node, number, text, publishedAt: time })
    } else if (event.event === 'received') {
      // Its origin's clock may be ahead, and nothing is published after it was received.
      this.#received(event, time - Math.max(0, event.ageMs))
    }
  }

  /** Newest first. */
  list(): MessageSummary[] {
    return [...this.#entries.values()]
      .toSorted((a, b) => b.publishedAt - a.publishedAt)
      .map(entry => ({ ...this.#summary(entry), text: entry.text.slice(0, this.#settings.listTextMax) }))
  }

  /** @param id `ORIGIN#NUMBER` */
  find(id: string): MessageReply | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined) return undefined
    const root: Hop = { node: entry.originId, name: entry.origin, from: null, hops: 0, ageMs: 0 }
    const missing = this.#missing(entry).map(([node, name]) => ({ node, name }))
    return { ...this.#summary(entry), hops: [root, ...entry.hops.values()], missing }
  }

  /** How many of the kept messages have reached this peer, and how many it has published. */
  counts(peer: string): { readonly delivered: number; readonly published: number } {
    let [delivered, published] = [0, 0]
    for (const { originId, hops } of this.#entries.values()) {
      if (originId === peer) published++
      if (hops.has(peer)) delivered++
    }
    return { delivered, published }
  }

  #received(event: Extract<NodeEvent, { event: 'received' }>, publishedAt: number): void {
    const { origin, originId, number, text, hops, from, ageMs, id: signature } = event
    let entry = this.#entries.get(`${origin}#${number}`)
    const isAnother =
      entry !== undefined && (entry.originId !== originId || (entry.signature ?? signature) !== signature)
    // The newest of that name and number stands.
    if (entry !== undefined && isAnother && publishedAt < entry.publishedAt) return
    if (entry === undefined || isAnother) entry = this.#open({ origin, originId, number, text, publishedAt })
    if (entry === undefined) return
    entry.signature = signature
    const node = this.#ids.get(event.node) ?? event.node
    entry.hops.set(node, { node, name: event.node, from, hops, ageMs })
  }

  /** None, if it is older than all that are kept, and there is no room: a newcomer hears much that is old. */
  #open(message: Pick<Entry, 'origin' | 'originId' | 'number' | 'text' | 'publishedAt'>): Entry | undefined {
    const id = `${message.origin}#${message.number}`
    this.#entries.delete(id)
    if (this.#entries.size >= this.#settings.messagesMax) {
      const [oldest] = this.#entries.values()
      if (oldest !== undefined && message.publishedAt < oldest.publishedAt) return undefined
      if (oldest !== undefined) this.#entries.delete(oldest.id)
    }
    const entry: Entry = { id, ...message, signature: undefined, expected: this.#running, hops: new Map() }
    this.#entries.set(id, entry)
    return entry
  }

  #summary(entry: Entry): MessageSummary {
    const { id, origin, originId, number, text, publishedAt, hops } = entry
    const ages = [...hops.values()].map(({ ageMs }) => ageMs).toSorted((a, b) => a - b)
    return {
      id,
      origin,
      originId,
      number,
      text,
      publishedAt,
      delivered: hops.size,
      expected: hops.size + this.#missing(entry).length,
      p50Ms: ages[Math.ceil(ages.length / 2) - 1] ?? null,
      lastMs: ages.at(-1) ?? null,
      hopsMax: Math.max(0, ...[...hops.values()].map(hop => hop.hops))
    }
  }

  #missing({ originId, expected, hops }: Entry): (readonly [string, string])[] {
    return [...expected].filter(([id]) => id !== originId && !hops.has(id) && this.#running.has(id))
  }
}
