import { toScreen } from './camera.ts'
import { withoutOverlap } from './labels.ts'
import { shadeCount } from './palette.ts'
import { progress } from './wave.ts'
import type { Backdrop } from './backdrop.ts'
import type { Camera, Size, Spot } from './camera.ts'
import type { Graph, Vertex } from './graph.ts'
import type { Label } from './labels.ts'
import type { Palette } from './palette.ts'
import type { Positions } from './placement.ts'
import type { Wave } from './wave.ts'

/** A peer that has just died, where it was. */
export interface Ghost {
  readonly name: string
  readonly radius: number
  readonly place: Spot
  /** Where its links led. */
  readonly ends: readonly Spot[]
  /** 0 when it died to 1 when it is forgotten. */
  readonly age: number
}

export interface Scene {
  readonly graph: Graph
  readonly positions: Positions
  readonly camera: Camera
  readonly size: Size
  /** The vertex that the reader looks at: it and its neighbours stand out. */
  readonly focus: number | undefined
  readonly selected: number | undefined
  /** Newcomers, by vertex, from 0 to 1 when they are as all the others. */
  readonly newcomers: ReadonlyMap<number, number>
  readonly ghosts: readonly Ghost[]
  readonly wave: { readonly wave: Wave; readonly atMs: number } | undefined
}

/** In so small a network everybody has a label if there is room, and else the hubs; in larger ones those that are drawn large. */
const allLabelledMax = 40
const roomyScale = 1.2
const labelledRadiusMin = 12
const labelsMax = 60
const font = '12px system-ui, sans-serif'
const hubFont = '600 12px system-ui, sans-serif'
const fullTurn = 2 * Math.PI

/** Grows slower than the distances, so that zooming in makes room. Never so small that it vanishes. */
export function screenRadius(radius: number, scale: number): number {
  return Math.max(1.4, radius * scale ** (scale < 1 ? 0.8 : 0.5))
}

/** Paints one frame. Everything of one colour is one path, which is what makes it fast. */
export class Painter {
  readonly #context: CanvasRenderingContext2D
  readonly #palette: Palette
  readonly #scene: Scene
  readonly #backdrop: Backdrop
  readonly #spots: Spot[]
  /** The focus and its neighbours; undefined if the reader looks at nobody in particular. */
  readonly #near: ReadonlySet<number> | undefined

