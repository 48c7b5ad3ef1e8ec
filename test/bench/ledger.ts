import { clock } from './clock.ts'
import { stampOf } from './stamp.ts'

interface Arrival {
  /** Nodes of this process that have it, or have published it. */
  readonly at: Uint8Array
  missing: number
}

const numbersMax = 2 ** 32

/**
 * The deliveries of one phase to the nodes of one process. Each message counts once for each node, however often a system hands
 * it out.
 */
export class Ledger {
  readonly #phase: number
  readonly #nodes: readonly number[]
  readonly #onComplete: (publisher: number, message: number) => void
  readonly #arrivals = new Map<number, Arrival>()
  readonly latenciesMs: number[] = []
  lastDeliveryAt = clock()

  /**
   * @param nodes the nodes of this process
   * @param onComplete all nodes of this process have this message
   */
  constructor(phase: number, nodes: readonly number[], onComplete: (publisher: number, message: number) => void) {
    this.#phase = phase
    this.#nodes = nodes
    this.#onComplete = onComplete
  }

  /** @param node its place among the nodes of this process */
  deliver(node: number, payload: Uint8Array): void {
    const { phase, publisher, number, at } = stampOf(payload)
    if (phase !== this.#phase) return
    const message = messageKey(publisher, number)
    const arrival = this.#arrivals.get(message) ?? this.#expect(publisher, message)
    if (arrival.at[node] === 1) return
    arrival.at[node] = 1
    arrival.missing--
    this.lastDeliveryAt = clock()
    this.latenciesMs.push(this.lastDeliveryAt - at)
    if (arrival.missing === 0) this.#onComplete(publisher, message)
  }

  #expect(publisher: number, message: number): Arrival {
    const own = this.#nodes.indexOf(publisher)
    const arrival = { at: new Uint8Array(this.#nodes.length), missing: this.#nodes.length - (own === -1 ? 0 : 1) }
    if (own !== -1) arrival.at[own] = 1
    this.#arrivals.set(message, arrival)
    return arrival
  }
}

export function messageKey(publisher: number, number: number): number {
  return publisher * numbersMax + number
}
