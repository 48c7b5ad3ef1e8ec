import { fill, h } from '../dom.ts'
import { clock } from '../format.ts'
import { phrase, weightOf } from './phrase.ts'
import type { StreamedEvent } from '../../http/contract.ts'

/** Events one below the other, in the order given. */
export class EventList {
  readonly element = h('ol', { class: 'events' })
  /** What stands there already is not made anew. */
  #lines = new Map<string, HTMLElement>()

  show(events: readonly StreamedEvent[]): void {
    const lines = new Map<string, HTMLElement>()
    for (const event of events) {
      const key = JSON.stringify(event)
      lines.set(key, this.#lines.get(key) ?? line(event))
    }
    this.#lines = lines
    fill(this.element, ...lines.values())
  }
}

function line(event: StreamedEvent): HTMLElement {
  return h(
    'li',
    {},
    h('time', { datetime: event.time }, clock(event.time)),
    h('span', { class: 'who' }, event.node),
    h('span', { class: `what ${weightOf(event)}` }, event.event),
    h('span', { class: 'phrase' }, phrase(event))
  )
}
