import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A stretch of TCP before a node, which can fall silent as a process under SIGSTOP does: its sockets stay, and say nothing. */
export class Wire {
  /** Connections that have been opened over it, from the beginning. */
  visits = 0
  /** Those whose far end, the one that dialled, has not hung up. */
  open = 0
  readonly #server
  readonly #sockets = new Set<Socket>()
  readonly #port: number
  readonly #gatherMs: number
  #silent = false

  private constructor(server: ReturnType<typeof createServer>, port: number, gatherMs: number) {
    this.#server = server
    this.#port = port
    this.#gatherMs = gatherMs
    server.on('connection', from => this.#carry(from))
  }

  /**
   * @param address such as /ip4/127.0.0.1/tcp/4001, of which only the port counts; without it nobody is there who would speak
   * @param gatherMs what an end says arrives in one go, as on a busy machine, when it has said nothing more for this time
   */
  static async to(address?: string, gatherMs = 0): Promise<Wire> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return new Wire(server, Number(/\/tcp\/(\d+)/.exec(address ?? '')?.[1] ?? 0), gatherMs)
  }

  /** Of the end to dial, without /p2p. */
  get address(): string {
    return `/ip4/127.0.0.1/tcp/${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on nothing arrives at either end. */
  silence(): void {
    this.#silent = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }

  #carry(from: Socket): void {
    this.visits++
    this.open++
    let heard = true
    const gone = (): void => {
      if (heard) this.open--
      heard = false
    }
    from.on('end', gone).on('close', gone)
    if (this.#port === 0) this.#watch(from)
    else {
      const to = connect({ port: this.#port, host: '127.0.0.1', allowHalfOpen: true })
      this.#join(from, to)
      this.#join(to, from)
    }
  }

  #join(from: Socket, to: Socket): void {
    this.#watch(from)
    let gathered: Buffer[] = []
    let timer: NodeJS.Timeout | undefined
    const deliver = (): void => {
      clearTimeout(timer)
      if (!this.#silent && gathered.length > 0) to.write(Buffer.concat(gathered))
      gathered = []
    }
    from.on('data', data => {
      gathered.push(data)
      clearTimeout(timer)
      if (this.#gatherMs === 0) deliver()
      else timer = setTimeout(deliver, this.#gatherMs)
    })
    const end = (how: 'end' | 'destroy'): void => {
      deliver()
      if (!this.#silent) to[how]()
    }
    from.on('end', () => end('end')).on('close', () => end('destroy'))
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket)
    // Without a reader the end of a socket is not told.
    socket
      .on('error', () => {})
      .on('close', () => this.#sockets.delete(socket))
      .resume()
  }
}
