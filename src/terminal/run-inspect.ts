import { inspect } from '#src/node/inspection.ts'
import { jsonLine, printable } from '#src/node/printable.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import type { Inspection } from '#src/node/inspection.ts'

/** Prints what a libp2p node says of itself. Ends the process. */
export async function runInspect(address: string, { json }: { readonly json?: true }): Promise<void> {
  try {
    const found = await inspect(address)
    if (json === true) console.log(jsonLine(found))
    else for (const [title, ...lines] of paragraphs(found)) tell(title ?? '', lines)
    process.exit(exitCode.ok)
  } catch (error) {
    giveUp(error)
  }
}

function paragraphs({ id, keyType, identity, latenciesMs }: Inspection): string[][] {
  const who = [
    ['identity', id],
    ['key', keyType]
  ]
  if (identity === undefined) return [...who, ['identify', 'it does not answer'], latency(latenciesMs)]
  const { agent, protocolVersion, protocols, addresses } = identity
  return [
    ...who,
    ['agent', agent],
    ['version', protocolVersion],
    ['addresses', ...addresses],
    ['protocols', ...protocols.toSorted()],
    ['Hubcast', role(protocols)],
    latency(latenciesMs)
  ]
}

/** What a node is to our network, by what it speaks. */
function role(protocols: readonly string[]): string {
  const speaks = (name: string): boolean => protocols.some(protocol => protocol.startsWith(`/hubcast/${name}/`))
  if (speaks('overlay')) return 'a peer'
  return speaks('announcement') ? 'a seed' : 'a foreign node'
}

function latency(latenciesMs: readonly number[]): string[] {
  if (latenciesMs.length === 0) return ['latency', 'it answers no ping']
  const sorted = latenciesMs.toSorted((a, b) => a - b)
  const ms = (index: number): string => {
    const latency = Math.round(sorted.at(index) ?? 0)
    return latency === 0 ? 'under 1 ms' : `${latency} ms`
  }
  return ['latency', `${ms(Math.floor(sorted.length / 2))} (of ${sorted.length} pings, ${ms(0)} to ${ms(-1)})`]
}

function tell(title: string, lines: readonly string[]): void {
  const shown = lines.length === 0 || lines[0] === '' ? ['it does not say'] : lines
  for (const [index, line] of shown.entries())
    console.log(`${(index === 0 ? title : '').padEnd(10)} ${printable(line)}`)
}
