import type { TestNetworkOptions } from '#src/index.ts'

type OnEvent = NonNullable<TestNetworkOptions['onEvent']>
type Happening = Parameters<OnEvent>[2]

interface Circumstances {
  /** Of performance.now(). */
  readonly at: number
  readonly role: 'seed' | 'peer'
  /** The `HOST:PORT` or the name of it. */
  readonly node: string
}

type Entry = Circumstances & Happening

/** Everything that has happened in a network, in order. */
export class Chronicle {
  readonly #entries: Entry[] = []

  readonly onEvent: OnEvent = (role, node, happening) => {
    this.#entries.push({ at: performance.now(), role, node, ...happening })
  }

  /** What happened of one kind, as far as it fits what is asked for. */
  of<Kind extends Happening['event']>(
    event: Kind,
    wanted: Partial<Extract<Entry, { event: Kind }>> = {}
  ): Extract<Entry, { event: Kind }>[] {
    return this.#entries
      .filter((entry): entry is Extract<Entry, { event: Kind }> => entry.event === event)
      .filter(entry => Object.entries(wanted).every(([key, value]) => entry[key as keyof typeof entry] === value))
  }
}
