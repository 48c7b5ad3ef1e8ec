import type { OverlayNode, OverlayReply } from './contract.ts'
import type { View } from './view.ts'

interface Death {
  readonly node: OverlayNode
  /** Of performance.now(). */
  readonly at: number
}

/** The overlay as a view has it, with those that have died a short while ago. */
export class OverlayWatch {
  readonly #view: View
  readonly #self: string | undefined
  readonly #deadShownMs: number
  /** The living, as they were looked at last. */
  #seen = new Map<string, OverlayNode>()
  /** By id, at most as many as there are peers. */
  readonly #dead = new Map<string, Death>()
  #revision = 0
  #told = ''

  constructor(view: View, deadShownMs: number) {
    this.#view = view
    this.#self = view.role === 'peer' ? (view.id ?? undefined) : undefined
    this.#deadShownMs = deadShownMs
  }

  /** It stays in the picture for a while, if it was ever in it. */
  died(id: string): void {
    const node = this.#seen.get(id)
    if (node !== undefined) this.#dead.set(id, { node: { ...node, state: 'dead' }, at: performance.now() })
  }

  reply(): OverlayReply {
    const nodes = [...this.#look().values(), ...this.dead()]
    const indexes = new Map(nodes.map(({ id }, index) => [id, index]))
    const links: [number, number][] = []
    for (const [a, b] of this.#view.links()) {
      const [from, to] = [indexes.get(a), indexes.get(b)]
      if (from !== undefined && to !== undefined) links.push([from, to])
    }
    const told = JSON.stringify([nodes, links])
    if (told !== this.#told) this.#revision++
    this.#told = told
    return { revision: this.#revision, nodes, links }
  }

  /** Those that have died within the last minute and have not come back. */
  dead(): OverlayNode[] {
    const since = performance.now() - this.#deadShownMs
    for (const [id, { at }] of this.#dead) if (at < since || this.#seen.has(id)) this.#dead.delete(id)
    return [...this.#dead.values()].map(({ node }) => node)
  }

  #look(): ReadonlyMap<string, OverlayNode> {
    const nodes = this.#view.peers().map(({ id, name, state, degree, target }): OverlayNode => {
      return { id, name, state, degree, target, ...(id === this.#self && { self: true }) }
    })
    this.#seen = new Map(nodes.map(node => [node.id, node]))
    return this.#seen
  }
}
