import { createServer } from 'node:http'
import { once } from 'node:events'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { EventRing } from '#src/http/event-ring.ts'
import { EventStreams } from '#src/http/event-stream.ts'
import { until } from '../../support/until.ts'
import type { AddressInfo } from 'node:net'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { NodeEvent } from '#src/node/events.ts'

const long: NodeEvent = {
  time: '2026-01-01T12:00:00.000Z',
  role: 'peer',
  node: 'ada',
  event: 'published',
  number: 1,
  text: 'x'.repeat(60_000),
  neighbours: 1
}

test('a reader that reads nothing is cut off, and another one that reads is not', async () => {
  const ring = new EventRing({ eventsMax: 100, eventCharactersMax: 8_000_000 }, 1)
  const settings = {
    streamsMax: 2,
    streamChunkCharacters: 65_536,
    streamStallMs: 500,
    streamHeartbeatMs: 200,
    streamGatherMs: 1
  }
  const streams = new EventStreams(ring, settings)
  const app = new Hono<{ Bindings: HttpBindings }>().get('/', context => streams.serve(context))
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const open = async (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => request({ port, agent: false }, resolve).on('error', reject).end())
  const [idle, busy] = await Promise.all([open(), open()])
  let read = 0
  busy.on('data', (chunk: Buffer) => (read += chunk.length))
  let idleIsOver = false
  idle.on('close', () => (idleIsOver = true)).on('error', () => (idleIsOver = true))
  // More than all buffers between the two hold.
  const pour = setInterval(() => {
    for (let count = 0; count < 5; count++) ring.note(long)
  }, 5)
  await until('one is cut off', () => streams.cut === 1, 20_000)
  clearInterval(pour)
  let connections = 2
  const count = (): boolean => {
    server.getConnections((_error, number) => (connections = number))
    return connections === 1
  }
  await until('its connection is gone, though it still reads nothing', count, 5_000)
  idle.resume()
  await until('it notices', () => idleIsOver, 5_000)
  expect([streams.open, streams.cut, busy.destroyed]).toEqual([1, 1, false])
  const before = read
  ring.note(long)
  await until('the other one goes on', () => read > before + 60_000, 5_000)
  busy.destroy()
  await until('its place is free', () => streams.open === 0, 5_000)
  server.closeAllConnections()
  server.close()
})
