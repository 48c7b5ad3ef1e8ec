import type { ErrorReply } from '../http/contract.ts'

/** A refusal of the server, in its own words, or that it could not be reached. */
export class ApiError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Requests to the server that this page came from. */
export class Api {
  readonly #token: string | undefined

  constructor(token: string | undefined) {
    this.#token = token
  }

  /** @param path behind `/api/v1/`, its parts encoded */
  async get<Reply>(path: string): Promise<Reply> {
    return (await this.#ask('GET', path)) as Reply
  }

  /** Something that acts: the server wants the token for it. */
  async act<Reply>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Reply> {
    return (await this.#ask(method, path, body)) as Reply
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const headers = new Headers()
    if (this.#token !== undefined) headers.set('Authorization', `Bearer ${this.#token}`)
    if (body !== undefined) headers.set('Content-Type', 'application/json')
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`/api/v1/${path}`, { method, headers, ...sent }).catch(() => undefined)
    if (response === undefined) throw new ApiError(0, 'No answer. Is the node still running?')
    const reply: unknown = await response.json().catch(() => undefined)
    if (response.ok) return reply
    const { error } = (reply ?? {}) as Partial<ErrorReply>
    throw new ApiError(
      response.status,
      error === undefined ? `Refused with status ${response.status}` : `${error.message}. ${error.next}`
    )
  }
}
