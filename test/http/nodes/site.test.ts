import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ApiError } from '#src/http/api-error.ts'
import { Site, take, token } from '../../support/http.ts'
import { viewWith } from '../../support/view.ts'
import { http as settings } from '#src/settings.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { Look, View } from '#src/http/view.ts'

const nasty = '</script><img src=x onerror=alert(1)>\u001b[31m\u2028\u202e"\\\r\n\n\u0000'

const joined = (name: string): NodeEvent => {
  return { time: '2026-01-01T12:00:00.000Z', role: 'peer', node: 'ada', event: 'peer-joined', name, id: `id-${name}` }
}
const post = (body: string, headers: Record<string, string> = {}): Parameters<Site['ask']>[1] => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers }
})

describe('who may ask', () => {
  test('a foreign Host is refused everywhere, and so is a foreign Origin', async () => {
    using site = await Site.of(viewWith())
    for (const path of ['/', '/healthz', '/metrics', '/api/v1/node', '/api/v1/events', '/nothing']) {
      const host = await site.ask(path, { headers: { host: `evil.example:${site.port}` } })
      expect([host.status, JSON.parse(host.text)], path).toMatchObject([403, { error: { code: 'forbidden' } }])
      const origin = await site.ask(path, { headers: { origin: 'http://evil.example' } })
      expect(origin.status, path).toBe(403)
      expect(origin.headers['access-control-allow-origin']).toBe(undefined)
    }
    const own = await site.ask('/healthz', { headers: { origin: `http://127.0.0.1:${site.port}` } })
    expect([own.status, own.text]).toEqual([200, 'ok\n'])
  })

  test('whoever acts needs the token, and is told where it stands', async () => {
    using site = await Site.of(viewWith())
    const body = '{"text":"hello"}'
    for (const authorization of ['', 'Bearer wrong', `Basic ${token}`, token]) {
      const { status, text } = await site.ask('/api/v1/publish', post(body, { authorization }))
      expect([status, JSON.parse(text)]).toMatchObject([401, { error: { code: 'unauthorized' } }])
    }
    const foreign = await site.ask('/api/v1/publish', post(body, { origin: 'http://evil.example' }))
    expect(foreign.status).toBe(403)
    const { status, text } = await site.ask('/api/v1/publish', post(body))
    expect([status, JSON.parse(text)]).toEqual([202, { id: 'ada#5' }])
    expect(new URL(site.url).hash).toBe(`#token=${token}`)
    expect(await site.json('/node')).toMatchObject({ canAct: false })
    const known = await site.ask('/api/v1/node', { headers: { authorization: `Bearer ${token}` } })
    expect(JSON.parse(known.text)).toMatchObject({ canAct: true, role: 'peer', name: 'ada' })
  })
})

describe('what is refused', () => {
  test('bodies that are not what is wanted, or too large', async () => {
    using site = await Site.of(viewWith())
    const status = async (body: string, headers?: Record<string, string>): Promise<number> =>
      (await site.ask('/api/v1/publish', post(body, headers))).status
    for (const body of [
      '',
      '{',
      '[]',
      'null',
      '"text"',
      '{}',
      '{"text":1}',
      '{"text":"a","more":"b"}',
      '{"text":{"a":1}}'
    ])
      expect(await status(body), body).toBe(400)
    expect(await status('{"text":"a"}', { 'content-type': 'text/plain' })).toBe(400)
    expect(await status(JSON.stringify({ text: 'x'.repeat(settings.bodyBytesMax) }))).toBe(413)
    expect(await status('{"text":"a"}', { 'transfer-encoding': 'chunked' })).toBe(413)
    // The longest text there is, as long as JSON can make it.
    expect(await status(JSON.stringify({ text: '\u0001'.repeat(65_536) }))).toBe(202)
  })

  test('what the node does not do, what it does not know, and what is not there', async () => {
    using site = await Site.of(viewWith())
    const code = async (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> => {
      const { status, text } = await site.act(method, path, body)
      return [status, (JSON.parse(text) as { error: { code: string } }).error.code]
    }
    expect(await code('POST', '/peers', {})).toEqual([404, 'not-here'])
    expect(await code('DELETE', '/peers/id-bob?how=kill')).toEqual([404, 'not-here'])
    expect(await code('POST', '/nothing', {})).toEqual([404, 'not-found'])
    for (const path of [
      '/api/v1/peers/id-bob',
      '/api/v1/messages/ada%231',
      '/api/v1/nothing',
      '/etc/passwd',
      '/..%2f..%2fpackage.json'
    ])
      expect((await site.ask(path)).status, path).toBe(404)
    for (const number of ['x', '-1', '1.5', '9'.repeat(20)])
      expect((await site.ask('/api/v1/events', { headers: { 'last-event-id': number } })).status).toBe(400)
  })

  test('errors of ours are told to the operator and not to whoever asks', async () => {
    const troubles = (): never => {
      throw new Error('a secret')
    }
    using site = await Site.of(viewWith({ troubles }))
    const { status, text } = await site.ask('/readyz')
    expect([status, text.includes('secret')]).toEqual([500, false])
    expect(site.faults.map(({ message }) => message)).toEqual(['a secret'])
  })

  test('what an act refuses keeps its reason', async () => {
    const publish = (): never => {
      throw new ApiError('unavailable', 'too much waits', 'Try again in a second.')
    }
    using site = await Site.of(viewWith({ acts: { publish } }))
    const { status, text } = await site.act('POST', '/publish', { text: 'hello' })
    expect([status, JSON.parse(text)]).toEqual([
      503,
      { error: { code: 'unavailable', message: 'too much waits', next: 'Try again in a second.' } }
    ])
  })
})

test('readiness says why not', async () => {
  let reasons = ['no neighbour']
  using site = await Site.of(viewWith({ troubles: () => reasons }))
  const ready = async (): Promise<unknown> => {
    const { status, text } = await site.ask('/readyz')
    return [status, JSON.parse(text)]
  }
  expect(await ready()).toEqual([503, { ready: false, reasons: ['no neighbour'] }])
  reasons = []
  expect(await ready()).toEqual([200, { ready: true, reasons: [] }])
})

test('every answer forbids what could make a text of somebody else run', async () => {
  const look = (): Look => ({
    peers: [{ id: 'id-ada', name: nasty, state: 'alive', degree: 0, target: null }],
    links: [],
    degrees: []
  })
  using site = await Site.of(viewWith({ look }))
  for (const path of ['/', '/api/v1/overlay', '/metrics', '/nothing']) {
    const { headers } = await site.ask(path)
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
  }
  const { text, headers } = await site.ask('/api/v1/peers')
  expect(headers['content-type']).toBe('application/json')
  expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/) // oxlint-disable-line no-control-regex
  expect(JSON.parse(text)).toMatchObject({ peers: [{ name: nasty }] })
})

