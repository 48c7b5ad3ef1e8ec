import { describe, expect, test } from 'vitest'
import { gossip as settings } from '#src/gossip-settings.ts'
import { engineAmong } from '../../support/core/gossip-engine.ts'
import { batch } from '../../support/core/gossip-network.ts'

/** One that has drawn its first tree with what it said at 0. */
function origin() {
  const bench = engineAmong([1, 2, 3])
  const { engine, out, heard, wakeAmongLiving } = bench
  const publish = (sequence: number, now: number): string[] => {
    engine.publish(batch(0, sequence), now, out)
    return heard().filter(line => line.endsWith('announce'))
  }
  /** Whether it announces itself between two times; it is woken whenever it wants to be. */
  const announces = (from: number, to: number): boolean => {
    let said = false
    for (let now = from; now <= to; now += 100) said = wakeAmongLiving(now).includes('2 announce') || said
    return said
  }
  /** Neighbours of ours say that they have lost one of theirs. */
  const haveLost = (now: number, ...tellers: number[]): void => {
    for (const teller of tellers) bench.from(teller, { type: 'boost', ms: 1_000, lost: true }, now)
  }
  return { ...bench, first: publish(1, 0), publish, announces, haveLost }
}

describe('an origin draws a new tree', () => {
  test('with its first word, and with the next one after a long silence', () => {
    const { first, publish } = origin()
    expect(first).toEqual(['1 announce', '2 announce', '3 announce'])
    expect(publish(2, settings.announceGapMs)).toEqual([])
    expect(publish(3, 2 * settings.announceGapMs + 1)).toHaveLength(3)
  })

  test('soon after neighbours have lost some of their own: what has hit others may have hit its tree', () => {
    const { from, announces, haveLost } = origin()
    // One that only gets things late.
    from(1, { type: 'boost', ms: 1_000 }, 4_000)
    expect(announces(4_000, 5_000)).toBe(false)
    haveLost(5_000, 1, 2)
    expect(announces(5_000, 5_000 + settings.announceAgainMs[0] - 1)).toBe(false)
    expect(announces(5_100, 5_200)).toBe(true)
  })

  test('not because one of its neighbours has lost one: that may be slow, with enough to read as it is', () => {
    const { announces, haveLost } = origin()
    haveLost(5_000, 1)
    expect(announces(5_000, 5_000 + settings.announceRestMs)).toBe(false)
    haveLost(5_000 + settings.announceRestMs, 2)
    expect(announces(8_000, 10_000)).toBe(false)
    haveLost(10_000, 2)
    expect(announces(10_000, 10_300)).toBe(false)
    haveLost(10_300, 3)
    expect(announces(10_300, 10_600)).toBe(true)
  })

  test('but if it has only one, on the word of that one', () => {
    const { announces, haveLost, linked } = origin()
    linked.splice(0, 3, 2)
    haveLost(5_000, 2)
    expect(announces(5_000, 5_300)).toBe(true)
  })

  test('not while the last one is still at work: what is asked for meanwhile it has given', () => {
    const { publish, announces, haveLost } = origin()
    publish(2, 5_000)
    haveLost(5_000, 1, 2)
    expect(announces(5_000, 5_300)).toBe(true)
    haveLost(5_500, 1, 2)
    expect(announces(5_500, 5_500 + settings.announceRestMs)).toBe(false)
  })

  test('once in a while only, however often it is hit and however lately it has announced itself for another reason', () => {
    const { publish, announces, haveLost } = origin()
    const isHit = (now: number): boolean => {
      publish(now, now)
      haveLost(now, 1, 2)
      return announces(now, now + 1_000)
    }
    expect(isHit(settings.announceRestMs)).toBe(true)
    expect(isHit(20_000)).toBe(false)
    // By then the ways have been mended one by one.
    expect(announces(21_000, settings.announceGapMs)).toBe(false)
    expect(isHit(settings.announceGapMs)).toBe(true)
    expect(isHit(settings.announceGapMs + settings.redrawGapMs - 100)).toBe(false)
    expect(isHit(settings.announceGapMs + settings.redrawGapMs + settings.announceAgainMs[1])).toBe(true)
  })

  test('when links stand again after some broke: what was parted is one again', () => {
    const { engine, out, linked, heard, announces } = origin()
    linked.splice(0, 1)
    engine.neighbourDown(1, true, 5_000, out)
    expect(announces(5_000, 6_000)).toBe(true)
    const publishedAt = settings.announceGapMs
    engine.publish(batch(0, 2), publishedAt, out)
    heard()
    engine.neighbourUp(2, publishedAt, out)
    expect(announces(publishedAt, publishedAt + 10_000)).toBe(true)
    engine.neighbourUp(3, publishedAt + 20_000, out)
    expect(announces(publishedAt + 20_000, publishedAt + 50_000)).toBe(false)
  })

  test('what could not be told to anybody is told when the next link stands', () => {
    const { engine, out, linked, announces } = origin()
    for (const peer of linked.splice(0)) engine.neighbourDown(peer, true, 5_000, out)
    expect(announces(5_000, 6_000)).toBe(false)
    linked.push(2)
    engine.neighbourUp(2, 10_000, out)
    expect(announces(10_000, 11_000)).toBe(true)
  })

  test('not when it has said nothing for long', () => {
    const { announces, haveLost } = origin()
    const later = settings.announceGapMs + 1
    haveLost(later, 1, 2)
    expect(announces(later, later + 2_000)).toBe(false)
  })
})
