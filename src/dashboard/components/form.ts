import { h } from '../dom.ts'
import { errorNotice } from './notice.ts'
import type { Context } from '../context.ts'

export interface FormOptions {
  readonly label: string
  readonly placeholder: string
  readonly button: string
  readonly lengthMax: number
  /** Whether nothing is an answer too. */
  readonly mayBeEmpty?: boolean
  /** Does it, and returns what came of it. */
  readonly act: (text: string) => Promise<Node>
}

export const cannotAct =
  'Only watching: to act, open this page by the address with #token=… that was printed when the node started.'

/** One line to fill in and a button. Disabled, with the reason, for those who may only watch. */
export function actionForm({ node }: Context, options: FormOptions): HTMLElement {
  const input = h('input', {
    type: 'text',
    placeholder: options.placeholder,
    maxlength: options.lengthMax,
    autocomplete: 'off',
    spellcheck: 'false',
    required: options.mayBeEmpty !== true,
    disabled: !node.canAct
  })
  const button = h('button', { type: 'submit', class: 'primary', disabled: !node.canAct }, options.button)
  const outcome = h('div', { class: 'outcome', role: 'status' })
  const act = async (): Promise<void> => {
    button.disabled = true
    try {
      outcome.replaceChildren(await options.act(input.value.trim()))
      input.value = ''
    } catch (error) {
      outcome.replaceChildren(errorNotice(error))
    } finally {
      button.disabled = false
    }
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    void act()
  }
  if (!node.canAct) outcome.append(h('p', { class: 'quiet' }, cannotAct))
  return h('form', { class: 'action', submit }, h('label', {}, h('span', {}, options.label), input), button, outcome)
}
