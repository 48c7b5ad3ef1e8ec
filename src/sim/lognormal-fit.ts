import { onlyAt } from './exponential-family.ts'
import { risingRoot } from './rising-root.ts'
import type { Sloped } from './rising-root.ts'
import type { DegreeRange } from './degree-histogram.ts'

/**
 * The rounded lognormal on a range of degrees: P(degree = k) ~ the mass of a lognormal between k - 1/2 and k + 1/2, as in the
 * programs that go with Clauset, Shalizi and Newman (2009).
 *
 * With y = log degree its density is exp(tilt * y - curvature * y^2), where curvature = 1 / (2 sd^2) and tilt = mean / sd^2. So
 * a power law of exponent 1 - tilt is the lognormal of curvature 0, with an infinite sd and a mean of minus infinity: on a finite
 * range it is a limit of lognormals and cannot be told from those of a very great sd. In tilt and curvature that limit is an
 * ordinary point, and the likelihood has one top (certainly for the density; the cells are narrow enough that no second one was
 * seen); in mean and sd a search runs along a ridge and stops where it loses patience.
 */
export interface LognormalFit {
  /** Mean of log degree of the whole lognormal, not of its part in the range. -Infinity: a power law. */
  readonly meanLog: number
  /** Standard deviation of log degree, likewise. */
  readonly sdLog: number
  /** log P(degree), entry 0 for the first degree of the range. */
  readonly logShares: Float64Array
}

/** Narrower lognormals are not looked for: nearly all peers would have the same degree. */
const sdLogMin = 0.05
const curvatureMax = 1 / (2 * sdLogMin ** 2)

/** Gauss-Legendre on [-1, 1]; on pieces twice as wide as an sd it errs by less than 1e-6. */
const quadrature = [
  { at: 0, weight: 0.5688888888888889 },
  { at: 0.5384693101056831, weight: 0.47862867049936647 },
  { at: -0.5384693101056831, weight: 0.47862867049936647 },
  { at: 0.906179845938664, weight: 0.23692688505618908 },
  { at: -0.906179845938664, weight: 0.23692688505618908 }
]
const pieceWidthMax = 0.1

/** The fit of maximum likelihood to `counts` peers by degree, among lognormals with a mean of log degree of at least `meanLogMin`. */
export function fitLognormal(range: DegreeRange, counts: Float64Array, meanLogMin = -Infinity): LognormalFit {
  const kinds = counts.reduce((kinds, peers) => kinds + (peers > 0 ? 1 : 0), 0)
  if (kinds === 0) throw new RangeError('no peer has a degree in this range')
  if (kinds === 1) {
    const index = counts.findIndex(peers => peers > 0)
    return { meanLog: Math.log(range.from + index), sdLog: 0, logShares: onlyAt(index, counts.length) }
  }
  const cells = new Cells(range, counts)
  let tilt = 0
  const curvature = risingRoot(
    curvature => {
      tilt = risingRoot(tilt => cells.at(tilt, curvature).forTilt, { start: tilt })
      return cells.at(tilt, curvature).forCurvature
    },
    { start: 0.1, low: 0, high: curvatureMax }
  )
  tilt = risingRoot(tilt => cells.at(tilt, curvature).forTilt, { start: tilt })
  const best = cells.lognormal(tilt, curvature)
  if (best.meanLog >= meanLogMin) return best

  // The likelihood has one top, so the best that is allowed has the least mean that is allowed: tilt is in a fixed ratio.
  const ratio = 2 * (meanLogMin - cells.centre)
  const allowed = risingRoot(curvature => cells.at(ratio * curvature, curvature).along(ratio), {
    start: 0.1,
    low: 1e-12,
    high: curvatureMax
  })
  return cells.lognormal(ratio * allowed, allowed)
}

/** Derivatives of minus the log-likelihood. */
class Derivatives {
  #tilt = 0
  #curvature = 0
  #tiltTwice = 0
  #mixed = 0
  #curvatureTwice = 0

  /** Adds `times` the moments of u and u^2 under a density exp(tilt * u - curvature * u^2), which are the derivatives of its mass. */
  add(times: number, { u, u2, u3, u4 }: Moments): void {
    this.#tilt += times * u
    this.#curvature -= times * u2
    this.#tiltTwice += times * (u2 - u * u)
    this.#mixed -= times * (u3 - u * u2)
    this.#curvatureTwice += times * (u4 - u2 * u2)
  }

