import { h } from '../dom.ts'
import { Backdrop } from './backdrop.ts'
import { fitted, isNear, panned, toScreen, towards, zoomed } from './camera.ts'
import { listenToGestures } from './gestures.ts'
import { noGraph } from './graph.ts'
import { Layout } from './layout.ts'
import { Painter, screenRadius } from './painter.ts'
import { paletteOf } from './palette.ts'
import { placed } from './placement.ts'
import { playMs } from './wave.ts'
import type { Camera, Size, Spot } from './camera.ts'
import type { Graph, Vertex } from './graph.ts'
import type { Ghost } from './painter.ts'
import type { Palette } from './palette.ts'
import type { Positions } from './placement.ts'
import type { Wave } from './wave.ts'

/** How long a newcomer shows that it is one, and a death is seen, in ms. */
const newcomerMs = 1500
const ghostMs = 6000

/** So far from a vertex one still means it, in pixels: half a fingertip. */
const reach = 12

/** Camera movement to where everything is seen: this share of the way in each frame. */
const followShare = 0.18

interface Dead extends Pick<Ghost, 'name' | 'radius' | 'place'> {
  readonly neighbours: readonly string[]
  readonly diedAt: number
}

interface Playing {
  readonly wave: Wave
  readonly startedAt: number
}

/** The live picture of the overlay. Paints only when something has changed, and one frame after the other while something moves. */
export class GraphView {
  readonly element: HTMLCanvasElement
  /** Told of the vertex that the reader has picked, or that none is any more. */
  onSelect: (vertex: Vertex | undefined) => void = () => {}
  readonly #context: CanvasRenderingContext2D
  readonly #backdrop = new Backdrop()
  readonly #layout = new Layout(positions => this.#moved(positions))
  readonly #isCalm = matchMedia('(prefers-reduced-motion: reduce)')
  #palette: Palette | undefined
  #graph: Graph = noGraph
  #positions: Positions = new Float32Array()
  #size: Size = { width: 1, height: 1 }
  #camera: Camera = { x: 0, y: 0, scale: 1 }
  /** Until the reader moves it, the camera keeps everything in the picture. */
  #follows = true
  #hovered: number | undefined
  /** By id, for it may be another vertex in the next graph. */
  #selected: string | undefined
  readonly #bornAt = new Map<string, number>()
  #dead: Dead[] = []
  #playing: Playing | undefined
  #frame = 0

