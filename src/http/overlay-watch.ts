import type { OverlayNode, OverlayReply, PeerSummary } from './contract.ts'
import type { Look, View } from './view.ts'

interface Death {
  readonly node: OverlayNode
  /** Of performance.now(). */
  readonly at: number
}

export interface OverlayWatchSettings {
  readonly deadShownMs: number
  readonly cheapLookMs: number
  readonly lookShareMax: number
}

/**
 * The overlay as a view has it, with those that have died a short while ago. What takes long to find out is told again for a while, so that those
 * who watch get a small share of the time of the process, however many and impatient they are.
 */
export class OverlayWatch {
  readonly #view: View
  readonly #self: string | undefined
  readonly #settings: OverlayWatchSettings
  #last: Look = { peers: [], links: [], degrees: [] }
  /** Of performance.now(). */
  #lastHoldsUntil = 0
  /** By id, at most as many as there are peers. */
  readonly #dead = new Map<string, Death>()
  /** The last reply, and what it was made of. */
  #told: { readonly look: Look; readonly dead: number; readonly text: string; readonly reply: OverlayReply } | undefined

  constructor(view: View, settings: OverlayWatchSettings) {
    this.#view = view
    this.#self = view.role === 'peer' ? (view.id ?? undefined) : undefined
    this.#settings = settings
  }

  /** It stays in the picture for a while, if it was ever in it. */
  died(id: string): void {
    const peer = this.#last.peers.find(peer => peer.id === id)
    if (peer !== undefined) this.#dead.set(id, { node: { ...nodeOf(peer), state: 'dead' }, at: performance.now() })
  }

  look(): Look {
    const begin = performance.now()
    if (begin < this.#lastHoldsUntil) return this.#last
    this.#last = this.#view.look()
    const { cheapLookMs, lookShareMax } = this.#settings
    const end = performance.now()
    if (end - begin > cheapLookMs) this.#lastHoldsUntil = end + (end - begin) / lookShareMax
    return this.#last
  }

  reply(): OverlayReply {
    const look = this.look()
    const { peers, links } = look
    const dead = this.dead()
    if (this.#told?.look === look && this.#told.dead === dead.length) return this.#told.reply
    const living = peers.map(peer => ({ ...nodeOf(peer), ...(peer.id === this.#self && { self: true as const }) }))
    const nodes = [...living, ...dead]
    const indexes = new Map(nodes.map(({ id }, index) => [id, index]))
    const ends = links.flatMap(([a, b]): [number, number][] => {
      const [from, to] = [indexes.get(a), indexes.get(b)]
      return from === undefined || to === undefined ? [] : [[from, to]]
    })
    const text = JSON.stringify([nodes, ends])
    const revision = (this.#told?.reply.revision ?? 0) + (text === this.#told?.text ? 0 : 1)
    const reply = { revision, nodes, links: ends }
    this.#told = { look, dead: dead.length, text, reply }
    return reply
  }

  /** Those that have died within the last minute and have not come back. */
  dead(): OverlayNode[] {
    if (this.#dead.size === 0) return []
    const since = performance.now() - this.#settings.deadShownMs
    const living = new Set(this.#last.peers.map(({ id }) => id))
    for (const [id, { at }] of this.#dead) if (at < since || living.has(id)) this.#dead.delete(id)
    return [...this.#dead.values()].map(({ node }) => node)
  }
}

function nodeOf({ id, name, state, degree, target }: PeerSummary): OverlayNode {
  return { id, name, state, degree, target }
}
