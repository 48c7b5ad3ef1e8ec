import type { DegreesReply } from '../../http/contract.ts'

/** How many peers have so many links or more. */
export interface TailPoint {
  readonly degree: number
  readonly peers: number
  readonly law: number
}

/** The usual picture of a power law: unlike single counts, which jump where they are small, a tail is a smooth line on logarithmic axes. */
export function tailOf({ degrees }: Pick<DegreesReply, 'degrees'>): TailPoint[] {
  let [peers, law] = [0, 0]
  return degrees
    .toReversed()
    .map(one => {
      peers += one.count
      law += one.law
      return { degree: one.degree, peers, law }
    })
    .toReversed()
}

/** A logarithmic scale from the values `from` to `to` (both above 0) onto the pixels `start` to `end`. */
export function logScale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log(to / from)
  return value => start + (span === 0 ? 0.5 : Math.log(value / from) / span) * (end - start)
}

/** Where a logarithmic axis is marked: at each number if they are few, else at 1, 2 and 5 of each power of ten, or at the powers only. */
export function logTicks(from: number, to: number): number[] {
  const ticks: number[] = []
  if (to - from <= 8 && to / from <= 4) {
    return Array.from({ length: Math.floor(to) - Math.ceil(from) + 1 }, (_, at) => Math.ceil(from) + at)
  }
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const step of [1, 2, 5]) {
      const tick = step * 10 ** power
      if (tick >= from && tick <= to) ticks.push(tick)
    }
  }
  return ticks.length <= 8 ? ticks : ticks.filter(tick => Number.isInteger(Math.log10(tick)))
}
