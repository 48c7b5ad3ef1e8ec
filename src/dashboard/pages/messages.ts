import { actionForm } from '../components/form.ts'
import { emptyNotice, errorNotice } from '../components/notice.ts'
import { Table } from '../components/table.ts'
import { h } from '../dom.ts'
import { clock, millis, percent } from '../format.ts'
import { hashOf } from '../route.ts'
import type { Context } from '../context.ts'
import type { MessagesReply, MessageSummary, PublishReply } from '../../http/contract.ts'

/** Characters that a text may have here: a message holds 65,536 bytes, and what is typed is shorter. */
const textMax = 2000

/** What was said, and how far it got. */
export function messagesPage(context: Context): Node[] {
  const { api, live, node, signal } = context
  const table = new Table<MessageSummary>({
    caption: 'Messages, newest first',
    key: ({ id }) => id,
    columns: [
      { title: 'Message', cell: ({ id }) => h('a', { href: hashOf('messages', id) }, id) },
      { title: 'Text', isWide: true, cell: ({ text }) => h('span', { class: 'one-line', title: text }, text) },
      {
        title: 'Delivered',
        isNumber: true,
        order: ({ delivered, expected }) => (expected === 0 ? 1 : delivered / expected),
        cell: deliveryBar
      },
      { title: 'Half after', isNumber: true, order: ({ p50Ms }) => p50Ms ?? -1, cell: ({ p50Ms }) => millis(p50Ms) },
      { title: 'Last', isNumber: true, order: ({ lastMs }) => lastMs ?? -1, cell: ({ lastMs }) => millis(lastMs) },
      { title: 'Hops', isNumber: true, order: ({ hopsMax }) => hopsMax, cell: ({ hopsMax }) => hopsMax },
      {
        title: 'Said at',
        isNumber: true,
        order: ({ publishedAt }) => publishedAt,
        cell: ({ publishedAt }) => clock(publishedAt)
      }
    ]
  })
  const nothing =
    node.role === 'seed'
      ? 'A seed hears no messages: open the page of a peer or of a swarm.'
      : 'Nobody has said anything yet.'
  const list = h('div', {}, emptyNotice('Loading…'))
  live.watch<MessagesReply>(
    'messages',
    'messages',
    signal,
    ({ messages }) => {
      table.show(messages)
      list.replaceChildren(messages.length === 0 ? emptyNotice(nothing) : table.element)
    },
    error => list.replaceChildren(errorNotice(error))
  )
  const say = async (text: string): Promise<Node> => {
    const { id } = await api.act<PublishReply>('POST', 'publish', { text })
    return h('p', {}, 'Said as ', h('a', { href: hashOf('messages', id) }, id))
  }
  const form =
    node.role === 'seed'
      ? []
      : [
          actionForm(context, {
            label: node.role === 'swarm' ? 'Have a peer say something to all' : 'Say something to all',
            placeholder: 'Text of the message',
            button: 'Publish',
            lengthMax: textMax,
            act: say
          })
        ]
  return [h('div', { class: 'head' }, h('h1', {}, 'Messages')), ...form, list]
}

function deliveryBar({ delivered, expected }: MessageSummary): HTMLElement {
  return h(
    'span',
    { class: `delivery${delivered < expected ? ' partly' : ''}`, title: `${delivered} of ${expected}` },
    h('progress', { max: Math.max(expected, 1), value: expected === 0 ? 1 : delivered, 'aria-hidden': 'true' }),
    percent(delivered, expected)
  )
}
