import { gossipsub } from '@libp2p/gossipsub'
import type { GossipSub, GossipsubOpts } from '@libp2p/gossipsub'
import type { RPC } from '@libp2p/gossipsub/message'
import { countsOf } from './system.ts'
import type { System } from './system.ts'

const topic = 'bench'

/**
 * Where all that comes in and goes out passes, though the published type does not name it. gossipsub's own metrics would count too,
 * but cost time in dozens of other places, and they count a publication by how many peers it is meant for.
 */
interface Doors {
  handleReceivedRpc(from: unknown, rpc: RPC): Promise<void>
  sendRpc(to: string, rpc: RPC): boolean
  sendRpcInBatch(to: Set<string>, rpc: RPC): void
}

/** All nodes share one address: with the penalty for that, hubs would shut out their neighbours and messages would get lost. */
const fair: Partial<GossipsubOpts> = {
  globalSignaturePolicy: 'StrictSign',
  scoreParams: { IPColocationFactorWeight: 0 }
}

/** As it comes. */
export const plain: System<GossipSub> = system(fair)

/**
 * With the two options that make it faster. The fast id tells a known message before its signature is checked once more; author
 * and sequence number are what gossipsub's own id is made of, and only messages that were found authentic are remembered by it.
 */
export const tuned: System<GossipSub> = system({
  ...fair,
  fastMsgIdFn: ({ from, seqno }) => latin1(from) + latin1(seqno),
  batchPublish: true
})

function system(options: Partial<GossipsubOpts>): System<GossipSub> {
  return {
    service: () => gossipsub(options),
    join(service, _node, onDelivery) {
      const counted = { received: 0, delivered: 0, sent: 0 }
      countAtDoors(service as unknown as Doors, counted)
      service.addEventListener('message', ({ detail }) => {
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
}

function countAtDoors(doors: Doors, counted: { received: number; sent: number }): void {
  const handleReceivedRpc = doors.handleReceivedRpc.bind(doors)
  const sendRpc = doors.sendRpc.bind(doors)
  const sendRpcInBatch = doors.sendRpcInBatch.bind(doors)
  doors.handleReceivedRpc = async (from, rpc) => {
    counted.received += rpc.messages.length
    return handleReceivedRpc(from, rpc)
  }
  doors.sendRpc = (to, rpc) => {
    const sent = sendRpc(to, rpc)
    if (sent) counted.sent += rpc.messages.length
    return sent
  }
  doors.sendRpcInBatch = (to, rpc) => {
    sendRpcInBatch(to, rpc)
    counted.sent += rpc.messages.length * to.size
  }
}

function latin1(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
