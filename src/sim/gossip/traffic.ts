import { below, sample } from '#src/core/random.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Random } from '#src/core/random.ts'
import type { Plan } from './plan.ts'

/** Most peers that say something. */
const originsMax = 100
/** When those that say something do so for the first time, unless they are to do it in the cold. */
const firstWordsFrom = 2_000
const firstWordsMs = 5_000

/** Who publishes what when: messages are numbers, by which the arrays go. */
export interface Traffic {
  readonly messages: number
  /** So many of them, the first, are not among those that count. */
  readonly firstWords: number
  readonly at: Uint32Array
  readonly origin: Uint32Array
  /** The how manieth of its origin it is, from 1. */
  readonly sequence: Uint32Array
}

/** @param rate messages a second in all */
export function trafficOf(
  { scenario, startAt, counted }: Plan,
  messages: number,
  rate: number,
  random: Random
): Traffic {
  const able: number[] = []
  for (const [peer, counts] of counted.entries()) if (counts === 1) able.push(peer)
  const origins = sample(random, able, Math.min(originsMax, messages))
  const firstWords = scenario === 'cold' ? 0 : origins.length
  const all: { at: Millis; origin: number }[] = []
  for (const origin of origins.slice(0, firstWords)) {
    all.push({ at: Math.floor(firstWordsFrom + random() * firstWordsMs), origin })
  }
  // Otherwise their numbers would not be in the order in which they are published.
  all.sort((one, other) => one.at - other.at)
  for (let message = 0; message < messages; message++) {
    const at = Math.floor(startAt + ((message + random()) * 1_000) / rate)
    all.push({ at, origin: origins[below(random, origins.length)] as number })
  }
  const said = new Map<number, number>()
  const sequence = all.map(({ origin }) => {
    const next = (said.get(origin) ?? 0) + 1
    said.set(origin, next)
    return next
  })
  return {
    messages: all.length,
    firstWords,
    at: Uint32Array.from(all, ({ at }) => at),
    origin: Uint32Array.from(all, ({ origin }) => origin),
    sequence: Uint32Array.from(sequence)
  }
}
