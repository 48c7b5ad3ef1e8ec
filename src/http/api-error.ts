import type { ErrorReply } from './contract.ts'

const statuses = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'not-here': 404,
  conflict: 409,
  'too-large': 413,
  internal: 500,
  unavailable: 503
} as const satisfies Record<ErrorReply['error']['code'], number>

/** A request that cannot be served, and what whoever made it can do about that. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ErrorReply['error']['code']
  readonly next: string

  constructor(code: ErrorReply['error']['code'], message: string, next: string) {
    super(message)
    this.code = code
    this.next = next
  }

  get status(): (typeof statuses)[ErrorReply['error']['code']] {
    return statuses[this.code]
  }

  get reply(): ErrorReply {
    return { error: { code: this.code, message: this.message, next: this.next } }
  }
}
