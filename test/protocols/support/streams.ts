import { yamux } from '@chainsafe/libp2p-yamux'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddrConnectionPair, streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { encodeFrame } from '#protocols/streams/frames.ts'
import type { Connection, Stream, StreamHandler, StreamHandlerOptions } from '@libp2p/interface'
import type { OpenStream, StreamHost } from '#protocols/streams/exchange.ts'

/** What a libp2p node is to the services of the wire: it remembers handlers, and a remote can open streams to them. */
export class FakeHost implements StreamHost {
  readonly options = new Map<string, StreamHandlerOptions>()
  /** What handlers threw. libp2p would end the stream; our handlers should never leave that to it. */
  readonly thrown: unknown[] = []
  readonly #handlers = new Map<string, StreamHandler>()

  readonly handle: StreamHost['handle'] = async (protocol, handler, options) => {
    this.#handlers.set(String(protocol), handler)
    this.options.set(String(protocol), options ?? {})
  }

  /** The way of a remote peer to this node. The other ends of the streams it opens come into `inbound`. */
  from(peer: string, inbound: Stream[] = []): OpenStream {
    return async protocol => {
      const handler = this.#handlers.get(protocol)
      if (handler === undefined) throw new Error(`nobody handles ${protocol}`)
      const [outbound, other] = await streamPair()
      inbound.push(other)
      void this.#run(handler, other, peer)
      return outbound
    }
  }

  async #run(handler: StreamHandler, stream: Stream, peer: string): Promise<void> {
    const connection = { remotePeer: peerIdFromString(peer), remoteAddr: multiaddr('/ip4/192.0.2.7/tcp/4001') }
    try {
      await handler(stream, connection as unknown as Connection)
    } catch (error) {
      this.thrown.push(error)
    }
  }
}

/** yamux allows no smaller one. */
export const windowBytes = 256 * 1024

/**
 * Two ends of a stream of the real multiplexer, for what `streamPair` does not imitate: windows, and a reader that does not read.
 * @param onReply told of each packet that comes back to the first end
 */
export async function windowedPair(onReply = (): void => {}): Promise<[Stream, Stream]> {
  const factory = yamux({
    streamOptions: { initialStreamWindowSize: windowBytes, maxStreamWindowSize: windowBytes }
  })()
  const [near, far] = multiaddrConnectionPair()
  near.addEventListener('message', onReply)
  const remote = factory.createStreamMuxer(far)
  const arrived = new Promise<Stream>(resolve =>
    remote.addEventListener('stream', ({ detail }) => resolve(detail), { once: true })
  )
  const outbound = await factory.createStreamMuxer(near).createStream()
  return [outbound, await arrived]
}

/** Lets everything happen that can happen without time going by. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise(resolve => setImmediate(resolve))
}

export function sendFrame(stream: Stream, payload: Uint8Array): void {
  stream.send(encodeFrame(payload))
}

/** Resolves when the stream is over at both ends, however that came, and whoever is told has been told. */
export async function over(stream: Stream): Promise<void> {
  if (stream.status === 'open') await new Promise(resolve => stream.addEventListener('close', resolve, { once: true }))
  await settled()
}

/** Collects what is put in and hands it out in order, waiting for what is not there yet. */
export class Inbox<Item> {
  readonly #items: Item[] = []
  #wake = (): void => {}

  readonly put = (item: Item): void => {
    this.#items.push(item)
    this.#wake()
  }

  get waiting(): readonly Item[] {
    return this.#items
  }

  async next(): Promise<Item> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) return item
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
  }
}
