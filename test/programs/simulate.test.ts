import { afterAll, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'

const programs = new Programs()
afterAll(async () => programs.end())

function simulate(options: string): ReturnType<typeof programs.start> {
  const args = `simulate gossip --peers 64 --scenario crash --messages 40 --json ${options}`
  return programs.start('cli', args.split(' '), root)
}

describe('runs beside each other', { timeout: 60_000 }, () => {
  test('give the same rows in the same order as one after another', async () => {
    const rows = async (options: string): Promise<unknown[]> => {
      const run = simulate(options)
      expect((await run.exited).code, run.errors.join('\n')).toBe(0)
      return run.lines.map(line => {
        const { wallSeconds: _, engineBytesPerPeer: __, ...row } = JSON.parse(line) as Record<string, unknown>
        return row
      })
    }
    const [one, beside] = await Promise.all([rows('--runs 3 --jobs 1'), rows('--runs 3 --jobs 4')])
    expect(one).toHaveLength(9)
    expect(one).toMatchObject(
      [1, 2, 3].flatMap(seed => ['hubcast', 'gossipsub', 'flood'].map(system => ({ seed, system })))
    )
    expect(beside).toEqual(one)
  })

  test('end with the program that has started them', async () => {
    const startedAt = performance.now()
    const run = simulate('--peers 100 --messages 200 --system hubcast --runs 100 --jobs 1')
    await run.line(/"system":"hubcast"/)
    const runMs = performance.now() - startedAt
    run.signal('SIGTERM')
    // Whoever went on would keep the output open for as long as a run takes.
    expect(await run.exited).not.toMatchObject({ code: 0 })
    expect(performance.now() - startedAt - runMs).toBeLessThan(runMs / 3)
  })
})
