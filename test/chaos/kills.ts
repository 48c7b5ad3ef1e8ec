import { setTimeout as delay } from 'node:timers/promises'
import { until } from '../support/until.ts'
import { Registrant, forgotten } from './registrant.ts'
import { finding } from './scenario.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const killsWanted = 100
/** A seed dies after it has acknowledged up to so many registrations, and up to so many ms later: in the middle of others. */
const acknowledgedMax = 4
const laterMsMax = 30
/** Three exchanges that take as long as they may. */
const patienceMs = 30_000

/** A seed that dies in the middle of what it acknowledges. */
export const kills: readonly Scenario[] = [
  {
    name: 'killed-while-peers-register',
    injected: `${killsWanted} times kill -9 of a seed at a random moment while peers register with it; it is the only one, so nobody else can tell it what it forgets`,
    promised: 'of all the registrations that it has acknowledged none is lost',
    load: 'busy',
    secondsMax: 420,
    play: async stage => killAgainAndAgain(stage, killsWanted)
  },
  {
    name: 'killed-while-peers-register-a-few-times',
    injected: 'the same, 5 times',
    promised: 'none is lost',
    load: 'busy',
    isQuick: true,
    secondsMax: 120,
    play: async stage => killAgainAndAgain(stage, 5)
  }
]

/** One seed alone. Whoever was told that it is registered asks for nothing more before the seed is back, and then renews. */
async function killAgainAndAgain(stage: Stage, times: number): Promise<Finding> {
  await stage.seeds(1)
  const [label = ''] = stage.labels
  const acknowledged: Registrant[] = []
  const lost: string[] = []
  let count = 0
  let unanswered = 0
  /** Registers one peer after another until the seed is gone. */
  const register = async (life: AbortSignal): Promise<void> => {
    while (!life.aborted) {
      const registrant = await Registrant.of(`n${count++}`, stage.labels)
      try {
        if ((await registrant.enrol(label)) === 'registered') acknowledged.push(registrant)
      } catch {
        unanswered++
        await registrant[Symbol.asyncDispose]()
      }
    }
  }
  for (let kill = 0; kill < times; kill++) {
    const before = acknowledged.length
    const life = new AbortController()
    const registering = [register(life.signal), register(life.signal)]
    const wanted = before + Math.floor(Math.random() * (acknowledgedMax + 1))
    await until('it has acknowledged some', () => acknowledged.length >= wanted, patienceMs)
    await delay(Math.random() * laterMsMax)
    stage.signal('SIGKILL', label)
    life.abort()
    await Promise.all([stage.of(label).exited, ...registering])
    await stage.startSeeds([label])
    // Of this life at once, of all lives in the end.
    lost.push(...(await forgotten(acknowledged.slice(before), label)))
  }
  lost.push(...(await forgotten(acknowledged, label)))
  await Promise.all(acknowledged.map(async registrant => registrant[Symbol.asyncDispose]()))
  const seen = `${acknowledged.length} were acknowledged, ${unanswered} got no answer, ${lost.length} were lost`
  return finding(seen, acknowledged.length === 0 ? ['nobody registered'] : lost)
}
