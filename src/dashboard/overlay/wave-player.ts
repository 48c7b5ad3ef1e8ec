import { errorNotice } from '../components/notice.ts'
import { h } from '../dom.ts'
import { count, counted, millis } from '../format.ts'
import { playMs, waveOf } from './wave.ts'
import type { Context } from '../context.ts'
import type { Wave } from './wave.ts'
import type { MessageReply, MessagesReply } from '../../http/contract.ts'

/** So many of the last messages can be picked here; all are on their own page. */
const offeredMax = 20
const textMax = 30

/** Picks a message and plays how it went. */
export class WavePlayer {
  readonly element: HTMLElement
  readonly #context: Context
  readonly #play: (wave: Wave | undefined) => void
  readonly #choice = h('select', { 'aria-label': 'Message' })
  readonly #playButton = h('button', {
    type: 'button',
    class: 'primary',
    click: () => void this.play(this.#choice.value)
  })
  readonly #clearButton = h('button', { type: 'button', hidden: true, click: () => this.#clear() }, 'Clear')
  readonly #outcome: HTMLElement

  #played: string | undefined

  /** @param outcome where it says what is to be seen */
  constructor(context: Context, outcome: HTMLElement, play: (wave: Wave | undefined) => void) {
    this.#context = context
    this.#outcome = outcome
    this.#play = play
    this.#playButton.textContent = 'Play message'
    this.element = h('div', { class: 'player' }, this.#choice, this.#playButton, this.#clearButton)
    this.offer({ messages: [] })
  }

  offer({ messages }: MessagesReply): void {
    this.#playButton.disabled = messages.length === 0
    this.#choice.hidden = messages.length === 0
    // A list that is open must not change under the reader's hand.
    if (document.activeElement === this.#choice) return
    const offered = messages.slice(0, offeredMax)
    const chosen = this.#played ?? (this.#choice.selectedIndex > 0 ? this.#choice.value : undefined)
    this.#choice.replaceChildren(
      ...offered.map(({ id, text }, at) =>
        h('option', { value: id }, `${at === 0 ? 'latest: ' : ''}${id} ${text.slice(0, textMax)}`)
      )
    )
    if (chosen !== undefined && offered.some(({ id }) => id === chosen)) this.#choice.value = chosen
  }

  async play(id: string): Promise<void> {
    try {
      const message = await this.#context.api.get<MessageReply>(`messages/${encodeURIComponent(id)}`)
      if (this.#context.signal.aborted) return
      const wave = waveOf(message.hops)
      this.#play(wave)
      this.#played = id
      this.#choice.value = id
      this.#clearButton.hidden = false
      const slower = Math.round(playMs / Math.max(1, wave.durationMs))
      const pace = slower > 1 ? ` Shown ${count(slower)} times slower than it was.` : ''
      const missing =
        message.missing.length === 0 ? '' : `, ${counted(message.missing.length, 'peer')} still without it`
      this.#outcome.textContent =
        `${id} reached ${counted(wave.arrivals.size - 1, 'peer')} in ${millis(wave.durationMs)} over at most ` +
        `${counted(message.hopsMax, 'link')}${missing}.${pace}`
    } catch (error) {
      this.#outcome.replaceChildren(errorNotice(error))
    }
  }

  #clear(): void {
    this.#play(undefined)
    this.#played = undefined
    this.#clearButton.hidden = true
    this.#outcome.textContent = ''
  }
}
