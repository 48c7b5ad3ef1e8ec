import { socketBytes } from './socket-bytes.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { clock } from './clock.ts'
import { drive } from './drives.ts'
import { Ledger } from './ledger.ts'
import { Stage, silenceMsMax } from './stage.ts'
import { startNodes } from './systems/system.ts'
import type { Answer, Order, Phase } from './orders.ts'
import type { Counts, RunningNode } from './systems/system.ts'

// A process with some of the nodes of one system. It does what it is told on the channel to its parent, and ends with it.

/** What is known here is told to other processes this often, in ms: as one message each, or the channel would be what is measured. */
const tellMs = 2
/** Streams stand, meshes are formed: gossipsub needs one or two of its heartbeats. */
const settleMs = 1_500
const connectMsMax = 60_000
const dialsAtOnce = 4
/** Stray copies count for the phase that they belong to. */
const quietMs = 150
const quietMsMax = 2_000

type StartOrder = Extract<Order, { type: 'start' }>

interface Before {
  readonly at: number
  readonly cpu: NodeJS.CpuUsage
  readonly bytes: number
  readonly counts: readonly Counts[]
}

class Worker {
  readonly #order: StartOrder
  readonly #rssBytes = process.memoryUsage.rss()
  /** By their number in the network. */
  readonly #nodes = new Map<number, RunningNode>()
  /** Messages that are everywhere here, by the process that has published them. */
  readonly #untold = new Map<number, number[]>()
  #ledger: Ledger | undefined
  #stage: Stage | undefined
  #before: Before | undefined

  constructor(order: StartOrder) {
    this.#order = order
  }

  async start(): Promise<void> {
    const { system, peers, processes, worker } = this.#order
    const numbers = Array.from({ length: peers }, (_, number) => number).filter(each => each % processes === worker)
    const nodes = await startNodes(system, numbers.length, (node, payload) => this.#ledger?.deliver(node, payload))
    for (const [place, number] of numbers.entries()) this.#nodes.set(number, nodes[place] as RunningNode)
    answer({ type: 'started', addresses: nodes.map(({ address }) => address) })
  }

  async connect({ edges, addresses }: Extract<Order, { type: 'connect' }>): Promise<void> {
    const dials = edges.filter(([from]) => this.#nodes.has(from))
    await Promise.all(
      Array.from({ length: dialsAtOnce }, async () => {
        for (let edge = dials.pop(); edge !== undefined; edge = dials.pop()) {
          const [from, to] = edge
          await this.#nodes.get(from)?.dial(addresses[to] as string)
        }
      })
    )
    const end = clock() + connectMsMax
    const degree = (node: number): number => edges.filter(edge => edge.includes(node)).length
    for (const [number, node] of this.#nodes) {
      while (node.neighbours() < degree(number)) {
        if (clock() > end) throw new Error(`node ${number} knows ${node.neighbours()} of ${degree(number)} neighbours`)
        await delay(10)
      }
    }
    await delay(settleMs)
    answer({ type: 'connected' })
  }

  async run(phase: Phase): Promise<void> {
    const { processes } = this.#order
    const stage = new Stage(phase, this.#nodes, processes)
    this.#stage = stage
    this.#ledger = new Ledger(phase.number, [...this.#nodes.keys()], (publisher, message) => {
      if (this.#nodes.has(publisher)) stage.arrived(message)
      else this.#tell(publisher % processes, message)
    })
    this.#before = { at: clock(), cpu: process.cpuUsage(), bytes: socketBytes(), counts: this.#counts() }
    await drive(stage)
    while (stage.onTheirWay > 0) {
      const lastSign = Math.max(this.#ledger.lastDeliveryAt, stage.lastArrivalAt)
      if (clock() - lastSign > silenceMsMax) break
      await delay(5)
    }
    answer({ type: 'finished' })
  }

  arrived(messages: readonly number[]): void {
    for (const message of messages) this.#stage?.arrived(message)
  }

  async collect(): Promise<void> {
    await this.#quiet()
    const before = this.#before
    const stage = this.#stage
    const ledger = this.#ledger
    if (before === undefined || stage === undefined || ledger === undefined) throw new Error('nothing was run')
    const cpu = process.cpuUsage(before.cpu)
    const counts = this.#counts()
    const gained = (count: keyof Counts): number[] =>
      counts.map((after, node) => after[count] - (before.counts[node] as Counts)[count])
    const figures = {
      startedAt: before.at,
      lastDeliveryAt: ledger.lastDeliveryAt,
      published: stage.published,
      refused: stage.refused,
      deliveries: ledger.latenciesMs.length,
      latenciesMs: Float64Array.from(ledger.latenciesMs),
      cpuMicros: cpu.user + cpu.system,
      socketBytes: socketBytes() - before.bytes,
      received: sum(gained('received')),
      duplicates: sum(gained('duplicates')),
      sent: gained('sent'),
      rssBytes: process.memoryUsage.rss() - this.#rssBytes
    }
    answer({ type: 'figures', figures })
  }

  #counts(): Counts[] {
    return [...this.#nodes.values()].map(node => node.counts())
  }

  async #quiet(): Promise<void> {
    const end = clock() + quietMsMax
    let received = -1
    while (clock() < end) {
      const now = sum(this.#counts().map(counts => counts.received))
      if (now === received) return
      received = now
      await delay(quietMs)
    }
  }

  #tell(worker: number, message: number): void {
    let messages = this.#untold.get(worker)
    if (messages === undefined) {
      messages = []
      this.#untold.set(worker, messages)
      setTimeout(() => {
        answer({ type: 'arrived', worker, messages: this.#untold.get(worker) ?? [] })
        this.#untold.delete(worker)
      }, tellMs)
    }
    messages.push(message)
  }
}

let worker: Worker | undefined

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'start':
      worker = new Worker(order)
      return worker.start()
    case 'connect':
      return worker?.connect(order)
    case 'run':
      return worker?.run(order.phase)
    case 'arrived':
      return worker?.arrived(order.messages)
    case 'collect':
      return worker?.collect()
  }
}

function answer(answer: Answer): void {
  process.send?.(answer)
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.send?.({ type: 'failed', reason } satisfies Answer, () => process.exit(1))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('disconnect', () => process.exit())
process.on('message', order => void obey(order as Order).catch(fail))
