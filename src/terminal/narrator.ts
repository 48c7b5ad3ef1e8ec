import { jsonLine, printable } from '#src/node/printable.ts'
import type { NodeEvent } from '#src/node/events.ts'
import type { LogFileWatch } from '#src/node/log-file.ts'

/** Prints what happens: a line for people, or with `--json` an object a line for programs. */
export function narrator(json: boolean): (event: NodeEvent, text: string) => void {
  if (json) return event => console.log(jsonLine(event))
  return (event, text) => {
    if (event.event === 'started') {
      // In one piece: several seeds share a terminal.
      const head = `${event.role} ${printable(event.node)} started, PID ${event.pid}, listening on`
      console.log([head, ...event.addresses.map(address => `  ${printable(address)}`)].join('\n'))
      return
    }
    const said = event.event === 'received' ? `${text} ${JSON.stringify(event.text)}` : text
    console.log(`${event.time.slice(11, 19)} ${event.role} ${printable(event.node)}: ${printable(said)}`)
  }
}

/** Tells of trouble with files of ours, and of its end. @param tell by default on standard error */
export function fileWatch(tell: (text: string) => void = console.error): LogFileWatch {
  return {
    onTrouble: ({ message }) => tell(`hubcast: ${printable(message)}; trying again until it works`),
    onRecovery: (file, lost) =>
      tell(`hubcast: ${file} can be written again, ${lost === 0 ? 'no line is lost' : `${lost} lines are lost`}`),
    onUnwritten: (file, lines) => tell(`hubcast: ${file} lacks the last ${lines} lines, which could not be written`)
  }
}

/** Trouble with a file of ours, on standard error. */
export const complain = fileWatch().onTrouble

/** Where a node is to be seen. Programs that read `--json` are told beside it. */
export function tellAddress(who: string, url: string, json: boolean, tell = console.log): void {
  const text = `${who} can be watched at ${url}`
  if (json) console.error(`hubcast: ${text}`)
  else tell(text)
}
