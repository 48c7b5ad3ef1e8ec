import { expect, test } from 'vitest'
import { degreesReply } from '#src/http/degrees.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { degreeLaw } from '#src/settings.ts'

test.each([
  ['nobody', []],
  ['one', [0]],
  ['two', [1, 1]],
  ['five that are linked with each other', [4, 4, 4, 4, 4]],
  ['many of one degree', Array.from({ length: 100 }, () => 4)]
])('the degrees of %s are counted, and nothing is fitted to them', (_who, degrees) => {
  const reply = degreesReply(degrees)
  expect(reply.peers).toBe(degrees.length)
  expect(reply.degrees.reduce((sum, { count }) => sum + count, 0)).toBe(degrees.length)
  expect(reply.degrees.reduce((sum, { law }) => sum + law, 0)).toBe(degrees.length)
  expect(reply.exponent).toEqual({ fitted: null, law: 2.5 })
})

test('a network as the law has it shows its exponent', () => {
  const law = new DegreeLaw(degreeLaw)
  const peers = 2_000
  const reply = degreesReply(Array.from({ length: peers }, (_, rank) => law.target({ rank, peers })))
  for (const { count, law: expected } of reply.degrees) expect(count).toBe(expected)
  expect(reply.exponent.fitted).toBeCloseTo(2.5, 1)
})
