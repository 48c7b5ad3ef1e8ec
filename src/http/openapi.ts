/** The description of `/api/v1` for programs; `contract.ts` has the same for TypeScript. */

type Schema = Readonly<Record<string, unknown>>

const text: Schema = { type: 'string' }
const number: Schema = { type: 'number' }
const whole: Schema = { type: 'integer' }
const flag: Schema = { type: 'boolean' }
const nullable = (type: string): Schema => ({ type: [type, 'null'] })
const list = (items: Schema): Schema => ({ type: 'array', items })
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** An object that has these properties and no others; those whose name ends with `?` may be missing. */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name.replace('?', ''), schema])),
    required: Object.keys(properties).filter(name => !name.endsWith('?')),
    additionalProperties: false
  }
}

const peer = {
  id: text,
  name: text,
  state: { enum: ['alive', 'dead'] },
  degree: whole,
  target: nullable('integer')
}

const message = {
  id: text,
  origin: text,
  originId: text,
  number: whole,
  text,
  publishedAt: number,
  delivered: whole,
  expected: whole,
  p50Ms: nullable('number'),
  lastMs: nullable('number'),
  hopsMax: whole
}

const named = object({ id: text, name: text, latencyMs: nullable('number'), 'role?': { enum: ['foreign'] } })

const schemas: Readonly<Record<string, Schema>> = {
  Error: object({ error: object({ code: text, message: text, next: text }) }),
  Event: {
    type: 'object',
    description: 'As --json prints it; what else it has depends on the kind.',
    properties: {
      time: { type: 'string', format: 'date-time' },
      role: { enum: ['seed', 'peer'] },
      node: text,
      event: text
    },
    required: ['time', 'role', 'node', 'event']
  },
  Node: object({
    role: { enum: ['swarm', 'seed', 'peer'] },
    name: text,
    id: nullable('string'),
    addresses: list(text),
    startedAt: number,
    version: text,
    network: object({ seeds: whole, quorum: whole }),
    canAct: flag
  }),
  Overlay: object({
    revision: whole,
    nodes: list(object({ ...peer, 'self?': { const: true } })),
    links: list({ type: 'array', prefixItems: [whole, whole], minItems: 2, maxItems: 2 })
  }),
  Degrees: object({
    peers: whole,
    degrees: list(object({ degree: whole, count: whole, law: whole })),
    exponent: object({ fitted: nullable('number'), law: number })
  }),
  Messages: object({ messages: list(object(message)) }),
  Message: object({
    ...message,
    hops: list(object({ node: text, name: text, from: nullable('string'), hops: whole, ageMs: number })),
    missing: list(object({ node: text, name: text }))
  }),
  Seeds: object({
    seeds: list(object({ label: text, id: nullable('string'), alive: nullable('boolean'), registered: whole })),
    differences: list(object({ name: text, id: text, knownBy: list(text), missingAt: list(text) }))
  }),
  Peer: object({ ...peer, 'addresses?': list(text), 'latencyMs?': number, 'seeds?': list(text) }),
  Peers: object({ peers: list(ref('Peer')) }),
  PeerDetail: object({
    ...peer,
    'addresses?': list(text),
    'latencyMs?': number,
    seeds: list(text),
    neighbours: list(named),
    delivered: whole,
    published: whole,
    events: list(ref('Event'))
  }),
  Published: object({ id: text }),
  Connected: object({ id: text, agent: text })
}

const json = (schema: Schema): Schema => ({ content: { 'application/json': { schema } } })
const failure = { description: 'What is wrong, and what to do about it', ...json(ref('Error')) }

const get = (summary: string, reply: string, parameters: readonly Schema[] = []): Schema => ({
  summary,
  parameters,
  responses: { '200': { description: reply, ...json(ref(reply)) }, default: failure }
})

/** What needs the token. */
const act = (summary: string, status: string, reply: string | undefined, rest: Schema): Schema => ({
  summary,
  security: [{ token: [] }],
  ...rest,
  responses: {
    [status]: reply === undefined ? { description: 'Done' } : { description: reply, ...json(ref(reply)) },
    default: failure
  }
})

const takes = (properties: Readonly<Record<string, Schema>>): Schema => ({
  requestBody: { required: true, ...json(object(properties)) }
})

const pathId = { name: 'id', in: 'path', required: true, schema: text }
const query = (name: string, description: string, schema: Schema): Schema => ({
  name,
  in: 'query',
  description,
  schema
})

/** OpenAPI 3.1. */
export function openApi(version: string): Schema {
  return {
    openapi: '3.1.0',
    info: { title: 'Hubcast', version, description: 'What a node sees of its network. Times are Unix ms, delays ms.' },
    servers: [{ url: '/api/v1' }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } }, schemas },
    paths: {
      '/openapi.json': { get: { summary: 'This', responses: { '200': { description: 'OpenAPI 3.1' } } } },
      '/node': { get: get('Who answers', 'Node') },
      '/overlay': { get: get('Peers and their links', 'Overlay') },
      '/degrees': { get: get('How many peers have how many links, and how many should', 'Degrees') },
      '/messages': { get: get('The last messages, newest first', 'Messages') },
      '/messages/{id}': { get: get('One message, and by which ways it came', 'Message', [pathId]) },
      '/seeds': { get: get('The seeds, and where their lists differ', 'Seeds') },
      '/peers': {
        get: get('All peers that are seen', 'Peers'),
        post: act('Starts a peer (swarm)', '201', 'Peer', takes({ 'name?': text }))
      },
      '/peers/{id}': {
        get: get('One peer', 'PeerDetail', [pathId]),
        delete: act('Ends a peer (swarm)', '204', undefined, {
          parameters: [pathId, query('how', 'Without a word, or with a good-bye', { enum: ['kill', 'leave'] })]
        })
      },
      '/events': {
        get: {
          summary: 'What happens, as server-sent events; "gap" tells that some are lost',
          parameters: [
            { name: 'Last-Event-ID', in: 'header', description: 'Go on after this one', schema: whole },
            query('last', 'Begin so many events before now', whole),
            query('except', 'Kinds of events that are not wanted, separated by commas', text)
          ],
          responses: {
            '200': { description: 'Event', content: { 'text/event-stream': { schema: ref('Event') } } },
            default: failure
          }
        }
      },
      '/publish': {
        post: act('Gossips a text to all peers', '202', 'Published', takes({ text, 'from?': text }))
      },
      '/connect': {
        post: act('Dials any libp2p node', '200', 'Connected', takes({ address: text }))
      }
    }
  }
}
