import { Liveness } from '#src/core/liveness.ts'
import { connectionTo } from './host.ts'
import { pingPeer } from './pinger.ts'
import { Witnesses } from './witnesses.ts'
import type { Neighbour, Neighbours } from '#src/core/neighbours.ts'
import type { LivenessOutput, LivenessSettings } from '#src/core/liveness.ts'
import type { Millis } from '#src/core/machine.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { Driver } from './driver.ts'
import type { OnHappening } from './events.ts'
import type { Host } from './host.ts'
import type { PingResult } from './pinger.ts'

export interface NeighbourWatchParts {
  readonly host: Host
  readonly driver: Driver
  readonly neighbours: Neighbours<string>
  readonly settings: LivenessSettings
  readonly addressesOf: (peer: string) => Promise<readonly string[]>
  readonly provenAddressesOf: (peer: string) => readonly string[]
  /** One whose link was lost has answered. */
  readonly onRecovered: (peer: string) => void
  /** A neighbour may soon be reported. */
  readonly onDoubtful: () => void
  readonly onDead: (neighbour: Neighbour<string>, how: 'dead' | 'unreachable') => void
  readonly onHappening: OnHappening
  readonly onFault: OnFault
}

/** The neighbours' pings: when to send them is `Liveness`'s decision, and before it calls anybody dead other neighbours are asked. */
export class NeighbourWatch {
  readonly #parts: NeighbourWatchParts
  readonly #liveness: Liveness<string>
  readonly #witnesses: Witnesses
  /** Round trips of the last pings that neighbours answered, in ms. */
  readonly #latenciesMs = new Map<string, number>()

  constructor(parts: NeighbourWatchParts) {
    const { host, driver, neighbours, settings, addressesOf, provenAddressesOf, onFault } = parts
    this.#parts = parts
    this.#liveness = new Liveness(neighbours, settings)
    this.#witnesses = new Witnesses({
      host,
      random: Math.random,
      neighbours: () => neighbours.linked,
      addressesOf,
      provenAddressesOf,
      onVouched: peer => driver.input(() => this.#liveness.vouched(peer)),
      onFault
    })
    driver.drive(this.#liveness, this.#pings)
  }

  /** Answers what other neighbours ask about each other. */
  async serve(): Promise<void> {
    await this.#witnesses.serve()
  }

  watch(peer: string, now: Millis): void {
    this.#latenciesMs.delete(peer)
    this.#liveness.watch(peer, now)
  }

  unwatch(peer: string): void {
    this.#latenciesMs.delete(peer)
    this.#liveness.unwatch(peer)
  }

  /** Something speaks against this neighbour: looks at once. */
  doubt(peer: string, now: Millis): void {
    this.#liveness.doubt(peer, now, this.#pings)
  }

  /** Round trip of the last ping that it answered, in ms; undefined before the first. */
  latencyMs(peer: string): number | undefined {
    return this.#latenciesMs.get(peer)
  }

  readonly #pings: LivenessOutput<string> = {
    ping: peer => void this.#ping(peer),
    missed: ({ peer, name, missed }) => {
      const how = missed.at(-1) ?? 'other'
      const of = this.#parts.settings.pingFailuresMax
      this.#parts.onHappening({ event: 'ping-failed', name, id: peer, failures: missed.length, of, how })
    },
    recovered: peer => {
      this.#latenciesMs.delete(peer)
      this.#parts.onRecovered(peer)
    },
    doubtful: ({ peer, missed }) => {
      this.#witnesses.ask({ target: peer, missed: [...missed] })
      this.#parts.onDoubtful()
    },
    dead: (neighbour, how) => {
      this.#latenciesMs.delete(neighbour.peer)
      this.#parts.onDead(neighbour, how)
    }
  }

  async #ping(peer: string): Promise<void> {
    const { host, driver, neighbours, addressesOf } = this.#parts
    const isConnected = connectionTo(host, peer) !== undefined
    const addresses = isConnected ? [] : await addressesOf(peer)
    // The seeds have taken it back, so nobody will ever know where it is: without this it would be watched for ever.
    const isNowhere = !isConnected && addresses.length === 0 && neighbours.get(peer)?.state === 'lost'
    const { outcome, rttMs }: PingResult = isNowhere ? { outcome: 'other' } : await pingPeer(host, peer, addresses)
    // Only of neighbours, so there are no more of them than links.
    if (rttMs !== undefined && neighbours.get(peer)?.state === 'linked') this.#latenciesMs.set(peer, rttMs)
    driver.input(() => this.#liveness.pinged(peer, outcome, this.#pings))
  }
}
