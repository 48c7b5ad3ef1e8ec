import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Machines } from '../support/machines.ts'
import { commandOf } from '../support/program.ts'
import { finding, seconds } from './scenario.ts'
import type { Command } from '../support/program.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const addresses = ['10.77.0.1', '10.77.0.2', '10.77.0.3'] as const
const [majority, , minority] = addresses

const startMsMax = 60_000
/** A newcomer whose choice has the seed that is cut off waits for it for 10 s, and asks the next one. */
const registeredMsMax = 40_000
/** The kernel sends what was not acknowledged again after twice as long each time; an attempt takes 10 s and begins every 10 s. */
const reunionMsMax = 90_000

/** Seeds that do not reach each other: machines of their own, as network namespaces. */
export const partitions: readonly Scenario[] = [
  {
    name: 'one-name-on-both-sides',
    injected:
      'of 3 machines with a seed each one is cut off; on both sides a newcomer wants the same name; then the cable is put back',
    promised:
      'who is with two seeds gets it, the other one is not registered at any time, and is told within 90 s of the healing that the name is taken',
    load: 'waiting',
    secondsMax: 280,
    play: oneName
  }
]

async function oneName(stage: Stage): Promise<Finding> {
  let machines: Machines
  try {
    machines = await Machines.on(addresses)
  } catch (error) {
    return { outcome: 'skipped', seen: `no machines here: ${error instanceof Error ? error.message : String(error)}` }
  }
  try {
    const run = (address: string, line: string): Command =>
      machines.run(address, line, path.join(stage.folder, address))
    for (const address of addresses) {
      mkdirSync(path.join(stage.folder, address))
      writeFileSync(path.join(stage.folder, address, 'config.txt'), addresses.map(each => `${each}:5002\n`).join(''))
      await run(address, commandOf('seed')).line(/ started, PID/, startMsMax)
    }
    const join = (address: string): Command => run(address, `${commandOf('peer')} --name ada --count 0`)
    await machines.cut(minority)
    const [here, there] = [join(majority), join(minority)]
    await there.line(/degraded: .*, 2 are needed/, registeredMsMax)
    await here.line(/: registered with 2 of 3/, registeredMsMax)
    const healedAt = Date.now()
    await machines.mend(minority)
    await there.line(/name ada is taken/, reunionMsMax)
    const tookMs = Date.now() - healedAt
    await there.exited
    const both = there.lines.some(line => /: registered with 2 of 3/.test(line))
    const lost = here.lines.some(line => /degraded: .*, 2 are needed|is taken/.test(line))
    return finding(`the other one was told ${seconds(tookMs)} after the healing`, [
      ...(both ? ['it had been registered before'] : []),
      ...(lost || !here.running ? ['the first one lost it'] : [])
    ])
  } finally {
    await machines[Symbol.asyncDispose]()
  }
}
