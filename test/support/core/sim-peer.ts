import { Directory } from '#src/core/directory.ts'
import { Liveness } from '#src/core/liveness.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Topology } from '#src/core/topology.ts'
import { liveness, topology } from '#src/settings.ts'
import { SimLinks } from './sim-links.ts'
import { SimMember } from './sim-member.ts'
import { Turns } from './turns.ts'
import type { Announcement } from '#protocols/announcement/messages.ts'
import type { LinkEnd, LinkRequest } from '#protocols/overlay/messages.ts'
import type { DegreeLaw } from '#src/core/degree-law.ts'
import type { DirectoryOutput } from '#src/core/directory.ts'
import type { LivenessOutput } from '#src/core/liveness.ts'
import type { TopologyOutput } from '#src/core/topology.ts'
import type { Network, Presence } from './network.ts'
import type { LinkHost } from './sim-links.ts'
import type { SimSeed } from './sim-seed.ts'

/** What the peers of a simulated network share. */
export interface Surroundings {
  readonly network: Network
  readonly seeds: readonly SimSeed[]
  readonly law: DegreeLaw
  readonly peers: ReadonlyMap<number, SimPeer>
}

/** A peer in virtual time: the real machines, wired as in a real node. */
export class SimPeer implements LinkHost {
  readonly id: number
  readonly neighbours = new Neighbours<number>()
  readonly topology: Topology<number, string>
  readonly links: SimLinks
  /** How often it has asked for a link, and ended one or an attempt at one. */
  readonly counts = { asks: 0, unlinks: 0 }
  readonly #liveness: Liveness<number>
  readonly #member: SimMember
  readonly #directory = new Directory<number, string>(1000)
  readonly #turns: Turns
  readonly #around: Surroundings
  presence: Presence = 'up'

  /** @param afterEach is called after each input of this peer */
  constructor(id: number, around: Surroundings, afterEach: (peer: SimPeer) => void) {
    const { network, seeds, law, peers } = around
    this.id = id
    this.#around = around
    this.#turns = new Turns(network.calendar, () => afterEach(this))
    this.links = new SimLinks(this, network, peer => peers.get(peer)?.links)
    const self = { id, name: `p${id}` }
    this.#liveness = new Liveness(this.neighbours, liveness)
    this.topology = new Topology(self, this.neighbours, law, topology, seededRandom(network.random() * 2 ** 32))
    this.#member = new SimMember(self, seeds, network, this.#turns, {
      renewal: () => {
        const linked = this.linked()
        return { degree: linked.length, target: this.topology.target, neighbours: linked }
      },
      onView: (seed, view, now) =>
        view === undefined ? this.topology.unviewed(seed) : this.topology.viewed(seed, view, now, this.#links),
      onNameTaken: () => {
        throw new Error('a name is taken')
      },
      onHeld: seed => this.#follow(seed, false)
    })
    this.#turns.drive(this.topology, this.#links)
    this.#turns.drive(this.#liveness, this.#pings)
  }

  get now(): number {
    return this.#around.network.calendar.now
  }

  enrol(): void {
    this.#member.enrol()
  }

  linked(): number[] {
    return [...this.neighbours.in('linked')].map(({ peer }) => peer)
  }

  /** Is no more. If it is gone, its connections end at once; if it is silent, nobody notices yet. */
  die(presence: 'gone' | 'silent'): void {
    if (presence === 'gone') this.links.breakAll()
    this.presence = presence
    this.#turns.stop()
  }

  onAsked(peer: number, request: LinkRequest): void {
    this.#turns.input(now => this.topology.asked(peer, request, now, this.#links))
  }

  onAccepted(peer: number, nonce: number): void {
    this.#turns.input(now => this.topology.accepted(peer, nonce, now, this.#links))
  }

  onEnded(peer: number, nonce: number, end: LinkEnd): void {
    this.#turns.input(now => this.topology.ended(peer, nonce, end, now, this.#links))
  }

  readonly #links: TopologyOutput<number> = {
    ask: ({ id }, request) => {
      this.counts.asks++
      this.links.ask(id, request)
    },
    accept: (peer, nonce) => this.links.accept(peer, nonce),
    refuse: (peer, nonce) => this.links.refuse(peer, nonce),
    unlink: (peer, nonce, reason) => {
      this.counts.unlinks++
      this.links.unlink(peer, nonce, reason)
    },
    linked: ({ peer }) => this.#turns.input(now => this.#liveness.watch(peer, now)),
    unlinked: ({ peer }, cause) =>
      this.#turns.input(now => {
        if (cause === 'lost') this.#liveness.doubt(peer, now, this.#pings)
        else this.#liveness.unwatch(peer)
      }),
    seek: wanted =>
      this.#member.askOne({ type: 'candidates', wanted }, (seed, reply) => {
        if (reply.type !== 'candidates') return
        this.topology.viewed(seed, reply.view, this.now, this.#links)
        this.topology.found(reply, this.now, this.#links)
      }),
    report: within => this.#turns.input(now => this.#member.enrolment.renewWithin(within, now))
  }

  readonly #pings: LivenessOutput<number> = {
    ping: peer =>
      this.#around.network.exchange(
        () => this.#around.peers.get(peer)?.presence ?? 'gone',
        () => 'pong' as const,
        outcome =>
          this.#turns.input(() => {
            if (outcome === 'pong') this.#liveness.answered(peer, this.#pings)
            else this.#liveness.failed(peer, outcome, this.#pings)
          })
      ),
    missed: () => {},
    recovered: peer => this.#turns.input(() => this.topology.recovered(peer)),
    dead: ({ peer, missed }) => {
      const report = { target: peer, missed: [...missed] }
      for (const seed of this.#around.seeds) {
        const heard = (): void => (seed.presence === 'up' ? seed.report(this.id, report) : undefined)
        if (this.#member.registrars.has(seed.label)) this.#around.network.send(heard)
      }
      this.#turns.input(now => this.topology.died(peer, now, this.#links))
    }
  }

  #follow(seed: SimSeed, again: boolean): void {
    if (this.presence !== 'up') return
    this.#turns.input(now => {
      this.#directory.began(seed.label)
      if (again) this.#member.enrolment.renewWithin(0, now)
    })
    const hear = (announcement: Announcement<number>): void =>
      this.#turns.input(() => this.#directory.heard(seed.label, announcement, this.#changes))
    const { network } = this.#around
    network.calendar.after(network.latency(), () =>
      seed.tell(hear, () => network.calendar.after(2_000, () => this.#follow(seed, true)))
    )
  }

  readonly #changes: DirectoryOutput<number> = {
    appeared: ({ id }) => {
      if (id === this.id) return
      this.#turns.input(() => this.topology.peersChanged(this.#directory.size, this.#links))
    },
    vanished: ({ id }) => {
      if (id === this.id) return
      this.#turns.input(now => {
        this.topology.peersChanged(this.#directory.size, this.#links)
        this.#liveness.doubt(id, now, this.#pings)
      })
    }
  }
}
