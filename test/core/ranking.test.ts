import { describe, expect, test } from 'vitest'
import { Ranking } from '#src/core/ranking.ts'

describe('Ranking', () => {
  test('counts the keys that are greater, through additions and removals', () => {
    const ranking = new Ranking()
    for (const key of [0.5, 0.1, 0.9, 0.3]) ranking.add(key)
    expect([0.9, 0.5, 0.3, 0.1].map(key => ranking.rank(key))).toEqual([0, 1, 2, 3])
    ranking.delete(0.9)
    ranking.delete(0.7)
    expect(ranking.size).toBe(3)
    expect(ranking.rank(0.1)).toBe(2)
  })
})
