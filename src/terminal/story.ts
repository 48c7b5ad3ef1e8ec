/** Width of the bars, in characters: a whole line stays below 80. */
const barWidth = 30

/** Width of what stands before each text: the time and a word. */
const headWidth = 21

/**
 * What a swarm tells people: lines that stay, each with its time, and on a terminal one line at the bottom that is written anew
 * all the time. In a pipe only the lines that stay.
 */
export class Story {
  readonly #quiet: boolean
  readonly #live = process.stdout.isTTY
  readonly #startedAt = performance.now()
  #status = ''

  constructor(quiet: boolean) {
    this.#quiet = quiet
  }

  /** Seconds since the beginning. */
  get seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  /** @param what one word @param text what happened; further lines are indented below it */
  tell(what: string, ...text: readonly string[]): void {
    if (this.#quiet) return
    this.#erase()
    const width = (process.stdout.columns ?? 80) - headWidth - 1
    for (const [index, line] of text.flatMap(line => wrapped(line, width)).entries()) {
      const head = index === 0 ? `${this.seconds.toFixed(1).padStart(5)} s  ${what}` : ''
      console.log(`${head.padEnd(headWidth)}${line}`.trimEnd())
    }
    this.#draw()
  }

  /** Replaces the line at the bottom. */
  status(text: string): void {
    if (this.#quiet || !this.#live) return
    this.#erase()
    this.#status = text.slice(0, (process.stdout.columns ?? 80) - 1)
    this.#draw()
  }

  #erase(): void {
    if (this.#live && this.#status !== '') process.stdout.write('\r\u001b[K')
  }

  #draw(): void {
    if (this.#live) process.stdout.write(this.#status)
  }
}

/** Lines of at most this width, broken at spaces; a word that is longer stays whole. */
export function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return [text]
  const space = text.lastIndexOf(' ', width)
  const at = space > 0 ? space : text.indexOf(' ', width)
  return at < 0 ? [text] : [text.slice(0, at), ...wrapped(text.slice(at + 1), width)]
}

/** A bar such as `[######....] 60 of 100`. */
export function progressBar(done: number, all: number): string {
  const filled = all === 0 ? 0 : Math.floor((barWidth * done) / all)
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${done} of ${all}`
}

/** A bar such as `[######....]  60 %`. @param share 0 to 1 */
export function percentBar(share: number): string {
  const filled = Math.floor(barWidth * share)
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}] ${String(Math.floor(100 * share)).padStart(3)} %`
}

/** How many peers have which degree, and how many should have it by their targets: a line each, from few links to many. */
export function histogram(degrees: readonly number[], targets: readonly number[]): string[] {
  const all = [...new Set([...degrees, ...targets])].toSorted((a, b) => a - b)
  const count = (list: readonly number[], degree: number): number => list.filter(other => other === degree).length
  const most = Math.max(...all.map(degree => count(degrees, degree)))
  return all.map(degree => {
    const peers = count(degrees, degree)
    const bar = peers === 0 ? '' : `${'#'.repeat(Math.ceil((barWidth * peers) / most))} `
    const links = degree === 1 ? ' link ' : ' links'
    const people = peers === 1 ? 'peer' : 'peers'
    return `${String(degree).padStart(3)}${links}  ${bar}${peers} ${people}, law ${count(targets, degree)}`
  })
}
