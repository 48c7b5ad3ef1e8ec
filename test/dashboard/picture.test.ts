import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitted, isNear, panned, toScreen, towards, toWorld, zoomed } from '#src/dashboard/overlay/camera.ts'
import { withoutOverlap } from '#src/dashboard/overlay/labels.ts'
import { mixed } from '#src/dashboard/overlay/palette.ts'

const size = { width: 800, height: 600 }
const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })
const cameras = fc.record({ x: number(-500, 500), y: number(-500, 500), scale: number(0.1, 5) })
const spots = fc.record({ x: number(0, 800), y: number(0, 600) })

describe('the camera', () => {
  test('leads from the screen to the world and back', () => {
    fc.assert(
      fc.property(cameras, spots, (camera, { x, y }) => {
        const world = toWorld(camera, size, x, y)
        const back = toScreen(camera, size, world.x, world.y)
        expect(Math.hypot(back.x - x, back.y - y)).toBeLessThan(1e-6)
      })
    )
  })

  test('zooms around what is under the pointer', () => {
    fc.assert(
      fc.property(cameras, spots, number(0.2, 5), (camera, spot, factor) => {
        const world = toWorld(camera, size, spot.x, spot.y)
        const after = toScreen(zoomed(camera, size, factor, spot), size, world.x, world.y)
        expect(Math.hypot(after.x - spot.x, after.y - spot.y)).toBeLessThan(1e-6)
      })
    )
  })

  test('moves what one sees by as many pixels as the hand', () => {
    const camera = { x: 10, y: 20, scale: 2 }
    const [before, after] = [camera, panned(camera, 30, -40)].map(each => toScreen(each, size, 0, 0))
    expect([(after?.x ?? 0) - (before?.x ?? 0), (after?.y ?? 0) - (before?.y ?? 0)]).toEqual([30, -40])
  })

  test('fits everybody into the picture, with room for a label', () => {
    const places = fc.array(number(-2000, 2000), { minLength: 4, maxLength: 60 })
    fc.assert(
      fc.property(places, coordinates => {
        const positions = new Float32Array(coordinates.slice(0, 2 * Math.floor(coordinates.length / 2)))
        const camera = fitted(positions, size)
        for (let at = 0; at < positions.length; at += 2) {
          const { x, y } = toScreen(camera, size, positions[at] as number, positions[at + 1] as number)
          expect(Math.abs(x - 400)).toBeLessThan(361)
          expect(Math.abs(y - 300)).toBeLessThan(261)
        }
      })
    )
    expect(fitted(new Float32Array(), size)).toEqual({ x: 0, y: 0, scale: 1 })
  })

  test('gets to where it goes', () => {
    const goal = { x: 100, y: 50, scale: 3 }
    let camera = { x: 0, y: 0, scale: 0.5 }
    for (let frame = 0; frame < 60 && !isNear(camera, goal); frame++) camera = towards(camera, goal, 0.18)
    expect(isNear(camera, goal)).toBe(true)
  })
})

describe('labels', () => {
  const label = (text: string, x: number, y: number, width = 50): Parameters<typeof withoutOverlap>[0][number] => {
    return { text, x, y, width }
  }

  test('those that come first stay, those that would cover them go', () => {
    const wanted = [label('a', 0, 0), label('b', 40, 5), label('c', 51, 0), label('d', 0, 14), label('e', 10, 13)]
    expect(withoutOverlap(wanted).map(({ text }) => text)).toEqual(['a', 'c', 'd'])
  })
})

test('colours mix from one to the other', () => {
  expect([0, 0.5, 1].map(share => mixed('rgb(0, 100, 200)', 'rgb(100, 0, 0)', share))).toEqual([
    'rgb(0, 100, 200)',
    'rgb(50, 50, 100)',
    'rgb(100, 0, 0)'
  ])
})
