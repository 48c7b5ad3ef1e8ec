import { http as settings } from '#src/settings.ts'
import { ApiError } from './api-error.ts'
import { refusal } from './view.ts'
import type { TestNetwork } from '#src/library/test-network.ts'
import type { Peer } from '#src/library/peer.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { NodeReply, PeerReply, PeerSummary, SeedsReply } from './contract.ts'
import type { Acts, Gauge, Look, View } from './view.ts'

export interface SwarmHooks {
  /** Somebody has asked for the death of this peer: it is none that has to be explained. */
  onKill(name: string): void
}

/** A whole network in this process, as everybody in it sees it. */
export class SwarmView implements View {
  readonly role = 'swarm'
  readonly name = 'swarm'
  readonly id = null
  readonly addresses = []
  readonly #network: TestNetwork
  readonly #hooks: SwarmHooks
  readonly #stoppedSeeds = new Set<string>()
  /** Ids of peers that have said good-bye: their end is no death. */
  readonly #leaving = new Set<string>()

  constructor(network: TestNetwork, hooks: SwarmHooks) {
    this.#network = network
    this.#hooks = hooks
  }

  get network(): NodeReply['network'] {
    const seeds = this.#network.seeds.length
    return { seeds, quorum: Math.floor(seeds / 2) + 1 }
  }

  look(): Look {
    const { peers } = this.#network
    const named = new Map(peers.map(peer => [peer.id, new Set(peer.neighbours().map(({ id }) => id))]))
    return {
      peers: peers.map(summary),
      links: [...named].flatMap(([peer, neighbours]) =>
        [...neighbours].flatMap((other): [string, string][] =>
          peer < other && named.get(other)?.has(peer) === true ? [[peer, other]] : []
        )
      ),
      degrees: [...named.values()].map(({ size }) => size)
    }
  }

  neighboursOf(peer: string): PeerReply['neighbours'] {
    const found = this.#network.peers.find(({ id }) => id === peer)
    return [
      ...(found?.neighbours() ?? []).map(({ id, name, latencyMs = null }) => ({ id, name, latencyMs })),
      ...(found?.foreignNodes() ?? []).map(({ id, agent, latencyMs = null }) => {
        return { id, name: agent, latencyMs, role: 'foreign' as const }
      })
    ]
  }

  seeds(): SeedsReply {
    const living = this.#network.seeds.filter(({ label }) => !this.#stoppedSeeds.has(label))
    const lists = living.map(({ label, peers }) => ({ label, names: new Set(peers) }))
    const ids = new Map(this.#network.peers.map(({ id, name }) => [name, id]))
    const names = new Set([...ids.keys(), ...lists.flatMap(list => [...list.names])])
    const differences = [...names].flatMap(name => {
      const labels = (knows: boolean): string[] =>
        lists.flatMap(list => (list.names.has(name) === knows ? [list.label] : []))
      const [knownBy, missingAt] = [labels(true), labels(false)]
      return missingAt.length === 0 ? [] : [{ name, id: ids.get(name) ?? name, knownBy, missingAt }]
    })
    const seeds = this.#network.seeds.map(({ label, id, registrations }) => {
      return { label, id, alive: !this.#stoppedSeeds.has(label), registered: registrations }
    })
    return { seeds, differences }
  }

  troubles(): string[] {
    return [
      ...this.#network.seeds.flatMap(({ label, isReady }) => (isReady ? [] : [`seed ${label} has lost its memory`])),
      ...[...this.#stoppedSeeds].map(label => `seed ${label} has stopped`),
      ...this.#network.peers.flatMap(peer => [
        ...(peer.isRegistered ? [] : [`${peer.name} lacks its quorum of seeds`]),
        ...(peer.neighbours().length > 0 ? [] : [`${peer.name} has no neighbour`])
      ])
    ]
  }

  deathIn(event: NodeEvent): string | undefined {
    // Whoever leaves has told the seeds before it stops.
    if (event.event === 'peer-removed' && event.role === 'seed' && event.reason === 'left') this.#leaving.add(event.id)
    if (event.event !== 'stopped') return undefined
    if (event.role === 'seed') this.#stoppedSeeds.add(event.node)
    const id = this.#network.peers.find(({ name }) => event.role === 'peer' && name === event.node)?.id
    return id === undefined || this.#leaving.delete(id) ? undefined : id
  }

  readonly gauges: readonly Gauge[] = [
    { name: 'peers', help: 'Peers that run in this process', read: () => this.#network.peers.length },
    { name: 'links', help: 'Links that stand', read: () => this.look().links.length }
  ]

  readonly acts: Acts = {
    publish: (text, from) => {
      const origin = from === undefined ? this.#network.peers[0] : this.#peer(from)
      if (origin === undefined) throw new ApiError('unavailable', 'no peer runs here', 'Start one: POST /api/v1/peers.')
      try {
        return `${origin.name}#${origin.publish(text)}`
      } catch (error) {
        throw refusal(error)
      }
    },
    connect: async address => {
      const [peer] = this.#network.peers
      if (peer === undefined) throw new ApiError('unavailable', 'no peer runs here', 'Start one: POST /api/v1/peers.')
      try {
        const id = await peer.connect(address)
        return { id, agent: peer.foreignNodes().find(node => node.id === id)?.agent ?? '' }
      } catch (error) {
        throw refusal(error)
      }
    },
    startPeer: async name => {
      if (this.#network.peers.length >= settings.swarmPeersMax)
        throw new ApiError(
          'conflict',
          `${settings.swarmPeersMax} peers run already`,
          'End one first: DELETE /api/v1/peers/{id}.'
        )
      try {
        return summary(await this.#network.addPeer(name ?? this.#freeName()))
      } catch (error) {
        if (error instanceof RangeError)
          throw new ApiError('bad-request', error.message, 'Use 1 to 32 of A-Z a-z 0-9 . _ -')
        if (error instanceof Error && error.name === 'NameTakenError')
          throw new ApiError('conflict', error.message, 'Choose another name.')
        throw error
      }
    },
    endPeer: async (id, how) => {
      const peer = this.#peer(id)
      if (how === 'leave') {
        await peer.stop()
        return
      }
      this.#hooks.onKill(peer.name)
      await this.#network.kill(peer)
    }
  }

  #peer(id: string): Peer {
    const peer = this.#network.peers.find(peer => peer.id === id)
    if (peer === undefined)
      throw new ApiError('not-found', `no peer ${id} runs here`, 'GET /api/v1/peers lists those that do.')
    return peer
  }

  #freeName(): string {
    const names = new Set(this.#network.peers.map(({ name }) => name))
    let number = names.size + 1
    while (names.has(`peer-${number}`)) number++
    return `peer-${number}`
  }
}

function summary(peer: Peer): PeerSummary {
  const { id, name, target, addresses, registrars: seeds } = peer
  return { id, name, state: 'alive', degree: peer.neighbours().length, target, addresses, seeds }
}
