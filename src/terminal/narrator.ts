import { jsonLine, printable } from '#src/node/printable.ts'
import type { NodeEvent } from '#src/node/events.ts'

/** Prints what happens: a line for people, or with `--json` an object a line for programs. */
export function narrator(json: boolean): (event: NodeEvent, text: string) => void {
  if (json) return event => console.log(jsonLine(event))
  return (event, text) => {
    if (event.event === 'started') {
      // In one piece: several seeds share a terminal.
      const head = `${event.role} ${event.node} started, PID ${event.pid}, listening on`
      console.log([head, ...event.addresses.map(address => `  ${address}`)].join('\n'))
      return
    }
    const said = event.event === 'received' ? `${text} ${printable(JSON.stringify(event.text))}` : text
    console.log(`${event.time.slice(11, 19)} ${event.role} ${event.node}: ${said}`)
  }
}

/** Where a node is to be seen. Programs that read `--json` are told beside it. */
export function tellAddress(who: string, url: string, json: boolean): void {
  const text = `${who} can be watched at ${url}`
  if (json) console.error(`hubcast: ${text}`)
  else console.log(text)
}

/** Trouble with a file of ours, on standard error. */
export function complain(error: Error): void {
  console.error(`hubcast: ${printable(error.message)}; trying again until it works`)
}
