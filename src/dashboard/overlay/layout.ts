import { isFresh } from './placement.ts'
import type { Graph } from './graph.ts'
import type { Positions } from './placement.ts'

/** To the worker: a graph to lay out. */
export interface LayoutTask {
  readonly task: number
  readonly positions: Positions
  readonly radii: readonly number[]
  readonly links: readonly (readonly [number, number])[]
  /** How much may move at first, 0 to 1. */
  readonly heat: number
}

/** From the worker: where the vertices of that task are now. */
export interface LayoutStep {
  readonly task: number
  readonly positions: Positions
}

/** Heat for a network that has changed a little, so that it stays recognisable. */
const littleHeat = 0.25

/** The force layout, on a thread of its own, which is at rest when nothing moves. */
export class Layout {
  readonly #worker = new Worker('/dashboard/overlay/layout-worker.js', { type: 'module' })
  #task = 0

  /** @param onStep told of the positions of the last graph that was given, each time they have moved */
  constructor(onStep: (positions: Positions) => void) {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<LayoutStep>) => {
      if (data.task === this.#task) onStep(data.positions)
    })
  }

  start({ vertices, links }: Graph, positions: Positions): void {
    const heat = isFresh(positions) ? 1 : littleHeat
    const task: LayoutTask = {
      task: ++this.#task,
      positions,
      radii: vertices.map(({ radius }) => radius),
      links,
      heat
    }
    this.#worker.postMessage(task, [])
  }

  close(): void {
    this.#worker.terminate()
  }
}
