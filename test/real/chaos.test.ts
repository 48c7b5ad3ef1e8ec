import { expect, test } from 'vitest'
import { paragraph } from '../chaos/report.ts'
import { play } from '../chaos/runner.ts'
import { seeds } from '../chaos/seeds.ts'
import type { Result } from '../chaos/report.ts'

// What takes seconds of `npm run chaos -- seeds`.

test('seeds and names, whatever befalls them', async () => {
  const quick = seeds.filter(({ isQuick }) => isQuick === true)
  const results: Result[] = []
  await play(quick, result => results.push(result))
  console.log(results.map(paragraph).join('\n'))
  expect(results.length).toBe(quick.length)
  expect(results.filter(({ outcome }) => outcome === 'broken').map(paragraph)).toEqual([])
}, 300_000)
