import { DegreeLaw } from '#src/core/degree-law.ts'
import { degreeLaw } from '#src/settings.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { SeedNode } from '#src/node/seed-node.ts'
import type { NodeReply, PeerReply, PeerSummary, SeedsReply } from './contract.ts'
import type { Gauge, View } from './view.ts'

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

  peers(): PeerSummary[] {
    const degrees = new Map<string, number>()
    for (const ends of this.links()) for (const end of ends) degrees.set(end, (degrees.get(end) ?? 0) + 1)
    return [...this.#seed.census()].map(({ record: { id, name, addresses }, view, neighbours, elsewhere }) => ({
      id,
      name,
      state: 'alive',
      degree: degrees.get(id) ?? 0,
      target: this.#law.target(view),
      addresses,
      seeds: neighbours === undefined ? elsewhere : [this.name, ...elsewhere]
    }))
  }

  /** Where both ends are registered here, each has to name the other: one that has let go may not have said so yet. */
  *links(): Iterable<readonly [string, string]> {
    const named = new Map<string, ReadonlySet<string> | undefined>()
    for (const { record, neighbours } of this.#seed.census()) named.set(record.id, neighbours && new Set(neighbours))
    for (const [peer, neighbours] of named) {
      for (const other of neighbours ?? []) {
        const its = named.get(other)
        if (its === undefined ? named.has(other) : its.has(peer) && peer < other) yield [peer, other]
      }
    }
  }

  degrees(): number[] {
    return this.peers().flatMap(({ degree, seeds }) => (seeds?.includes(this.name) === true ? [degree] : []))
  }

  neighboursOf(peer: string): PeerReply['neighbours'] {
    const names = new Map(this.#seed.peers.map(({ id, name }) => [id, name]))
    return [...this.links()].flatMap(ends => {
      const other = ends[ends[0] === peer ? 1 : 0]
      return ends.includes(peer) ? [{ id: other, name: names.get(other) ?? other, latencyMs: null }] : []
    })
  }

  seeds(): SeedsReply {
    const registered = new Map<string, number>()
    for (const { elsewhere } of this.#seed.census())
      for (const label of elsewhere) registered.set(label, (registered.get(label) ?? 0) + 1)
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
}
