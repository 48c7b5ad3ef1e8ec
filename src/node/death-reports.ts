import { reportDead } from '#protocols/dead-report/client.ts'
import { deadReportProtocol } from '#protocols/dead-report/messages.ts'
import { asError } from '#protocols/streams/exchange.ts'
import { PendingReports } from '#src/core/pending-reports.ts'
import { pendingReports } from '#src/settings.ts'
import type { DeadReport, DeadReportReply } from '#protocols/dead-report/messages.ts'
import type { OnFault } from '#protocols/streams/exchange.ts'
import type { PendingReport } from '#src/core/pending-reports.ts'
import type { OnHappening } from './events.ts'
import type { SeedContacts } from './seed-contacts.ts'

export interface DeathReportsParts {
  readonly contacts: SeedContacts
  /** Labels of the seeds where the registration stands. */
  readonly registrars: () => readonly string[]
  readonly onHappening: OnHappening
  readonly onFault: OnFault
}

/** Tells the seeds of neighbours that are dead. If none of them is there to hear it, it waits for one. */
export class DeathReports {
  readonly #parts: DeathReportsParts
  readonly #pending = new PendingReports<string>(pendingReports)

  constructor(parts: DeathReportsParts) {
    this.#parts = parts
  }

  async report(name: string, report: DeadReport): Promise<void> {
    await this.#send({ name, report, since: performance.now() })
  }

  /** A seed is there again. */
  async retry(): Promise<void> {
    await Promise.all(this.#pending.take(performance.now()).map(pending => this.#send(pending)))
  }

  /** The peer has given a sign of life. */
  seenAlive(peer: string): void {
    this.#pending.seenAlive(peer)
  }

  /**
   * To the registrars, and to other seeds one after another if none of them takes it up. Two peers share a registrar, but that one may
   * be down.
   */
  async #send(pending: PendingReport<string>): Promise<void> {
    const registrars = this.#parts.registrars()
    const replies = await Promise.all(registrars.map(seed => this.#sendTo(seed, pending)))
    const others = this.#parts.contacts.labels.filter(seed => !registrars.includes(seed))
    while (!replies.some(isTakenUp)) {
      const seed = others.shift()
      if (seed === undefined) break
      replies.push(await this.#sendTo(seed, pending))
    }
    if (replies.every(reply => reply === undefined)) this.#pending.add(pending)
  }

  /** Returns what the seed says to it, if it answers. */
  async #sendTo(seed: string, { name, report }: PendingReport<string>): Promise<DeadReportReply | undefined> {
    const { contacts, onHappening, onFault } = this.#parts
    try {
      const reply = await reportDead(contacts.open(seed), report)
      onHappening({ event: 'report-answered', name, seed, reply })
      return reply
    } catch (error) {
      onFault(`seed ${seed}`, deadReportProtocol, asError(error))
      return undefined
    }
  }
}

/** Whether the seed will examine the accused, or has. */
function isTakenUp(reply: DeadReportReply | undefined): boolean {
  return reply === 'noted' || reply === 'busy' || reply === 'alive'
}
