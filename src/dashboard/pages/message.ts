import { figure } from '../components/figure.ts'
import { BigNumbers } from '../components/big-numbers.ts'
import { emptyNotice, errorNotice } from '../components/notice.ts'
import { Table } from '../components/table.ts'
import { h } from '../dom.ts'
import { clock, counted, millis, percent } from '../format.ts'
import { HopPicture } from '../hops/hop-picture.ts'
import { hashOf } from '../route.ts'
import type { Context } from '../context.ts'
import type { Hop, MessageReply } from '../../http/contract.ts'

interface Row extends Hop {
  readonly fromName: string
}

/** One message: how it went, when who had it, and who has not. */
export function messagePage({ live, signal }: Context, id: string): Node[] {
  const text = h('blockquote', { class: 'said' })
  const said = h('p', { class: 'quiet' })
  const numbers = new BigNumbers(['Delivered', 'Half had it after', 'Last so far', 'Most hops'])
  const picture = new HopPicture(signal)
  const table = new Table<Row>({
    caption: 'Who had it from whom',
    key: ({ node }) => node,
    columns: [
      {
        title: 'Peer',
        order: ({ name }) => name,
        cell: ({ node, name }) => h('a', { href: hashOf('peers', node) }, name)
      },
      { title: 'From', order: ({ fromName }) => fromName, cell: ({ fromName }) => fromName },
      { title: 'Hops', isNumber: true, order: ({ hops }) => hops, cell: ({ hops }) => hops },
      { title: 'After', isNumber: true, order: ({ ageMs }) => ageMs, cell: ({ ageMs }) => millis(ageMs) }
    ],
    sort: ['After', 1]
  })
  const missing = h('div', { class: 'missing' })
  const wrong = h('div', {}, emptyNotice('Loading…'))
  const found = h(
    'div',
    { hidden: true },
    text,
    said,
    numbers.element,
    figure('Hop tree', picture.element, table.element),
    h(
      'p',
      { class: 'caption' },
      'Time runs to the right. A line leads from each peer down to those that have the message from it; its length to the right is the delay of that link.'
    ),
    missing
  )
  const play = h(
    'a',
    { class: 'button', href: hashOf('overlay', undefined, { wave: id }), hidden: true },
    'Play it on the overlay'
  )

  live.watch<MessageReply>(
    `messages/${encodeURIComponent(id)}`,
    'messages',
    signal,
    message => {
      const names = new Map(message.hops.map(({ node, name }) => [node, name]))
      text.textContent = message.text
      said.replaceChildren(
        'said by ',
        h('a', { href: hashOf('peers', message.originId) }, message.origin),
        ` as its number ${message.number} at ${clock(message.publishedAt)}`
      )
      numbers.set(
        'Delivered',
        percent(message.delivered, message.expected),
        `${message.delivered} of ${message.expected} others`
      )
      numbers.set('Half had it after', millis(message.p50Ms))
      numbers.set('Last so far', millis(message.lastMs))
      numbers.set('Most hops', String(message.hopsMax))
      picture.show(message.hops)
      table.show(
        message.hops.map(hop => ({
          ...hop,
          fromName: hop.from === null ? 'its own' : (names.get(hop.from) ?? 'somebody not seen from here')
        }))
      )
      missing.replaceChildren(...stillMissing(message))
      wrong.replaceChildren()
      found.hidden = false
      play.hidden = false
    },
    error => wrong.replaceChildren(errorNotice(error, 'This node does not have it: it keeps the latest messages only.'))
  )
  return [
    h('a', { class: 'back', href: hashOf('messages') }, 'All messages'),
    h('div', { class: 'head' }, h('h1', {}, id), play),
    wrong,
    found
  ]
}

function stillMissing({ missing }: MessageReply): Node[] {
  if (missing.length === 0) return [emptyNotice('Everybody has it.')]
  return [
    h('h2', {}, `${counted(missing.length, 'peer')} without it so far`),
    h(
      'ul',
      { class: 'chips' },
      ...missing.map(({ node, name }) => h('li', {}, h('a', { href: hashOf('peers', node) }, name)))
    )
  ]
}
