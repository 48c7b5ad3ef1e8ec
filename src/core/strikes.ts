import type { Millis } from './machine.ts'

export interface StrikesSettings {
  /** From so many on nobody listens any more. */
  readonly strikesMax: number
  /** Each is forgotten after this time. */
  readonly strikeMs: Millis
  /** Peers of whom strikes are remembered; the one whose first strike is the oldest is forgotten first. */
  readonly strikersMax: number
}

/** Who has said of the living that they were dead: whoever does so again and again is not listened to for a while. */
export class Strikes<Peer> {
  readonly #settings: StrikesSettings
  readonly #strikes = new Map<Peer, readonly Millis[]>()

  constructor(settings: StrikesSettings) {
    this.#settings = settings
  }

  add(peer: Peer, now: Millis): void {
    const { strikersMax, strikesMax } = this.#settings
    const recent = [...this.#recent(peer, now), now].slice(-strikesMax)
    this.#strikes.set(peer, recent)
    if (this.#strikes.size <= strikersMax) return
    for (const oldest of this.#strikes.keys()) {
      this.#strikes.delete(oldest)
      return
    }
  }

  isOut(peer: Peer, now: Millis): boolean {
    return this.#recent(peer, now).length >= this.#settings.strikesMax
  }

  #recent(peer: Peer, now: Millis): readonly Millis[] {
    return (this.#strikes.get(peer) ?? []).filter(at => now - at < this.#settings.strikeMs)
  }
}
