import type { Happening } from '#src/node/events.ts'

/** What a swarm as a whole has done so far, counted from the events of its nodes. */
export class Tally {
  /** Messages published, by origin: how many. */
  readonly #published = new Map<string, number>()
  /** Deliveries, by `origin#number` and receiver: how often. */
  readonly #deliveries = new Map<string, Map<string, number>>()
  readonly #agesMs: number[] = []
  readonly registered = new Set<string>()
  /** Peers that a seed has removed as dead, with those seeds. */
  readonly removals = new Map<string, Set<string>>()
  /** Peers that were reported dead, with those who reported them. */
  readonly reports = new Map<string, Set<string>>()

  note(role: 'seed' | 'peer', node: string, happening: Happening): void {
    switch (happening.event) {
      case 'registered':
        this.registered.add(node)
        break
      case 'published':
        this.#published.set(node, happening.number)
        break
      case 'received': {
        const message = `${happening.origin}#${happening.number}`
        const receivers = this.#deliveries.get(message) ?? new Map<string, number>()
        receivers.set(node, (receivers.get(node) ?? 0) + 1)
        this.#deliveries.set(message, receivers)
        this.#agesMs.push(happening.ageMs)
        break
      }
      case 'reported-dead':
        add(this.reports, happening.name, node)
        break
      case 'peer-removed':
        if (role === 'seed' && happening.reason === 'dead') add(this.removals, happening.name, node)
        break
      case 'started':
      case 'stopped':
      case 'degraded':
      case 'name-taken':
      case 'unreachable':
      case 'reachable':
      case 'seed-pinned':
      case 'connected':
      case 'foreign-connected':
      case 'foreign-gone':
      case 'linked':
      case 'unlinked':
      case 'ping-failed':
      case 'report-answered':
      case 'peer-joined':
      case 'fault':
        break
    }
  }

  /** Messages of these peers at the others among them: how many should be there, how many are, and how many came twice. */
  deliveries(alive: readonly string[]): {
    readonly expected: number
    readonly delivered: number
    readonly duplicates: number
  } {
    let expected = 0
    let delivered = 0
    let duplicates = 0
    for (const origin of alive) {
      const count = this.#published.get(origin) ?? 0
      expected += count * (alive.length - 1)
      for (let number = 1; number <= count; number++) {
        const receivers = this.#deliveries.get(`${origin}#${number}`)
        for (const receiver of alive) {
          const times = receivers?.get(receiver) ?? 0
          delivered += Math.min(times, 1)
          duplicates += Math.max(times - 1, 0)
        }
      }
    }
    return { expected, delivered, duplicates }
  }

  /** Time from saying to hearing that this share of all deliveries did not exceed, in ms; 0 when there was none. */
  agePercentile(share: number): number {
    const sorted = this.#agesMs.toSorted((a, b) => a - b)
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set<string>()
  set.add(value)
  sets.set(key, set)
}
