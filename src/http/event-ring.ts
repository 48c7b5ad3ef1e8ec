import { jsonLine } from '#src/node/printable.ts'
import type { NodeEvent } from '#src/node/events.ts'

export interface KeptEvent {
  readonly number: number
  readonly event: NodeEvent['event']
  readonly node: string
  /** As `--json` prints it. */
  readonly line: string
}

export interface EventRingSettings {
  readonly eventsMax: number
  readonly eventCharactersMax: number
}

export interface Excerpt {
  /** The first number that is kept, if some before it are not any more, or the number asked for is none of this process. */
  readonly resumedAt: number | undefined
  readonly events: readonly KeptEvent[]
  /** Number of the last event that was looked at. */
  readonly last: number
}

/** The last events of this process, numbered, for those who watch. */
export class EventRing {
  readonly #settings: EventRingSettings
  readonly #kept = new Map<number, KeptEvent>()
  #characters = 0
  #first: number
  #next: number
  #waiting: (() => void)[] = []

  /** @param first number of the first event: if it grows from process to process, nobody resumes in another one's events unawares */
  constructor(settings: EventRingSettings, first: number) {
    this.#settings = settings
    this.#first = first
    this.#next = first
  }

  /** Number of the last event. */
  get last(): number {
    return this.#next - 1
  }

  note(event: NodeEvent): void {
    const number = this.#next++
    const line = jsonLine(event)
    this.#kept.set(number, { number, event: event.event, node: event.node, line })
    this.#characters += line.length
    const { eventsMax, eventCharactersMax } = this.#settings
    while (this.#kept.size > eventsMax || this.#characters > eventCharactersMax) {
      this.#characters -= this.#kept.get(this.#first)?.line.length ?? 0
      this.#kept.delete(this.#first++)
    }
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /**
   * What came after the event with this number, oldest first, without some kinds of events.
   * @param charactersMax the lines together have little more than that; the rest is for the next call
   */
  after(number: number, except: ReadonlySet<string>, charactersMax: number): Excerpt {
    const isLost = number < this.#first - 1 || number >= this.#next
    const from = isLost ? this.#first : number + 1
    const events: KeptEvent[] = []
    let characters = 0
    let next = from
    for (; next < this.#next && characters < charactersMax; next++) {
      const kept = this.#kept.get(next)
      if (kept === undefined || except.has(kept.event)) continue
      events.push(kept)
      characters += kept.line.length
    }
    return { resumedAt: isLost ? from : undefined, events, last: next - 1 }
  }

  /** The number after which there are so many events, or all that are kept. */
  before(count: number): number {
    return Math.max(this.#first, this.#next - count) - 1
  }

  /** The last events of one node, oldest first. */
  of(node: string, count: number): NodeEvent[] {
    const found: NodeEvent[] = []
    for (let at = this.#next - 1; at >= this.#first && found.length < count; at--) {
      const kept = this.#kept.get(at)
      if (kept?.node === node) found.push(JSON.parse(kept.line) as NodeEvent)
    }
    return found.toReversed()
  }

  /** Resolves when there is something after this number, or after a while. */
  async changed(number: number, patienceMs: number): Promise<void> {
    if (number < this.last) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#waiting = this.#waiting.filter(wake => wake !== resolve)
      resolve()
    }, patienceMs)
    this.#waiting.push(resolve)
    await promise
    clearTimeout(timer)
  }
}
