/* oxlint-disable import/no-absolute-path -- where the server has them */
import '/vendor/d3-dispatch.js'
import '/vendor/d3-quadtree.js'
import '/vendor/d3-timer.js'
import '/vendor/d3-force.js'
import type * as force from 'd3-force'
import type { LayoutStep, LayoutTask } from './layout.ts'

/** What the four files above have put there together: as ES modules they name each other in ways that no browser understands. */
declare const d3: typeof force

interface Point extends force.SimulationNodeDatum {
  readonly radius: number
}

/** A fresh network is laid out so far before anybody sees it, in ms and down to this heat: nobody learns anything from the tumult. */
const unseenMs = 500
const unseenHeat = 0.08

const simulation = d3.forceSimulation<Point>().stop()

self.addEventListener('message', ({ data }: MessageEvent<LayoutTask>) => {
  const { task, positions, radii, links, heat } = data
  const points = radii.map((radius, at): Point => {
    const [x, y] = [positions[2 * at] as number, positions[2 * at + 1] as number]
    return Number.isNaN(x) ? { radius } : { radius, x, y }
  })
  // Large networks would fall apart into a ring of leaves if everybody pushed as hard as in small ones.
  const push = points.length > 300 ? 30 : 60
  simulation
    .nodes(points)
    .force('link', d3.forceLink(links.map(([source, target]) => ({ source, target }))).distance(34))
    .force(
      'charge',
      d3.forceManyBody<Point>().strength(({ radius }) => (-push * radius) / 4)
    )
    .force(
      'collide',
      d3.forceCollide<Point>(({ radius }) => radius + 2)
    )
    // Pictures are wider than high.
    .force('x', d3.forceX(0).strength(0.035))
    .force('y', d3.forceY(0).strength(0.1))
    .alpha(heat)
    .on('tick', () => tell(task, points))
  if (heat === 1) {
    const until = performance.now() + unseenMs
    while (simulation.alpha() > unseenHeat && performance.now() < until) simulation.tick()
  }
  tell(task, points)
  simulation.restart()
})

function tell(task: number, points: readonly Point[]): void {
  const positions = new Float32Array(2 * points.length)
  for (const [at, { x = 0, y = 0 }] of points.entries()) {
    positions[2 * at] = x
    positions[2 * at + 1] = y
  }
  const step: LayoutStep = { task, positions }
  self.postMessage(step, { transfer: [positions.buffer] })
}
