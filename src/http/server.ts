import { once } from 'node:events'
import { createServer } from 'node:http'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { PortInUseError } from '#src/node/host.ts'
import { http as settings } from '#src/settings.ts'
import { ApiError } from './api-error.ts'
import { api, json } from './api.ts'
import type { Server } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { ApiParts } from './api.ts'
import type { ReadyReply } from './contract.ts'
import type { Metrics } from './metrics.ts'
import type { StaticFile } from './static-files.ts'

export interface SiteParts extends ApiParts {
  readonly metrics: Metrics
  readonly files: ReadonlyMap<string, StaticFile>
  /** Told of an error that is ours. */
  readonly onFault: (error: Error) => void
}

/** Nothing but what comes from here, and no frame of somebody else around it. */
const headers = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"]
  },
  xFrameOptions: 'DENY',
  // Whether there is TLS, and for how long, is the business of whoever puts it in front.
  strictTransportSecurity: false
})

/** All that a node serves. */
export function site(parts: SiteParts): Hono<{ Bindings: HttpBindings }> {
  const { admission, view, metrics, files } = parts
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(headers, async ({ req }, next) => {
    const host = req.header('host')
    if (host === undefined || !admission.isOurHost(host))
      throw new ApiError('forbidden', `this is not ${JSON.stringify(host)}`, 'Use the printed address, or --http-host.')
    if (!admission.isSameOrigin(req.header('origin'), host))
      throw new ApiError('forbidden', 'pages of other origins may not ask here', 'Open the page that the node serves.')
    await next()
  })
  app.onError((error, context) => {
    if (error instanceof ApiError) return json(context, error.reply, error.status)
    parts.onFault(error)
    const { reply } = new ApiError('internal', 'this is our mistake', 'See what the node has printed.')
    return json(context, reply, 500)
  })
  app.notFound(() => {
    throw new ApiError('not-found', 'there is nothing here', 'GET /api/v1/openapi.json lists what there is.')
  })
  app.get('/healthz', context => context.text('ok\n'))
  app.get('/readyz', context => {
    const reasons = view.troubles()
    const reply: ReadyReply = { ready: reasons.length === 0, reasons }
    return json(context, reply, reply.ready ? 200 : 503)
  })
  app.get('/metrics', async context => context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }))
  app.route('/api/v1', api(parts))
  app.get('/*', async (context, next) => {
    const file = files.get(context.req.path)
    if (file !== undefined) return fileReply(context, file)
    if (context.req.path === '/')
      return context.text('This node was built without its dashboard. See /api/v1/openapi.json.\n')
    await next()
  })
  return app
}

function fileReply(context: Context, { type, etag, body }: StaticFile): Response {
  context.header('etag', etag)
  context.header('cache-control', 'no-cache')
  const isKnown = context.req.header('if-none-match') === etag
  return isKnown ? context.body(null, 304) : context.body(body, 200, { 'content-type': type })
}

/** @throws {PortInUseError} when this port, and so many after it, are taken */
export async function listen(host: string, port: number, portsTried: number): Promise<Server> {
  for (let tried = 0; tried < portsTried; tried++) {
    const server = createServer()
    server.maxConnections = settings.connectionsMax
    server.listen(port === 0 ? 0 : port + tried, host)
    try {
      await once(server, 'listening')
      return server
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    }
  }
  const ports = portsTried === 1 ? `port ${port}` : `ports ${port} to ${port + portsTried - 1}`
  throw new PortInUseError(`--http: ${host}, ${ports}: in use by another program`)
}
