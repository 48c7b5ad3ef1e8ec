import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { sentence } from '#src/node/events.ts'
import { jsonLine, printable } from '#src/node/printable.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { narrator } from './narrator.ts'
import { NodeClient } from './node-client.ts'
import { table } from './table.ts'
import type { NodeReply, PeersReply, PublishReply, PublishRequest, ReadyReply, SeedsReply } from '#src/http/contract.ts'

export interface RemoteOptions {
  readonly http: string
  readonly token?: string
  readonly json?: true
}

export interface EventsOptions extends RemoteOptions {
  readonly follow?: true
}

/** A node that restarts is back within seconds, in ms. */
const reconnectMs = 1_000

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
        [
          'seeds',
          `${seeds.filter(seed => seed.alive).length} of ${node.network.seeds} alive, quorum ${node.network.quorum}`
        ],
        ['peers', `${alive.length} known`]
      ]
      console.log(table(lines))
    }
    return ready.ready ? exitCode.ok : exitCode.failure
  })
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

/** Prints what happens in the node. Ends the process. */
export async function runEvents(options: EventsOptions): Promise<void> {
  const tell = narrator(options.json === true)
  await remotely(options, async client => {
    let lastId = '0'
    let isThere = false
    for (;;) {
      try {
        for await (const { id, event } of client.events(lastId, new AbortController().signal)) {
          isThere = true
          lastId = id
          if (event === undefined) console.error('hubcast: the node has forgotten some events in between')
          else tell(event, sentence(event.role, event))
        }
        if (options.follow === undefined) return exitCode.ok
        console.error('hubcast: the node has ended the stream; trying again until it works')
      } catch (error) {
        if (!isThere) throw error
      }
      await delay(reconnectMs)
    }
  })
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
