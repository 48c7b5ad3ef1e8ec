import { describe, expect, test } from 'vitest'
import { graphOf, hubSentence, noGraph } from '#src/dashboard/overlay/graph.ts'
import { isFresh, placed } from '#src/dashboard/overlay/placement.ts'
import type { OverlayReply } from '#src/http/contract.ts'

type Node = OverlayReply['nodes'][number]

function reply(links: readonly (readonly [number, number])[], own: Record<number, Partial<Node>> = {}): OverlayReply {
  const size = 1 + Math.max(...links.flat(), ...Object.keys(own).map(Number))
  const nodes = Array.from({ length: size }, (_, at): Node => {
    const degree = links.filter(link => link.includes(at)).length
    return { id: `id-${at}`, name: `peer-${at}`, state: 'alive', degree, target: degree, ...own[at] }
  })
  return { revision: 1, nodes, links }
}

/** One in the middle of five. */
const star = reply([
  [0, 1],
  [0, 2],
  [0, 3],
  [0, 4],
  [0, 5]
])

describe('the graph', () => {
  test('has the hub larger and darker than all others', () => {
    const [hub, ...leaves] = graphOf(star).vertices
    expect([hub?.isHub, hub?.shade, hub?.neighbours]).toEqual([true, 1, [1, 2, 3, 4, 5]])
    for (const leaf of leaves) {
      expect([leaf.isHub, leaf.shade, leaf.neighbours]).toEqual([false, 0, [0]])
      expect(leaf.radius).toBeLessThan((hub?.radius ?? 0) / 2)
    }
  })

  test('has nobody who is dead, and none of their links', () => {
    const { vertices, links, indexOf } = graphOf(reply(star.links, { 2: { state: 'dead' } }))
    expect(vertices.map(({ name }) => name)).toEqual(['peer-0', 'peer-1', 'peer-3', 'peer-4', 'peer-5'])
    expect(links).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [0, 4]
    ])
    expect([indexOf.get('id-2'), indexOf.get('id-5')]).toEqual([undefined, 4])
  })

  test('has no hub where all are alike, and none where nobody is', () => {
    const ring = graphOf(
      reply([
        [0, 1],
        [1, 2],
        [2, 0]
      ])
    )
    expect(ring.vertices.some(({ isHub }) => isHub)).toBe(false)
    expect(ring.vertices.map(({ shade }) => shade)).toEqual([0, 0, 0])
    expect(hubSentence(ring)).toContain('No hubs yet')
    expect(graphOf({ revision: 0, nodes: [], links: [] })).toEqual(noGraph)
    expect(graphOf(reply([], { 0: {} })).vertices).toMatchObject([{ isHub: false, radius: 1.75 }])
  })

  test('says what a hub is, in its own figures', () => {
    expect(hubSentence(graphOf(star))).toContain(
      '1 of 6 peers is a hub, with 5 links or more where the average is 1.7; 50 % of all link ends are theirs.'
    )
  })
})

describe('where the layout begins', () => {
  const graph = graphOf(star)
  const positions = new Float32Array([0, 0, 100, 0, 0, 100, -100, 0, 0, -100, 70, 70])

  test('who was there stays there, whatever the new indexes are', () => {
    const next = graphOf(reply(star.links, { 2: { state: 'dead' } }))
    expect([...placed(next, graph, positions)]).toEqual([0, 0, 100, 0, -100, 0, 0, -100, 70, 70])
  })

  test('a newcomer begins beside a neighbour, not on it', () => {
    const next = graphOf(reply([...star.links, [4, 6]]))
    const [x = NaN, y = NaN] = placed(next, graph, positions).slice(12)
    expect(Math.hypot(x - 0, y + 100)).toBeCloseTo(20)
  })

  test('nobody has a place at first', () => {
    const first = placed(graph, noGraph, new Float32Array())
    expect([first.length, isFresh(first), isFresh(positions)]).toEqual([12, true, false])
  })
})
