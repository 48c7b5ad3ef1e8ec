import { EventSourceParserStream } from 'eventsource-parser/stream'
import { printable } from '#src/node/printable.ts'
import type { ErrorReply, StreamedEvent } from '#src/http/contract.ts'

/** A running node cannot be asked. The message says why, and what to do. */
export class NodeClientError extends Error {
  override readonly name = 'NodeClientError'

  /** Part of it may be what the node said. */
  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options)
  }
}

/** What should be the address of a node's HTTP is none. */
export class HttpAddressError extends Error {
  override readonly name = 'HttpAddressError'
}

/** An event of the stream with its number; without an event where the node has forgotten some. */
export interface NumberedEvent {
  readonly id: string
  readonly event?: StreamedEvent
}

const giveToken =
  'Give the whole address that the node printed, with #token=…, to --http or HUBCAST_HTTP, or the token to --token.'

interface Request {
  readonly method?: 'POST'
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** A node that answers takes a few ms; one whose process is stopped never does. */
const answerMsMax = 10_000

/** An event holds one message of at most 64 KiB, in JSON up to six times as long. */
const eventCharactersMax = 1024 * 1024

/** The HTTP of a running node, as `src/http/contract.ts` describes it. */
export class NodeClient {
  readonly #origin: string
  readonly #token: string | undefined

  /**
   * @param address as a node prints it, with or without `http://` and `#token=…`; a port alone is one of 127.0.0.1
   * @param token what counts instead of the one in the address
   * @throws {HttpAddressError}
   */
  constructor(address: string, token?: string) {
    const url = parse(address)
    this.#origin = url.origin
    this.#token = token ?? new URLSearchParams(url.hash.slice(1)).get('token') ?? process.env['HUBCAST_TOKEN']
  }

  /** @throws {NodeClientError} */
  async get<Reply>(path: string): Promise<Reply> {
    return this.#replyOf(await this.#fetch(path, {}, AbortSignal.timeout(answerMsMax)))
  }

  /** @throws {NodeClientError} */
  async post<Reply>(path: string, body: object): Promise<Reply> {
    const request: Request = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' }
    }
    return this.#replyOf(await this.#fetch(path, request, AbortSignal.timeout(answerMsMax)))
  }

  /** Whether the node is ready, whatever status says so. @throws {NodeClientError} */
  async ready<Reply>(): Promise<Reply> {
    return this.#jsonOf(await this.#fetch('/readyz', {}, AbortSignal.timeout(answerMsMax)))
  }

  /**
   * Events as they come: so many of the last ones and then the new ones, or all after one with this number. Ends when the node does, or
   * the signal says so.
   * @param onConnected told when the node has answered
   * @throws {NodeClientError}
   */
  async *events(
    from: { readonly last: number } | { readonly after: string },
    signal: AbortSignal,
    onConnected: () => void
  ): AsyncGenerator<NumberedEvent> {
    const headers = { accept: 'text/event-stream', ...('after' in from && { 'last-event-id': from.after }) }
    const query = 'last' in from ? `?last=${from.last}` : ''
    const response = await this.#fetch(`/api/v1/events${query}`, { headers }, signal)
    if (!response.ok || response.body === null) {
      await this.#replyOf(response)
      return
    }
    onConnected()
    const messages = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream({ maxBufferSize: eventCharactersMax, onError: 'terminate' }))
    try {
      for await (const { id = '', event, data } of messages)
        yield event === 'gap' ? { id } : { id, event: JSON.parse(data) as StreamedEvent }
    } catch (error) {
      if (!signal.aborted) throw this.#failure(error)
    }
  }

  async #fetch(path: string, { headers = {}, ...request }: Request, signal: AbortSignal): Promise<Response> {
    const authorization = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }
    try {
      return await fetch(this.#origin + path, { ...request, headers: { ...headers, ...authorization }, signal })
    } catch (error) {
      throw this.#failure(error)
    }
  }

  async #replyOf<Reply>(response: Response): Promise<Reply> {
    const reply = await this.#jsonOf<Reply | ErrorReply>(response)
    if (response.ok) return reply as Reply
    const { error } = reply as Partial<ErrorReply>
    if (error === undefined) throw this.#stranger()
    const next = error.code === 'unauthorized' ? giveToken : error.next
    throw new NodeClientError(`${this.#origin} answers: ${error.message}. ${next}`)
  }

  async #jsonOf<Reply>(response: Response): Promise<Reply> {
    try {
      return (await response.json()) as Reply
    } catch {
      throw this.#stranger()
    }
  }

  #stranger(): NodeClientError {
    return new NodeClientError(
      `what answers at ${this.#origin} is no node of Hubcast: name the address that the node printed, by --http or HUBCAST_HTTP`
    )
  }

  #failure(error: unknown): NodeClientError {
    return new NodeClientError(this.#explain(error), { cause: error })
  }

  #explain(error: unknown): string {
    const { name, message, cause } = error instanceof Error ? error : new Error(String(error))
    if (name === 'TimeoutError')
      return `${this.#origin} does not answer within ${answerMsMax / 1_000} s: its process may be stopped, or very busy`
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ECONNREFUSED')
      return (
        `nothing listens at ${this.#origin}: start the node with --http ${new URL(this.#origin).host}, ` +
        'or name the address of another one by --http or HUBCAST_HTTP'
      )
    return `cannot reach ${this.#origin}: ${cause instanceof Error ? cause.message : message}`
  }
}

function parse(address: string): URL {
  try {
    const host = /^\d+$/.test(address) ? `127.0.0.1:${address}` : address
    const url = new URL(/^https?:\/\//.test(address) ? address : `http://${host}`)
    if (url.hostname !== '') return url
  } catch {
    // Told below.
  }
  const like = 'http://127.0.0.1:8080 or http://127.0.0.1:8080/#token=…'
  throw new HttpAddressError(`${JSON.stringify(address)} is no address of a node's HTTP: write one such as ${like}`)
}
