import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { sentence } from '#src/node/events.ts'
import { jsonLine, printable } from '#src/node/printable.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { narrator } from './narrator.ts'
import { NodeClient } from './node-client.ts'
import { table } from './table.ts'
import type { NumberedEvent } from './node-client.ts'
import type { NodeReply, PeersReply, PublishReply, PublishRequest, ReadyReply, SeedsReply } from '#src/http/contract.ts'

export interface RemoteOptions {
  readonly http: string
  readonly token?: string
  readonly json?: true
}

export interface EventsOptions extends RemoteOptions {
  readonly last: number
  readonly follow?: true
}

/** A node that restarts is back within seconds, in ms. */
const reconnectMs = 1_000

/** What a node has kept it sends at once, in ms. */
const silenceMs = 500

/** Prints who the node is and how it fares. Ends the process. */
export async function runStatus(options: RemoteOptions): Promise<void> {
  await remotely(options, async client => {
    const [node, ready, { seeds }, { peers }] = await Promise.all([
      client.get<NodeReply>('/api/v1/node'),
      client.ready<ReadyReply>(),
      client.get<SeedsReply>('/api/v1/seeds'),
      client.get<PeersReply>('/api/v1/peers')
    ])
    const alive = peers.filter(({ state }) => state === 'alive')
    if (options.json === true) console.log(jsonLine({ ...node, ...ready, seeds, peers: alive.length }))
    else {
      const lines = [
        [node.role, node.id === null ? node.name : `${node.name}  ${node.id}`],
        ['version', `${node.version}, started ${new Date(node.startedAt).toISOString()}`],
        ...node.addresses.map((address, index) => [index === 0 ? 'addresses' : '', address]),
        ['ready', ready.ready ? 'yes' : `no: ${ready.reasons.join('; ')}`],
        ['seeds', `${seedsText(seeds)}, quorum ${node.network.quorum}`],
        ['peers', `${alive.length} known`]
      ]
      console.log(table(lines))
    }
    return ready.ready ? exitCode.ok : exitCode.failure
  })
}

function seedsText(seeds: SeedsReply['seeds']): string {
  const count = (alive: boolean | null): number => seeds.filter(seed => seed.alive === alive).length
  const unknown = count(null) === 0 ? '' : `, ${count(null)} not asked lately`
  return `${count(true)} of ${seeds.length} alive${unknown}`
}

/** Prints a line for each peer that the node knows. Ends the process. */
export async function runPeers(options: RemoteOptions): Promise<void> {
  await remotely(options, async client => {
    const { peers } = await client.get<PeersReply>('/api/v1/peers')
    if (options.json === true) for (const peer of peers) console.log(jsonLine(peer))
    else {
      const rows = peers.map(({ name, state, degree, target, latencyMs, seeds, id }) => [
        name,
        state,
        target === null ? `${degree}` : `${degree} of ${target}`,
        latencyMs === undefined ? '-' : `${Math.round(latencyMs)} ms`,
        seeds === undefined ? '-' : `${seeds.length}`,
        id
      ])
      console.log(table([['NAME', 'STATE', 'LINKS', 'LATENCY', 'SEEDS', 'ID'], ...rows]))
    }
    return exitCode.ok
  })
}

/** Prints the last events of the node, and what happens from then on. Ends the process. */
export async function runEvents({ last, follow, ...options }: EventsOptions): Promise<void> {
  const narrate = narrator(options.json === true)
  const tell = ({ event }: NumberedEvent): void => {
    if (event === undefined) console.error('hubcast: the node has forgotten some events in between')
    else narrate(event, sentence(event.role, event))
  }
  await remotely(options, async client => {
    if (follow === true) await followEvents(client, last, tell)
    else await lastEvents(client, last, tell)
    return exitCode.ok
  })
}

/** A node has not kept as many, perhaps, and does not say which is the last one: after that one there is silence. */
async function lastEvents(client: NodeClient, last: number, tell: (event: NumberedEvent) => void): Promise<void> {
  const enough = new AbortController()
  let told = 0
  let silence: NodeJS.Timeout | undefined
  const listen = (): void => {
    clearTimeout(silence)
    silence = setTimeout(() => enough.abort(), silenceMs)
  }
  for await (const event of client.events({ last }, enough.signal, listen)) {
    tell(event)
    listen()
    if (++told >= last) enough.abort()
  }
}

/** Goes on for ever, also when the node ends and comes back. */
async function followEvents(client: NodeClient, last: number, tell: (event: NumberedEvent) => void): Promise<never> {
  const { signal } = new AbortController()
  let lastId: string | undefined
  for (let isFirst = true; ; isFirst = false) {
    let isThere = false
    try {
      const from = lastId === undefined ? { last } : { after: lastId }
      for await (const event of client.events(from, signal, () => (isThere = true))) {
        // Where the node has forgotten some, it says so without a number.
        if (event.id !== '') lastId = event.id
        tell(event)
      }
    } catch (error) {
      if (isFirst && !isThere) throw error
    }
    if (isThere) console.error('hubcast: the node has ended; trying again until it is back')
    await delay(reconnectMs)
  }
}

/** Has the node say something. Ends the process. */
export async function runPublish(text: string, options: RemoteOptions): Promise<void> {
  await remotely(options, async client => {
    const say = async (line: string): Promise<void> => {
      const request: PublishRequest = { text: line }
      const reply = await client.post<PublishReply>('/api/v1/publish', request)
      console.log(options.json === true ? jsonLine(reply) : `published ${printable(reply.id)}`)
    }
    if (text !== '-') await say(text)
    else for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== '') await say(line)
    return exitCode.ok
  })
}

async function remotely({ http, token }: RemoteOptions, work: (client: NodeClient) => Promise<number>): Promise<never> {
  try {
    return process.exit(await work(new NodeClient(http, token)))
  } catch (error) {
    return giveUp(error)
  }
}
