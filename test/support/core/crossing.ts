import { DegreeLaw } from '#src/core/degree-law.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { Topology } from '#src/core/topology.ts'
import { topology as settings } from '#src/settings.ts'
import { recordOf } from './records.ts'
import type { LinkEnd } from '#protocols/overlay/messages.ts'
import type { TopologyOutput } from '#src/core/topology.ts'

/** How much of the order in which things were sent is kept on the way. */
export type Order =
  /** What the same stream carries in the same direction, as when each side has dialled a connection of its own. */
  | 'by-stream'
  /** All that goes in the same direction, as when both streams run over one connection. */
  | 'by-connection'

interface Letter {
  readonly from: number
  readonly stream: number
  readonly what: string
  readonly deliver: () => void
}

export interface Ending {
  /** What arrived, in order. */
  readonly story: string[]
  /** The stream that each side takes for its link, if it has one. */
  readonly links: (number | undefined)[]
}

/** Two peers that have asked each other at the same moment: peer 0 over the stream 10, peer 1 over the stream 20. */
class Crossing {
  readonly letters: Letter[] = []
  readonly story: string[] = []
  readonly #topologies: Topology<number, string>[]
  readonly #tables = [new Neighbours<number>(), new Neighbours<number>()]
  /** Ends of streams that are still open, as peer and stream. */
  readonly #open = new Set<string>(['0 10', '1 20'])

  constructor(target: number) {
    const law = new DegreeLaw({ gamma: 2.5, kMin: 100, kMinSmall: 100, smallNetworkPeers: 32, kMax: 256 })
    this.#topologies = this.#tables.map((table, id) => {
      // The generator gives the nonces: 10 and 20 for the two requests.
      const random = (): number => (10 * (id + 1) + 0.5) / Number.MAX_SAFE_INTEGER
      return new Topology({ id, name: `p${id}` }, table, law, settings, random)
    })
    this.#topologies.forEach((topology, id) => {
      topology.viewed('s', { rank: target, peers: target + 1 }, 0, this.#outOf(id))
      topology.found({ free: [recordOf(1 - id)], body: [] }, 0, this.#outOf(id))
    })
  }

  /** The letters that may arrive next. */
  next(order: Order): Letter[] {
    const first = new Map<string, Letter>()
    for (const letter of this.letters) {
      const lane = order === 'by-stream' ? `${letter.from} ${letter.stream}` : `${letter.from}`
      if (!first.has(lane)) first.set(lane, letter)
    }
    return [...first.values()]
  }

  deliver(letter: Letter): void {
    this.letters.splice(this.letters.indexOf(letter), 1)
    this.story.push(`${letter.what} of ${letter.from} on ${letter.stream}`)
    letter.deliver()
  }

  /** The letter is lost and the stream with it: both sides see it break. */
  lose(letter: Letter): void {
    const { stream } = letter
    for (const doomed of this.letters.filter(other => other.stream === stream)) {
      this.letters.splice(this.letters.indexOf(doomed), 1)
    }
    this.story.push(`${letter.what} of ${letter.from} on ${stream} LOST`)
    for (const id of [0, 1]) this.#send(1 - id, stream, 'break', () => this.#ended(id, stream, 'lost'))
  }

  get links(): (number | undefined)[] {
    return this.#tables.map((table, id) => {
      const neighbour = table.get(1 - id)
      return neighbour?.state === 'linked' ? neighbour.nonce : undefined
    })
  }

  #send(from: number, stream: number, what: string, deliver: () => void): void {
    this.letters.push({ from, stream, what, deliver })
  }

  #ended(id: number, stream: number, end: LinkEnd): void {
    if (!this.#open.delete(`${id} ${stream}`)) return
    this.#topologies[id]?.ended(1 - id, stream, end, 0, this.#outOf(id))
  }

  #outOf(id: number): TopologyOutput<number> {
    const other = 1 - id
    const last = (stream: number, what: string, end: LinkEnd): void => {
      if (!this.#open.delete(`${id} ${stream}`)) return
      this.#send(id, stream, what, () => this.#ended(other, stream, end))
    }
    return {
      ask: (_, request) => {
        this.#send(id, request.nonce, 'LINK', () => {
          this.#open.add(`${other} ${request.nonce}`)
          this.#topologies[other]?.asked(id, request, 0, this.#outOf(other))
        })
      },
      accept: (_, nonce) =>
        this.#send(id, nonce, 'ACCEPT', () => {
          if (this.#open.has(`${other} ${nonce}`)) this.#topologies[other]?.accepted(id, nonce, 0, this.#outOf(other))
        }),
      refuse: (_, nonce) => last(nonce, 'REFUSE', 'refused'),
      unlink: (_, nonce, reason) => last(nonce, 'UNLINK', reason),
      linked: () => {},
      unlinked: () => {},
      seek: () => {},
      report: () => {}
    }
  }
}

/** Every way in which two crossing requests can go, with at most `losses` lost letters. */
export function crossings(target: number, order: Order, losses: number): Ending[] {
  const endings: Ending[] = []
  // Each way is a list of choices, replayed from the start: the machines cannot be copied.
  const explore = (choices: readonly number[]): void => {
    const crossing = new Crossing(target)
    let lost = 0
    for (const choice of choices) {
      const next = crossing.next(order)
      const letter = next[choice % next.length] as Letter
      if (choice < next.length) crossing.deliver(letter)
      else {
        crossing.lose(letter)
        lost++
      }
    }
    const ways = crossing.next(order).length
    if (ways === 0) endings.push({ story: crossing.story, links: crossing.links })
    for (let choice = 0; choice < (lost < losses ? 2 * ways : ways); choice++) explore([...choices, choice])
  }
  explore([])
  return endings
}
