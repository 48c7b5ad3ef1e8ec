import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { histogram, Story } from '#src/terminal/story.ts'

let lines: string[] = []
beforeEach(() => {
  lines = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const indent = ' '.repeat(21)

describe('Story', () => {
  test('a line that is too long goes on below, between two words', () => {
    const names = Array.from({ length: 12 }, (_, index) => `peer-${index + 1}`).join(', ')
    new Story(false).tell('reported', `peer-13 by ${names}: 3 pings in a row failed`)
    expect(lines.map(line => line.slice(21)).join(' ')).toContain(names)
    expect(lines.length).toBe(3)
    for (const line of lines) expect(line.length).toBeLessThan(80)
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {21}\S/)
  })

  test('a word that no line can hold stays whole', () => {
    const word = 'x'.repeat(90)
    new Story(false).tell('said', `a ${word} b`)
    expect(lines.slice(1)).toEqual([indent + word, `${indent}b`])
  })

  test('nothing is told quietly', () => {
    new Story(true).tell('said', 'something')
    expect(lines).toEqual([])
  })
})

test('the histogram has a line for each degree that there is or should be', () => {
  expect(histogram([2, 2, 3], [3, 3, 4])).toEqual([
    `  2 links  ${'#'.repeat(30)} 2 peers, law 0`,
    `  3 links  ${'#'.repeat(15)} 1 peer, law 2`,
    '  4 links  0 peers, law 1'
  ])
})
