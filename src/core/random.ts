import type { Millis } from './machine.ts'

/** A number in [0, 1). */
export type Random = () => number

/**
 * A generator whose whole future is in its seed (sfc32, Chris Doty-Humphrey's PractRand): the same seed replays the same run.
 * Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let a = seed | 0
  let b = (seed / 0x1_0000_0000) | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  // A seed with few bits set needs a few rounds until its bits have spread.
  for (let round = 0; round < 15; round++) next()
  return next
}

/** A random whole number in [0, below). */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

/** `count` different items in random order; all of them when there are fewer. The input stays as it is. */
export function sample<Item>(random: Random, items: Iterable<Item>, count: number): Item[] {
  const pool = [...items]
  const wanted = Math.min(count, pool.length)
  for (let at = 0; at < wanted; at++) {
    const other = at + below(random, pool.length - at)
    const swapped = pool[at] as Item
    pool[at] = pool[other] as Item
    pool[other] = swapped
  }
  pool.length = wanted
  return pool
}

/** A time in [from, to): spreads what many peers would otherwise do at the same moment. */
export function between(random: Random, from: Millis, to: Millis): Millis {
  return from + random() * (to - from)
}