test('the dead stay in the picture, and every change has a revision of its own', async () => {
  let names = ['ada', 'bob']
  const look = (): Look => ({
    peers: names.map(name => ({ id: `id-${name}`, name, state: 'alive', degree: 1, target: 3, addresses: [] })),
    links: names.length > 1 ? [['id-ada', 'id-bob']] : [],
    degrees: []
  })
  const deathIn: View['deathIn'] = event => (event.event === 'peer-removed' ? event.id : undefined)
  using site = await Site.of(viewWith({ look, deathIn }))
  const alive = { state: 'alive', degree: 1, target: 3 }
  const ada = { id: 'id-ada', name: 'ada', ...alive, self: true }
  const bob = { id: 'id-bob', name: 'bob', ...alive }
  for (let twice = 0; twice < 2; twice++)
    expect(await site.json('/overlay')).toEqual({ revision: 1, nodes: [ada, bob], links: [[0, 1]] })
  names = ['ada']
  site.note({ ...joined('bob'), event: 'peer-removed', reason: 'dead' } as NodeEvent)
  const after = { revision: 2, nodes: [ada, { ...bob, state: 'dead' }], links: [] }
  expect(await site.json('/overlay')).toEqual(after)
  expect(await site.json('/peers')).toMatchObject({ peers: [{ name: 'ada' }, { name: 'bob', state: 'dead' }] })
  expect(await site.json('/peers/id-bob')).toMatchObject({ name: 'bob', state: 'dead', neighbours: [], seeds: [] })
  names = ['ada', 'bob']
  expect(await site.json('/overlay')).toEqual({ revision: 3, nodes: [ada, bob], links: [[0, 1]] })
})

describe('the event stream', () => {
  const names = (told: readonly { data: string }[]): string[] =>
    told.map(({ data }) => (JSON.parse(data) as { name: string }).name)

  test('resumes where it was broken off, and says what is lost', async () => {
    using site = await Site.of(viewWith())
    for (const name of ['a', 'b', 'c']) site.note(joined(name))
    const first = await take(await site.open('/api/v1/events?last=3'), 3)
    expect(names(first)).toEqual(['a', 'b', 'c'])
    expect(JSON.parse(first[0]?.data ?? '')).toEqual(joined('a'))
    const resume = async (id: string, count: number): Promise<ReturnType<typeof take>> =>
      take(await site.open('/api/v1/events', { headers: { 'last-event-id': id } }), count)
    expect(names(await resume(first[0]?.id ?? '', 2))).toEqual(['b', 'c'])
    for (let count = 0; count < settings.eventsMax; count++) site.note(joined(String(count)))
    const [gap, next] = await resume(first[0]?.id ?? '', 2)
    expect(gap?.event).toBe('gap')
    expect(JSON.parse(gap?.data ?? '')).toEqual({ resumedAt: Number(next?.id) })
    expect(names([next as { data: string }])).toEqual(['0'])
    // As if the process had been started anew.
    expect((await resume('1', 1))[0]?.event).toBe('gap')
  })

  test('goes on with what happens, without what is not wanted', async () => {
    using site = await Site.of(viewWith())
    const stream = await site.open('/api/v1/events?except=peer-removed,published')
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const told = take(stream, 2)
    site.note(joined('a'), { ...joined('b'), event: 'peer-removed', reason: 'left' } as NodeEvent, joined(nasty))
    expect(names(await told)).toEqual(['a', nasty])
  })

  test('is open to so many readers only', async () => {
    using site = await Site.of(viewWith())
    const streams = await Promise.all(
      Array.from({ length: settings.streamsMax }, async () => site.open('/api/v1/events'))
    )
    const refused = await site.ask('/api/v1/events')
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([503, { error: { code: 'unavailable' } }])
    for (const stream of streams) stream.destroy()
    const free = async (): Promise<boolean> => (await site.ask('/metrics')).text.includes('hubcast_event_streams 0\n')
    const end = performance.now() + 10_000
    while (!(await free())) {
      if (performance.now() > end) throw new Error('the places of those who have gone are not free within 10 s')
      await delay(50)
    }
  })
})
