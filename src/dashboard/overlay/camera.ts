import type { Positions } from './placement.ts'

/** What of the world is seen: a point of the world in the middle of the picture, and how many pixels a unit of the world has. */
export interface Camera {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Spot {
  readonly x: number
  readonly y: number
}

const scaleMin = 0.05
const scaleMax = 8

/** Small networks are not blown up to fill the picture. */
const fitScaleMax = 4.5

export function toScreen(camera: Camera, { width, height }: Size, x: number, y: number): Spot {
  return { x: (x - camera.x) * camera.scale + width / 2, y: (y - camera.y) * camera.scale + height / 2 }
}

export function toWorld(camera: Camera, { width, height }: Size, x: number, y: number): Spot {
  return { x: (x - width / 2) / camera.scale + camera.x, y: (y - height / 2) / camera.scale + camera.y }
}

/** Nearer or farther; what is under the spot of the screen stays there. */
export function zoomed(camera: Camera, size: Size, factor: number, spot: Spot): Camera {
  const scale = Math.min(Math.max(camera.scale * factor, scaleMin), scaleMax)
  const { x, y } = toWorld(camera, size, spot.x, spot.y)
  return {
    x: x - (spot.x - size.width / 2) / scale,
    y: y - (spot.y - size.height / 2) / scale,
    scale
  }
}

/** By pixels. */
export function panned(camera: Camera, x: number, y: number): Camera {
  return { ...camera, x: camera.x - x / camera.scale, y: camera.y - y / camera.scale }
}

/** Everything in the picture. */
export function fitted(positions: Positions, { width, height }: Size, margin = 40): Camera {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let at = 0; at < positions.length; at += 2) {
    const [x, y] = [positions[at] as number, positions[at + 1] as number]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (left > right) return { x: 0, y: 0, scale: 1 }
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1),
    (height - 2 * margin) / Math.max(bottom - top, 1),
    fitScaleMax
  )
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.max(scale, scaleMin) }
}

/** A part of the way from one to the other, for a view that follows without jumping. */
export function towards(from: Camera, to: Camera, share: number): Camera {
  const mix = (a: number, b: number): number => a + (b - a) * share
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), scale: mix(from.scale, to.scale) }
}

/** Whether nobody would see the difference. */
export function isNear(a: Camera, b: Camera): boolean {
  return Math.abs(a.scale / b.scale - 1) < 0.002 && Math.hypot(a.x - b.x, a.y - b.y) * b.scale < 0.5
}
