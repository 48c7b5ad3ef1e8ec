import { afterAll, describe, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { workplace, writeConfig } from '../support/workplace.ts'
import { until } from '../support/until.ts'
import type { Program } from '../support/program.ts'

/** The whole story in a few seconds. */
const quick = ['--count', '5', '--interval', '1s', '--start-delay', '8s', '--ping-interval', '500ms']

// Side by side: they mostly wait.
describe.concurrent('swarm.js', () => {
  const place = workplace()
  const programs = new Programs()
  writeConfig(place.folder, [5002, 7234, 6071])
  afterAll(async () => {
    await programs.end()
    place[Symbol.dispose]()
  })

  const swarm = (...args: string[]): Program => programs.start('swarm', [...quick, ...args], place.folder)
  const summary = (program: Program): Record<string, unknown> =>
    JSON.parse(program.lines.at(-1) ?? '') as Record<string, unknown>

  test('shows a network in which everything arrives once and a killed peer is removed, twice at the same time', async () => {
    const runs = [swarm('--peers', '8', '--for', '20s', '--json'), swarm('--peers', '6', '--for', '20s', '--json')]
    for (const [index, run] of runs.entries()) {
      expect(await run.exited, run.errors.join('\n')).toEqual({ code: 0, signal: null })
      const { expected, degrees, ...rest } = summary(run)
      const alive = [7, 5][index] ?? 0
      expect(expected).toBe(alive * (alive - 1) * 5)
      expect((degrees as number[]).length).toBe(alive)
      expect(rest).toMatchObject({
        delivered: expected,
        duplicates: 0,
        removedAtSeeds: 3,
        falseRemovals: 0,
        connected: true
      })
      for (const line of run.lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
  })

  test('tells its story in plain lines of less than 80 characters when nobody is at the terminal', async () => {
    const run = swarm('--peers', '5', '--for', '16s')
    expect((await run.exited).code, run.lines.join('\n')).toBe(0)
    const chapters = run.lines.flatMap(line => /^ *[\d.]+ s {2}(\w+)/.exec(line)?.[1] ?? [])
    expect(run.lines[0]).toMatch(/dashboard {3}http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{22}$/)
    expect(chapters.toSorted()).toEqual([
      'dashboard',
      'gossip',
      'healed',
      'killed',
      'linked',
      'registered',
      'removed',
      'reported',
      'summary',
      'swarm'
    ])
    expect(run.lines.join('\n')).not.toContain('\u001b')
    // The line that names the reporters is as long as they are many.
    for (const line of run.lines.filter(each => !each.includes('reported'))) expect(line.length, line).toBeLessThan(90)
  })

  test.each([
    ['while it starts', /swarm/],
    ['before the gossip', /registered/],
    ['during the gossip', /gossip +begins/],
    ['after the kill', /killed/]
  ])('Ctrl-C %s ends it with a summary, and leaves nothing', async (_phase, line) => {
    const run = swarm('--peers', '5', '--for', '60s')
    await run.line(line)
    run.signal('SIGINT')
    expect((await run.exited).code).toBe(0)
    expect(run.lines.join('\n')).toMatch(/summary +\d+ of \d+ deliveries/)
    expect(run.errors).toEqual([])
    await until('the process is gone', () => !run.running, 1_000)
  })
})
