import { nonceLimit } from '#protocols/overlay/messages.ts'
import { NEVER } from '#src/core/machine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { Topology } from '#src/core/topology.ts'
import { topology as settings } from '#src/settings.ts'
import { recordOf } from './records.ts'
import { rankIsTarget } from './topology-bench.ts'
import type { LinkEnd, Referral } from '#protocols/overlay/messages.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { TopologyOutput } from '#src/core/topology.ts'

/** How much of the order in which things were sent is kept on the way. */
export type Order =
  /** What the same stream carries in the same direction, as when each side has dialled a connection of its own. */
  | 'by-stream'
  /** All that goes from one peer to another, as when all their streams run over one connection. */
  | 'by-connection'

interface Letter {
  readonly from: number
  readonly to: number
  readonly stream: number
  readonly what: string
  readonly deliver: () => void
}

export interface PostOptions {
  /** Which neighbour has to go where one is drawn: the oldest or the youngest. */
  readonly goes?: 'oldest' | 'youngest'
  /** The first nonce of each peer; the others follow in steps of one. */
  readonly nonces?: readonly number[]
}

/** A few topologies and the letters between them, which arrive when the test says so. A stream has the number of its nonce. */
export class Post {
  readonly letters: Letter[] = []
  /** What has arrived, in order. */
  readonly story: string[] = []
  readonly #topologies: Topology<number, string>[]
  readonly #tables: Neighbours<number>[]
  /** Ends of streams that are still open. */
  readonly #open = new Set<string>()
  #now: Millis = 0

