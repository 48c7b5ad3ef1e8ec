import { describe, expect, test } from 'vitest'
import { duration, wholeNumber } from '#src/terminal/arguments.ts'

describe('arguments', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['0', 0],
    ['1.5', 1_500]
  ])('%s is %i ms', (text, ms) => {
    expect(duration(text)).toBe(ms)
  })

  test.each(['', 'x', '-5s', '5 s', '5d', '1e3'])('%j is no time', text => {
    expect(() => duration(text)).toThrow('Write a time such as 500ms, 5s or 2m.')
  })

  test('whole numbers have a range', () => {
    const parse = wholeNumber(1, 16)
    expect([parse('1'), parse('16')]).toEqual([1, 16])
    for (const bad of ['0', '17', '1.5', '-1', '', 'three']) {
      expect(() => parse(bad)).toThrow('Write a whole number from 1 to 16.')
    }
  })
})
