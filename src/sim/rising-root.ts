/** A function and its derivative at one place. */
export interface Sloped {
  readonly value: number
  readonly slope: number
}

export interface RootBounds {
  readonly start: number
  /** Where the search ends: no root below is looked for. */
  readonly low?: number
  readonly high?: number
}

/** Newton needs about ten; bisection, which takes over when it does not settle, ends within 60 more. */
const newtonRounds = 60
const roundsMax = 200

/**
 * The root of a rising function: Newton's method, kept inside what is already known to enclose the root. Where the function has
 * one sign between the bounds, the bound that is nearest to the root.
 */
export function risingRoot(
  at: (place: number) => Sloped,
  { start, low = -Infinity, high = Infinity }: RootBounds
): number {
  if (low > -Infinity && at(low).value >= 0) return low
  if (high < Infinity && at(high).value <= 0) return high
  let [below, above, place, stride] = [low, high, start, 1]
  for (let round = 0; round < roundsMax; round++) {
    const { value, slope } = at(place)
    if (value === 0) return place
    if (value > 0) above = place
    else below = place
    let step = slope > 0 ? -value / slope : -value * Infinity
    if (Math.abs(step) > stride) {
      // Far from the root a slope can be all but flat; strides that double get there as well.
      step = Math.sign(step) * stride
      stride *= 2
    }
    let next = place + step
    const enclosed = below > -Infinity && above < Infinity
    if (enclosed && (next <= below || next >= above || round > newtonRounds)) next = (below + above) / 2
    if (Math.abs(next - place) <= 1e-11 * (1 + Math.abs(place))) return next
    place = next
  }
  return place
}
