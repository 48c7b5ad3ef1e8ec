import { counted, millis } from '../format.ts'
import type { StreamedEvent } from '../../http/contract.ts'

/** What happened, in words for people; the node that it happened to stands before it. */
export function phrase(event: StreamedEvent): string {
  switch (event.event) {
    case 'started':
      return `on ${event.addresses.join(' ')}`
    case 'stopped':
      return ''
    case 'registered':
      return `with ${event.seeds.length} of ${event.of} seeds: ${event.seeds.join(', ')}`
    case 'degraded':
      return `registered with ${event.seeds.length} of the ${event.quorum} seeds that are needed`
    case 'name-taken':
      return `${event.name} belongs to ${event.holder ?? 'another peer'}`
    case 'seed-pinned':
      return `${event.seed} is ${event.id} from now on`
    case 'connected':
      return `to ${event.address}`
    case 'foreign-connected':
      return `${event.agent || event.id} at ${event.address}`
    case 'foreign-gone':
      return `${event.agent || event.id}, ${event.why}`
    case 'linked':
      return `with ${event.name}, ${event.degree} of ${counted(event.target, 'link')}`
    case 'unlinked':
      return `from ${event.name} (${event.reason}), ${counted(event.degree, 'link')} left`
    case 'published':
      return `#${event.number} “${event.text}” to ${counted(event.neighbours, 'neighbour')}`
    case 'received':
      return `${event.origin}#${event.number} “${event.text}” after ${counted(event.hops, 'hop')}, ${millis(event.ageMs)}`
    case 'ping-failed':
      return `of ${event.name}, ${event.failures} of ${event.of}: ${event.how}`
    case 'reported-dead':
      return event.name
    case 'report-answered':
      return `about ${event.name} by ${event.seed}: ${event.reply}`
    case 'peer-joined':
      return event.name
    case 'unreachable':
    case 'reachable':
      return `from seed ${event.seed}`
    case 'peer-removed':
      return `${event.name} (${event.reason})`
    case 'fault':
      return `of ${event.remote} on ${event.what}: ${event.message}`
    default:
      // A newer server may know more events than this page.
      return JSON.stringify(event)
  }
}

export type Weight = 'good' | 'bad' | 'message' | 'plain'

const weights: Partial<Record<StreamedEvent['event'], Weight>> = {
  linked: 'good',
  registered: 'good',
  started: 'good',
  'peer-joined': 'good',
  'ping-failed': 'bad',
  'reported-dead': 'bad',
  'peer-removed': 'bad',
  degraded: 'bad',
  unreachable: 'bad',
  reachable: 'good',
  'name-taken': 'bad',
  fault: 'bad',
  published: 'message',
  received: 'message'
}

/** How an event is marked; its name says the same in words. */
export function weightOf({ event }: StreamedEvent): Weight {
  return weights[event] ?? 'plain'
}
