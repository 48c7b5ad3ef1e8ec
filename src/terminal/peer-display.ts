import { eventLine } from './event-lines.ts'
import { wrapped } from './story.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { PeerNode } from '#src/node/peer-node.ts'
import type { EventLineOptions } from './event-lines.ts'
import type { Screen } from './screen.ts'

/** The countdown and the latencies change by the second. */
const lookMs = 1_000

/** What a terminal shows of a peer: who it is, what happens, and below it how it stands. */
export class PeerDisplay {
  readonly #screen: Screen
  readonly #quorum: number
  #peer: PeerNode | undefined
  #timer: NodeJS.Timeout | undefined
  /** Which seeds were missing when it was said last, and why. */
  #shortage = ''
  #isEnding = false

  /** @param seeds how many the network has */
  constructor(screen: Screen, seeds: number) {
    this.#screen = screen
    this.#quorum = Math.floor(seeds / 2) + 1
    screen.input.on('close', () => {
      if (!this.#isEnding) screen.print('the input has ended; Ctrl-C leaves the network')
    })
  }

  /** A line for each event, but for those that the header has, or nobody asked for. */
  tell(event: NodeEvent, text: string): void {
    if (event.event === 'started') this.#screen.status(`${event.node}: asking the seeds for the name`)
    else if (event.event !== 'stopped' && !this.#isRepeated(event))
      this.#screen.print(eventLine(event, text, this.#shape))
    if (event.event === 'name-taken') this.#hide()
    this.#look()
  }

  /** From now on the peer has its name, or at least nobody has objected. */
  show(peer: PeerNode): void {
    this.#peer = peer
    const header = [
      `${peer.name} is ${peer.id}`,
      `PID ${process.pid}, listening on`,
      // In one piece, to be copied.
      ...peer.addresses,
      'Type to speak to all peers. /help lists commands, Ctrl-C leaves the network.'
    ]
    this.#screen.print(header.flatMap(line => wrapped(line, this.#shape.width)).join('\n'))
    this.#screen.ask(`${peer.name}> `)
    this.#timer = setInterval(() => this.#look(), lookMs).unref()
    this.#look()
  }

  /** The input ends, and the status line with it. */
  end(): void {
    this.#isEnding = true
    this.#hide()
    this.#screen.close()
    this.#screen.print('leaving the network; another Ctrl-C ends the program at once')
  }

  /** While seeds are away it is said every few seconds. The status line goes on saying it. */
  #isRepeated(event: NodeEvent): boolean {
    if (event.event !== 'degraded' && event.event !== 'registered') return false
    const before = this.#shortage
    this.#shortage =
      event.event === 'registered'
        ? ''
        : [...event.seeds, ...Object.entries(event.reasons).map(String).toSorted()].join()
    return this.#shortage !== '' && this.#shortage === before
  }

  #hide(): void {
    clearInterval(this.#timer)
    this.#peer = undefined
    this.#screen.status('')
  }

  get #shape(): EventLineOptions {
    return { width: process.stdout.columns, colours: process.stdout.hasColors() }
  }

  #look(): void {
    if (this.#peer !== undefined) this.#screen.status(statusOf(this.#peer, this.#quorum))
  }
}

/** How a peer stands, the most important first: what a terminal is too narrow for is cut. */
export function statusOf(
  peer: Pick<PeerNode, 'name' | 'registrars' | 'neighbours' | 'target' | 'sayings'>,
  quorum: number
): string {
  const { said, count, nextInMs } = peer.sayings
  const next = said === 0 ? 'first gossip' : `gossip ${said + 1} of ${count}`
  const neighbours = peer.neighbours.map(({ name, latencyMs }) =>
    latencyMs === undefined ? name : `${name} ${Math.round(latencyMs)} ms`
  )
  return [
    peer.name,
    `seeds ${peer.registrars.length}/${quorum}`,
    `links ${neighbours.length}/${peer.target}`,
    ...(nextInMs === undefined ? [] : [`${next} in ${Math.ceil(nextInMs / 1000)} s`]),
    ...(neighbours.length === 0 ? [] : [neighbours.join(', ')])
  ].join('  ')
}
