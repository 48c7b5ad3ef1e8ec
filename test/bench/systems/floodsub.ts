import { floodsub } from '@libp2p/floodsub'
import type { FloodSub } from '@libp2p/floodsub'
import { countsOf } from './system.ts'
import type { System } from './system.ts'

const topic = 'bench'

interface Rpc {
  readonly messages: readonly unknown[]
}

/** Where all that comes in and goes out passes, though the published type does not name it. */
interface Doors {
  processRpc(from: unknown, rpc: Rpc): Promise<boolean>
  sendRpc(to: unknown, rpc: Rpc): void
}

export const flood: System<FloodSub> = {
  service: () => floodsub({ globalSignaturePolicy: 'StrictSign' }),
  join(service, node, onDelivery) {
    const counted = { received: 0, delivered: 0, sent: 0 }
    const doors = service as unknown as Doors
    const processRpc = doors.processRpc.bind(doors)
    const sendRpc = doors.sendRpc.bind(doors)
    doors.processRpc = async (from, rpc) => {
      counted.received += rpc.messages.length
      return processRpc(from, rpc)
    }
    doors.sendRpc = (to, rpc) => {
      sendRpc(to, rpc)
      counted.sent += rpc.messages.length
    }
    service.addEventListener('message', ({ detail }) => {
      // It does not know its own messages again when neighbours send them back: a copy too many, not a delivery.
      if (detail.type === 'signed' && detail.from.equals(node.peerId)) return
      counted.delivered++
      onDelivery(detail.data)
    })
    service.subscribe(topic)
    return {
      publish: async payload => {
        await service.publish(topic, payload)
      },
      neighbours: () => service.getSubscribers(topic).length,
      counts: () => countsOf(counted)
    }
  }
}
