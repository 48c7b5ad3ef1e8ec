/** What README.md tells people to run, and what of it has been tried. */

const command = /^(npm|npx|node|hubcast|kill)( |$)/
const fence = /^```(\w*)\n(.*?)^```$/gms

/** Every line of an `sh` block without its comment, and every command within the text; each once. */
export function commandsOf(markdown: string): string[] {
  const lines = [...markdown.matchAll(fence)]
    .filter(([, language]) => language === 'sh')
    .flatMap(([, , code = '']) => code.split('\n'))
    .map(line => line.replace(/(^|\s)#.*/, '').trim())
    .filter(line => line !== '')
  const spans = [...markdown.replaceAll(fence, '').matchAll(/`([^`]+)`/g)]
    .map(([, span = '']) => span.replaceAll(/\s+/g, ' '))
    .filter(span => command.test(span))
  return [...new Set([...lines, ...spans])]
}

/** Every `js` block. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(fence)].filter(([, language]) => language === 'js').map(([, , code = '']) => code)
}

/** Keeps account of what a text tells people to run. */
export class Told {
  readonly #untried: Set<string>
  readonly #all: ReadonlySet<string>

  constructor(markdown: string) {
    this.#all = new Set([...commandsOf(markdown), ...blocksOf(markdown)])
    this.#untried = new Set(this.#all)
  }

  /** @throws when README.md does not say this, or another test has tried it */
  attempt(what: string): void {
    if (this.#untried.delete(what)) return
    const why = this.#all.has(what) ? 'another test runs it already' : 'README.md does not say it'
    throw new Error(`a test runs ${what}: ${why}`)
  }

  /** What nobody has tried, a sentence each. */
  get untried(): string[] {
    return [...this.#untried].map(what => `README.md says ${what}, which no test runs`)
  }
}
