import { setTimeout as delay } from 'node:timers/promises'
import { incomplete } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay', 'gus', 'hal']

/** Promised: whoever was taken for dead while it was stopped is there again so long after it has woken. */
const backMsMax = 30_000

/** Stops it for so long. */
async function stop(stage: Stage, name: string, ms: number): Promise<void> {
  stage.signal('SIGSTOP', name)
  await delay(ms)
  stage.signal('SIGCONT', name)
}

/** Reports of deaths since then. */
function reports(stage: Stage, since: number): string[] {
  return stage
    .deeds(since)
    .filter(({ sentence }) => /^reported \S+ dead$/.test(sentence))
    .map(({ node, sentence }) => `${node} ${sentence}`)
}

/** Processes that stand still for a while, by SIGSTOP, and go on as if nothing had been. */
export const stops: readonly Scenario[] = [
  {
    name: 'stopped-peers',
    injected:
      'of 8 peers one is stopped for 5 s, another one for 20 s, a third one for 60 s, which all the others would report',
    promised:
      'the first two are never taken for dead; the third is in every list again within 30 s; none of them reports anybody when it wakes',
    load: 'waiting',
    secondsMax: 260,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names)
      const since = Date.now()
      await Promise.all([stop(stage, 'ada', 5_000), stop(stage, 'bob', 20_000), stop(stage, 'cyd', 60_000)])
      const wokenAt = Date.now()
      const lacking = await incomplete(stage.labels, names, backMsMax)
      const backMs = Date.now() - wokenAt
      // A round of pings, in which whoever has woken might take others for dead.
      await delay(15_000)
      const removed = stage.removals(since).length
      const wrong = reports(stage, since).filter(report => !report.endsWith('reported cyd dead'))
      const amiss = [...lacking, ...wrong, ...stage.removals(since, 'cyd'), ...stage.ended(names)]
      return finding(
        `the third was removed by ${removed} seeds, and everybody in every list ${seconds(backMs)} later`,
        amiss
      )
    }
  },
  {
    name: 'stopped-seeds',
    injected: 'of 5 seeds one is stopped for 5 s, another one for 20 s at the same time, then a third one for 60 s',
    promised:
      'nobody is removed and nobody loses its quorum; what one says reaches all; within 30 s every list is complete',
    load: 'waiting',
    secondsMax: 280,
    async play(stage) {
      await stage.seeds(5)
      await stage.peers(names)
      const since = Date.now()
      const [first = '', second = '', third = ''] = stage.labels
      await Promise.all([stop(stage, first, 5_000), stop(stage, second, 20_000)])
      const deaf = await stage.gossip('ada', names.slice(1), 'while seeds are stopped')
      await stop(stage, third, 60_000)
      const lacking = await incomplete(stage.labels, names, backMsMax)
      const degraded = stage.deeds(since).filter(({ sentence }) => /^degraded: .*, 3 are needed/.test(sentence))
      const amiss = [
        ...deaf,
        ...lacking,
        ...degraded.map(({ node }) => `${node} lost its quorum`),
        ...stage.removals(since),
        ...stage.ended([...names, ...stage.labels])
      ]
      return finding(`all ${names.length} in every list, none was without a quorum`, amiss)
    }
  },
  {
    name: 'stopped-reporter',
    injected:
      'a peer is killed, and one of its neighbours is stopped for 15 s after the second ping that failed (pings every 1 s)',
    promised:
      'the others report the death, and the stopped one reports nobody else when it wakes; nobody else is removed',
    isQuick: true,
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names.slice(0, 4), '--ping-interval', '1s')
      const since = Date.now()
      for (const name of ['ada', 'bob', 'cyd']) await stage.of(name).line(/: linked dan/)
      await stage.kill('dan')
      const reporter = 'ada'
      await stage.allSaid([reporter], /^ping dan failed 2 of 3/, since, 30_000)
      await stop(stage, reporter, 15_000)
      const at = await stage.allSaid(stage.labels, /^removed dan \(dead\)/, since, 60_000)
      await delay(5_000)
      const wrong = reports(stage, since).filter(report => !report.endsWith('reported dan dead'))
      const lacking = await incomplete(stage.labels, ['ada', 'bob', 'cyd'], backMsMax)
      const amiss = [...wrong, ...lacking, ...stage.removals(since, 'dan')]
      return finding(`every seed had removed the dead one after ${seconds(at - since)}, and nobody else`, amiss)
    }
  }
]
