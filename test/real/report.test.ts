import { afterAll, expect, test } from 'vitest'
import { Programs } from '../support/program.ts'
import { root } from '../support/project.ts'

const programs = new Programs()
afterAll(async () => programs.end())

test('the overlay keeps its promises up to 10,000 peers, and none of its figures is worse than before', async () => {
  const report = programs.run('npm run --silent simulate:report -- --quick', root)
  const { code } = await report.exited
  console.log(report.lines.join('\n'))
  expect(report.lines.filter(line => /MISSED|WORSE/.test(line))).toEqual([])
  expect([code, report.lines.at(-1)], report.errors.join('\n')).toEqual([0, 'all figures reached'])
}, 1_200_000)
