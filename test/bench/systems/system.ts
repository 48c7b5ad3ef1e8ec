import '#src/node/polyfill.ts'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'

export type SystemName = 'hubcast' | 'hubcast-batched' | 'gossipsub' | 'gossipsub-tuned' | 'floodsub'

/**
 * What has gone through one node since its start, counted in what the system carries as one piece: a message with the rivals, a
 * signed batch with Hubcast.
 */
export interface Counts {
  /** Pieces received with their content, known ones included. */
  readonly received: number
  /** Of those, the ones that the node knew: as it had received or published them before. */
  readonly duplicates: number
  /** Pieces sent with their content, once for each neighbour that they were sent to. */
  readonly sent: number
}

/** Whatever came in with a content and was not handed to the application was known already: nobody forges here. */
export function countsOf({
  received,
  delivered,
  sent
}: Omit<Counts, 'duplicates'> & { readonly delivered: number }): Counts {
  return { received, duplicates: received - delivered, sent }
}

/** One node of a system. */
export interface Member {
  /** Resolves when the system has accepted the message. */
  publish(payload: Uint8Array): Promise<void>
  /** Neighbours that this node knows to take part. */
  neighbours(): number
  counts(): Counts
}

/** A system under test: what runs on a libp2p node, and how to deal with it. Nothing else differs between the systems. */
export interface System<Service> {
  service(): (components: never) => Service
  /** @param onDelivery to be told of each message of others that the application gets to see */
  join(service: Service, node: Libp2p, onDelivery: (payload: Uint8Array) => void): Member
}

export interface RunningNode extends Member {
  /** With the peer id, for `dial`. */
  readonly address: string
  dial(address: string): Promise<void>
}

/** Without the limits that libp2p sets per address: here all nodes share one. */
const unlimited = 10_000

export async function startNode<Service>(
  system: System<Service>,
  onDelivery: (payload: Uint8Array) => void
): Promise<RunningNode> {
  const node = await createLibp2p<{ identify: Identify; gossip: Service }>({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    connectionManager: {
      inboundConnectionThreshold: unlimited,
      maxIncomingPendingConnections: unlimited,
      reconnectRetries: 0
    },
    services: { identify: identify(), gossip: system.service() as (components: unknown) => Service }
  })
  const member = system.join(node.services.gossip, node, onDelivery)
  const [address] = node.getMultiaddrs()
  if (address === undefined) throw new Error('a node listens nowhere')
  return {
    address: address.toString(),
    publish: async payload => member.publish(payload),
    neighbours: () => member.neighbours(),
    counts: () => member.counts(),
    dial: async address => {
      await node.dial(multiaddr(address))
    }
  }
}

/** Loaded by the process that needs it: what a system needs in memory is part of what is measured. */
export async function startNodes(
  name: SystemName,
  nodes: number,
  onDelivery: (node: number, payload: Uint8Array) => void
): Promise<RunningNode[]> {
  const start = async <Service>(system: System<Service>): Promise<RunningNode[]> =>
    Promise.all(
      Array.from({ length: nodes }, async (_, node) => startNode(system, payload => onDelivery(node, payload)))
    )
  switch (name) {
    case 'hubcast':
    case 'hubcast-batched':
      return start((await import('./hubcast.ts')).hubcast)
    case 'gossipsub':
      return start((await import('./gossipsub.ts')).plain)
    case 'gossipsub-tuned':
      return start((await import('./gossipsub.ts')).tuned)
    case 'floodsub':
      return start((await import('./floodsub.ts')).flood)
  }
}
