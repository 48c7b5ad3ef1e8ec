import { setTimeout as delay } from 'node:timers/promises'
import { pingAgain } from '#src/node/inspection.ts'
import { printable } from '#src/node/printable.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { PingStatistics } from './ping-statistics.ts'

export interface PingOptions {
  /** 0: no end. */
  readonly count: number
  readonly interval: number
  readonly json?: true
}

/** Pings a libp2p node and prints each answer, and at the end or at Ctrl-C the statistics. Ends the process. */
export async function runPing(address: string, { count, interval, json }: PingOptions): Promise<void> {
  const tell = (text: string, value: object): void => console.log(json === true ? JSON.stringify(value) : text)
  let sent = 0
  const answers = new PingStatistics()
  const end = (): never => {
    const statistics = { sent, ...answers.summary }
    const { answered, minMs, meanMs, maxMs, deviationMs } = statistics
    const lost = sent === 0 ? 0 : Math.round((100 * (sent - answered)) / sent)
    const times =
      answered === 0 ? [] : [`round trip min/mean/max/deviation ${[minMs, meanMs, maxMs, deviationMs].join('/')} ms`]
    const lines = [`--- ${printable(address)} ---`, `${sent} pings, ${answered} answered, ${lost} % lost`, ...times]
    tell(lines.join('\n'), { event: 'statistics', ...statistics })
    process.exit(answered > 0 ? exitCode.ok : exitCode.failure)
  }
  process.once('SIGINT', end)
  try {
    await pingAgain(
      address,
      id => tell(`PING ${printable(address)} (${id})`, { event: 'connected', address, id }),
      async pong => {
        sent++
        if ('rttMs' in pong) answers.add(pong.rttMs)
        const what = 'rttMs' in pong ? round(pong.rttMs) : printable(pong.reason)
        tell(`${sent}: ${what}`, { event: 'ping', number: sent, ...pong })
        if (sent === count) return false
        await delay(interval)
        return true
      }
    )
    end()
  } catch (error) {
    giveUp(error)
  }
}

function round(rttMs: number): string {
  const ms = Math.round(rttMs)
  return ms === 0 ? 'under 1 ms' : `${ms} ms`
}
