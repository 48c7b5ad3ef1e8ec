import { risingRoot } from './rising-root.ts'

/**
 * Laws of one parameter on a finite range of degrees: P(degree = k) ~ exp(theta * statistic(k) + base(k)). A power law has the
 * statistic log k, a geometric law k, a Poisson law k with the base -log k!. Their likelihood is strictly concave in theta, so
 * there is one best theta: the one whose mean statistic is the mean of what was observed. No starting value can mislead.
 */
export interface Family {
  /** Rises with the degree. One entry a degree of the range. */
  readonly statistic: Float64Array
  readonly base: Float64Array
}

export interface FamilyFit {
  /** Infinite if all peers have the smallest or all the greatest degree of the range. */
  readonly theta: number
  /** log P(degree), one entry a degree of the range. */
  readonly logShares: Float64Array
  /** Of the statistic under the fitted law: what one peer says about theta (Fisher information). */
  readonly variance: number
}

/** The fit of maximum likelihood to `counts` peers by degree. `start` saves a few rounds when it is near and is never needed. */
export function fitFamily(family: Family, counts: Float64Array, start = 0): FamilyFit {
  const { statistic } = family
  const last = counts.length - 1
  let peers = 0
  let total = 0
  for (let index = 0; index <= last; index++) {
    peers += counts[index] as number
    total += (counts[index] as number) * (statistic[index] as number)
  }
  if (!(peers > 0)) throw new RangeError('no peer has a degree in this range')
  if (last === 0) return { theta: 0, logShares: new Float64Array(1), variance: 0 }
  if (counts[0] === peers) return { theta: -Infinity, logShares: onlyAt(0, counts.length), variance: 0 }
  if (counts[last] === peers) return { theta: Infinity, logShares: onlyAt(last, counts.length), variance: 0 }

  const mean = total / peers
  const logShares = new Float64Array(counts.length)
  let moments = { mean, variance: 0 }
  const theta = risingRoot(
    place => {
      moments = lawAt(family, place, logShares)
      return { value: moments.mean - mean, slope: moments.variance }
    },
    { start }
  )
  moments = lawAt(family, theta, logShares)
  return { theta, logShares, variance: moments.variance }
}

/** Writes log P(degree) to `logShares` and returns mean and variance of the statistic. */
function lawAt(
  { statistic, base }: Family,
  theta: number,
  logShares: Float64Array
): { mean: number; variance: number } {
  let greatest = -Infinity
  for (let index = 0; index < logShares.length; index++) {
    const logWeight = theta * (statistic[index] as number) + (base[index] as number)
    logShares[index] = logWeight
    if (logWeight > greatest) greatest = logWeight
  }
  let weights = 0
  let first = 0
  let second = 0
  for (let index = 0; index < logShares.length; index++) {
    const weight = Math.exp((logShares[index] as number) - greatest)
    const weighed = weight * (statistic[index] as number)
    weights += weight
    first += weighed
    second += weighed * (statistic[index] as number)
  }
  const logTotal = greatest + Math.log(weights)
  for (let index = 0; index < logShares.length; index++) logShares[index] = (logShares[index] as number) - logTotal
  const mean = first / weights
  return { mean, variance: Math.max(second / weights - mean * mean, 0) }
}

/** log P of a law that always gives the degree at `index`. */
export function onlyAt(index: number, length: number): Float64Array {
  const logShares = new Float64Array(length).fill(-Infinity)
  logShares[index] = 0
  return logShares
}
