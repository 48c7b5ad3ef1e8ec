import { setTimeout as delay } from 'node:timers/promises'
import { reportDead } from '#protocols/dead-report/client.ts'
import { deadReportProtocol } from '#protocols/dead-report/messages.ts'
import { serveDeadReports } from '#protocols/dead-report/server.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { sample } from '#src/core/random.ts'
import { probeTimeoutMs, witnesses as settings } from '#src/settings.ts'
import { toPeer } from './host.ts'
import { pingPeer } from './pinger.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { Random } from '#src/core/random.ts'
import type { Host } from './host.ts'

export interface WitnessesParts {
  readonly host: Host
  readonly random: Random
  /** Peers whose links stand: they are asked, and they may ask. */
  readonly neighbours: () => readonly string[]
  readonly addressesOf: (peer: string) => Promise<readonly string[]>
  /** Where a peer is for certain, as far as it is known without asking: one neighbour's word is to cost nobody else anything. */
  readonly provenAddressesOf: (peer: string) => readonly string[]
  /** Another peer has just reached this one. */
  readonly onVouched: (peer: string) => void
  readonly onFault: OnFault
}

/**
 * Neighbours that try to reach a peer that does not answer us, and we for them: where it is only our way to it that is broken, it is not
 * reported to the seeds.
 */
export class Witnesses {
  readonly #parts: WitnessesParts
  #pings = 0

  constructor(parts: WitnessesParts) {
    this.#parts = parts
  }

  /** Answers the neighbours. */
  async serve(): Promise<void> {
    const { host, onFault } = this.#parts
    await serveDeadReports(host, (asker, { target }) => this.#answer(asker, target), onFault)
  }

  /** Asks a few neighbours about another one that has missed pings. */
  ask(report: DeadReport): void {
    const { random, neighbours } = this.#parts
    const others = neighbours().filter(peer => peer !== report.target)
    for (const peer of sample(random, others, settings.askedMax)) void this.#ask(peer, report)
  }

  async #ask(peer: string, report: DeadReport): Promise<void> {
    const { host, addressesOf, onVouched, onFault } = this.#parts
    try {
      const open = toPeer(host, peer, () => addressesOf(peer))
      if ((await reportDead(open, report)) === 'alive') onVouched(report.target)
    } catch (error) {
      onFault(peer, deadReportProtocol, asError(error))
    }
  }

  async #answer(asker: string, target: string): Promise<DeadReportReply> {
    const { host, neighbours, provenAddressesOf } = this.#parts
    if (!neighbours().includes(asker)) return 'not-entitled'
    const addresses = provenAddressesOf(target)
    if (addresses.length === 0) return 'unknown-target'
    if (this.#pings >= settings.pingsMax) return 'busy'
    this.#pings++
    const ping = pingPeer(host, target, addresses, probeTimeoutMs)
    void ping.then(() => this.#pings--)
    // It may have to wait for a ping of our own, and that takes longer than the asker would.
    const result = await Promise.race([ping, delay(probeTimeoutMs, undefined, { ref: false })])
    return result?.outcome === 'answered' ? 'alive' : 'noted'
  }
}
