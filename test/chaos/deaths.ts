import { setTimeout as delay } from 'node:timers/promises'
import { incomplete } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay', 'gus', 'hal']

/** 20 peers, of which 8 die at once. */
const crowd = Array.from({ length: 20 }, (_, index) => `peer-${index}`)
const dying = crowd.slice(0, 8)
/** As long as a silent one may take; those who would have reported the dead die with them. */
const massDeathMsMax = 65_000

const flaps = 200
const flapping = ['ada', 'bob', 'cyd', 'dan']

/** The end of peers, with the timings of the mission. */
export const deaths: readonly Scenario[] = [
  {
    name: 'killed-peer',
    injected: 'kill -9 of one of 8 peers, with the timings of the mission',
    promised: 'every seed removes it within 50 s, and nobody else',
    load: 'waiting',
    secondsMax: 180,
    play: async stage => removal(stage, 'SIGKILL', 50_000)
  },
  {
    name: 'silent-peer',
    injected: 'kill -STOP of one of 8 peers, with the timings of the mission',
    promised: 'every seed removes it within 65 s, and nobody else',
    load: 'waiting',
    secondsMax: 200,
    play: async stage => removal(stage, 'SIGSTOP', 65_000)
  },
  {
    name: 'mass-death',
    injected: `kill -9 of ${dying.length} of ${crowd.length} peers at once (40 %), with the timings of the mission`,
    promised: 'every seed removes them all within 65 s, and nobody else; what a survivor says reaches all the others',
    load: 'waiting',
    secondsMax: 240,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(crowd)
      await delay(10_000)
      const since = Date.now()
      await stage.kill(...dying)
      const times: number[] = []
      for (const name of dying)
        times.push(
          await stage.allSaid(
            stage.labels,
            new RegExp(`^removed ${name} \\(dead\\)$`),
            since,
            Math.max(0, since + massDeathMsMax - Date.now())
          )
        )
      const survivors = crowd.filter(name => !dying.includes(name))
      const [speaker = '', ...hearers] = survivors
      const deaf = await stage.gossip(speaker, hearers, 'who is left')
      const amiss = [...deaf, ...stage.removals(since, ...dying), ...stage.ended(survivors)]
      return finding(`all were removed after ${seconds(Math.max(...times) - since)}`, amiss)
    }
  },
  {
    name: 'flapping-peers',
    injected: `${flaps} times kill -9 of a peer that comes back at once with its key, 4 in turn`,
    promised:
      'each gets its name back at once, every list has them all in the end, the seeds stay, and nobody else is removed',
    load: 'busy',
    secondsMax: 400,
    play: async stage => flap(stage, flaps)
  }
]

async function removal(stage: Stage, signal: 'SIGKILL' | 'SIGSTOP', msMax: number): Promise<Finding> {
  await stage.seeds(3)
  await stage.peers(names)
  await delay(5_000)
  const since = Date.now()
  stage.signal(signal, 'hal')
  const at = await stage.allSaid(stage.labels, /^removed hal \(dead\)$/, since, msMax)
  return finding(`the last seed removed it after ${seconds(at - since)}`, stage.removals(since, 'hal'))
}

async function flap(stage: Stage, times: number): Promise<Finding> {
  await stage.seeds(3)
  await stage.peers([...flapping, 'eva'], '--data-dir', 'kept')
  const since = Date.now()
  let slowestMs = 0
  const turns = async (name: string): Promise<void> => {
    for (let turn = 0; turn < times / flapping.length; turn++) {
      await stage.kill(name)
      const startedAt = Date.now()
      await stage.peers([name], '--data-dir', 'kept')
      slowestMs = Math.max(slowestMs, Date.now() - startedAt)
    }
  }
  await Promise.all(flapping.map(turns))
  const lacking = await incomplete(stage.labels, [...flapping, 'eva'], 30_000)
  const amiss = [...lacking, ...stage.removals(since, ...flapping), ...stage.ended([...stage.labels, 'eva'])]
  return finding(`the slowest return took ${seconds(slowestMs)}, starting the process included`, amiss)
}
