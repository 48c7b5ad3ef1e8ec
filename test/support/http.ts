import { request } from 'node:http'
import { Monitor } from '#src/http/monitor.ts'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { NodeEvent } from '#src/node/events.ts'
import type { View } from '#src/http/view.ts'

export const token = 'the-token-of-this-test'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Question {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** A monitor that serves, and ways to ask it. Ends with the test. */
export class Site {
  readonly monitor: Monitor
  readonly faults: Error[] = []
  port = 0
  url = ''

  constructor() {
    const onFault = (error: Error): unknown => this.faults.push(error)
    this.monitor = new Monitor({ host: '127.0.0.1', port: 0, token, onFault })
  }

  static async of(view: View): Promise<Site> {
    const site = new Site()
    await site.serve(view)
    return site
  }

  async serve(...what: Parameters<Monitor['serve']>): Promise<void> {
    this.url = await this.monitor.serve(...what)
    this.port = Number(new URL(this.url).port)
  }

  note(...events: readonly NodeEvent[]): void {
    for (const event of events) this.monitor.note(event)
  }

  async ask(path: string, question: Question = {}): Promise<Answer> {
    const response = await this.open(path, question)
    let text = ''
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk)
    return { status: response.statusCode ?? 0, headers: response.headers, text }
  }

  async json<Reply>(path: string): Promise<Reply> {
    return JSON.parse((await this.ask(`/api/v1${path}`)).text) as Reply
  }

  /** With the token. */
  async act(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    return this.ask(`/api/v1${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
  }

  /** The answer as it comes. */
  async open(path: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, path, method, headers, agent: false }
      request(options, resolve).on('error', reject).end(body)
    })
  }

  [Symbol.dispose](): void {
    this.monitor.stop()
  }
}

/** A server-sent event. */
export interface Told {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: string
}

/** The first events of a stream, without the blocks that have no data, as a browser has them. */
export async function take(stream: IncomingMessage, count: number): Promise<Told[]> {
  const told: Told[] = []
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) {
    const blocks = `${text}${String(chunk)}`.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
      const data = field('data')
      if (data !== undefined) told.push({ id: field('id'), event: field('event'), data })
    }
    if (told.length >= count) break
  }
  stream.destroy()
  return told
}
