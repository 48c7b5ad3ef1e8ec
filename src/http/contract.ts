import type { NodeEvent } from '#src/node/events.ts'

/**
 * What `/api/v1` answers, data only: the dashboard and the command line import these types and nothing else of the server. Times are
 * Unix ms, delays ms, ids are peer ids. Names, texts, agents and addresses are as remotes sent them: show them as text, never as markup.
 */

/** Who answers: a whole network in one process, a seed with what its registry knows, or a peer with what it sees itself. */
export type Role = 'swarm' | 'seed' | 'peer'

/** GET /api/v1/node */
export interface NodeReply {
  readonly role: Role
  /** Name of the peer, `HOST:PORT` of the seed, `swarm`. */
  readonly name: string
  /** Null for a swarm, which is many. */
  readonly id: string | null
  /** Full multiaddrs. */
  readonly addresses: readonly string[]
  readonly startedAt: number
  /** Of the program. */
  readonly version: string
  readonly network: { readonly seeds: number; readonly quorum: number }
  /** Whether this request had what it takes to act: no token is needed, or it was given. */
  readonly canAct: boolean
}

export type PeerState = 'alive' | 'dead'

export interface OverlayNode {
  readonly id: string
  readonly name: string
  /** The dead stay for a minute. */
  readonly state: PeerState
  /** Links that stand, as far as the answering node knows; of a dead one the last that it had. */
  readonly degree: number
  /** Links that the law gives it; null where its rank is not known. */
  readonly target: number | null
  /** The answering peer itself. */
  readonly self?: true
}

/** GET /api/v1/overlay. A seed knows links of the peers that are registered with it; a peer its own. */
export interface OverlayReply {
  /** Another number whenever anything else here is different. */
  readonly revision: number
  readonly nodes: readonly OverlayNode[]
  /** Each link once, as two indexes into `nodes`. */
  readonly links: readonly (readonly [number, number])[]
}

/** GET /api/v1/degrees */
export interface DegreesReply {
  readonly peers: number
  /** In ascending order. `law` is how many peers the law gives this degree. */
  readonly degrees: readonly { readonly degree: number; readonly count: number; readonly law: number }[]
  /** `fitted` by maximum likelihood; null with too few peers, or all of one degree. */
  readonly exponent: { readonly fitted: number | null; readonly law: number }
}

export interface MessageSummary {
  /** `ORIGIN#NUMBER`: the name of the origin and the number that it gave the message. */
  readonly id: string
  readonly origin: string
  readonly originId: string
  readonly number: number
  /** In lists its first 1,000 characters. */
  readonly text: string
  readonly publishedAt: number
  /** Of the peers that the answering node sees, its origin left out: those that have it, and with them those that are alive, were so when it was published, and lack it. */
  readonly delivered: number
  readonly expected: number
  /** Time to half of the deliveries, and to the last so far; null before the first. */
  readonly p50Ms: number | null
  readonly lastMs: number | null
  /** Most links that it has crossed. */
  readonly hopsMax: number
}

/** GET /api/v1/messages, newest first. */
export interface MessagesReply {
  readonly messages: readonly MessageSummary[]
}

export interface Hop {
  readonly node: string
  readonly name: string
  /** The neighbour that brought it; null for the origin. */
  readonly from: string | null
  readonly hops: number
  readonly ageMs: number
}

/** GET /api/v1/messages/{id} */
export interface MessageReply extends MessageSummary {
  /** The tree by which it came: the origin first, then in the order of arrival. */
  readonly hops: readonly Hop[]
  /** Who has not got it yet. */
  readonly missing: readonly { readonly node: string; readonly name: string }[]
}

export interface SeedSummary {
  /** `HOST:PORT` */
  readonly label: string
  /** Null as long as nobody has met it. */
  readonly id: string | null
  /** Null where the answering node has nothing to do with it: a peer is connected with its registrars only. */
  readonly alive: boolean | null
  /** Peers that are registered with it, as far as the answering node knows: a peer knows of itself only. */
  readonly registered: number
}

/** GET /api/v1/seeds */
export interface SeedsReply {
  readonly seeds: readonly SeedSummary[]
  /** Peers that not all seeds know, where the answering node can compare; empty elsewhere. */
  readonly differences: readonly {
    readonly name: string
    readonly id: string
    readonly knownBy: readonly string[]
    readonly missingAt: readonly string[]
  }[]
}

export interface PeerSummary {
  readonly id: string
  readonly name: string
  readonly state: PeerState
  readonly degree: number
  readonly target: number | null
  readonly addresses?: readonly string[]
  /** Round trip of the last ping that it answered, where the answering node pings it. */
  readonly latencyMs?: number
  /** Labels of the seeds where it is registered. */
  readonly seeds?: readonly string[]
}

/** GET /api/v1/peers */
export interface PeersReply {
  readonly peers: readonly PeerSummary[]
}

/** GET /api/v1/peers/{id} */
export interface PeerReply extends Omit<PeerSummary, 'seeds'> {
  readonly neighbours: readonly {
    readonly id: string
    readonly name: string
    readonly latencyMs: number | null
    /** Who it is, if it is no peer of ours. */
    readonly role?: 'foreign'
  }[]
  readonly seeds: readonly string[]
  /** Of the messages that the answering node keeps: those that have reached this peer, and those that it has published. */
  readonly delivered: number
  readonly published: number
  /** The last ones of it that are kept, oldest first, at most 50. */
  readonly events: readonly NodeEvent[]
}

/** The data of GET /api/v1/events: an event as `--json` prints it. An event of the type `gap` says that some are lost. */
export type StreamedEvent = NodeEvent

/** Data of the event `gap`: the first number that can still be had. */
export interface GapNotice {
  readonly resumedAt: number
}

/** POST /api/v1/publish. `from` is the id of the peer that says it, in a swarm; any one without it. */
export interface PublishRequest {
  readonly text: string
  readonly from?: string
}

/** 202: `ORIGIN#NUMBER`. */
export interface PublishReply {
  readonly id: string
}

/** POST /api/v1/connect, of a peer: dials any libp2p node. */
export interface ConnectRequest {
  /** Multiaddr, with or without /p2p. */
  readonly address: string
}

export interface ConnectReply {
  readonly id: string
  /** What it calls itself; empty when it does not say, or is one of ours. */
  readonly agent: string
}

/** POST /api/v1/peers, of a swarm: starts one more peer. 201: its `PeerSummary`. */
export interface StartPeerRequest {
  readonly name?: string
}

/** DELETE /api/v1/peers/{id}?how=, of a swarm. 204. */
export type EndPeerHow = 'kill' | 'leave'

/** GET /readyz: 200 when ready, else 503. */
export interface ReadyReply {
  readonly ready: boolean
  /** Why not. */
  readonly reasons: readonly string[]
}

/** Every answer of 400 and above. */
export interface ErrorReply {
  readonly error: {
    /** Stable, for programs. */
    readonly code:
      | 'bad-request'
      | 'unauthorized'
      | 'forbidden'
      | 'not-found'
      | 'not-here'
      | 'conflict'
      | 'too-large'
      | 'unavailable'
      | 'internal'
    readonly message: string
    /** What to do about it. */
    readonly next: string
  }
}
