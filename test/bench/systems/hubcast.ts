import { gossip } from '#src/node/gossip-service.ts'
import type { System } from './system.ts'

type Gossip = ReturnType<ReturnType<typeof gossip>>

export const hubcast: System<Gossip> = {
  service: () => gossip(),
  join(service, _node, onDelivery) {
    service.addEventListener('message', ({ detail }) => onDelivery(detail.data))
    return {
      publish: async payload => service.publish(payload),
      neighbours: () => service.neighbours.length,
      counts: () => {
        const { received, duplicates, batchesSent } = service.metrics
        return { received, duplicates, sent: batchesSent }
      }
    }
  }
}
