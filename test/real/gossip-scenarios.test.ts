import { afterAll, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'
import type { GossipFigures } from '#src/sim/gossip/figures.ts'
import type { GossipScenario } from '#src/sim/gossip/plan.ts'

const programs = new Programs()
afterAll(async () => programs.end())

/** What the gossip promises in every scenario, beside a model of gossipsub in the same network. */
const seed = process.env['SEED'] ?? '1'

async function figuresOf(scenario: GossipScenario): Promise<{ hubcast: GossipFigures; gossipsub: GossipFigures }> {
  const figures = async (system: string): Promise<GossipFigures> => {
    const options = `--peers 500 --messages 1000 --seed ${seed} --scenario ${scenario} --system ${system} --json`
    const run = programs.run(`node dist/simulate.js gossip ${options}`, root)
    const { code } = await run.exited
    expect(code, run.errors.join('\n')).toBe(0)
    return JSON.parse(run.lines.at(-1) ?? '') as GossipFigures
  }
  return { hubcast: await figures('hubcast'), gossipsub: await figures('gossipsub') }
}

describe(`500 peers, replay with SEED=${seed}`, { timeout: 600_000 }, () => {
  test.each(['steady', 'cold'] as const)('%s: quicker than gossipsub, to the last one', async scenario => {
    const { hubcast, gossipsub } = await figuresOf(scenario)
    expect(hubcast.delivery).toBe(1)
    expect(hubcast.p99Ms).toBeLessThan(gossipsub.p99Ms)
    expect(hubcast.lastMs).toBeLessThan(gossipsub.lastMs)
    expect(hubcast.duplicatesPerDelivery).toBeLessThan(scenario === 'cold' ? 0.3 : 0.05)
  })

  test.each(['crash', 'hubs', 'partition'] as const)(
    '%s: everything arrives, and soon costs what it did',
    async scenario => {
      const { hubcast, gossipsub } = await figuresOf(scenario)
      expect(hubcast.delivery).toBe(1)
      // In a partition what is said on the other side comes when it heals; gossipsub has lost it.
      if (scenario !== 'partition') {
        expect(hubcast.p99Ms).toBeLessThan(2 * gossipsub.p99Ms)
        expect(hubcast.lastMs).toBeLessThan(2 * gossipsub.lastMs)
      }
      const outageSeconds = scenario === 'partition' ? 60 : 0
      expect(hubcast.secondsToSteady ?? Infinity).toBeLessThanOrEqual(outageSeconds + 60)
    }
  )

  test('slow: nobody else notices, and the slow one waits hardly longer', async () => {
    const { hubcast, gossipsub } = await figuresOf('slow')
    expect(hubcast.delivery).toBe(1)
    expect(hubcast.p99Ms).toBeLessThan(gossipsub.p99Ms)
    // It takes ten records a second, and names are such, too.
    expect(hubcast.lastMs).toBeLessThan(1.1 * gossipsub.lastMs)
  })

  test.each(['loss', 'droppers'] as const)('%s: everything arrives, and not much later', async scenario => {
    const { hubcast, gossipsub } = await figuresOf(scenario)
    expect(hubcast.delivery).toBe(1)
    expect(hubcast.p99Ms).toBeLessThan(2 * gossipsub.p99Ms)
    expect(hubcast.lastMs).toBeLessThan(2 * gossipsub.lastMs)
  })
})
