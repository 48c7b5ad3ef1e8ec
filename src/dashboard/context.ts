import type { Api } from './api.ts'
import type { Feed } from './feed.ts'
import type { Live } from './live.ts'
import type { NodeReply } from '../http/contract.ts'

/** What a page gets to work with. */
export interface Context {
  readonly api: Api
  readonly feed: Feed
  readonly live: Live
  /** Who serves this page, as it was when the page was loaded. */
  readonly node: NodeReply
  /** Aborted when the reader goes to another page: everything that the page has begun ends with it. */
  readonly signal: AbortSignal
}
