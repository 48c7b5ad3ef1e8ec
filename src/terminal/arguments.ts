import path from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { exitCode } from './exit-codes.ts'

/** Where seeds keep their keys, and both seeds and peers whom they know as seeds. */
export const standardDataDir = '.hubcast'

/** A time such as `500ms`, `5s`, `2m` or plain `5` (seconds), in ms. */
export function duration(text: string): number {
  const parts = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)?$/.exec(text)?.groups
  if (parts === undefined) throw new InvalidArgumentError('Write a time such as 500ms, 5s or 2m.')
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[parts['unit'] ?? 's'] ?? 1_000
  return Number(parts['amount']) * unit
}

/** A flag that takes a time. */
export function time(flag: string, description: string, standard: string): Option {
  return new Option(`${flag} <time>`, description).argParser(duration).default(duration(standard), standard)
}

/** A parser for whole numbers in a range, both ends included. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`)
    }
    return value
  }
}

/** A parser for numbers in a range, both ends included. */
export function decimal(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^\d+(\.\d+)?$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Write a number from ${min} to ${max}.`)
    }
    return value
  }
}

/** Collects a flag that may be given several times, or with several values. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** A command whose mistakes end with our exit code for usage. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .allowExcessArguments(false)
    .showHelpAfterError('(--help lists all flags)')
    .exitOverride(error => process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage))
}

/** Programs of their own beside `hubcast`. */
const programs = new Set(['seed', 'peer', 'swarm', 'simulate'])

/** Commands for people to try, as this program was started: by the name of the package, or by a file of it. */
export function examples(...commands: readonly string[]): string {
  const isInstalled = path.parse(process.argv[1] ?? '').name === 'hubcast'
  const lines = commands.map(line => {
    if (isInstalled) return `hubcast ${line}`
    const [first = '', ...others] = line.split(' ')
    return programs.has(first) ? [`node dist/${first}.js`, ...others].join(' ') : `node dist/cli.js ${line}`
  })
  return ['\nExamples:', ...lines].join('\n  ')
}
