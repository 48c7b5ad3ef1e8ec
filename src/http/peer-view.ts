import { refusal } from './view.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { PeerNode } from '#src/node/peer-node.ts'
import type { NodeReply, PeerReply, PeerSummary, SeedsReply } from './contract.ts'
import type { Acts, Gauge, Look, View } from './view.ts'

/** What one peer sees: itself, its neighbours, and where it is registered. */
export class PeerView implements View {
  readonly role = 'peer'
  readonly #peer: PeerNode

  constructor(peer: PeerNode) {
    this.#peer = peer
  }

  get name(): string {
    return this.#peer.name
  }

  get id(): string {
    return this.#peer.id
  }

  get addresses(): string[] {
    return this.#peer.addresses
  }

  get network(): NodeReply['network'] {
    const seeds = this.#peer.seeds.length
    return { seeds, quorum: Math.floor(seeds / 2) + 1 }
  }

  look(): Look {
    const { id, name, addresses, target, neighbours, registrars: seeds } = this.#peer
    const degree = neighbours.length
    const others = neighbours.map(({ id, name, latencyMs }): PeerSummary => {
      return { id, name, state: 'alive', degree: 1, target: null, ...(latencyMs !== undefined && { latencyMs }) }
    })
    return {
      peers: [{ id, name, state: 'alive', degree, target, addresses, seeds }, ...others],
      links: neighbours.map(other => [id, other.id]),
      degrees: [degree]
    }
  }

  neighboursOf(peer: string): PeerReply['neighbours'] {
    const { id, name, neighbours, foreignNodes } = this.#peer
    if (peer !== id) return neighbours.some(other => other.id === peer) ? [{ id, name, latencyMs: null }] : []
    return [
      ...neighbours.map(({ id, name, latencyMs = null }) => ({ id, name, latencyMs })),
      ...foreignNodes.map(({ id, agent, latencyMs = null }) => ({
        id,
        name: agent,
        latencyMs,
        role: 'foreign' as const
      }))
    ]
  }

  seeds(): SeedsReply {
    const { registrars } = this.#peer
    const seeds = this.#peer.seeds.map(({ label, id = null, isConnected }) => ({
      label,
      id,
      alive: isConnected || null,
      registered: registrars.includes(label) ? 1 : 0
    }))
    return { seeds, differences: [] }
  }

  troubles(): string[] {
    const { registrars, neighbours, state } = this.#peer
    const { quorum, seeds } = this.network
    return [
      ...(state === 'registered'
        ? []
        : [`registered with ${registrars.length} of ${seeds} seeds, ${quorum} are needed`]),
      ...(neighbours.length > 0 ? [] : ['no neighbour'])
    ]
  }

  deathIn(event: NodeEvent): string | undefined {
    if (event.event === 'reported-dead') return event.id
    return event.event === 'peer-removed' && event.reason === 'dead' ? event.id : undefined
  }

  readonly gauges: readonly Gauge[] = [
    { name: 'links', help: 'Links that stand', read: () => this.#peer.neighbours.length },
    { name: 'links_target', help: 'Links that the law gives this peer', read: () => this.#peer.target },
    { name: 'registrations', help: 'Seeds with which it is registered', read: () => this.#peer.registrars.length }
  ]

  readonly acts: Pick<Acts, 'publish' | 'connect'> = {
    publish: text => {
      try {
        return `${this.name}#${this.#peer.publish(text)}`
      } catch (error) {
        throw refusal(error)
      }
    },
    connect: async address => {
      try {
        const id = await this.#peer.connect(address)
        return { id, agent: this.#peer.foreignNodes.find(node => node.id === id)?.agent ?? '' }
      } catch (error) {
        throw refusal(error)
      }
    }
  }
}
