export interface Label {
  readonly text: string
  /** Where it begins, and its middle line, in pixels. */
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Height of the box that a label keeps free, in pixels. */
const height = 14

/** Those that fit, the first ones first: none covers another one. */
export function withoutOverlap<Wanted extends Label>(wanted: readonly Wanted[]): Wanted[] {
  const kept: Wanted[] = []
  for (const one of wanted) {
    const covers = kept.some(
      other => one.x < other.x + other.width && other.x < one.x + one.width && Math.abs(one.y - other.y) < height
    )
    if (!covers) kept.push(one)
  }
  return kept
}