  /** @param targets how many links each peer wants */
  constructor(targets: readonly number[], { goes = 'oldest', nonces = [] }: PostOptions = {}) {
    this.#tables = targets.map(() => new Neighbours<number>())
    this.#topologies = this.#tables.map((table, id) => {
      const random = countingRandom(nonces[id] ?? 100 * (id + 1), goes)
      return new Topology({ id, name: `p${id}`, linksMax: 256 }, table, rankIsTarget, settings, random)
    })
    for (const [id, target] of targets.entries()) this.aim(id, target)
  }

  aim(id: number, target: number): void {
    this.#topologies[id]?.viewed('s', { rank: target, peers: 1_000 }, this.#now, this.#outOf(id))
  }

  /** The peer looks for links, and the seed knows of these. */
  seek(id: number, free: readonly number[], body: readonly number[] = []): void {
    const out = this.#outOf(id)
    this.#topologies[id]?.wake(this.#now, out)
    const candidates = { free: free.map(id => recordOf(id)), body: body.map(id => recordOf(id)) }
    this.#topologies[id]?.found('s', candidates, this.#now, out)
  }

  /** The letters that may arrive next. */
  next(order: Order): Letter[] {
    const first = new Map<string, Letter>()
    for (const letter of this.letters) {
      const way = `${letter.from} ${letter.to}`
      const lane = order === 'by-stream' ? `${way} ${letter.stream}` : way
      if (!first.has(lane)) first.set(lane, letter)
    }
    return [...first.values()]
  }

  deliver(letter: Letter): void {
    this.letters.splice(this.letters.indexOf(letter), 1)
    this.story.push(describe(letter))
    letter.deliver()
  }

  /** The letter is lost and the stream with it: both sides see it break. */
  lose(letter: Letter): void {
    const { from, to, stream } = letter
    const ends = [from, to]
    for (const doomed of this.letters.filter(other => other.stream === stream && ends.includes(other.from))) {
      if (ends.includes(doomed.to)) this.letters.splice(this.letters.indexOf(doomed), 1)
    }
    this.story.push(`${describe(letter)} LOST`)
    for (const [id, other] of [ends, ends.toReversed()] as [number, number][]) {
      this.#send(other, id, stream, 'break', () => this.#ended(id, other, stream, 'lost'))
    }
  }

  deliverAll(): void {
    for (let letter = this.letters[0]; letter !== undefined; letter = this.letters[0]) this.deliver(letter)
  }

  /** A minute goes by: whoever waits for something gives up, and no seed finds anybody. */
  settle(): void {
    const until = this.#now + 60_000
    for (;;) {
      this.deliverAll()
      const wakeAt = Math.min(NEVER, ...this.#topologies.map(topology => topology.wakeAt))
      if (wakeAt > until) return
      this.#now = Math.max(this.#now, wakeAt)
      for (const [id, topology] of this.#topologies.entries()) {
        if (topology.wakeAt <= this.#now) topology.wake(this.#now, this.#outOf(id))
        topology.found('s', undefined, this.#now, this.#outOf(id))
      }
    }
  }

  /** The links that this peer has, as `peer/stream`. */
  linksOf(id: number): string[] {
    return [...(this.#tables[id]?.in('linked') ?? [])].map(({ peer, nonce }) => `${peer}/${nonce}`)
  }

  /** All links that both ends know of, as `one-other`. */
  get links(): string[] {
    const ends = this.#tables.flatMap((_, id) => this.linksOf(id).map(link => [id, ...link.split('/').map(Number)]))
    const mutual = ends.filter(([id = 0, peer = 0, stream]) => this.linksOf(peer).includes(`${id}/${stream}`))
    return mutual.filter(([id = 0, peer = 0]) => id < peer).map(([id, peer]) => `${id}-${peer}`)
  }

  /** Links that one end only knows of. */
  get halves(): number {
    const ends = this.#tables.map((_, id) => this.linksOf(id).length)
    return ends.reduce((sum, count) => sum + count, 0) - 2 * this.links.length
  }

  /** Links that somebody still counts on. */
  get pending(): number {
    return this.#topologies.reduce((sum, { pending }) => sum + pending, 0)
  }

  #send(from: number, to: number, stream: number, what: string, deliver: () => void): void {
    this.letters.push({ from, to, stream, what, deliver })
  }

  #ended(id: number, other: number, stream: number, end: LinkEnd, goTo?: Referral<number>): void {
    if (!this.#open.delete(`${id} ${other} ${stream}`)) return
    this.#topologies[id]?.ended(other, stream, end, goTo, this.#now, this.#outOf(id))
  }

  #outOf(id: number): TopologyOutput<number, string> {
    const last = (other: number, stream: number, end: LinkEnd, goTo?: Referral<number>): void => {
      if (!this.#open.delete(`${id} ${other} ${stream}`)) return
      this.#send(id, other, stream, end, () => this.#ended(other, id, stream, end, goTo))
    }
    return {
      ask: ({ id: other }, request) => {
        this.#open.add(`${id} ${other} ${request.nonce}`)
        this.#send(id, other, request.nonce, 'LINK', () => {
          this.#open.add(`${other} ${id} ${request.nonce}`)
          this.#topologies[other]?.asked(id, request, this.#now, this.#outOf(other))
        })
      },
      accept: (other, nonce, spliced) =>
        this.#send(id, other, nonce, 'ACCEPT', () => {
          if (!this.#open.has(`${other} ${id} ${nonce}`)) return
          this.#topologies[other]?.accepted(id, nonce, spliced, this.#now, this.#outOf(other))
        }),
      refuse: (other, nonce) => last(other, nonce, 'refused'),
      unlink: last,
      linked: () => {},
      unlinked: () => {},
      seek: () => {},
      consult: () => {},
      recall: () => {},
      report: () => {}
    }
  }
}

function describe({ what, from, to, stream }: Letter): string {
  return `${what} ${from}>${to} on ${stream}`
}

/** Nonces in steps of one from `first` on; whatever else is drawn is always the first or always the last. */
function countingRandom(first: number, goes: 'oldest' | 'youngest'): Random {
  let nonce = first
  return () => (goes === 'oldest' ? (nonce++ + 0.5) / nonceLimit : 1 - ++nonce / 2 ** 53)
}

/** Every way in which letters can arrive, with at most `losses` of them lost; each ends when there are no letters any more. */
export function* ways(make: () => Post, order: Order, losses: number): Iterable<Post> {
  // A way is a list of choices, and each is played from the start: the machines cannot be copied.
  let choices: { taken: number; readonly of: number }[] = []
  do {
    const post = make()
    let lost = 0
    for (let step = 0; ; step++) {
      const next = post.next(order)
      if (next.length === 0) break
      const choice = (choices[step] ??= { taken: 0, of: lost < losses ? 2 * next.length : next.length })
      const letter = next[choice.taken % next.length]
      if (letter === undefined) throw new Error('the same choices led elsewhere')
      if (choice.taken < next.length) post.deliver(letter)
      else {
        post.lose(letter)
        lost++
      }
    }
    yield post
    while (choices.length > 0 && (choices.at(-1)?.taken ?? 0) + 1 === choices.at(-1)?.of) choices.pop()
    const last = choices.at(-1)
    if (last !== undefined) last.taken++
  } while (choices.length > 0)
}
