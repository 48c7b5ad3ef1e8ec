import { prometheusMetrics } from '@libp2p/prometheus-metrics'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics as Libp2pMetrics } from '@libp2p/interface'
import type { NodeEvent } from '#src/node/events.ts'
import type { EventStreams } from './event-stream.ts'
import type { View } from './view.ts'

/** Gossip that has gone through a node, as its node counts it. */
type GossipCounts = Readonly<Record<'received' | 'duplicates' | 'batchesSent', number>>

/** What Prometheus reads, in a registry of its own: several nodes of one process do not get mixed up. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #events: Counter<'event'>
  readonly #age: Histogram
  readonly #hops: Histogram

  constructor(version: string) {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({ name: 'hubcast_info', help: 'Version of the program', labelNames: ['version'], registers })
      .labels(version)
      .set(1)
    this.#events = new Counter({
      name: 'hubcast_events_total',
      help: 'What has happened in the nodes of this process, by kind',
      labelNames: ['event'],
      registers
    })
    this.#age = new Histogram({
      name: 'hubcast_message_age_seconds',
      help: 'Time from the publishing of a message to its arrival, by the clock of the origin',
      // From a link on one machine to what was caught up after minutes.
      buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60],
      registers
    })
    this.#hops = new Histogram({
      name: 'hubcast_message_hops',
      help: 'Links that a message has crossed when it arrives',
      buckets: [1, 2, 3, 4, 5, 6, 8, 10, 15],
      registers
    })
  }

  /** For a libp2p node, one at most: what it counts itself goes into the same registry. */
  get libp2p(): (components: Parameters<ReturnType<typeof prometheusMetrics>>[0]) => Libp2pMetrics {
    return prometheusMetrics({ registry: this.#registry, collectDefaultMetrics: false })
  }

  note(event: NodeEvent): void {
    this.#events.inc({ event: event.event })
    if (event.event !== 'received') return
    // Clocks differ: nothing arrives before it was said.
    this.#age.observe(Math.max(0, event.ageMs) / 1000)
    this.#hops.observe(event.hops)
  }

  /** From now on tells what can be seen, too. */
  watch(view: View, streams: EventStreams, gossip: (() => GossipCounts) | undefined): void {
    const gauge = (name: string, help: string, value: () => number): void => {
      const registers = [this.#registry]
      void new Gauge({ name: `hubcast_${name}`, help, registers, collect: gaugeValue(value) })
    }
    gauge('ready', 'Whether the node is ready to serve: 1 or 0', () => (view.troubles().length === 0 ? 1 : 0))
    gauge('seeds', 'Seeds of the network', () => view.network.seeds)
    gauge('quorum', 'Seeds with which a peer has to be registered', () => view.network.quorum)
    for (const { name, help, read } of view.gauges) gauge(name, help, read)
    gauge('event_streams', 'Open streams of events', () => streams.open)
    gauge('event_streams_cut', 'Streams of events that were cut off because nobody read them', () => streams.cut)
    if (gossip !== undefined) this.#watchGossip(gossip)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  async text(): Promise<string> {
    // prom-client has a spelling of its own for what is no number, which not all readers take.
    return (await this.#registry.metrics()).replaceAll(/ Nan$/gm, ' NaN')
  }

  #watchGossip(counts: () => GossipCounts): void {
    const total = (name: string, help: string, key: keyof GossipCounts): void => {
      const registers = [this.#registry]
      void new Counter({
        name: `hubcast_gossip_${name}_total`,
        help,
        registers,
        collect() {
          this.reset()
          this.inc(counts()[key])
        }
      })
    }
    total('batches_received', 'Batches of messages received, known ones included', 'received')
    total('batches_duplicate', 'Batches received that were known', 'duplicates')
    total('batches_sent', 'Batches sent, once for each neighbour that they were sent to', 'batchesSent')
  }
}

function gaugeValue(value: () => number): (this: Gauge) => void {
  return function collect() {
    this.set(value())
  }
}
