import type { Graph } from './graph.ts'

/** x and y of each vertex in turn, in world units; NaN where nobody knows. */
export type Positions = Float32Array<ArrayBuffer>

/**
 * Where the vertices of a graph begin: those that were there before where they were, newcomers beside a neighbour, for that is where
 * the layout will pull them.
 */
export function placed(next: Graph, before: Graph, positions: Positions): Positions {
  const placedNow = new Float32Array(2 * next.vertices.length).fill(NaN)
  const newcomers: number[] = []
  for (const [at, { id }] of next.vertices.entries()) {
    const was = before.indexOf.get(id)
    if (was === undefined) newcomers.push(at)
    else placedNow.set(positions.subarray(2 * was, 2 * was + 2), 2 * at)
  }
  for (const at of newcomers) {
    const beside = next.vertices[at]?.neighbours.find(other => !Number.isNaN(placedNow[2 * other]))
    if (beside === undefined) continue
    // Two points in the same place have no direction in which to part.
    const angle = at * 2.4
    placedNow[2 * at] = (placedNow[2 * beside] as number) + 20 * Math.cos(angle)
    placedNow[2 * at + 1] = (placedNow[2 * beside + 1] as number) + 20 * Math.sin(angle)
  }
  return placedNow
}

/** Whether the layout has to move anything much: nobody was there before. */
export function isFresh(positions: Positions): boolean {
  return positions.every(coordinate => Number.isNaN(coordinate))
}
