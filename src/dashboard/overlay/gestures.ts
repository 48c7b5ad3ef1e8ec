import type { Spot } from './camera.ts'

/** What the reader does with a picture, by mouse, finger or key. Spots are in pixels from its corner. */
export interface Gestures {
  readonly pan: (x: number, y: number) => void
  readonly zoom: (factor: number, spot: Spot | undefined) => void
  readonly fit: () => void
  readonly hover: (spot: Spot | undefined) => void
  readonly pick: (spot: Spot | undefined) => void
}

/** A press that moves less is no drag, in pixels. */
const dragMin = 4
const keyStep = 60
const keyZoom = 1.3

export function listenToGestures(element: HTMLElement, gestures: Gestures): void {
  /** Fingers or buttons that are down, and where. */
  const down = new Map<number, Spot>()
  let moved = 0

  const spotOf = (event: MouseEvent): Spot => ({ x: event.offsetX, y: event.offsetY })
  const spread = (): number => {
    const [one, other] = [...down.values()]
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y)
  }

  element.addEventListener('pointerdown', event => {
    element.setPointerCapture(event.pointerId)
    down.set(event.pointerId, spotOf(event))
    moved = down.size === 1 ? 0 : Infinity
  })
  element.addEventListener('pointermove', event => {
    const spot = spotOf(event)
    const before = down.get(event.pointerId)
    if (before === undefined) {
      gestures.hover(spot)
      return
    }
    const apart = spread()
    down.set(event.pointerId, spot)
    if (down.size === 2 && apart > 0) gestures.zoom(spread() / apart, spot)
    moved += Math.hypot(spot.x - before.x, spot.y - before.y)
    if (down.size === 1 && moved >= dragMin) gestures.pan(spot.x - before.x, spot.y - before.y)
  })
  const up = (event: PointerEvent): void => {
    if (!down.delete(event.pointerId)) return
    if (event.type === 'pointerup' && moved < dragMin) gestures.pick(spotOf(event))
  }
  element.addEventListener('pointerup', up)
  element.addEventListener('pointercancel', up)
  element.addEventListener('pointerleave', () => gestures.hover(undefined))
  element.addEventListener(
    'wheel',
    event => {
      event.preventDefault()
      gestures.zoom(Math.exp(-event.deltaY / 500), spotOf(event))
    },
    { passive: false }
  )
  element.addEventListener('keydown', event => {
    const action = keys[event.key]
    if (action === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    action(gestures)
  })
}

const keys: Readonly<Record<string, (gestures: Gestures) => void>> = {
  ArrowLeft: ({ pan }) => pan(keyStep, 0),
  ArrowRight: ({ pan }) => pan(-keyStep, 0),
  ArrowUp: ({ pan }) => pan(0, keyStep),
  ArrowDown: ({ pan }) => pan(0, -keyStep),
  '+': ({ zoom }) => zoom(keyZoom, undefined),
  '=': ({ zoom }) => zoom(keyZoom, undefined),
  '-': ({ zoom }) => zoom(1 / keyZoom, undefined),
  '0': ({ fit }) => fit(),
  Escape: ({ pick }) => pick(undefined)
}
