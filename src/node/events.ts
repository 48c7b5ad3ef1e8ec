import { otherNetwork } from '#protocols/network-id.ts'
import { printable } from './printable.ts'
import type { RemovalReason } from '#protocols/announcement/messages.ts'
import type { UnlinkCause } from '#src/core/topology.ts'

/** Who something happened to: a seed by its `HOST:PORT`, a peer by its name. */
export interface Subject {
  readonly role: 'seed' | 'peer'
  readonly node: string
}

/** What happens in a node, in the words that programs read (`--json`). Sentences for people are made from them. */
export type Happening =
  | { readonly event: 'started'; readonly pid: number; readonly id: string; readonly addresses: readonly string[] }
  | { readonly event: 'stopped' }
  /** A peer holds its quorum of registrations. */
  | { readonly event: 'registered'; readonly seeds: readonly string[]; readonly of: number }
  | {
      readonly event: 'degraded'
      readonly seeds: readonly string[]
      /** Seeds of the network. */
      readonly of: number
      readonly quorum: number
      readonly reasons: Record<string, string>
    }
  /** The name belongs to another peer: this one has no use any more. */
  | { readonly event: 'name-taken'; readonly name: string; readonly holder: string | undefined }
  /** The first contact with a seed of which only the address was given: from now on nobody else is taken for it. */
  | { readonly event: 'seed-pinned'; readonly seed: string; readonly id: string; readonly file: string }
  /** A seed has dialled this peer at all its addresses in vain, or has reached it after all. */
  | { readonly event: 'unreachable'; readonly seed: string; readonly addresses: readonly string[] }
  | { readonly event: 'reachable'; readonly seed: string }
  | { readonly event: 'connected'; readonly address: string; readonly id: string }
  /** A libp2p node that speaks none of our protocols, whoever has dialled. */
  | { readonly event: 'foreign-connected'; readonly id: string; readonly agent: string; readonly address: string }
  | {
      readonly event: 'foreign-gone'
      readonly id: string
      readonly agent: string
      readonly why: 'disconnected' | 'silent'
    }
  | {
      readonly event: 'linked'
      readonly name: string
      readonly id: string
      readonly degree: number
      readonly target: number
    }
  | {
      readonly event: 'unlinked'
      readonly name: string
      readonly id: string
      readonly reason: UnlinkCause
      readonly degree: number
    }
  | { readonly event: 'published'; readonly number: number; readonly text: string; readonly neighbours: number }
  | {
      readonly event: 'received'
      readonly origin: string
      readonly originId: string
      readonly number: number
      readonly text: string
      readonly hops: number
      /** Id of the neighbour that brought it. */
      readonly from: string
      readonly ageMs: number
      readonly id: string
    }
  | {
      readonly event: 'ping-failed'
      readonly name: string
      readonly id: string
      readonly failures: number
      readonly of: number
      readonly how: string
    }
  | { readonly event: 'reported-dead'; readonly name: string; readonly id: string }
  | { readonly event: 'report-answered'; readonly name: string; readonly seed: string; readonly reply: string }
  /** At a seed: registered here. At a peer: a seed has announced it. */
  | { readonly event: 'peer-joined'; readonly name: string; readonly id: string }
  | { readonly event: 'peer-removed'; readonly name: string; readonly id: string; readonly reason: RemovalReason }
  /** A remote broke a protocol, or could not be reached. Its stream is closed. */
  | {
      readonly event: 'fault'
      readonly remote: string
      readonly what: string
      readonly error: string
      readonly message: string
    }

export type NodeEvent = Happening & Subject & { readonly time: string }

/** Told of everything that happens in a node. Must not throw. */
export type OnHappening = (happening: Happening) => void

/** What people are told of a refusal that they have to do something about; other reasons as they are. */
const refusals: Partial<Record<string, string>> = {
  'other-network': otherNetwork,
  full: 'it holds as many peers as it can',
  'full-address':
    'as many peers as it takes from one IP address are registered with it from the one of this peer: end another one there, or use another address',
  'full-subnet':
    'as many peers as it takes from one network are registered with it from the one of this peer: end another one there, or use another network',
  'full-rate': 'this peer, or others at its IP address, ask more often than the seed allows: it will ask again later',
  stale:
    'it knows a later start of this peer: another process has the same key, which must end, or the clock here was set back'
}

