import { isTouchedBy } from './topics.ts'
import type { Api } from './api.ts'
import type { Feed } from './feed.ts'
import type { Topic } from './topics.ts'
import type { StreamedEvent } from '../http/contract.ts'

/** Shortest time between two requests for the same thing, in ms: nobody reads faster, and a burst of events is one change. */
const restMs = 1000

/** A thing that is slow to get is asked for no more than this share of the time. */
const busyShare = 0.2

/** What has just changed goes on changing: deliveries follow a message, and are no events here. In ms. */
const changingMs = 2000

/** Latencies too change without an event, so everything is asked for now and then, in ms. */
const staleMs = 10_000

interface Watched {
  readonly topic: Topic
  readonly listeners: Set<(reply: unknown) => void>
  readonly failed: Set<(error: unknown) => void>
  /** The last reply as it came, to tell nobody of what has not changed. */
  text: string
  reply: unknown
  askedAt: number
  tookMs: number
  isAsking: boolean
  timer: ReturnType<typeof setTimeout> | undefined
}

/** What the server says, asked for again when events touch it, as long as a part of the page watches it. */
export class Live {
  readonly #api: Api
  readonly #watched = new Map<string, Watched>()

  constructor(api: Api, feed: Feed) {
    this.#api = api
    feed.addEventListener('event', event => this.#onEvent((event as CustomEvent<StreamedEvent>).detail))
    feed.addEventListener('gap', () => this.refresh())
    document.addEventListener('visibilitychange', () => this.refresh())
  }

  /**
   * @param path behind `/api/v1/`
   * @param topic which events touch it
   * @param signal ends the watch
   * @param onReply told of the reply, soon, and of each other one later
   * @param onError told when there is none, each time
   */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what comes is what the contract says
  watch<Reply>(
    path: string,
    topic: Topic,
    signal: AbortSignal,
    onReply: (reply: Reply) => void,
    onError: (error: unknown) => void = () => {}
  ): void {
    const watched = this.#watched.get(path) ?? this.#begin(path, topic)
    const listener = onReply as (reply: unknown) => void
    watched.listeners.add(listener)
    watched.failed.add(onError)
    if (watched.reply !== undefined) listener(watched.reply)
    signal.addEventListener('abort', () => {
      watched.listeners.delete(listener)
      watched.failed.delete(onError)
      if (watched.listeners.size > 0) return
      clearTimeout(watched.timer)
      this.#watched.delete(path)
    })
  }

  /** Asks for everything that is watched, as soon as it may. */
  refresh(): void {
    for (const [path, watched] of this.#watched) this.#askSoon(path, watched)
  }

  #onEvent(event: StreamedEvent): void {
    for (const [path, watched] of this.#watched) if (isTouchedBy(watched.topic, event)) this.#askSoon(path, watched)
  }

  #begin(path: string, topic: Topic): Watched {
    const watched: Watched = {
      topic,
      listeners: new Set(),
      failed: new Set(),
      text: '',
      reply: undefined,
      askedAt: -Infinity,
      tookMs: 0,
      isAsking: false,
      timer: undefined
    }
    this.#watched.set(path, watched)
    this.#askSoon(path, watched)
    return watched
  }

  #askSoon(path: string, watched: Watched): void {
    // Nobody looks: when somebody does, everything is asked for.
    if (document.hidden && watched.reply !== undefined) return
    if (watched.isAsking) {
      // What is on its way may be from before the event.
      if (watched.timer === undefined) this.#askAfter(path, watched, restMs)
      return
    }
    const rest = Math.max(restMs, watched.tookMs / busyShare)
    this.#askAfter(path, watched, Math.max(0, watched.askedAt + rest - performance.now()))
  }

  #askAfter(path: string, watched: Watched, wait: number): void {
    clearTimeout(watched.timer)
    watched.timer = setTimeout(() => void this.#ask(path, watched), wait)
  }

  async #ask(path: string, watched: Watched): Promise<void> {
    watched.timer = undefined
    watched.isAsking = true
    watched.askedAt = performance.now()
    let next = staleMs
    try {
      const reply = await this.#api.get(path)
      const text = JSON.stringify(reply)
      if (text !== watched.text) {
        watched.text = text
        watched.reply = reply
        next = changingMs
        for (const listener of watched.listeners) listener(reply)
      }
    } catch (error) {
      // The next reply is told again, even if it is the same: the error has to go.
      watched.text = ''
      for (const failed of watched.failed) failed(error)
    } finally {
      watched.isAsking = false
      watched.tookMs = performance.now() - watched.askedAt
      const isWanted = watched.listeners.size > 0 && !document.hidden
      if (isWanted && watched.timer === undefined) this.#askAfter(path, watched, next)
    }
  }
}
