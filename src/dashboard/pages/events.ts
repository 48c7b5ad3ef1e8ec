import { EventList } from '../components/event-list.ts'
import { emptyNotice } from '../components/notice.ts'
import { phrase, weightOf } from '../components/phrase.ts'
import { h } from '../dom.ts'
import type { Weight } from '../components/phrase.ts'
import type { Context } from '../context.ts'
import type { StreamedEvent } from '../../http/contract.ts'

/** Events that are kept, to be filtered, and lines on the page: more than anybody scrolls back. */
const keptMax = 2000
const shownMax = 200

/** Time between two looks at what has come, in ms: lines that jump faster cannot be read. */
const lookMs = 400

const kinds: readonly (readonly [string, string, readonly Weight[]])[] = [
  ['all', 'all events', ['good', 'bad', 'message', 'plain']],
  ['network', 'the network, no messages', ['good', 'bad', 'plain']],
  ['messages', 'messages only', ['message']],
  ['trouble', 'trouble only', ['bad']]
]

/** The stream of events, newest first. */
export function eventsPage({ feed, signal }: Context): Node[] {
  const list = new EventList()
  const empty = emptyNotice('Nothing so far.')
  const count = h('p', { class: 'quiet', role: 'status' })
  /** Oldest first. */
  const kept: StreamedEvent[] = []
  /** While paused: the events as they were. */
  let held: readonly StreamedEvent[] | undefined
  let missed = 0
  const show = (): void => {
    const events = held ?? kept
    const wanted = kinds.find(([name]) => name === kind.value)?.[2] ?? []
    const words = search.value.toLowerCase()
    const found: StreamedEvent[] = []
    for (let at = events.length - 1; at >= 0 && found.length < shownMax; at--) {
      const event = events[at] as StreamedEvent
      const text = `${event.node} ${event.event} ${phrase(event)}`.toLowerCase()
      if (wanted.includes(weightOf(event)) && text.includes(words)) found.push(event)
    }
    list.show(found)
    empty.hidden = found.length > 0
    count.textContent = held === undefined ? '' : `Paused, ${missed} more since`
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const note = (event: Event): void => {
    kept.push((event as CustomEvent<StreamedEvent>).detail)
    // In pieces, for each removal at the front moves all the others.
    if (kept.length > 2 * keptMax) kept.splice(0, keptMax)
    if (held !== undefined) missed++
    timer ??= setTimeout(() => {
      timer = undefined
      show()
    }, lookMs)
  }
  const search = h('input', { type: 'search', placeholder: 'Node or words', 'aria-label': 'Filter', input: show })
  const kind = h(
    'select',
    { 'aria-label': 'Kind', change: show },
    ...kinds.map(([value, label]) => h('option', { value }, label))
  )
  const pause = h('button', {
    type: 'button',
    'aria-pressed': 'false',
    click: () => {
      held = held === undefined ? [...kept] : undefined
      missed = 0
      pause.textContent = held === undefined ? 'Pause' : 'Go on'
      pause.setAttribute('aria-pressed', String(held !== undefined))
      show()
    }
  })
  pause.textContent = 'Pause'
  feed.addEventListener('event', note, { signal })
  feed.tellAll(signal)
  signal.addEventListener('abort', () => clearTimeout(timer))
  show()
  return [
    h('div', { class: 'head' }, h('h1', {}, 'Events'), h('div', { class: 'tools' }, search, kind, pause)),
    count,
    empty,
    list.element
  ]
}
