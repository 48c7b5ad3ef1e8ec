import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { api } from '#src/http/api.ts'
import { openApi } from '#src/http/openapi.ts'
import { SwarmView } from '#src/http/swarm-view.ts'
import { createTestNetwork } from '#src/index.ts'
import { Site, take } from '../../support/http.ts'
import type { ApiParts } from '#src/http/api.ts'
import type {
  MessageReply,
  MessagesReply,
  OverlayReply,
  PeerReply,
  PeersReply,
  SeedsReply
} from '#src/http/contract.ts'

const document = openApi('0.1.0') as {
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>
  components: { schemas: Record<string, unknown> }
}
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } })
for (const [name, schema] of Object.entries(document.components.schemas))
  ajv.addSchema(schema as object, `#/components/schemas/${name}`)

/** What is wrong with a reply, by the document. */
function faults(name: string, reply: unknown): unknown {
  const validate = ajv.getSchema(`#/components/schemas/${name}`)
  if (validate === undefined) throw new Error(`the document has no ${name}`)
  return validate(reply) === true ? [] : validate.errors
}

test('the document has the routes that there are, and no others', () => {
  // Nothing is asked for while the routes are made.
  const routes = api({} as ApiParts)
    .routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method} ${path}`)
  )
  expect(described.toSorted()).toEqual([...new Set(routes)].toSorted())
})

test('a swarm answers as the document says, and does what it is told', async () => {
  const site = new Site()
  const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay']
  await using network = await createTestNetwork({
    peers: 0,
    peerOptions: { liveness: { pingIntervalMs: 500 } },
    onEvent: (role, node, event) => site.note({ time: new Date().toISOString(), role, node, ...event })
  })
  const killed: string[] = []
  await site.serve(new SwarmView(network, { onKill: name => killed.push(name) }))
  using _ = site
  await Promise.all(names.map(async name => network.addPeer(name)))
  await network.settle()
  expect((await site.ask('/readyz')).status).toBe(200)

  const pair = (a = '', b = ''): string => (a < b ? `${a}-${b}` : `${b}-${a}`)
  const shows = async (): Promise<boolean> => {
    const { nodes, links } = await site.json<OverlayReply>('/overlay')
    const named = links.map(([a, b]) => pair(nodes[a]?.name, nodes[b]?.name))
    const real = network.peers.flatMap(peer => peer.neighbours().map(({ name }) => pair(peer.name, name)))
    return named.toSorted().join() === [...new Set(real)].toSorted().join()
  }
  // One end of a new link knows of it before the other does.
  await expect.poll(shows, { timeout: 10_000 }).toBe(true)
  const overlay = await site.json<OverlayReply>('/overlay')
  expect(faults('Overlay', overlay)).toEqual([])
  for (const [path, name] of [
    ['node', 'Node'],
    ['degrees', 'Degrees'],
    ['seeds', 'Seeds'],
    ['peers', 'Peers']
  ] as const)
    expect(faults(name, await site.json(`/${path}`)), path).toEqual([])
  expect((await site.json<SeedsReply>('/seeds')).differences).toEqual([])

  const text = '<b>hello</b>\u202e\n'
  const ada = overlay.nodes.find(({ name }) => name === 'ada')?.id
  const published = await site.act('POST', '/publish', { text, from: ada })
  expect([published.status, JSON.parse(published.text)]).toEqual([202, { id: 'ada#1' }])
  let message: MessageReply | undefined
  const end = performance.now() + 10_000
  while (message?.delivered !== 5 && performance.now() < end)
    message = await site.json<MessageReply>('/messages/ada%231')
  expect(faults('Message', message)).toEqual([])
  expect(message).toMatchObject({ text, delivered: 5, expected: 5, missing: [] })
  // A tree: everybody has it from somebody who had it before with one hop less, and in the end from ada.
  const hops = new Map(message?.hops.map(hop => [hop.node, hop]))
  expect([...hops.values()].map(({ name }) => name).toSorted()).toEqual(names)
  for (const { node, from, hops: count } of hops.values())
    expect(from === null ? [ada, 0] : [node, (hops.get(from)?.hops ?? NaN) + 1]).toEqual([node, count])
  expect(faults('Messages', await site.json<MessagesReply>('/messages'))).toEqual([])

  const started = await site.act('POST', '/peers', { name: 'gus' })
  expect([started.status, faults('Peer', JSON.parse(started.text))]).toEqual([201, []])
  expect((await site.act('POST', '/peers', { name: 'gus' })).status).toBe(409)
  expect((await site.act('POST', '/peers', { name: 'no name' })).status).toBe(400)
  await network.settle()
  const all = await site.json<PeersReply>('/peers')
  const [gus, bob] = ['gus', 'bob'].map(name => all.peers.find(peer => peer.name === name)?.id ?? '')
  await site.json('/overlay')
  expect((await site.act('DELETE', `/peers/${gus}?how=leave`)).status).toBe(204)
  expect((await site.act('DELETE', `/peers/${bob}`)).status).toBe(400)
  expect((await site.act('DELETE', `/peers/${bob}?how=kill`)).status).toBe(204)
  expect((await site.act('DELETE', `/peers/${bob}?how=kill`)).status).toBe(404)
  expect(killed).toEqual(['bob'])
  const after = await site.json<OverlayReply>('/overlay')
  const states = new Map(after.nodes.map(({ name, state }) => [name, state]))
  expect([states.get('bob'), states.get('gus'), states.get('ada')]).toEqual(['dead', undefined, 'alive'])
  const detail = await site.json<PeerReply>(`/peers/${ada}`)
  expect(faults('PeerDetail', detail)).toEqual([])
  expect(detail).toMatchObject({ name: 'ada', published: 1, delivered: 0 })
  expect(detail.neighbours.some(({ latencyMs }) => latencyMs !== null && latencyMs >= 0)).toBe(true)
  expect(detail.events.length).toBeGreaterThan(3)
  const [told] = await take(await site.open('/api/v1/events?last=1'), 1)
  expect(faults('Event', JSON.parse(told?.data ?? ''))).toEqual([])
  const refused = await site.ask('/api/v1/nothing')
  expect(faults('Error', JSON.parse(refused.text))).toEqual([])
  expect(site.faults).toEqual([])
}, 120_000)
