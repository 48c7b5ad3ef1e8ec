import { NEVER } from '#src/core/machine.ts'
import { Wheel } from './wheel.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Figures } from './figures.ts'
import type { Links } from './links.ts'
import type { Plan } from './plan.ts'
import type { System } from './system.ts'
import type { Traffic } from './traffic.ts'

/** What a frame costs beside the records in it: headers of TCP, of the encryption and of the multiplexer. */
const frameBytes = 32
/** A frame that is lost is sent again after this time, and all behind it waits. */
const stallMs = 200
/** Records waiting at one end of a link for a slow reader: above the first its neighbour is told to hold back, below the other no more. */
const congestedAbove = 64
const relievedBelow = 16

/** What is never lost or delayed: time, links, and what of the plan concerns every record. Each system gets one of its own. */
export class Network<Record> {
  readonly links: Links
  readonly traffic: Traffic
  /** For what the system decides. */
  readonly random: Random
  readonly #plan: Plan
  readonly #figures: Figures
  readonly #weather: Random
  readonly #system: System<Record>
  readonly #wheel = new Wheel<Record>()
  /** When the last frame was sent at this end of a link, and when what is sent arrives at the other. */
  readonly #sentAt: Int32Array
  readonly #arrivesAt: Int32Array
  /** 1 while a link stands. */
  readonly #up: Uint8Array
  readonly #alarmAt: Float64Array
  readonly #dead: Uint8Array
  #isParted = false
  /** What waits for the slow peer while it is slow, and how much of it at each end of its links. */
  #backlog: { readonly end: number; readonly record: Record }[] | undefined
  readonly #waiting = new Map<number, number>()
  readonly #congested = new Set<number>()

  constructor(
    { links, plan, traffic, figures }: NetworkParts,
    random: Random,
    weather: Random,
    system: (network: Network<Record>) => System<Record>
  ) {
    this.links = links
    this.traffic = traffic
    this.random = random
    this.#plan = plan
    this.#figures = figures
    this.#weather = weather
    this.#sentAt = new Int32Array(links.ends).fill(-1)
    this.#arrivesAt = new Int32Array(links.ends)
    this.#up = new Uint8Array(links.ends).fill(1)
    this.#alarmAt = new Float64Array(links.peers).fill(NEVER)
    this.#dead = new Uint8Array(links.peers)
    this.#system = system(this)
  }

  get now(): Millis {
    return this.#wheel.now
  }

  /** Records that have come and alarms that have rung. */
  get done(): number {
    return this.#wheel.done
  }

  isUp(end: number): boolean {
    return this.#up[end] === 1
  }

