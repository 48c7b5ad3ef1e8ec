import type { StreamedEvent } from '../http/contract.ts'

export type FeedState = 'connecting' | 'live' | 'reconnecting'

/** Time to the next attempt where the browser has given up, in ms: as long as browsers themselves wait. */
const retryMs = 3000

/** Past events that the page of events begins with. */
const lastCount = 200

/**
 * The stream of events, for as long as the page is open: one for all, for browsers open six connections to a server and no more.
 * Dispatches `state`, `event` and, when some may have been missed, `gap`.
 */
export class Feed extends EventTarget {
  #state: FeedState = 'connecting'
  #source: EventSource | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  /** Whether deliveries are told too: each message causes as many as there are peers, and hardly anybody wants to know. */
  #tellsAll = false

  constructor() {
    super()
    this.#open()
  }

  get state(): FeedState {
    return this.#state
  }

  /** Really everything that happens, and what has happened just before, until the signal. */
  tellAll(signal: AbortSignal): void {
    this.#tellsAll = true
    this.#open()
    signal.addEventListener('abort', () => {
      this.#tellsAll = false
      this.#open()
    })
  }

  #open(): void {
    clearTimeout(this.#retry)
    this.#source?.close()
    const source = new EventSource(`/api/v1/events?${this.#tellsAll ? `last=${lastCount}` : 'except=received'}`)
    this.#source = source
    source.addEventListener('open', () => {
      // Whatever happened before, or between two connections, nobody has told us.
      this.dispatchEvent(new Event('gap'))
      this.#become('live')
    })
    source.addEventListener('gap', () => this.dispatchEvent(new Event('gap')))
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.dispatchEvent(new CustomEvent('event', { detail: JSON.parse(data) as StreamedEvent }))
    })
    source.addEventListener('error', () => {
      this.#become('reconnecting')
      if (source.readyState === EventSource.CLOSED) this.#retry = setTimeout(() => this.#open(), retryMs)
    })
  }

  #become(state: FeedState): void {
    if (state === this.#state) return
    this.#state = state
    this.dispatchEvent(new Event('state'))
  }
}
