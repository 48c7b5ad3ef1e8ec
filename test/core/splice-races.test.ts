import { describe, expect, test } from 'vitest'
import { Post, ways } from '../support/core/post.ts'
import type { Order, PostOptions } from '../support/core/post.ts'

// Peer 0 comes new, peers 1 and 2 are linked with each other. Every order in which letters can arrive is tried.

const orders: Order[] = ['by-stream', 'by-connection']

/** Peers with these targets; 1 and 2 are linked. */
function pair(targets: readonly number[], options?: PostOptions): Post {
  const post = new Post(targets, options)
  post.seek(1, [2])
  post.deliverAll()
  return post
}

/** All ways, each played to its end; gives what was tried. */
function play(make: () => Post, order: Order, losses: number, check: (post: Post) => void = () => {}): number {
  let count = 0
  for (const post of ways(make, order, losses)) {
    count++
    const halves = post.halves
    expect(halves, post.story.join(', ')).toBe(0)
    check(post)
    post.settle()
    // Nobody waits for anybody any more, and nobody thinks that it has a link that the other end does not know of.
    expect([post.halves, post.pending], post.story.join(', ')).toEqual([0, 0])
  }
  return count
}

describe.each(orders)('order is kept %s', order => {
  const splice = (): Post => {
    const post = pair([2, 1, 1])
    post.seek(0, [], [1])
    return post
  }

  test('a splice gives the newcomer two links and leaves everybody else as many as before', () => {
    const count = play(splice, order, 0, post =>
      expect(post.links.toSorted(), post.story.join(', ')).toEqual(['0-1', '0-2'])
    )
    expect(count).toBeGreaterThan(1)
  })

  test('whatever two letters of it are lost, nothing is left half done', () => {
    expect(play(splice, order, 2)).toBeGreaterThan(20)
  })

  test('the newcomer asks the one that will be sent to it at the same time', () => {
    for (const nonces of [
      [10, 20, 30],
      [30, 20, 10]
    ]) {
      const both = (): Post => {
        const post = pair([3, 1, 1], { nonces })
        post.seek(0, [2], [1])
        return post
      }
      for (const losses of [0, 1]) {
        play(both, order, losses, post => {
          if (losses > 0) return
          // Over two connections a refusal can be so late that the newcomer takes its own request for the one that stands.
          if (order === 'by-stream') expect(post.links, post.story.join(', ')).toContain('0-1')
          else expect(post.links.toSorted(), post.story.join(', ')).toEqual(['0-1', '0-2'])
        })
      }
    }
  })

  test('the one that is let go asks the newcomer of its own accord at the same time', () => {
    for (const nonces of [
      [10, 20, 30],
      [30, 20, 10]
    ]) {
      const both = (): Post => {
        const post = pair([2, 1, 2], { nonces })
        post.seek(0, [], [1])
        post.seek(2, [0])
        return post
      }
      for (const losses of [0, 1]) {
        play(both, order, losses, post => {
          // Peer 2 may have been refused while the answer of peer 1 was on its way.
          if (losses === 0) expect(post.links, post.story.join(', ')).toContain('0-1')
        })
      }
    }
  })

  test('both ends of one link let each other go for two newcomers', () => {
    const twice = (): Post => {
      const post = pair([2, 1, 1, 2])
      post.seek(0, [], [1])
      post.seek(3, [], [2])
      return post
    }
    play(twice, order, 0, post => {
      // Each newcomer has its first link; the second comes only if one of the two hears of the splice before it makes its own.
      expect(post.linksOf(0).length + post.linksOf(3).length, post.story.join(', ')).toBeGreaterThanOrEqual(2)
      for (const id of [1, 2]) expect(post.linksOf(id)).toHaveLength(1)
    })
  })
})

// Where the youngest goes, a newcomer is sent away again for the next one before it has its second link.
test.each(['oldest', 'youngest'] as const)('two newcomers at one peer at once, whose %s neighbour goes', goes => {
  const two = (): Post => {
    const post = new Post([2, 2, 1, 1, 2], { goes })
    for (const id of [2, 3]) {
      post.seek(id, [1])
      post.deliverAll()
    }
    post.seek(0, [], [1])
    post.seek(4, [], [1])
    return post
  }
  const count = play(two, 'by-stream', 0, post => {
    expect(post.linksOf(1), post.story.join(', ')).toHaveLength(2)
    for (const id of [0, 2, 3, 4]) expect(post.linksOf(id).length).toBeLessThanOrEqual(id % 4 === 0 ? 2 : 1)
    if (goes === 'oldest') expect(post.links).toEqual(expect.arrayContaining(['0-1', '1-4']))
  })
  expect(count).toBeGreaterThan(100)
})