  /**
   * Sends on a link. What is sent in one millisecond goes in one frame.
   * @param message which one is in the record, if it brings one
   */
  send(end: number, record: Record, bytes: number, message?: number): void {
    const { now } = this.#wheel
    const peer = this.links.owner[end] as number
    if (this.#up[end] === 0) throw new Error(`peer ${peer} sends to ${this.links.target[end]} without a link`)
    if (message !== undefined) {
      if (this.#plan.droppers[peer] === 1 && this.traffic.origin[message] !== peer) return
      this.#figures.copied(peer, now)
    }
    if (this.#sentAt[end] === now) this.#figures.sent(bytes, 0, now)
    else {
      this.#sentAt[end] = now
      const stall = this.#plan.loss > 0 && this.#weather() < this.#plan.loss ? stallMs : 0
      const arrivesAt = now + (this.links.latency[end] as number) + stall
      if (arrivesAt > (this.#arrivesAt[end] as number)) this.#arrivesAt[end] = arrivesAt
      this.#figures.sent(bytes + frameBytes, 1, now)
    }
    this.#wheel.at(this.#arrivesAt[end] as number, this.links.back[end] as number, record)
  }

  /** Whether too much of what was sent at this end waits to be read at the other. */
  isCongested(end: number): boolean {
    return this.#congested.has(this.links.back[end] as number)
  }

  /** A message has come to a peer for the first time. */
  deliver(peer: number, message: number, hops: number): void {
    this.#figures.delivered(peer, message, hops, this.now)
  }

  /** A message has come to a peer that has it. */
  duplicate(): void {
    this.#figures.duplicate(this.now)
  }

  /** Has a peer woken at a time, or at an earlier one for which it has asked before. */
  setAlarm(peer: number, time: Millis): void {
    const alarmAt = Math.max(Math.ceil(time), this.now)
    if (alarmAt >= (this.#alarmAt[peer] as number)) return
    this.#alarmAt[peer] = alarmAt
    this.#wheel.at(alarmAt, ~peer, undefined)
  }

  runUntil(time: Millis): void {
    this.#wheel.runUntil(time, (who, record) => this.#happen(who, record))
  }

  start(): void {
    this.#system.start(this.now)
  }

  stop(): void {
    this.#system.stop?.()
  }

  publish(message: number): void {
    const peer = this.traffic.origin[message] as number
    this.#figures.published(peer, message)
    this.#system.publish(peer, message, this.now)
  }

  /** From now on it says nothing and hears nothing; nobody knows. */
  kill(peer: number): void {
    this.#dead[peer] = 1
  }

  /** From now on nothing passes between the two sides, or everything again. */
  part(isParted: boolean): void {
    this.#isParted = isParted
  }

  /** Whether the ends of a link cannot reach each other. */
  isCut(end: number): boolean {
    const { owner, target } = this.links
    const [peer, other] = [owner[end] as number, target[end] as number]
    if (this.#dead[peer] === 1 || this.#dead[other] === 1) return true
    return this.#isParted && this.#plan.beyond[peer] !== this.#plan.beyond[other]
  }

  linkDown(end: number): void {
    this.#up[end] = 0
    this.#up[this.links.back[end] as number] = 0
    for (const each of [end, this.links.back[end] as number]) {
      if (this.#dead[this.links.owner[each] as number] === 0) this.#system.linkDown(each, this.now)
    }
  }

  linkUp(end: number): void {
    this.#up[end] = 1
    this.#up[this.links.back[end] as number] = 1
    this.#system.linkUp(end, this.now)
    this.#system.linkUp(this.links.back[end] as number, this.now)
  }

  /** The slow peer handles nothing by itself any more. */
  slowDown(): void {
    this.#backlog = []
  }

  /** The slow peer takes one record. */
  takeOne(): void {
    const next = this.#backlog?.shift()
    if (next === undefined) return
    this.#wait(next.end, -1)
    this.#system.receive(next.end, next.record, this.now)
  }

  /** The slow peer takes all that waits, and is as quick as everybody from then on. */
  speedUp(): void {
    while (this.#backlog?.[0] !== undefined) this.takeOne()
    this.#backlog = undefined
  }

  #happen(who: number, record: Record | undefined): void {
    if (record === undefined) this.#ring(~who)
    else if (this.#up[who] === 1 && !this.isCut(who)) {
      if (this.#backlog !== undefined && this.links.owner[who] === this.#plan.slow) {
        this.#backlog.push({ end: who, record })
        this.#wait(who, 1)
      } else this.#system.receive(who, record, this.now)
    }
  }

  #ring(peer: number): void {
    // One that was overtaken by an earlier one finds nothing to do.
    if ((this.#alarmAt[peer] as Millis) > this.now || this.#dead[peer] === 1) return
    this.#alarmAt[peer] = NEVER
    this.#system.wake(peer, this.now)
  }

  #wait(end: number, change: 1 | -1): void {
    const waiting = (this.#waiting.get(end) ?? 0) + change
    this.#waiting.set(end, waiting)
    const isCongested = this.#congested.has(end) ? waiting >= relievedBelow : waiting > congestedAbove
    if (isCongested === this.#congested.has(end)) return
    if (isCongested) this.#congested.add(end)
    else this.#congested.delete(end)
    this.#system.congested(this.links.back[end] as number, isCongested, this.now)
  }
}

interface NetworkParts {
  readonly links: Links
  readonly plan: Plan
  readonly traffic: Traffic
  readonly figures: Figures
}
