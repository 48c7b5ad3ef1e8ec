import '#src/node/polyfill.ts'
import { parseArgs } from 'node:util'
import { load } from './load.ts'
import { paragraph, row, summary } from './report.ts'
import { breakOff, play } from './runner.ts'
import { seeds } from './seeds.ts'
import type { Result } from './report.ts'
import type { Scenario } from './scenario.ts'

// Plays what must not break the network, with real processes on loopback: see README.md.

const suites: Readonly<Record<string, readonly Scenario[]>> = { seeds, load }
const usage = `npm run chaos -- ${Object.keys(suites).join('|')} [--only NAME] [--quick] [--json]`
const { chosen, json } = options()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void breakOff().then(() => process.exit(130)))
}

const results: Result[] = []
await play(chosen, result => {
  results.push(result)
  console.log(json ? row(result) : `${paragraph(result)}\n`)
})
if (!json) console.log(summary(results))
process.exit(results.some(({ outcome }) => outcome === 'broken') ? 1 : 0)

function options(): { readonly chosen: readonly Scenario[]; readonly json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        only: { type: 'string', multiple: true },
        quick: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' }
      }
    })
    const { only, quick = false, json = false, help = false } = values
    if (help) {
      console.log(`${usage}\nSee test/chaos/README.md.\n\n${list()}`)
      process.exit(0)
    }
    const [suite = '', ...rest] = positionals
    const all = suites[suite]
    if (all === undefined || rest.length > 0)
      throw new RangeError(`one of ${Object.keys(suites).join(', ')} is to be played`)
    const unknown = only?.find(name => !all.some(scenario => scenario.name === name))
    if (unknown !== undefined) throw new RangeError(`${suite} has no ${unknown}; --help lists all`)
    const chosen = all.filter(({ name, isQuick }) => (only?.includes(name) ?? true) && (!quick || isQuick === true))
    return { chosen, json }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}

function list(): string {
  return Object.entries(suites)
    .flatMap(([suite, scenarios]) => [`${suite}:`, ...scenarios.map(({ name, injected }) => `  ${name}: ${injected}`)])
    .join('\n')
}
