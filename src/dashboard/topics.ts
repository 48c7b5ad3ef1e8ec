import type { StreamedEvent } from '../http/contract.ts'

/** What a reply is about: `links` of the overlay, `messages`, `registrations` with seeds, or anything that happens to `peers`. */
export type Topic = 'links' | 'messages' | 'registrations' | 'peers'

const touched: Record<StreamedEvent['event'], readonly Topic[]> = {
  started: ['links', 'registrations', 'peers'],
  stopped: ['links', 'registrations', 'peers'],
  registered: ['registrations', 'peers'],
  degraded: ['registrations', 'peers'],
  'name-taken': ['peers'],
  'seed-pinned': ['registrations'],
  unreachable: [],
  reachable: [],
  connected: ['peers'],
  'foreign-connected': ['peers'],
  'foreign-gone': ['peers'],
  linked: ['links', 'peers'],
  unlinked: ['links', 'peers'],
  published: ['messages'],
  received: [],
  'ping-failed': ['peers'],
  'reported-dead': ['peers'],
  'report-answered': ['peers'],
  'peer-joined': ['links', 'registrations', 'peers'],
  'peer-removed': ['links', 'registrations', 'peers'],
  fault: []
}

/** Whether what was said about the topic may be different after the event; of an event that is new to this page, it may. */
export function isTouchedBy(topic: Topic, { event }: StreamedEvent): boolean {
  return touched[event]?.includes(topic) ?? true
}
