import { getRequestListener } from '@hono/node-server'
import { version } from '#src/node/host.ts'
import { http as settings } from '#src/settings.ts'
import { Admission, inUrl } from './admission.ts'
import { EventRing } from './event-ring.ts'
import { EventStreams } from './event-stream.ts'
import { MessageLog } from './message-log.ts'
import { Metrics } from './metrics.ts'
import { OverlayWatch } from './overlay-watch.ts'
import { listen, site } from './server.ts'
import { readStaticFiles } from './static-files.ts'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { NodeEvent } from '#src/node/events.ts'
import type { HostOptions } from '#src/node/host.ts'
import type { View } from './view.ts'

export interface MonitorOptions {
  /** Address to listen on; 0 is any free port. */
  readonly host: string
  readonly port: number
  /** Take one of the next ports if this one is taken. */
  readonly orNextPort?: boolean
  /** Further names under which the server is reached, as the header Host has them. */
  readonly alsoKnownAs?: readonly string[]
  /** Whoever has it may act. */
  readonly token: string
  /** Told of errors of our own in answering. */
  readonly onFault: (error: Error) => void
}

/**
 * What this process shows over HTTP. It is made before the nodes that it watches, so that it misses nothing, and serves when they run.
 */
export class Monitor {
  readonly #options: MonitorOptions
  readonly #startedAt = Date.now()
  // A process that starts later begins with a greater number, unless there were a thousand events in each ms.
  readonly #events = new EventRing(settings, this.#startedAt * 1_000)
  readonly #messages = new MessageLog(settings)
  readonly #metrics = new Metrics(version)
  #view: View | undefined
  #overlay: OverlayWatch | undefined
  #server: Server | undefined
  /** It may be stopped before it serves. */
  #isStopped = false

  constructor(options: MonitorOptions) {
    this.#options = options
  }

  /** For the node that is watched, if it is one: where its libp2p counts. */
  get libp2pMetrics(): NonNullable<HostOptions['metrics']> {
    return this.#metrics.libp2p
  }

  /** Told of everything that happens in the nodes. */
  note(event: NodeEvent): void {
    this.#events.note(event)
    this.#messages.note(event)
    this.#metrics.note(event)
    const dead = this.#view?.deathIn(event)
    if (dead !== undefined) this.#overlay?.died(dead)
  }

  /**
   * @param gossip what has gone through the gossip of the node, if it is one
   * @returns the address of the dashboard, with the token that allows to act behind #
   * @throws {PortInUseError}
   */
  async serve(view: View, gossip?: Parameters<Metrics['watch']>[2]): Promise<string> {
    const { host, port, orNextPort = false, alsoKnownAs = [], token, onFault } = this.#options
    const streams = new EventStreams(this.#events, settings)
    const overlay = new OverlayWatch(view, settings)
    this.#view = view
    this.#overlay = overlay
    this.#metrics.watch(view, streams, gossip)
    const files = await readStaticFiles()
    const server = await listen(host, port, orNextPort ? settings.portsTriedMax : 1)
    const { port: taken } = server.address() as AddressInfo
    const app = site({
      version,
      startedAt: this.#startedAt,
      view,
      overlay,
      messages: this.#messages,
      events: this.#events,
      streams,
      metrics: this.#metrics,
      files,
      admission: new Admission({ host, port: taken, alsoKnownAs, token }),
      onFault
    })
    // The Request of the process stays what it is: others use it too.
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
    server.on('request', (request, response) => void answer(request, response))
    this.#server = server
    if (this.#isStopped) this.stop()
    const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : inUrl(host)
    return `http://${reachable}:${taken}/#token=${token}`
  }

  /** Answers nobody any more. */
  stop(): void {
    this.#isStopped = true
    this.#server?.close()
    this.#server?.closeAllConnections()
  }
}
