import path from 'node:path'
import { namePattern } from '#protocols/peer-record.ts'
import { ActivityLog } from '#src/node/activity-log.ts'
import { parseAddress } from '#src/node/dial-any.ts'
import { keepKey, newKey } from '#src/node/key-file.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { PeerNode } from '#src/node/peer-node.ts'
import { printable } from '#src/node/printable.ts'
import { standardDataDir } from './arguments.ts'
import { askName, nameRule } from './ask-name.ts'
import { readConfig } from '#src/node/config-file.ts'
import { PeerView } from '#src/http/peer-view.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { monitorOf } from './monitor-of.ts'
import { Lines } from './lines.ts'
import { complain, narrator, tellAddress } from './narrator.ts'
import { endGracefully } from './shutdown.ts'
import type { Monitor } from '#src/http/monitor.ts'
import type { HttpOptions } from './http-options.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

export interface PeerOptions extends HttpOptions {
  readonly name?: string
  readonly config: string
  readonly listen?: readonly string[]
  readonly connect?: readonly string[]
  readonly linksMax: number
  readonly count: number
  readonly interval: number
  readonly startDelay: number
  readonly pingInterval: number
  readonly pingFailures: number
  readonly output: string
  readonly messages: string
  readonly dataDir?: string
  readonly requirePins?: true
  readonly json?: true
}

/** Starts a peer and returns when it runs; the program ends by a signal, or by `process.exit` when it cannot start. */
export async function runPeer(options: PeerOptions): Promise<void> {
  try {
    await new PeerProgram(options).start()
  } catch (error) {
    giveUp(error)
  }
}

class PeerProgram {
  readonly #options: PeerOptions
  readonly #seeds: SeedAddress[]
  readonly #knownSeeds: KnownSeeds
  readonly #lines = new Lines()
  readonly #log: ActivityLog
  #peer: PeerNode | undefined
  #monitor: Monitor | undefined

  constructor(options: PeerOptions) {
    this.#options = options
    this.#seeds = readConfig(options.config, options.requirePins)
    this.#knownSeeds = new KnownSeeds(path.join(options.dataDir ?? standardDataDir, 'known-seeds.txt'))
    for (const address of options.connect ?? []) parseAddress(address)
    const narrate = narrator(options.json === true)
    this.#log = new ActivityLog({
      output: options.output,
      messages: options.messages,
      onEvent: (event, text) => {
        narrate(event, text)
        this.#monitor?.note(event)
      },
      onTrouble: complain
    })
  }

  async start(): Promise<void> {
    endGracefully(async () => {
      try {
        await this.#peer?.leave()
      } finally {
        await this.#log.close()
      }
    })
    const { name } = this.#options
    if (name !== undefined && !namePattern.test(name)) {
      console.error(`hubcast: ${JSON.stringify(printable(name))} is no name: ${nameRule}`)
      process.exit(exitCode.usage)
    }
    const first = name ?? (await askName(this.#lines))
    if (first === undefined) {
      console.error('hubcast: no name: pass --name NAME, or the name as the first line of the input')
      process.exit(exitCode.usage)
    }
    await this.#join(first)
  }

  async #join(name: string): Promise<void> {
    const { listen, connect, linksMax, dataDir } = this.#options
    const tell = this.#log.of({ role: 'peer', node: name })
    const { count, interval, startDelay, pingInterval, pingFailures } = this.#options
    const key = dataDir === undefined ? await newKey() : await keepKey(path.join(dataDir, 'peers', `${name}.key`))
    const monitor = await monitorOf(this.#options)
    this.#monitor = monitor
    const peer = await PeerNode.start({
      name,
      key,
      seeds: this.#seeds,
      knownSeeds: this.#knownSeeds,
      listen: listen ?? ['/ip4/0.0.0.0/tcp/0'],
      linksMax,
      broadcaster: { count, intervalMs: interval, startDelayMs: startDelay },
      liveness: { pingIntervalMs: pingInterval, pingFailuresMax: pingFailures },
      metrics: monitor?.libp2pMetrics,
      onHappening: happening => {
        tell(happening)
        // Until the name is settled, the next line may have to be another name.
        const settled = happening.event === 'registered' || happening.event === 'degraded'
        if (settled) this.#lines.forEach(line => this.#say(line))
        if (happening.event === 'name-taken') void this.#nameTaken().catch(giveUp)
      }
    })
    this.#peer = peer
    if (monitor !== undefined) {
      const url = await monitor.serve(new PeerView(peer), () => peer.gossipCounts)
      tellAddress(`peer ${name}`, url, this.#options.json === true)
    }
    for (const address of connect ?? []) {
      peer.connect(address).catch((error: unknown) => {
        console.error(`hubcast: ${printable(error instanceof Error ? error.message : String(error))}`)
      })
    }
  }

  /** The narrator has said who holds the name. Whoever is at the keyboard, or at the other end of the pipe, may choose anew. */
  async #nameTaken(): Promise<void> {
    this.#monitor?.stop()
    await this.#peer?.stop()
    this.#peer = undefined
    const answerable = process.stdin.isTTY || this.#options.name === undefined
    const name = answerable ? await askName(this.#lines) : undefined
    if (name === undefined) {
      console.error('hubcast: nobody is there to choose another name: pass one by --name')
      await this.#log.close()
      process.exit(exitCode.nameTaken)
    }
    await this.#join(name)
  }

  #say(line: string): void {
    if (line.trim() === '') return
    try {
      this.#peer?.publish(line)
    } catch (error) {
      console.error(`hubcast: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
