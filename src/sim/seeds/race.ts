import { degreeLaw, simulation } from '#src/settings.ts'
import { between, sample } from '#src/core/random.ts'
import { World } from '../world.ts'
import type { SimPeer } from '../sim-peer.ts'

export interface RaceSettings {
  /** Makes the whole run. */
  readonly seed: number
  readonly seeds: number
  readonly racers: number
  /** Seeds that crash at random moments of the race, and stay away. */
  readonly crashes?: number
  /** Seeds that are away from the beginning. */
  readonly away?: number
  /** Share of the messages that are lost. */
  readonly loss?: number
}

export interface RaceOutcome {
  /** Most racers that took themselves for registered at a time. */
  readonly most: number
  readonly racers: readonly SimPeer[]
  readonly world: World
}

/** All want the name within this time, and seeds crash within the other, in ms: a registration takes a second. */
const startMs = 300
const crashMs = 2_000
/** Long enough for all attempts that have a chance, in ms. */
const endMs = 180_000
const lookMs = 1_000
/** No message is on its way for longer, and half a second for the peer that it undoes to register again. */
const slowestMs = 2_500

/** Several peers want one name at about the same moment. */
export function race({ seed, seeds, racers: count, crashes = 0, away = 0, loss = 0 }: RaceSettings): RaceOutcome {
  const world = new World({ seed, seeds, law: degreeLaw, weather: { ...simulation.weather, loss } })
  const { calendar, random } = world
  const unlucky = sample(random, world.seeds, crashes + away)
  for (const [index, seed] of unlucky.entries()) {
    if (index < away) seed.stop()
    else calendar.at(between(random, 0, crashMs), () => seed.stop())
  }
  const racers: SimPeer[] = []
  let most = 0
  world.onTurn = () => {
    most = Math.max(most, racers.filter(({ state }) => state === 'registered').length)
  }
  for (let left = count; left > 0; left--) {
    calendar.at(between(random, 0, startMs), () => racers.push(world.join('ada')))
  }
  const isOver = (): boolean =>
    racers.length === count && racers.every(({ state }) => state === 'registered' || state === 'refused')
  // What is still on its way may undo a registration for a moment: the good-bye of an attempt before it, which comes late.
  do {
    while (!isOver() && world.now < endMs) world.run(lookMs)
    world.run(slowestMs)
  } while (!isOver() && world.now < endMs)
  return { most, racers, world }
}
