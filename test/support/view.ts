import type { View } from '#src/http/view.ts'

/** What a peer that is alone would say. */
export function viewWith(own: Partial<View> = {}): View {
  return {
    role: 'peer',
    name: 'ada',
    id: 'id-ada',
    addresses: ['/ip4/127.0.0.1/tcp/1'],
    network: { seeds: 3, quorum: 2 },
    look: () => ({
      peers: [{ id: 'id-ada', name: 'ada', state: 'alive', degree: 0, target: 3 }],
      links: [],
      degrees: [0]
    }),
    neighboursOf: () => [],
    seeds: () => ({ seeds: [], differences: [] }),
    troubles: () => [],
    gauges: [],
    deathIn: () => undefined,
    acts: { publish: text => `ada#${text.length}` },
    ...own
  }
}