  constructor(context: CanvasRenderingContext2D, backdrop: Backdrop, palette: Palette, scene: Scene) {
    this.#context = context
    this.#backdrop = backdrop
    this.#palette = palette
    this.#scene = scene
    const { graph, positions, camera, size, focus } = scene
    this.#near = focus === undefined ? undefined : new Set([focus, ...(graph.vertices[focus]?.neighbours ?? [])])
    this.#spots = graph.vertices.map((_, at) =>
      toScreen(camera, size, positions[2 * at] as number, positions[2 * at + 1] as number)
    )
  }

  paint(): void {
    const { size, wave } = this.#scene
    this.#context.clearRect(0, 0, size.width, size.height)
    this.#paintLinks()
    this.#paintLinksOfFocus()
    if (wave !== undefined) this.#paintCrossings(wave.wave, wave.atMs)
    this.#paintGhosts()
    this.#paintVertices()
    this.#paintRings()
    this.#paintLabels()
    this.#context.globalAlpha = 1
  }

  #paintLinks(): void {
    const { graph, positions, camera, size, focus, wave } = this.#scene
    // Many links are a fabric, few are lines.
    const alpha = Math.min(0.75, Math.max(0.12, 12 / Math.sqrt(graph.links.length + 1)))
    const seen = focus === undefined && wave === undefined ? alpha : alpha * 0.45
    const key = [graph, positions, camera.x, camera.y, camera.scale, size, this.#palette, seen]
    this.#backdrop.draw(this.#context, key, context => {
      context.lineWidth = 1
      context.strokeStyle = this.#palette.edge
      context.globalAlpha = seen
      context.beginPath()
      for (const [a, b] of graph.links) this.#line(a, b, context)
      context.stroke()
    })
  }

  #paintLinksOfFocus(): void {
    const { graph, focus } = this.#scene
    if (focus === undefined) return
    const context = this.#context
    context.globalAlpha = 0.9
    context.strokeStyle = this.#palette.hub
    context.lineWidth = 1.5
    context.beginPath()
    for (const other of graph.vertices[focus]?.neighbours ?? []) this.#line(focus, other)
    context.stroke()
  }

  #paintCrossings({ crossings }: Wave, atMs: number): void {
    const { indexOf } = this.#scene.graph
    const context = this.#context
    context.strokeStyle = context.fillStyle = this.#palette.signal
    context.globalAlpha = 0.9
    // Lines of one pixel take a tenth of the time of all others without a graphics card.
    context.lineWidth = crossings.length > 200 ? 1 : 2
    const heads: Spot[] = []
    context.beginPath()
    for (const crossing of crossings) {
      const share = progress(crossing, atMs)
      const [a, b] = [indexOf.get(crossing.from), indexOf.get(crossing.to)]
      if (share === 0 || a === undefined || b === undefined) continue
      const [from, to] = [this.#spots[a] as Spot, this.#spots[b] as Spot]
      const head = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
      context.moveTo(from.x, from.y)
      context.lineTo(head.x, head.y)
      if (share < 1) heads.push(head)
    }
    context.stroke()
    context.beginPath()
    for (const { x, y } of heads) this.#dot(x, y, 3)
    context.fill()
  }

  #paintVertices(): void {
    const near = this.#near
    const { graph, wave, newcomers, camera } = this.#scene
    const layers = new Map<string, number[]>()
    for (const [at, { id, shade }] of graph.vertices.entries()) {
      const arrived = wave?.wave.arrivals.get(id)
      const isReached = wave !== undefined && arrived !== undefined && arrived <= wave.atMs
      const colour = isReached
        ? this.#palette.signal
        : (this.#palette.shades[Math.round(shade * (shadeCount - 1))] as string)
      const isFaint = (near !== undefined && !near.has(at)) || (wave !== undefined && !isReached)
      const layer = newcomers.has(at) ? `${colour}|${newcomers.get(at)}` : `${colour}|${isFaint ? 0.3 : 1}`
      const members = layers.get(layer)
      if (members === undefined) layers.set(layer, [at])
      else members.push(at)
    }
    const context = this.#context
    for (const [layer, members] of layers) {
      const [colour = '', alpha = '1'] = layer.split('|')
      const discs = (rim: number): void => {
        context.beginPath()
        for (const at of members) {
          const { x, y } = this.#spots[at] as Spot
          this.#dot(x, y, screenRadius(graph.vertices[at]?.radius ?? 1, camera.scale) + rim)
        }
        context.fill()
      }
      // First a rim in the colour of the ground: circles that touch stay apart, and links do not shine through faint ones.
      context.globalAlpha = newcomers.size > 0 ? Number(alpha) : 1
      context.fillStyle = this.#palette.ground
      discs(1)
      context.globalAlpha = Number(alpha)
      context.fillStyle = colour
      discs(0)
    }
  }

  #paintRings(): void {
    const { graph, selected, newcomers, camera } = this.#scene
    const context = this.#context
    const ring = (at: number, gap: number, colour: string, alpha: number): void => {
      const { x, y } = this.#spots[at] as Spot
      context.globalAlpha = alpha
      context.strokeStyle = colour
      context.lineWidth = 2
      context.beginPath()
      this.#dot(x, y, screenRadius(graph.vertices[at]?.radius ?? 1, camera.scale) + gap)
      context.stroke()
    }
    for (const [at, age] of newcomers) ring(at, 4 + 14 * age, this.#palette.hub, 1 - age)
    for (const [at, { isSelf }] of graph.vertices.entries()) if (isSelf) ring(at, 4, this.#palette.ink, 0.7)
    if (selected !== undefined) ring(selected, 4, this.#palette.ink, 1)
  }

  #paintGhosts(): void {
    const context = this.#context
    const { camera, size } = this.#scene
    for (const { place, radius, ends, age, name } of this.#scene.ghosts) {
      const { x, y } = toScreen(camera, size, place.x, place.y)
      const alpha = age < 0.5 ? 1 : 2 - 2 * age
      context.strokeStyle = this.#palette.death
      context.lineWidth = 1
      context.globalAlpha = Math.max(0, 0.6 - 2 * age)
      context.beginPath()
      for (const end of ends) {
        const to = toScreen(camera, size, end.x, end.y)
        context.moveTo(x, y)
        context.lineTo(to.x, to.y)
      }
      context.stroke()
      const arm = Math.max(5, screenRadius(radius, camera.scale) * 0.8)
      context.globalAlpha = alpha
      context.lineWidth = 3
      context.beginPath()
      context.moveTo(x - arm, y - arm)
      context.lineTo(x + arm, y + arm)
      context.moveTo(x + arm, y - arm)
      context.lineTo(x - arm, y + arm)
      context.stroke()
      this.#text({ text: name, x: x + arm + 5, y, width: 0 }, font, this.#palette.death)
    }
  }

  #paintLabels(): void {
    const near = this.#near
    const { graph, focus, camera, size } = this.#scene
    const wanted: (Label & { readonly isHub: boolean; readonly isFaint: boolean })[] = []
    const order = (at: number): number =>
      (graph.vertices[at]?.degree ?? 0) + (at === focus ? 1e9 : near?.has(at) === true ? 1e6 : 0)
    const candidates = [...graph.vertices.keys()].filter(at => this.#isLabelled(at))
    for (const at of candidates.toSorted((a, b) => order(b) - order(a)).slice(0, labelsMax)) {
      const { name, radius, isHub, degree } = graph.vertices[at] as Vertex
      const { x, y } = this.#spots[at] as Spot
      if (x < 0 || y < 0 || x > size.width || y > size.height) continue
      this.#context.font = isHub ? hubFont : font
      const text = at === focus ? `${name}, ${degree} links` : name
      const width = this.#context.measureText(text).width
      const gap = screenRadius(radius, camera.scale) + 4
      // Towards the middle where there is no room at the right.
      const left = x + gap + width > size.width ? x - gap - width : x + gap
      wanted.push({ text, x: left, y, width, isHub, isFaint: near !== undefined && !near.has(at) })
    }
    for (const label of withoutOverlap(wanted)) {
      this.#context.globalAlpha = label.isFaint ? 0.35 : 1
      this.#text(
        label,
        label.isHub ? hubFont : font,
        label.isHub || near !== undefined ? this.#palette.ink : this.#palette['quiet-ink']
      )
    }
  }

  #isLabelled(at: number): boolean {
    const { graph, camera } = this.#scene
    if (this.#near?.has(at) === true) return true
    if (graph.vertices.length <= allLabelledMax && camera.scale >= roomyScale) return true
    const { isHub, isSelf, radius } = graph.vertices[at] as Vertex
    if (isHub && graph.vertices.length <= allLabelledMax) return true
    return isSelf || (this.#near === undefined && screenRadius(radius, camera.scale) >= labelledRadiusMin)
  }

  /** With a rim in the colour of the ground, so that it can be read over links. */
  #text({ text, x, y }: Label, font: string, colour: string): void {
    const context = this.#context
    context.font = font
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = 3
    context.strokeStyle = this.#palette.ground
    context.strokeText(text, x, y)
    context.fillStyle = colour
    context.fillText(text, x, y)
  }

  #line(a: number, b: number, context = this.#context): void {
    const [from, to] = [this.#spots[a] as Spot, this.#spots[b] as Spot]
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
  }

  #dot(x: number, y: number, radius: number): void {
    this.#context.moveTo(x + radius, y)
    this.#context.arc(x, y, radius, 0, fullTurn)
  }
}
