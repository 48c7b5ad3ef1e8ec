import { GossipEngine } from '#src/core/gossip/engine.ts'
import { seededRandom } from '#src/core/random.ts'
import { gossip as settings } from '#src/gossip-settings.ts'
import { batch } from './gossip-network.ts'
import type { Batch, CarriedBatch, GossipRecord, Mode, OriginAnnouncement } from '#protocols/gossip/messages.ts'
import type { GossipOutput } from '#src/core/gossip/engine.ts'
import type { GossipSettings } from '#src/core/gossip/settings.ts'

const nothing = new Uint8Array()
/** The origin that the tests are about: none of the engine's neighbours. */
export const source = { origin: 9, epoch: 1 }
export const announcement = (version: number, origin = 9): OriginAnnouncement<number> => ({
  origin,
  epoch: 1,
  version,
  signature: nothing
})
export const announce = (version: number, hops: number): GossipRecord<number> => ({
  type: 'announce',
  announcement: announcement(version),
  hops
})
export const carried = (sequence: number, hops = 1, more: Partial<Batch<number>> = {}): CarriedBatch<number> => ({
  type: 'batch',
  batch: batch(9, sequence, more),
  hops
})
export const flood = (one: CarriedBatch<number>): CarriedBatch<number> => ({ ...one, flood: true })
export const have = (from: number, to = from): GossipRecord<number> => ({
  type: 'have',
  spans: [{ ...source, from, to }]
})

/** One engine among neighbours that say what the test lets them say. */
export function engineAmong(linked: number[], own: Partial<GossipSettings> = {}, examines = false) {
  const forged: unknown[] = []
  const signatures = {
    announcement: (version: number) => announcement(version, 0),
    isAuthentic: (signed: unknown) => !forged.includes(signed)
  }
  const engine = new GossipEngine<number>(
    { origin: 0, epoch: 1 },
    { linked },
    signatures,
    { ...settings, ...own },
    seededRandom(1)
  )
  let said: string[] = []
  const examined: Batch<number>[] = []
  const full = new Set<number>()
  const out: GossipOutput<number> = {
    send(to, record) {
      const { type } = record
      if (type === 'batch')
        said.push(`${to} batch #${record.batch.sequence} hop ${record.hops}${record.flood === true ? ' flood' : ''}`)
      else if (type === 'subscribe') said.push(`${to} ${record.mode}${record.must ? '!' : ''} after ${record.after}`)
      else if (type === 'have' || type === 'want')
        said.push(`${to} ${type} ${record.spans.map(span => `${span.from}-${span.to}`).join(' ')}`)
      else said.push(`${to} ${type}${type === 'boost' && record.lost === true ? ' lost' : ''}`)
      return !full.has(to)
    },
    deliver: ({ sequence }) => void said.push(`deliver #${sequence}`),
    ...(examines && { examine: (one: Batch<number>) => void examined.push(one) })
  }
  const heard = (): string[] => {
    const all = said
    said = []
    return all
  }
  const from = (peer: number, record: GossipRecord<number>, now = 0) => {
    engine.receive(peer, record, now, out)
    return heard()
  }
  const subscribe = (peer: number, mode: Mode, after = 0, must = false): string[] =>
    from(peer, { type: 'subscribe', source, mode, after, must })
  const wake = (now: number): string[] => {
    engine.wake(now, out)
    return heard()
  }
  /** The same among neighbours that answer when they are asked whether they live. */
  const wakeAmongLiving = (now: number): string[] => {
    const said = wake(now)
    for (const line of said) if (line.endsWith(' probe')) from(Number(line.split(' ')[0]), { type: 'alive' }, now)
    return said
  }
  return { engine, linked, out, heard, from, subscribe, wake, wakeAmongLiving, forged, examined, full }
}

/** One engine whose neighbours have passed on an announcement of the source, in this order; the first is the parent, and the watchers are chosen. */
export function settledAmong(
  linked: number[],
  announcers = linked,
  own: Partial<GossipSettings> = {},
  examines = false
) {
  const bench = engineAmong(linked, own, examines)
  for (const peer of announcers) bench.from(peer, announce(1, 1))
  bench.wake(settings.settleMs)
  /** What it says before a time, among neighbours that live; it is woken whenever it wants to be. */
  const saidBefore = (time: number): string[] => {
    const said: string[] = []
    while (bench.engine.wakeAt < time) said.push(...bench.wakeAmongLiving(bench.engine.wakeAt))
    return said
  }
  return { ...bench, saidBefore }
}