  get forTilt(): Sloped {
    return { value: this.#tilt, slope: this.#tiltTwice }
  }

  /** Where each curvature comes with the tilt that is best for it. */
  get forCurvature(): Sloped {
    return { value: this.#curvature, slope: this.#curvatureTwice - this.#mixed ** 2 / this.#tiltTwice }
  }

  /** Where the tilt is `ratio` times the curvature. */
  along(ratio: number): Sloped {
    return {
      value: ratio * this.#tilt + this.#curvature,
      slope: ratio ** 2 * this.#tiltTwice + 2 * ratio * this.#mixed + this.#curvatureTwice
    }
  }
}

/** Means of the powers of u. */
interface Moments {
  readonly u: number
  readonly u2: number
  readonly u3: number
  readonly u4: number
}

/** The masses of exp(tilt * u - curvature * u^2) between k - 1/2 and k + 1/2, u being the log degree from `centre` on. */
class Cells {
  /** The mean log degree of the peers. Measured from there, tilt and curvature depend little on each other. */
  readonly centre: number
  readonly #counts: Float64Array
  readonly #peers: number
  readonly #u: Float64Array
  /** Of the pieces of u that the nodes stand for. */
  readonly #logWidth: Float64Array
  /** Where the nodes of each cell end. */
  readonly #end: Uint32Array
  readonly #logMass: Float64Array

  constructor({ from }: DegreeRange, counts: Float64Array) {
    this.#counts = counts
    this.#peers = counts.reduce((sum, peers) => sum + peers, 0)
    this.centre = counts.reduce((sum, peers, index) => sum + peers * Math.log(from + index), 0) / this.#peers
    this.#end = new Uint32Array(counts.length)
    this.#logMass = new Float64Array(counts.length)
    const u: number[] = []
    const logWidth: number[] = []
    for (let index = 0; index < counts.length; index++) {
      const start = Math.log(from + index - 0.5) - this.centre
      const width = Math.log1p(1 / (from + index - 0.5))
      const pieces = Math.ceil(width / pieceWidthMax)
      const half = width / pieces / 2
      for (let piece = 0; piece < pieces; piece++) {
        for (const { at, weight } of quadrature) {
          u.push(start + half * (2 * piece + 1 + at))
          logWidth.push(Math.log(half * weight))
        }
      }
      this.#end[index] = u.length
    }
    this.#u = Float64Array.from(u)
    this.#logWidth = Float64Array.from(logWidth)
  }

  at(tilt: number, curvature: number): Derivatives {
    const derivatives = new Derivatives()
    let [greatest, total, u, u2, u3, u4] = [-Infinity, 0, 0, 0, 0, 0]
    for (let index = 0; index < this.#counts.length; index++) {
      const cell = this.#cell(index, tilt, curvature)
      const peers = this.#counts[index] as number
      if (peers > 0) derivatives.add(-peers, cell)

      const logMass = this.#logMass[index] as number
      if (logMass > greatest) {
        const shrunk = Math.exp(greatest - logMass)
        ;[total, u, u2, u3, u4] = [total * shrunk, u * shrunk, u2 * shrunk, u3 * shrunk, u4 * shrunk]
        greatest = logMass
      }
      const mass = Math.exp(logMass - greatest)
      total += mass
      u += mass * cell.u
      u2 += mass * cell.u2
      u3 += mass * cell.u3
      u4 += mass * cell.u4
    }
    derivatives.add(this.#peers, { u: u / total, u2: u2 / total, u3: u3 / total, u4: u4 / total })
    return derivatives
  }

  lognormal(tilt: number, curvature: number): LognormalFit {
    this.at(tilt, curvature)
    const greatest = this.#logMass.reduce((most, logMass) => Math.max(most, logMass))
    const logTotal = greatest + Math.log(this.#logMass.reduce((sum, logMass) => sum + Math.exp(logMass - greatest), 0))
    return {
      meanLog: curvature > 0 ? this.centre + tilt / (2 * curvature) : -Infinity,
      sdLog: Math.sqrt(1 / (2 * curvature)),
      logShares: this.#logMass.map(logMass => logMass - logTotal)
    }
  }

  /** Notes the cell's mass and returns its moments, however small the mass is. */
  #cell(index: number, tilt: number, curvature: number): Moments {
    const begin = index === 0 ? 0 : (this.#end[index - 1] as number)
    const end = this.#end[index] as number
    const logDensity = (place: number): number => (tilt - curvature * place) * place
    const reference = logDensity(this.#u[begin] as number)
    let [total, u, u2, u3, u4] = [0, 0, 0, 0, 0]
    for (let node = begin; node < end; node++) {
      const place = this.#u[node] as number
      const mass = Math.exp(logDensity(place) - reference + (this.#logWidth[node] as number))
      total += mass
      u += mass * place
      u2 += mass * place ** 2
      u3 += mass * place ** 3
      u4 += mass * place ** 4
    }
    this.#logMass[index] = reference + Math.log(total)
    return { u: u / total, u2: u2 / total, u3: u3 / total, u4: u4 / total }
  }
}
