import { setTimeout as delay } from 'node:timers/promises'
import { Registrant, incomplete } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const names = ['ada', 'bob', 'cyd', 'dan', 'eva']

/** A lease ends 60 s after the last renewal, and a peer trusts nine tenths of it. */
const leaseMsMax = 70_000
/** Two silent seeds of the choice cost a newcomer 10 s each; the dead refuse at once. */
const newcomerMsMax = 30_000
/** A newcomer is told whom to ask at its first renewal, 20 s after it has come, at the latest. */
const linkedMsMax = 40_000
/** Promised: everybody is registered again so long after the seeds return. */
const backMsMax = 30_000

async function fiveSeeds(stage: Stage): Promise<void> {
  await stage.seeds(5)
  await stage.peers(names)
  // Who has no neighbour yet when the seeds die has nobody to turn to.
  await stage.allSaid(names, /^linked /, 0, linkedMsMax)
}

/** Seeds that die, all at once or one after another, by SIGKILL. */
export const crashes: readonly Scenario[] = [
  {
    name: 'one-then-two-of-five-killed',
    injected: 'kill -9 of one of 5 seeds, then of another one (n - k); after each a new peer',
    promised: 'each new peer registers with 3 seeds within 30 s; nobody is removed, nobody ends',
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await fiveSeeds(stage)
      const since = Date.now()
      const times: string[] = []
      for (const [index, label] of stage.labels.slice(0, 2).entries()) {
        await stage.kill(label)
        const startedAt = Date.now()
        const name = `late-${index}`
        stage.peer(name)
        const at = await stage.allSaid([name], /^registered with 3 of 5/, startedAt, newcomerMsMax)
        times.push(seconds(at - startedAt))
      }
      const amiss = [...stage.removals(since), ...stage.ended(names)]
      return finding(`new peers registered after ${times.join(' and ')}`, amiss)
    }
  },
  {
    name: 'three-of-five-killed',
    injected: 'kill -9 of 3 of 5 seeds (n - k + 1)',
    promised:
      'within 70 s every peer says that it has no quorum and why; what one says reaches all the others; nobody ends',
    load: 'waiting',
    secondsMax: 150,
    async play(stage) {
      await fiveSeeds(stage)
      const since = Date.now()
      await stage.kill(...stage.labels.slice(0, 3))
      const at = await stage.allSaid(
        names,
        /degraded: .*, 3 are needed: .*; trying again \(.*ECONNREFUSED/,
        since,
        leaseMsMax
      )
      const deaf = await stage.gossip('ada', names.slice(1), 'without a quorum')
      const amiss = [...deaf, ...stage.removals(since), ...stage.ended(names)]
      return finding(`all said so after ${seconds(at - since)}, and gossip went on`, amiss)
    }
  },
  {
    name: 'all-killed-and-back',
    injected: 'kill -9 of all 5 seeds; all are started again after 75 s, when every lease is over',
    promised:
      'gossip goes on; everybody is registered again within 30 s of the return, and every list is complete; nobody is removed or ends',
    load: 'waiting',
    secondsMax: 200,
    async play(stage) {
      await fiveSeeds(stage)
      const since = Date.now()
      await stage.kill(...stage.labels)
      await delay(75_000)
      const deaf = await stage.gossip(
        'bob',
        names.filter(name => name !== 'bob'),
        'without a seed'
      )
      const returnedAt = Date.now()
      await stage.startSeeds(stage.labels)
      const at = await stage.allSaid(names, /^registered with [345] of 5/, returnedAt, backMsMax)
      const lacking = await incomplete(stage.labels, names, backMsMax - (Date.now() - returnedAt))
      const amiss = [...deaf, ...lacking, ...stage.removals(since), ...stage.ended(names)]
      return finding(`all registered ${seconds(at - returnedAt)} after the seeds were started again`, amiss)
    }
  },
  {
    name: 'restart-faster-than-a-renewal',
    injected: 'kill -9 of a seed that is started again at once, three times in 10 s: renewals come every 20 s',
    promised:
      'every peer stays registered or is at once again, the list of that seed is complete 10 s later, nobody is removed, a stranger gets no name that is taken',
    isQuick: true,
    load: 'waiting',
    secondsMax: 90,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names)
      const since = Date.now()
      // Only where somebody is registered is the name refused from memory; elsewhere it is a matter of hearing the others.
      const [label = ''] = await stage.registrars('ada')
      await using stranger = await Registrant.of('ada', stage.labels)
      const answers: string[] = []
      for (let time = 0; time < 3; time++) {
        await stage.kill(label)
        await stage.startSeeds([label])
        const answer = await stranger.reserve(label)
        if (answer.type !== 'refused') answers.push(`a stranger was answered ${answer.type}`)
        await delay(2_000)
      }
      const lacking = await incomplete(stage.labels, names, 10_000)
      const lost = stage.deeds(since).filter(({ sentence }) => /^degraded: .*, \d are needed/.test(sentence))
      const amiss = [
        ...answers,
        ...lacking,
        ...lost.map(({ node }) => `${node} lost its quorum`),
        ...stage.removals(since),
        ...stage.ended(names)
      ]
      return finding(`all ${names.length} in every list, and the stranger was refused each time`, amiss)
    }
  }
]
