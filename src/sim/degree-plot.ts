/** One degree with the share of the peers that have as many links or more. */
interface Point {
  readonly degree: number
  readonly share: number
}

const width = 720
const height = 480
const margin = { left: 80, right: 24, top: 48, bottom: 56 }

/**
 * A picture, as SVG: the share of the peers that have so many links or more, on two logarithmic axes, the peers as dots and the
 * law as a line. A power law is straight there, but for its end, where the cutoff bends it.
 * @param histogram peers by number of links
 * @param expected the same for a network in which everybody has just its target
 */
export function degreePlot(title: string, histogram: ArrayLike<number>, expected: ArrayLike<number>): string {
  const seen = tail(histogram)
  const law = tail(expected)
  const degreeMax = Math.max(...[...seen, ...law].map(({ degree }) => degree), 10)
  const shareMin = Math.min(...[...seen, ...law].map(({ share }) => share), 0.1)
  const x = (degree: number): number =>
    margin.left + (Math.log(degree) / Math.log(degreeMax)) * (width - margin.left - margin.right)
  const y = (share: number): number =>
    margin.top + (Math.log(share) / Math.log(shareMin)) * (height - margin.top - margin.bottom)
  const dots = seen.map(({ degree, share }) => `<circle cx="${round(x(degree))}" cy="${round(y(share))}" r="3"/>`)
  const line = law.map(({ degree, share }) => `${round(x(degree))},${round(y(share))}`)
  const ticks = [
    ...powersOfTen(1, degreeMax).map(degree => label(x(degree), height - margin.bottom + 20, String(degree), 'middle')),
    ...powersOfTen(shareMin, 1).map(share => label(margin.left - 8, y(share) + 4, String(share), 'end'))
  ]
  const bottom = height - margin.bottom
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    label(width / 2, 20, title, 'middle'),
    `<path d="M${margin.left} ${margin.top}V${bottom}H${width - margin.right}" fill="none" stroke="#888"/>`,
    `<polyline points="${line.join(' ')}" fill="none" stroke="#d95f02" stroke-width="2"/>`,
    `<g fill="#1b6ca8" fill-opacity="0.75">${dots.join('')}</g>`,
    ...ticks,
    label(width / 2, height - 14, 'links', 'middle'),
    label(margin.left, margin.top - 8, 'share of the peers with so many links or more', 'start'),
    label(width - margin.right, margin.top - 8, 'dots: peers, line: the law', 'end'),
    '</svg>',
    ''
  ].join('\n')
}

function tail(histogram: ArrayLike<number>): Point[] {
  const points: Point[] = []
  let all = 0
  for (let degree = 1; degree < histogram.length; degree++) all += histogram[degree] as number
  let rest = all
  for (let degree = 1; degree < histogram.length && rest > 0; degree++) {
    if ((histogram[degree] as number) > 0) points.push({ degree, share: rest / all })
    rest -= histogram[degree] as number
  }
  return points
}

function powersOfTen(from: number, to: number): number[] {
  const powers: number[] = []
  for (let power = Math.ceil(Math.log10(from)); power <= Math.log10(to); power++) powers.push(Number(`1e${power}`))
  return powers
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#333">${safe}</text>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
