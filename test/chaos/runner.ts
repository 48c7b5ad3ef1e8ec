import { Stage } from './stage.ts'
import type { Result } from './report.ts'
import type { Finding, Scenario } from './scenario.ts'

/** Those on which something is played. */
const stages = new Set<Stage>()

/** Networks that wait side by side: each has about a dozen processes, which take 80 MB and hardly any time. */
const waitingAtOnce = 4

/** Plays them all, and tells of each when it is over. Those that hardly do anything go on beside one that does. */
export async function play(scenarios: readonly Scenario[], onResult: (result: Result) => void): Promise<void> {
  const lane = (load: Scenario['load']): Scenario[] => scenarios.filter(scenario => scenario.load === load)
  const run = async (queue: Scenario[]): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) onResult(await trial(next))
  }
  const waiting = lane('waiting')
  await Promise.all([...Array.from({ length: waitingAtOnce }, async () => run(waiting)), run(lane('busy'))])
  await run(lane('alone'))
}

/** One scenario, and the end of all that it has started. */
export async function trial(scenario: Scenario): Promise<Result> {
  const startedAt = performance.now()
  const late = Promise.withResolvers<Finding>()
  const timer = setTimeout(
    () => late.resolve({ outcome: 'broken', seen: `nothing after ${scenario.secondsMax} s` }),
    scenario.secondsMax * 1_000
  )
  await using stage = new Stage()
  stages.add(stage)
  const found = await Promise.race([scenario.play(stage).catch(failure), late.promise])
  stages.delete(stage)
  clearTimeout(timer)
  return { scenario, ...found, tookMs: performance.now() - startedAt }
}

/** Ends all processes of all scenarios, such as at a Ctrl-C. */
export async function breakOff(): Promise<void> {
  await Promise.all([...stages].map(async stage => stage[Symbol.asyncDispose]()))
}

/** What a scenario waited for in vain, in one line. */
function failure(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error)
  return { outcome: 'broken', seen: message.split('\n', 1)[0] ?? '' }
}