  /** @param signal ends it */
  constructor(signal: AbortSignal) {
    this.element = h('canvas', { class: 'overlay', tabindex: 0, role: 'img' })
    this.#context = this.element.getContext('2d') as CanvasRenderingContext2D
    const observer = new ResizeObserver(() => this.#resized())
    observer.observe(this.element)
    const recolour = (): void => {
      this.#palette = undefined
      this.#repaint()
    }
    document.addEventListener('themechange', recolour, { signal })
    listenToGestures(this.element, {
      pan: (x, y) => this.#look(panned(this.#camera, x, y)),
      zoom: (factor, spot) => this.#look(zoomed(this.#camera, this.#size, factor, spot ?? this.#middle)),
      fit: () => this.fit(),
      hover: spot => this.#hover(spot),
      pick: spot => this.select(this.#graph.vertices[this.#at(spot) ?? -1]?.id)
    })
    signal.addEventListener('abort', () => {
      observer.disconnect()
      this.#layout.close()
      cancelAnimationFrame(this.#frame)
    })
  }

  show(graph: Graph): void {
    const before = this.#graph
    const now = performance.now()
    // At first nobody is a newcomer.
    if (before !== noGraph) {
      for (const { id } of graph.vertices) if (!before.indexOf.has(id)) this.#bornAt.set(id, now)
      for (const [at, { id }] of before.vertices.entries()) if (!graph.indexOf.has(id)) this.#bury(before, at, now)
    }
    this.#positions = placed(graph, before, this.#positions)
    this.#graph = graph
    this.#hovered = undefined
    this.#layout.start(graph, this.#positions.slice())
    this.element.setAttribute(
      'aria-label',
      `Overlay of ${graph.vertices.length} peers and ${graph.links.length} links. Arrow keys move it, plus and minus zoom, 0 shows all.`
    )
    this.#repaint()
  }

  select(id: string | undefined): void {
    this.#selected = id
    this.onSelect(id === undefined ? undefined : this.#graph.vertices[this.#graph.indexOf.get(id) ?? -1])
    this.#repaint()
  }

  /** Shows how a message went; undefined shows none. */
  play(wave: Wave | undefined): void {
    this.#playing = wave === undefined ? undefined : { wave, startedAt: performance.now() }
    this.#repaint()
  }

  zoom(factor: number): void {
    this.#look(zoomed(this.#camera, this.#size, factor, this.#middle))
  }

  fit(): void {
    this.#follows = true
    this.#repaint()
  }

  get #middle(): Spot {
    return { x: this.#size.width / 2, y: this.#size.height / 2 }
  }

  #bury(graph: Graph, at: number, diedAt: number): void {
    const { name, radius, neighbours } = graph.vertices[at] as Vertex
    const ids = neighbours.map(other => (graph.vertices[other] as Vertex).id)
    this.#dead.push({ name, radius, place: this.#placeOf(at), neighbours: ids, diedAt })
  }

  #placeOf(at: number): Spot {
    return { x: this.#positions[2 * at] as number, y: this.#positions[2 * at + 1] as number }
  }

  #moved(positions: Positions): void {
    const isFirst = Number.isNaN(this.#positions[0])
    this.#positions = positions
    if (isFirst) this.#camera = fitted(positions, this.#size)
    // What nobody could see yet begins now.
    if (isFirst && this.#playing !== undefined) this.play(this.#playing.wave)
    this.#repaint()
  }

  #resized(): void {
    const { clientWidth: width, clientHeight: height } = this.element
    if (width === 0 || height === 0) return
    this.#size = { width, height }
    this.element.width = Math.round(width * devicePixelRatio)
    this.element.height = Math.round(height * devicePixelRatio)
    if (this.#follows) this.#camera = fitted(this.#positions, this.#size)
    // At once: a canvas whose size was set is empty.
    this.#paint(performance.now())
  }

  #look(camera: Camera): void {
    this.#follows = false
    this.#camera = camera
    this.#repaint()
  }

  #hover(spot: Spot | undefined): void {
    const at = this.#at(spot)
    if (at === this.#hovered) return
    this.#hovered = at
    this.element.classList.toggle('over', at !== undefined)
    this.#repaint()
  }

  /** The vertex that is meant. */
  #at(spot: Spot | undefined): number | undefined {
    if (spot === undefined) return undefined
    let [nearest, distance] = [undefined as number | undefined, Infinity]
    for (const [at, { radius }] of this.#graph.vertices.entries()) {
      const place = this.#placeOf(at)
      const { x, y } = toScreen(this.#camera, this.#size, place.x, place.y)
      const away = Math.hypot(x - spot.x, y - spot.y) - screenRadius(radius, this.#camera.scale)
      if (away < distance) [nearest, distance] = [at, away]
    }
    return distance < reach ? nearest : undefined
  }

  #repaint(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(now => this.#paint(now))
  }

  #paint(now: number): void {
    this.#palette ??= paletteOf(this.element)
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    const goal = this.#follows ? fitted(this.#positions, this.#size) : this.#camera
    const arrives = isNear(this.#camera, goal) || this.#isCalm.matches
    this.#camera = arrives ? goal : towards(this.#camera, goal, followShare)
    const newcomers = this.#newcomers(now)
    const ghosts = this.#ghosts(now)
    const wave = this.#wave(now)
    const selected = this.#selected === undefined ? undefined : this.#graph.indexOf.get(this.#selected)
    new Painter(this.#context, this.#backdrop, this.#palette, {
      graph: this.#graph,
      positions: this.#positions,
      camera: this.#camera,
      size: this.#size,
      focus: this.#hovered ?? selected,
      selected,
      newcomers,
      ghosts,
      wave
    }).paint()
    const isPlaying = wave !== undefined && wave.atMs < wave.wave.durationMs
    if (!arrives || newcomers.size > 0 || ghosts.length > 0 || isPlaying) this.#repaint()
  }

  #newcomers(now: number): Map<number, number> {
    const ages = new Map<number, number>()
    for (const [id, bornAt] of this.#bornAt) {
      const at = this.#graph.indexOf.get(id)
      const age = Math.max(0, (now - bornAt) / newcomerMs)
      if (at === undefined || age >= 1) this.#bornAt.delete(id)
      else ages.set(at, this.#isCalm.matches ? 1 : age)
    }
    return ages
  }

  #ghosts(now: number): Ghost[] {
    this.#dead = this.#dead.filter(({ diedAt }) => now - diedAt < ghostMs)
    return this.#dead.map(({ name, radius, place, neighbours, diedAt }) => {
      const ends = neighbours.flatMap(id => this.#graph.indexOf.get(id) ?? []).map(at => this.#placeOf(at))
      return { name, radius, place, ends, age: Math.max(0, (now - diedAt) / ghostMs) }
    })
  }

  /** Where the message is; with reduced motion it is everywhere at once. */
  #wave(now: number): { readonly wave: Wave; readonly atMs: number } | undefined {
    if (this.#playing === undefined) return undefined
    const { wave, startedAt } = this.#playing
    const share = this.#isCalm.matches ? 1 : Math.min(1, Math.max(0, (now - startedAt) / playMs))
    return { wave, atMs: share * wave.durationMs }
  }
}
