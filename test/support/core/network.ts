import { between } from '#src/core/random.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Calendar } from './calendar.ts'

/** Time after which an exchange or a ping without an answer is given up. */
const patienceMs = 10_000

/** How a node is there: answering; gone, so that its host refuses connections; or silent, as behind a cable that was cut. */
export type Presence = 'up' | 'gone' | 'silent'

/** Carries messages, each with a delay of its own. Some are lost. */
export class Network {
  readonly calendar: Calendar
  readonly random: Random
  /** Share of the messages that are lost, with the stream that they travel on. */
  loss: number

  constructor(calendar: Calendar, random: Random, loss = 0) {
    this.calendar = calendar
    this.random = random
    this.loss = loss
  }

  latency(): Millis {
    return between(this.random, 10, 200)
  }

  loses(): boolean {
    return this.loss > 0 && this.random() < this.loss
  }

  /** One message on a stream of its own. */
  send(arrive: () => void): void {
    if (!this.loses()) this.calendar.after(this.latency(), arrive)
  }

  /** One question, one answer. `serve` gives undefined when nobody is there to answer. */
  exchange<Reply>(
    presence: () => Presence,
    serve: () => Reply,
    outcome: (reply: Reply | 'refused' | 'timeout') => void
  ): void {
    const askedAt = this.calendar.now
    const giveUp = (): void => this.calendar.at(askedAt + patienceMs, () => outcome('timeout'))
    if (this.loses()) {
      giveUp()
      return
    }
    this.calendar.after(this.latency(), () => {
      const there = presence()
      if (there === 'silent') giveUp()
      else if (there === 'gone') this.calendar.after(this.latency(), () => outcome('refused'))
      else {
        const reply = serve()
        if (this.loses()) giveUp()
        else this.calendar.after(this.latency(), () => outcome(reply))
      }
    })
  }
}

/** One direction of a stream: what goes in first comes out first. */
export class Pipe {
  readonly #network: Network
  #lastAt: Millis = 0

  constructor(network: Network) {
    this.#network = network
  }

  /** Whether the message will arrive: a lost one is the end of the stream. */
  send(arrive: () => void): boolean {
    if (this.#network.loses()) return false
    const { calendar } = this.#network
    this.#lastAt = Math.max(this.#lastAt, calendar.now + this.#network.latency())
    calendar.at(this.#lastAt, arrive)
    return true
  }
}
