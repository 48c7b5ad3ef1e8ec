import { DegreeLaw } from '#src/core/degree-law.ts'
import { degreeLaw, http as settings } from '#src/settings.ts'
import { ApiError } from './api-error.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { CensusEntry, SeedNode } from '#src/node/seed-node.ts'
import type { NodeReply, PeerReply, PeerSummary, SeedsReply } from './contract.ts'
import type { Gauge, Look, View } from './view.ts'

/** What a seed knows: all peers, the links of those that are registered with it, and what the other seeds announce. */
export class SeedView implements View {
  readonly role = 'seed'
  readonly acts = {}
  readonly #seed: SeedNode
  readonly #law = new DegreeLaw(degreeLaw)

  constructor(seed: SeedNode) {
    this.#seed = seed
  }

  get name(): string {
    return this.#seed.label
  }

  get id(): string {
    return this.#seed.id
  }

  get addresses(): readonly string[] {
    return this.#seed.addresses
  }

  get network(): NodeReply['network'] {
    const seeds = this.#seed.others.length + 1
    return { seeds, quorum: Math.floor(seeds / 2) + 1 }
  }

  look(): Look {
    const census = this.#census()
    const links = linksOf(census)
    const degrees = new Map<string, number>()
    for (const ends of links) for (const end of ends) degrees.set(end, (degrees.get(end) ?? 0) + 1)
    const peers = census.map(({ record: { id, name, addresses }, view, neighbours, elsewhere }): PeerSummary => {
      const seeds = neighbours === undefined ? elsewhere : [this.name, ...elsewhere]
      const target = this.#law.target(view)
      return { id, name, state: 'alive', degree: degrees.get(id) ?? 0, target, addresses, seeds }
    })
    return {
      peers,
      links,
      degrees: census.flatMap(({ record, neighbours }) => (neighbours ? [degrees.get(record.id) ?? 0] : []))
    }
  }

  neighboursOf(peer: string, { peers, links }: Look): PeerReply['neighbours'] {
    const others = new Set(links.flatMap(([a, b]) => (a === peer ? [b] : b === peer ? [a] : [])))
    return peers.flatMap(({ id, name }) => (others.has(id) ? [{ id, name, latencyMs: null }] : []))
  }

  seeds({ peers }: Look): SeedsReply {
    const registered = new Map<string, number>()
    for (const label of peers.flatMap(({ seeds = [] }) => seeds))
      registered.set(label, (registered.get(label) ?? 0) + 1)
    const own = { label: this.name, id: this.id, alive: true, registered: this.#seed.registrations }
    const others = this.#seed.others.map(({ label, id = null, isConnected }) => ({
      label,
      id,
      alive: isConnected,
      registered: registered.get(label) ?? 0
    }))
    return { seeds: [own, ...others].toSorted((a, b) => (a.label < b.label ? -1 : 1)), differences: [] }
  }

  troubles(): string[] {
    return this.#seed.isReady ? [] : ['its memory is lost, and it has not heard enough other seeds yet']
  }

  readonly gauges: readonly Gauge[] = [
    { name: 'peers', help: 'Peers that this seed knows', read: () => this.#seed.peers.length },
    { name: 'registrations', help: 'Peers that are registered with it', read: () => this.#seed.registrations }
  ]

  deathIn(event: NodeEvent): string | undefined {
    return event.event === 'peer-removed' && event.reason === 'dead' ? event.id : undefined
  }

  #census(): readonly CensusEntry[] {
    const census = [...this.#seed.census()]
    if (census.length <= settings.peersShownMax) return census
    throw new ApiError('unavailable', `${census.length} peers are too many to be shown`, 'Read /metrics instead.')
  }
}

/** Where both ends are registered here, each has to name the other: one that has let go may not have said so yet. */
function linksOf(census: readonly CensusEntry[]): (readonly [string, string])[] {
  const named = new Map(census.map(({ record, neighbours }) => [record.id, neighbours]))
  const links: (readonly [string, string])[] = []
  for (const [peer, neighbours] of named) {
    for (const other of neighbours ?? []) {
      const its = named.get(other)
      if (its === undefined ? named.has(other) : peer < other && its.includes(peer)) links.push([peer, other])
    }
  }
  return links
}
