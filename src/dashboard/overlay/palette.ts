const names = ['ground', 'ink', 'quiet-ink', 'edge', 'leaf', 'hub', 'signal', 'death'] as const

/** The colours of the style sheet, for what is painted. */
export interface Palette extends Record<(typeof names)[number], string> {
  /** From a leaf to a hub. */
  readonly shades: readonly string[]
}

/** So many that nobody sees the steps; all vertices of one are painted at once. */
export const shadeCount = 9

export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const colours = Object.fromEntries(names.map(name => [name, style.getPropertyValue(`--${name}`).trim()]))
  const { leaf, hub, ...rest } = colours as Record<(typeof names)[number], string>
  const shades = Array.from({ length: shadeCount }, (_, at) => mixed(leaf, hub, at / (shadeCount - 1)))
  return { leaf, hub, ...rest, shades }
}

/** Of two colours as browsers compute them: `rgb(r, g, b)`. */
export function mixed(one: string, other: string, share: number): string {
  const [a, b] = [parts(one), parts(other)]
  return `rgb(${[0, 1, 2].map(at => Math.round((a[at] ?? 0) + ((b[at] ?? 0) - (a[at] ?? 0)) * share)).join(', ')})`
}

function parts(colour: string): number[] {
  return (colour.match(/[\d.]+/g) ?? []).map(Number)
}
