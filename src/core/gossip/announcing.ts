import { NEVER } from '../machine.ts'
import { between } from '../random.ts'
import { Origin } from './origin.ts'
import type { Source } from '#protocols/gossip/messages.ts'
import type { Millis } from '../machine.ts'
import type { Random } from '../random.ts'
import type { GossipSettings } from './settings.ts'

/** When a peer makes itself known as an origin. */
class Announcing {
  readonly #settings: GossipSettings
  readonly #random: Random
  #dueAt: Millis = NEVER
  /** Whether it is done before there is anything to say. */
  #isAhead = false
  #firstLinkAt: Millis = NEVER
  /** Since the last announcement. */
  #hasNewLinks = false
  #doneAt: Millis = Number.NEGATIVE_INFINITY
  /** The last one that was done because the tree was hit. */
  #redrawnAt: Millis = Number.NEGATIVE_INFINITY
  /** Links that broke and that no new one has replaced yet. */
  #lost = 0
  #publishedAt: Millis = Number.NEGATIVE_INFINITY
  /** Which neighbour was the last to say that it has lost one of its own, and when. */
  #lostBy: unknown
  #lostAt: Millis = Number.NEGATIVE_INFINITY

  constructor(settings: GossipSettings, random: Random) {
    this.#settings = settings
    this.#random = random
  }

  get wakeAt(): Millis {
    return this.#dueAt
  }

  /** There will be something to say. */
  prepare(): void {
    this.#isAhead = true
  }

  /** A link stands. If nothing has been announced yet: soon, but rather when there are no more links to come. */
  linked(now: Millis): void {
    if (this.#doneAt > Number.NEGATIVE_INFINITY) {
      this.#hasNewLinks = true
      // What was parted may be one again, and has no way across.
      if (this.#lost > 0) this.again(now)
      this.#lost = Math.max(0, this.#lost - 1)
      return
    }
    if (!this.#isAhead) return
    this.#firstLinkAt = Math.min(this.#firstLinkAt, now)
    const latest = this.#firstLinkAt + this.#settings.announceDelayMsMax
    this.#dueAt = Math.min(now + between(this.#random, ...this.#settings.announceDelayMs), latest)
  }

  /**
   * Returns whether a new tree is due first: there is none, it was not used for long, or it has never been used and is without links that
   * stand by now.
   */
  published(now: Millis): boolean {
    const isUnused = now - Math.max(this.#doneAt, this.#publishedAt) > this.#settings.announceGapMs
    const isPoor = this.#hasNewLinks && this.#publishedAt < this.#doneAt
    this.#publishedAt = now
    return isUnused || isPoor
  }

  /** A link broke. */
  lost(): void {
    this.#lost++
  }

  /**
   * A neighbour has lost one of its own. That one may just be slow, with enough to read as it is; when another neighbour says so too, more has
   * happened.
   * @param neighbours of how many it is one
   */
  toldLost(teller: unknown, neighbours: number, now: Millis): void {
    const isAnother = teller !== this.#lostBy && now - this.#lostAt < this.#settings.announceRestMs
    this.#lostBy = teller
    this.#lostAt = now
    if (isAnother || neighbours === 1) this.again(now)
  }

  /** The tree was hit: a new one costs less than a hundred repairs. Only for an origin that has something to say, and now and then. */
  again(now: Millis): void {
    const { announceGapMs, announceRestMs, redrawGapMs, announceAgainMs } = this.#settings
    const isSpent = now - this.#doneAt < announceRestMs || now - this.#redrawnAt < redrawGapMs
    if (this.#dueAt !== NEVER || isSpent || now - this.#publishedAt > announceGapMs) return
    this.#dueAt = now + between(this.#random, ...announceAgainMs)
  }

  /** There is nobody to tell; the next link, or what is published then, brings it up again. */
  impossible(): void {
    this.#dueAt = NEVER
  }

  done(now: Millis): void {
    const isRedraw = this.#dueAt !== NEVER && this.#doneAt > Number.NEGATIVE_INFINITY
    if (isRedraw) this.#redrawnAt = now
    this.#dueAt = NEVER
    this.#doneAt = now
    this.#hasNewLinks = false
  }
}

/** This peer's own life. Most peers of a large network never say anything, and have none. */
export class OwnOrigin<Peer> extends Origin<Peer> {
  readonly announcing: Announcing

  constructor(self: Source<Peer>, settings: GossipSettings, random: Random) {
    super(self)
    this.announcing = new Announcing(settings, random)
  }
}
