import { setTimeout as delay } from 'node:timers/promises'
import { stream } from 'hono/streaming'
import { ApiError } from './api-error.ts'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { StreamingApi } from 'hono/utils/stream'
import type { EventRing } from './event-ring.ts'

export interface EventStreamSettings {
  readonly streamsMax: number
  readonly streamChunkCharacters: number
  readonly streamStallMs: number
  readonly streamHeartbeatMs: number
  readonly streamGatherMs: number
}

/** Server-sent events from the ring: a stream is a place in it and the chunk that is being sent, whatever its reader does. */
export class EventStreams {
  readonly #ring: EventRing
  readonly #settings: EventStreamSettings
  #open = 0
  #cut = 0

  constructor(ring: EventRing, settings: EventStreamSettings) {
    this.#ring = ring
    this.#settings = settings
  }

  get open(): number {
    return this.#open
  }

  /** Streams that were cut off because nobody read them. */
  get cut(): number {
    return this.#cut
  }

  /** @throws {ApiError} */
  serve(context: Context<{ Bindings: HttpBindings }>): Response {
    if (this.#open >= this.#settings.streamsMax)
      throw new ApiError(
        'unavailable',
        `${this.#settings.streamsMax} event streams are open already`,
        'Close one of them.'
      )
    const start = this.#start(context)
    const except = new Set((context.req.query('except') ?? '').split(','))
    context.header('content-type', 'text/event-stream')
    context.header('cache-control', 'no-store')
    this.#open++
    return stream(context, async out => {
      try {
        await this.#send(out, start, except, () => context.env.outgoing.destroy())
      } finally {
        this.#open--
      }
    })
  }

  /** The number after which the stream begins: the last one that a reader has had, or so many before now. */
  #start({ req }: Context): number {
    const resumed = req.header('last-event-id')
    const last = req.query('last') ?? '0'
    for (const number of [resumed ?? '0', last])
      if (!/^\d{1,16}$/.test(number))
        throw new ApiError('bad-request', `${JSON.stringify(number)} is no number of events`, 'Write a whole number.')
    return resumed === undefined ? this.#ring.before(Number(last)) : Number(resumed)
  }

  async #send(out: StreamingApi, start: number, except: ReadonlySet<string>, cutOff: () => void): Promise<void> {
    let at = start
    const gone = new Promise<void>(resolve => out.onAbort(resolve))
    // Whoever lost its connection comes back a second later. A number without data tells it where it stands.
    let text = `retry: 1000\nid: ${at}\n\n`
    while (!out.aborted && !out.closed) {
      if (!(await this.#write(out, text))) {
        this.#cut++
        cutOff()
        return
      }
      await delay(this.#settings.streamGatherMs, undefined, { ref: false })
      await Promise.race([this.#ring.changed(at, this.#settings.streamHeartbeatMs), gone])
      const { resumedAt, events, last } = this.#ring.after(at, except, this.#settings.streamChunkCharacters)
      const gap = resumedAt === undefined ? '' : `event: gap\ndata: ${JSON.stringify({ resumedAt })}\n\n`
      const told = events.map(({ number, line }) => `id: ${number}\ndata: ${line}\n\n`)
      at = last
      text = gap + told.join('')
      if (events.at(-1)?.number !== at) text += `id: ${at}\n\n`
    }
  }

  /** Returns whether it was taken in time, or there is nobody left to take it. */
  async #write(out: StreamingApi, text: string): Promise<boolean> {
    const patience = new AbortController()
    const taken = out.write(text).then(() => true)
    const stalled = delay(this.#settings.streamStallMs, false, { signal: patience.signal, ref: false }).catch(
      () => true
    )
    const inTime = await Promise.race([taken, stalled])
    patience.abort()
    return inTime
  }
}