/** Why a seed has not registered a peer, in words. */
export function reasonText(reason: string): string {
  return refusals[reason] ?? printable(reason)
}

/** The happening as a sentence, without time and subject; one line whatever the remote has sent. */
export function sentence(role: Subject['role'], happening: Happening): string {
  switch (happening.event) {
    case 'started':
      return `started as ${happening.id} on ${happening.addresses.join(' ')}`
    case 'stopped':
      return 'stopped'
    case 'registered':
      return `registered with ${happening.seeds.length} of ${happening.of} seeds: ${happening.seeds.join(', ')}`
    case 'degraded': {
      const reasons = Object.entries(happening.reasons).map(([seed, reason]) => `${seed}: ${reasonText(reason)}`)
      const { seeds, of, quorum } = happening
      const held =
        seeds.length === 0 ? `none of ${of} seeds` : `${seeds.length} of ${of} seeds only (${seeds.join(', ')})`
      const meanwhile = 'gossip goes on, but somebody else may get the name; trying again'
      return `degraded: registered with ${held}, ${quorum} are needed: ${meanwhile} (${reasons.join('; ')})`
    }
    case 'name-taken':
      return `name ${printable(happening.name)} is taken by ${happening.holder ?? 'another peer'}`
    case 'seed-pinned':
      return `pinned seed ${happening.seed} in ${happening.file}: from now on nobody but ${happening.id} is taken for it`
    case 'unreachable': {
      const where = happening.addresses.length === 0 ? 'its address' : happening.addresses.join(' or ')
      return `seed ${happening.seed} cannot connect to this peer at ${where}, so nobody is sent to it: let connections through to a fixed port, such as --listen /ip4/0.0.0.0/tcp/4001, and forward that port if there is a router`
    }
    case 'reachable':
      return `seed ${happening.seed} can connect to this peer now`
    case 'connected':
      return `connected to ${happening.address} (${happening.id})`
    case 'foreign-connected':
      return `foreign node ${foreignName(happening)} connected, ${happening.address}`
    case 'foreign-gone':
      return `foreign node ${foreignName(happening)} ${happening.why === 'silent' ? 'answers no pings: hung up' : 'disconnected'}`
    case 'linked':
      return `linked ${happening.name}`
    case 'unlinked':
      return `unlinked ${happening.name} (${happening.reason})`
    case 'published':
      return `published #${happening.number} ${JSON.stringify(printable(happening.text))} to ${happening.neighbours} ${happening.neighbours === 1 ? 'neighbour' : 'neighbours'}`
    case 'received':
      return `received ${happening.origin}#${happening.number}`
    case 'ping-failed':
      return `ping ${happening.name} failed ${happening.failures} of ${happening.of}`
    case 'reported-dead':
      return `reported ${happening.name} dead`
    case 'report-answered':
      return `seed ${happening.seed} answered the report of ${happening.name}: ${happening.reply}`
    case 'peer-joined':
      return role === 'seed' ? `registered ${happening.name}` : `heard of ${happening.name}`
    case 'peer-removed': {
      const how =
        happening.reason === 'left' ? `left ${happening.name}` : `removed ${happening.name} (${happening.reason})`
      return role === 'seed' ? how : `heard: ${how}`
    }
    case 'fault':
      return `fault of ${printable(happening.remote)} on ${happening.what}: ${happening.error}: ${printable(happening.message)}`
  }
}

/** Characters of an agent's name that are told. Honest ones have about 30; identify lets 8 KiB through. */
const agentCharactersMax = 80

function foreignName({ id, agent }: { readonly id: string; readonly agent: string }): string {
  return agent === '' ? id : `${id} (${printable(agent.slice(0, agentCharactersMax))})`
}

/** A received message as ML.txt has it. */
export function messageLine(received: Extract<Happening, { event: 'received' }>, receiver: string): string {
  const { origin, number, text, hops, ageMs, id } = received
  const quoted = printable(JSON.stringify(text))
  return `${receiver} received ${origin}#${number} ${quoted} hops=${hops} age=${ageMs} id=${id}`
}
