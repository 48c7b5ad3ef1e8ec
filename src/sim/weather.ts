import { between } from '#src/core/random.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Calendar } from './calendar.ts'

export interface WeatherSettings {
  /** Most messages take a time drawn evenly between these two. */
  readonly latencyMsMin: Millis
  readonly latencyMsMax: Millis
  /** Share of messages that take `slowMs`: a retransmission, a busy process. */
  readonly slowShare: number
  readonly slowMs: Millis
  /** Share of messages that are lost. */
  readonly loss: number
}

/** What messages meet on their way. They may overtake each other. */
export class Weather {
  readonly #settings: WeatherSettings
  readonly #calendar: Calendar
  readonly #random: Random
  /** Messages sent. */
  sent = 0

  constructor(settings: WeatherSettings, calendar: Calendar, random: Random) {
    this.#settings = settings
    this.#calendar = calendar
    this.#random = random
  }

  latency(): Millis {
    const { latencyMsMin, latencyMsMax, slowShare, slowMs } = this.#settings
    return this.#random() < slowShare ? slowMs : between(this.#random, latencyMsMin, latencyMsMax)
  }

  /** Sends a message. Returns whether it will arrive. */
  send(arrive: () => void): boolean {
    this.sent++
    if (this.#settings.loss > 0 && this.#random() < this.#settings.loss) return false
    this.#calendar.after(this.latency(), arrive)
    return true
  }
}
