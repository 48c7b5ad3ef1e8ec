import { createPeer } from '#src/index.ts'
import { until } from '../support/until.ts'
import { incomplete } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { Scenario } from './scenario.ts'

const registeredMsMax = 30_000

/** Many peers at a time. Fifty processes take a small machine a minute to start, so these peers are in this one; the seeds are not. */
export const crowds: readonly Scenario[] = [
  {
    name: 'fifty-peers-at-once',
    injected: '50 peers start within the same second, all from one IP',
    promised: 'all are registered within 30 s, and the list of each of 3 seeds has all 50',
    load: 'alone',
    isQuick: true,
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(3)
      const names = Array.from({ length: 50 }, (_, index) => `peer-${index}`)
      const startedAt = performance.now()
      const peers = await Promise.all(
        names.map(async name => createPeer({ name, seeds: stage.labels, listen: ['/ip4/127.0.0.1/tcp/0'] }))
      )
      const apart = (): string[] => peers.filter(({ registrars }) => registrars.length < 2).map(({ name }) => name)
      await until('all are registered', () => apart().length === 0, registeredMsMax).catch(() => {})
      const tookMs = performance.now() - startedAt
      const lacking = await incomplete(stage.labels, names, 10_000)
      const without = apart()
      await Promise.all(peers.map(async peer => peer.stop()))
      const late = tookMs > registeredMsMax ? [`${without.length} were registered later or never`] : []
      return finding(`${names.length - without.length} were registered after ${seconds(tookMs)}`, [...lacking, ...late])
    }
  }
]
