import { isUtf8 } from 'node:buffer'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { gossipId } from '#protocols/gossip/signature.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { Broadcaster } from '#src/core/broadcaster.ts'
import type { Batch } from '#protocols/gossip/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { BroadcasterSettings } from '#src/core/broadcaster.ts'
import type { Driver } from './driver.ts'
import type { Happening, OnHappening } from './events.ts'
import type { Gossiper } from './gossiper.ts'

export interface TextsParts {
  readonly id: string
  readonly name: string
  readonly settings: BroadcasterSettings
  readonly driver: Driver
  readonly gossiper: Gossiper
  /** Neighbours whose links stand. */
  readonly linked: () => number
  readonly onHappening: OnHappening
  readonly onFault: OnFault
}

/** What a peer gossips: texts, by itself now and then, and whatever it is told to say. */
export class Texts {
  readonly #parts: TextsParts
  readonly #broadcaster: Broadcaster

  constructor(parts: TextsParts) {
    this.#parts = parts
    this.#broadcaster = new Broadcaster(parts.settings)
    parts.driver.drive(this.#broadcaster, { say: (number, count) => this.#say(number, count) })
  }

  begin(): void {
    this.#parts.driver.input(now => this.#broadcaster.begin(now))
  }

  /** What the peer says by itself: how much of it, and when the next time comes; undefined when all is said. */
  get sayings(): { readonly said: number; readonly count: number; readonly nextInMs: number | undefined } {
    const { said, count, wakeAt } = this.#broadcaster
    return { said, count, nextInMs: said < count ? Math.max(0, wakeAt - performance.now()) : undefined }
  }

  /**
   * @returns the text's number among all that this peer has said, from 1
   * @throws {RangeError} when it is longer than 64 KiB of UTF-8, or empty {BusyNetworkError}
   */
  publish(text: string): number {
    const { gossiper, linked, onHappening } = this.#parts
    const wellFormed = text.toWellFormed()
    const { number } = gossiper.publish(new TextEncoder().encode(wellFormed))
    onHappening({ event: 'published', number, text: wellFormed, neighbours: linked() })
    return number
  }

  /** Nobody waits for it: if the neighbours take nothing more, it is not said. */
  #say(number: number, count: number): void {
    const { id, name, onFault } = this.#parts
    try {
      this.publish(`${name} says hello, ${number} of ${count}`)
    } catch (error) {
      onFault(id, gossipProtocol, asError(error))
    }
  }
}

/** Whether somebody with a name has said texts. */
export function isOfTexts({ originName, payloads }: Batch): boolean {
  return originName !== '' && payloads.every(payload => isUtf8(payload))
}

/** One for each text. @param from the neighbour that brought them */
export function* textsOf(batch: Batch, hops: number, from: string): Iterable<Happening> {
  const { originName: origin, origin: originId, payloads, time } = batch
  for (const [index, payload] of payloads.entries()) {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(payload)
    const number = batch.number + index
    const ageMs = Date.now() - time
    yield { event: 'received', origin, originId, number, text, hops, from, ageMs, id: gossipId(batch, index) }
  }
}
