import { describe, expect, test } from 'vitest'
import { Post, ways } from '../support/core/post.ts'
import type { Order } from '../support/core/post.ts'

const orders: Order[] = ['by-stream', 'by-connection']

/** Two peers that have asked each other at the same moment: peer 0 over the stream 10, peer 1 over the stream 20. */
function crossing(target: number, wants: 1 | 2 = 1): Post {
  const post = new Post([target, target], { nonces: [10, 20] })
  for (const id of [0, 1]) {
    if (wants === 1) post.seek(id, [1 - id])
    else post.seek(id, [], [1 - id])
  }
  return post
}

describe.each(orders)('two peers ask each other at once; order is kept %s', order => {
  test.each([
    [1, 1],
    [3, 1],
    [2, 2],
    [3, 2]
  ] as const)(
    'whatever comes first and whatever is lost, both sides agree (target %i, wanting %i)',
    (target, wants) => {
      for (const losses of [0, 1, 2]) {
        let count = 0
        for (const post of ways(() => crossing(target, wants), order, losses)) {
          count++
          expect(post.halves, post.story.join(', ')).toBe(0)
          // Never two, and none only if something was lost.
          expect(post.links.length).toBeLessThanOrEqual(1)
          if (losses === 0) expect(post.links, post.story.join(', ')).toEqual(['0-1'])
          post.settle()
          expect([post.halves, post.pending], post.story.join(', ')).toEqual([0, 0])
        }
        expect(count).toBeGreaterThan(losses)
      }
    }
  )
})

test('over one connection the request with the smaller nonce stands, whatever comes first', () => {
  for (const post of ways(() => crossing(1), 'by-connection', 0)) {
    expect([post.linksOf(0), post.linksOf(1)]).toEqual([['1/10'], ['0/10']])
  }
})
