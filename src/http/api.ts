import { Hono } from 'hono'
import { jsonLine } from '#src/node/printable.ts'
import { http as settings } from '#src/settings.ts'
import { ApiError } from './api-error.ts'
import { degreesReply } from './degrees.ts'
import { openApi } from './openapi.ts'
import type { HttpBindings } from '@hono/node-server'
import type { Context, Handler } from 'hono'
import type {
  ConnectReply,
  DegreesReply,
  MessageReply,
  MessagesReply,
  NodeReply,
  OverlayReply,
  PeerReply,
  PeerSummary,
  PeersReply,
  PublishReply,
  SeedsReply
} from './contract.ts'
import type { Admission } from './admission.ts'
import type { EventRing } from './event-ring.ts'
import type { EventStreams } from './event-stream.ts'
import type { MessageLog } from './message-log.ts'
import type { OverlayWatch } from './overlay-watch.ts'
import type { Acts, View } from './view.ts'

type Env = { Bindings: HttpBindings }

export interface ApiParts {
  readonly version: string
  /** Unix ms. */
  readonly startedAt: number
  readonly view: View
  readonly overlay: OverlayWatch
  readonly messages: MessageLog
  readonly events: EventRing
  readonly streams: EventStreams
  readonly admission: Admission
}

/** `/api/v1`: everything that the dashboard and programs ask for. */
export function api(parts: ApiParts): Hono<Env> {
  const { view, overlay, messages, streams } = parts
  const app = new Hono<Env>()
  const answers = (reply: (context: Context<Env>) => unknown): Handler<Env> => {
    return context => json(context, reply(context))
  }

  app.get(
    '/openapi.json',
    answers(() => openApi(parts.version))
  )
  app.get(
    '/node',
    answers(context => nodeReply(parts, context))
  )
  app.get(
    '/overlay',
    answers((): OverlayReply => overlay.reply())
  )
  app.get(
    '/degrees',
    answers((): DegreesReply => degreesReply(overlay.look().degrees))
  )
  app.get(
    '/messages',
    answers((): MessagesReply => ({ messages: messages.list() }))
  )
  app.get(
    '/messages/:id',
    answers(context => messageReply(parts, context.req.param('id') ?? ''))
  )
  app.get(
    '/seeds',
    answers((): SeedsReply => view.seeds(overlay.look()))
  )
  app.get(
    '/peers',
    answers((): PeersReply => ({ peers: [...overlay.look().peers, ...overlay.dead()] }))
  )
  app.get(
    '/peers/:id',
    answers(context => peerReply(parts, context.req.param('id') ?? ''))
  )
  app.get('/events', context => streams.serve(context))

  app.on(['POST', 'DELETE'], '/*', async (context, next) => {
    if (!parts.admission.mayAct(context.req.header('authorization')))
      throw new ApiError(
        'unauthorized',
        'this needs the token of the node',
        'Send "Authorization: Bearer TOKEN"; the token stands behind # in the address that the node printed when it started.'
      )
    await next()
  })
  app.post('/publish', async context => {
    const publish = act(view, 'publish')
    const { text, from } = await body(context, ['text'], ['from'])
    return json(context, { id: publish(text ?? '', from) } satisfies PublishReply, 202)
  })
  app.post('/connect', async context => {
    const connect = act(view, 'connect')
    const { address } = await body(context, ['address'], [])
    return json(context, (await connect(address ?? '')) satisfies ConnectReply)
  })
  app.post('/peers', async context => {
    const startPeer = act(view, 'startPeer')
    const { name } = await body(context, [], ['name'])
    return json(context, (await startPeer(name)) satisfies PeerSummary, 201)
  })
  app.delete('/peers/:id', async context => {
    const endPeer = act(view, 'endPeer')
    const how = context.req.query('how')
    if (how !== 'kill' && how !== 'leave')
      throw new ApiError('bad-request', 'how it is to end is not said', 'Add ?how=kill or ?how=leave.')
    await endPeer(context.req.param('id'), how)
    return context.body(null, 204)
  })
  return app
}

/** As harmless on a terminal as what `--json` prints. */
export function json(
  context: Context,
  value: unknown,
  status: 200 | 201 | 202 | 503 | ApiError['status'] = 200
): Response {
  return context.body(jsonLine(value), status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
}

function nodeReply({ view, version, startedAt, admission }: ApiParts, { req }: Context): NodeReply {
  const { role, name, id, addresses, network } = view
  const canAct = admission.mayAct(req.header('authorization'))
  return { role, name, id, addresses, startedAt, version, network, canAct }
}

function messageReply({ messages }: ApiParts, id: string): MessageReply {
  const found = messages.find(id)
  if (found !== undefined) return found
  throw new ApiError(
    'not-found',
    `message ${JSON.stringify(id)} is not kept`,
    'GET /api/v1/messages lists those that are; # is %23 in an address.'
  )
}

function peerReply({ view, overlay, messages, events }: ApiParts, id: string): PeerReply {
  const look = overlay.look()
  const summary: PeerSummary | undefined = [...look.peers, ...overlay.dead()].find(peer => peer.id === id)
  if (summary === undefined)
    throw new ApiError('not-found', `no peer ${JSON.stringify(id)} is known`, 'GET /api/v1/peers lists those that are.')
  const { seeds = [] } = summary
  const told = events.of(summary.name, settings.peerEventsMax)
  return { ...summary, neighbours: view.neighboursOf(id, look), seeds, ...messages.counts(id), events: told }
}

/** @throws {ApiError} where the node does no such thing */
function act<Name extends keyof Acts>({ acts, role }: View, name: Name): NonNullable<View['acts'][Name]> {
  const found = acts[name]
  if (found !== undefined) return found
  throw new ApiError('not-here', `a ${role} does no such thing`, 'Ask a peer, or a swarm.')
}

/** The texts of a JSON object. @throws {ApiError} when a needed one is missing, or there is something else */
async function body<Needed extends string, Optional extends string>(
  { req }: Context,
  needed: readonly Needed[],
  optional: readonly Optional[]
): Promise<Partial<Record<Needed | Optional, string>>> {
  const shape = `{ ${[...needed, ...optional.map(name => `${name}?`)].join(', ')} }`
  const wrong = new ApiError('bad-request', 'the body is not what is wanted', `Send JSON: ${shape}, all of them texts.`)
  if (req.header('content-type')?.split(';')[0]?.trim() !== 'application/json') throw wrong
  // Node reads no more than that. A body of unknown length is not begun with.
  if (!(Number(req.header('content-length')) <= settings.bodyBytesMax))
    throw new ApiError(
      'too-large',
      `more than ${settings.bodyBytesMax} bytes, or nobody knows`,
      'Send a Content-Length.'
    )
  const given: unknown = await req.json().catch(() => undefined)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong
  const known: readonly string[] = [...needed, ...optional]
  const isRight = Object.entries(given).every(([key, value]) => known.includes(key) && typeof value === 'string')
  if (!isRight || needed.some(name => !Object.hasOwn(given, name))) throw wrong
  return given
}
