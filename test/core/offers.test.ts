import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Offers } from '#src/core/offers.ts'
import { seededRandom } from '#src/core/random.ts'

/** Draws and uses up until nothing is left; gives how often each peer came. */
function drain(offers: Offers<number>): Map<number, number> {
  const drawn = new Map<number, number>()
  const random = seededRandom(5)
  for (let peer = offers.draw(random); peer !== undefined; peer = offers.draw(random)) {
    drawn.set(peer, (drawn.get(peer) ?? 0) + 1)
    offers.use(peer)
  }
  return drawn
}

/** Counted by hand: how many links each peer offers. */
class Model {
  readonly links = new Map<number, number>()

  set(peer: number, links: number): void {
    if (links > 0) this.links.set(peer, links)
    else this.links.delete(peer)
  }
}

describe('Offers', () => {
  test('hold for each peer what it has offered last, less what was used, whatever is offered, used and withdrawn', () => {
    const step = fc.record({
      peer: fc.nat(5),
      what: fc.constantFrom('offer', 'use', 'withdraw', 'draw'),
      links: fc.nat(6)
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.nat(), (steps, seed) => {
        const offers = new Offers<number>()
        const model = new Model()
        const random = seededRandom(seed)
        for (const { peer, what, links } of steps) {
          if (what === 'offer') {
            offers.offer(peer, links)
            model.set(peer, links)
          } else if (what === 'use') {
            offers.use(peer)
            model.set(peer, (model.links.get(peer) ?? 0) - 1)
          } else if (what === 'withdraw') {
            offers.withdraw(peer)
            model.set(peer, 0)
          } else {
            const drawn = offers.draw(random)
            if (drawn === undefined) expect(model.links.size).toBe(0)
            else expect(model.links.has(drawn)).toBe(true)
          }
        }
        expect(drain(offers)).toEqual(model.links)
      })
    )
  })

  test('are drawn the likelier the more a peer has, also after others have gone from among them', () => {
    const offers = new Offers<number>()
    for (let peer = 0; peer < 40; peer++) offers.offer(peer, 1 + (peer % 7))
    for (let peer = 4; peer < 40; peer++) offers.withdraw(peer)
    // Left are 0, 1, 2 and 3 with 1, 2, 3 and 4 links; of 3 two are used.
    offers.use(3)
    offers.use(3)
    const random = seededRandom(1)
    const drawn = [0, 0, 0, 0]
    for (let times = 0; times < 8_000; times++) {
      const peer = offers.draw(random) as number
      drawn[peer] = (drawn[peer] as number) + 1
    }
    // 1000 for each link, with a standard deviation of at most 43.
    const expected = [1000, 2000, 3000, 2000]
    for (const [peer, times] of drawn.entries()) expect(Math.abs(times - (expected[peer] as number))).toBeLessThan(200)
  })

  test('of a peer that has none are none', () => {
    const offers = new Offers<number>()
    offers.use(1)
    offers.withdraw(1)
    offers.offer(1, 0)
    expect(offers.draw(seededRandom(1))).toBeUndefined()
  })

  test('of a hub are quickly withdrawn and renewed', () => {
    const offers = new Offers<number>()
    for (let peer = 0; peer < 2_000; peer++) offers.offer(peer, peer % 100 === 0 ? 256 : 1)
    for (let round = 0; round < 100; round++) for (let hub = 0; hub < 2_000; hub += 100) offers.offer(hub, 256)
    expect(drain(offers).get(0)).toBe(256)
  })
})
