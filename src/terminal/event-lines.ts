import { styleText } from 'node:util'
import { reasonText } from '#src/node/events.ts'
import { printable } from '#src/node/printable.ts'
import { wrapped } from './story.ts'
import type { NodeEvent } from '#src/node/events.ts'

type Mark = readonly [symbol: string, style: Parameters<typeof styleText>[0]]

const good: Mark = ['+', 'green']
const gone: Mark = ['-', 'yellow']
const trouble: Mark = ['!', 'red']
const quiet: Mark = ['.', 'dim']

/** What an event is to a peer, told by a sign before its sentence; the colour only says it once more. */
const marks: Record<NodeEvent['event'], Mark> = {
  started: good,
  stopped: gone,
  registered: good,
  degraded: trouble,
  'name-taken': trouble,
  'seed-pinned': quiet,
  unreachable: trouble,
  reachable: good,
  connected: good,
  'foreign-connected': good,
  'foreign-gone': gone,
  linked: good,
  unlinked: gone,
  published: ['>', 'cyan'],
  received: ['<', 'bold'],
  'ping-failed': trouble,
  'reported-dead': ['x', 'red'],
  'report-answered': quiet,
  'peer-joined': quiet,
  'peer-removed': quiet,
  fault: trouble
}

/** Width of the time and the sign. */
const headWidth = 11

export interface EventLineOptions {
  /** Of the terminal, in characters. */
  readonly width: number
  /** Whether the terminal has colours, and they are wanted. */
  readonly colours: boolean
}

/** An event as a terminal shows it, in several lines if it is narrow. @param text its sentence */
export function eventLine(event: NodeEvent, text: string, { width, colours }: EventLineOptions): string {
  const [symbol, style] = marks[event.event]
  const [first = '', ...others] = sentencesOf(event, text).flatMap(each =>
    wrapped(each, Math.max(1, width - headWidth - 1))
  )
  const lines = [`${event.time.slice(11, 19)} ${symbol} ${first}`, ...others.map(line => ' '.repeat(headWidth) + line)]
  return lines.map(line => (colours ? styleText(style, line, { validateStream: false }) : line)).join('\n')
}

/** What is told of an event here: as in the log, with what the log has elsewhere, and one reason a line. */
function sentencesOf(event: NodeEvent, text: string): string[] {
  if (event.event === 'linked') return [`${text}, ${event.degree} of ${event.target} links`]
  if (event.event === 'received') {
    const { hops, ageMs } = event
    return [`${text} ${printable(JSON.stringify(event.text))} (${hops} ${hops === 1 ? 'hop' : 'hops'}, ${ageMs} ms)`]
  }
  if (event.event !== 'degraded') return [text]
  const seeds = Object.keys(event.reasons).toSorted()
  const reason = (seed: string): string => event.reasons[seed] ?? ''
  return [
    text.replace(/(?<=; trying again) \(.*$/s, ''),
    ...seeds.map(seed => `${seed}: ${refused.test(reason(seed)) ? notThere : reasonText(reason(seed))}`)
  ]
}

const refused = /ECONNREFUSED/
const notThere = 'nobody listens there; does this seed run?'
