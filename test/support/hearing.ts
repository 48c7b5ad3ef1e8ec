import { until } from './until.ts'
import type { Message, Peer } from '#src/index.ts'
import type { Chronicle } from './chronicle.ts'

/** What these peers hear from now on. */
export class Hearing {
  readonly #heard = new Map<Peer, Message[]>()

  constructor(peers: readonly Peer[]) {
    for (const peer of peers) {
      const messages: Message[] = []
      this.#heard.set(peer, messages)
      peer.addEventListener('message', ({ detail }) => messages.push(detail))
    }
  }

  by(peer: Peer): Message[] {
    return this.#heard.get(peer) ?? []
  }

  /** The messages with this text, by who has heard them. */
  of(text: string): { readonly by: Peer; readonly message: Message }[] {
    return [...this.#heard].flatMap(([by, messages]) =>
      messages.filter(message => message.text === text).map(message => ({ by, message }))
    )
  }

  /** Whether all but the speaker have heard this text. */
  everywhere(text: string, speaker: Peer): boolean {
    return [...this.#heard].every(
      ([peer, messages]) => peer === speaker || messages.some(message => message.text === text)
    )
  }

  /** What is wrong if each has heard all that was said, once and but for its own words: `bob lacks ada#1`. */
  amiss(said: readonly { readonly node: string; readonly number: number }[]): string[] {
    return [...this.#heard].flatMap(([{ name }, messages]) => {
      const due = new Set(said.filter(({ node }) => node !== name).map(({ node, number }) => `${node}#${number}`))
      const heard = messages.map(({ origin, number }) => `${origin}#${number}`)
      const surplus = heard.filter(message => !due.delete(message))
      return [
        ...[...due].map(message => `${name} lacks ${message}`),
        ...surplus.map(message => `${name} has heard ${message} once too often`)
      ]
    })
  }
}

/** Lets each of these peers say something, and resolves when each has heard all others. Their links must be at rest. */
export async function allHearAll(peers: readonly Peer[], chronicle: Chronicle): Promise<void> {
  const before = chronicle.of('published').length
  const hearing = new Hearing(peers)
  for (const peer of peers) peer.publish(`${peer.name} is here`)
  const said = chronicle.of('published').slice(before)
  await until('all is heard', () => said.length === peers.length && hearing.amiss(said).length === 0, 20_000)
}
