import { patienceMs, strikes } from './plan.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Plan } from './plan.ts'
import type { Traffic } from './traffic.ts'

/** Bytes per delivery count as usual below so many times what they were before. */
const usualFactor = 1.5
/** Length of the windows in which they are looked at, in s. */
const windowSeconds = 5

/** Figures of one run. Those per delivery are of all that was sent, to the dead too. */
export interface GossipFigures {
  /** Share of the deliveries that had to be, in the end. */
  readonly delivery: number
  /** Copies of messages that came to somebody who had them. */
  readonly duplicatesPerDelivery: number
  readonly bytesPerDelivery: number
  readonly framesPerDelivery: number
  /** From the publishing to the delivery, of the deliveries that came about; `lastMs` is the mean over messages of the last one. */
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly lastMs: number
  /** Most links that a first copy crossed. */
  readonly hopsMax: number
  /** Copies per message that the busiest peer sent. */
  readonly busiest: number
  /** After a strike: until the bytes per delivery were as usual for good, as far as can be seen. */
  readonly secondsToSteady?: number
}

/** Counts what happens in a run, second by second. */
export class Figures {
  readonly #plan: Plan
  readonly #traffic: Traffic
  readonly #peers: number
  /** Whether a peer has a message: its own, or delivered. */
  readonly #told: Uint8Array
  readonly #bytes: Float64Array
  readonly #frames: Float64Array
  readonly #duplicates: Float64Array
  readonly #deliveries: Float64Array
  /** Deliveries by latency in ms. */
  readonly #latencies: Uint32Array
  readonly #copies: Uint32Array
  readonly #lastAt: Float64Array
  readonly #expected: number
  #delivered = 0
  #hopsMax = 0

  constructor(plan: Plan, traffic: Traffic, peers: number) {
    this.#plan = plan
    this.#traffic = traffic
    this.#peers = peers
    this.#told = new Uint8Array(peers * traffic.messages)
    this.#copies = new Uint32Array(peers)
    this.#lastAt = new Float64Array(traffic.messages)
    const endAt = (traffic.at.at(-1) ?? 0) + patienceMs
    const seconds = Math.floor(endAt / 1_000) + 1
    this.#bytes = new Float64Array(seconds)
    this.#frames = new Float64Array(seconds)
    this.#duplicates = new Float64Array(seconds)
    this.#deliveries = new Float64Array(seconds)
    this.#latencies = new Uint32Array(endAt + 1)
    let counted = 0
    for (const counts of plan.counted) counted += counts
    this.#expected = (traffic.messages - traffic.firstWords) * (counted - 1)
  }

  /** Whether every message has come to all to whom it must come. */
  get isComplete(): boolean {
    return this.#delivered === this.#expected
  }

  /** Something goes out on a link, as a frame of its own or in one that goes anyway. */
  sent(bytes: number, frames: number, now: Millis): void {
    increase(this.#bytes, now, bytes)
    if (frames > 0) increase(this.#frames, now, frames)
  }

  /** A peer sends a message, its own or another's. */
  copied(peer: number, now: Millis): void {
    if (this.#isIn(now)) this.#copies[peer] = (this.#copies[peer] as number) + 1
  }

  published(peer: number, message: number): void {
    this.#told[message * this.#peers + peer] = 1
  }

  duplicate(now: Millis): void {
    increase(this.#duplicates, now, 1)
  }

  delivered(peer: number, message: number, hops: number, now: Millis): void {
    const place = message * this.#peers + peer
    if (this.#told[place] !== 0) throw new Error(`message ${message} was delivered to peer ${peer} twice`)
    this.#told[place] = 1
    increase(this.#deliveries, now, 1)
    if (message < this.#traffic.firstWords || this.#plan.counted[peer] === 0) return
    this.#delivered++
    const publishedAt = this.#traffic.at[message] as Millis
    if (!this.#isIn(publishedAt)) return
    const latency = now - publishedAt
    this.#latencies[latency] = (this.#latencies[latency] as number) + 1
    this.#lastAt[message] = now
    if (hops > this.#hopsMax) this.#hopsMax = hops
  }

  report(): GossipFigures {
    const { from, to, scenario } = this.#plan
    const total = (counts: Float64Array): number => within(counts, from, to)
    const deliveries = total(this.#deliveries)
    const published = [...this.#traffic.at.keys()].filter(message => this.#counts(message))
    const lasts = published.filter(message => this.#lastAt[message] !== 0)
    let last = 0
    for (const message of lasts) last += (this.#lastAt[message] as Millis) - (this.#traffic.at[message] as Millis)
    let busiest = 0
    for (const copies of this.#copies) if (copies > busiest) busiest = copies
    return {
      delivery: this.#delivered / this.#expected,
      duplicatesPerDelivery: total(this.#duplicates) / deliveries,
      bytesPerDelivery: total(this.#bytes) / deliveries,
      framesPerDelivery: total(this.#frames) / deliveries,
      p50Ms: this.#percentile(0.5),
      p99Ms: this.#percentile(0.99),
      p999Ms: this.#percentile(0.999),
      lastMs: last / lasts.length,
      hopsMax: this.#hopsMax,
      busiest: busiest / published.length,
      ...(strikes(scenario) ? { secondsToSteady: this.#secondsToSteady() } : {})
    }
  }

  #isIn(time: Millis): boolean {
    return time >= this.#plan.from && time < this.#plan.to
  }

  #counts(message: number): boolean {
    return message >= this.#traffic.firstWords && this.#isIn(this.#traffic.at[message] as Millis)
  }

  #percentile(share: number): Millis {
    let left = 0
    for (const count of this.#latencies) left += count
    left *= share
    for (const [latency, count] of this.#latencies.entries()) {
      left -= count
      if (left <= 0) return latency
    }
    return Number.NaN
  }

  /** Until the end of the last window, among those in which messages are published, that is not as usual. */
  #secondsToSteady(): number {
    const { startAt, strikeAt } = this.#plan
    const perDelivery = (from: Millis, to: Millis): number =>
      within(this.#bytes, from, to) / within(this.#deliveries, from, to)
    const usual = perDelivery(startAt, strikeAt)
    const end = this.#traffic.at.at(-1) ?? 0
    let seconds = 0
    for (let from = strikeAt; from + windowSeconds * 1_000 <= end; from += 1_000) {
      const to = from + windowSeconds * 1_000
      if (perDelivery(from, to) > usualFactor * usual) seconds = (to - strikeAt) / 1_000
    }
    return seconds
  }
}

function increase(counts: Float64Array, now: Millis, by: number): void {
  const second = Math.floor(now / 1_000)
  counts[second] = (counts[second] as number) + by
}

function within(counts: Float64Array, from: Millis, to: Millis): number {
  let sum = 0
  for (const count of counts.subarray(Math.floor(from / 1_000), Math.ceil(to / 1_000))) sum += count
  return sum
}
