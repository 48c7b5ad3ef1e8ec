import { describe, expect, test } from 'vitest'
import { gossip as settings } from '#src/gossip-settings.ts'
import { announce, carried, flood, have, settledAmong, source } from '../../support/core/gossip-engine.ts'
import { batch } from '../../support/core/gossip-network.ts'
import type { GossipRecord } from '#protocols/gossip/messages.ts'

describe('a parent is changed', () => {
  test('a parent that brings nothing is found out when floods leave nothing to ask for, and not before it had its chances', () => {
    const suspectedAfter = (
      spacingMs: number,
      parentSays: (sequence: number, now: number) => GossipRecord<number>[]
    ) => {
      const { from, subscribe } = settledAmong([1, 2, 3])
      for (let sequence = 1; sequence <= 2 * settings.missesMax; sequence++) {
        const now = 1_000 + spacingMs * sequence
        const said = from(2, flood(carried(sequence)), now)
        if (said.some(line => line.startsWith('1 none'))) return sequence
        for (const record of parentSays(sequence, now)) {
          if (record.type === 'subscribe') subscribe(1, record.mode)
          else from(1, record, now + 50)
        }
        from(1, { type: 'alive' }, now + 50)
      }
      return undefined
    }
    expect(suspectedAfter(settings.missSpacingMs, () => [])).toBe(settings.missesMax)
    // However much one stall holds up.
    expect(suspectedAfter(1, () => [])).toBe(undefined)
    // It is only slower.
    expect(suspectedAfter(settings.missSpacingMs, sequence => [carried(sequence)])).toBe(undefined)
    // It gets everything from us by now, and need not send it back.
    const subscribes: GossipRecord<number> = { type: 'subscribe', source, mode: 'watch', after: 0, must: false }
    expect(suspectedAfter(settings.missSpacingMs, () => [subscribes])).toBe(undefined)
  })

  test('when all who have named a batch fail to bring it, one who has not is asked to bring what there is', () => {
    const { from, saidBefore } = settledAmong([1, 2, 3, 4])
    from(1, carried(1), 1_000)
    for (const peer of [2, 3]) from(peer, have(2), 2_000)
    const said = saidBefore(4_000)
    const asked = said.filter(line => line.includes('want') || line.startsWith('4 eager'))
    expect(asked).toEqual(['2 want 2-2', '3 want 2-2', '4 eager after 1'])
  })

  test.each([2, 65])(
    'when one neighbour claims to have any number of batches that are nowhere, it is asked once: up to #%i',
    last => {
      const { from, saidBefore } = settledAmong([1, 2, 3, 4, 5, 6, 7, 8])
      from(1, carried(1), 1_000)
      from(2, have(2, last), 1_500)
      const said = saidBefore(2_500)
      expect(said.filter(line => line.includes('eager'))).toEqual([`2 eager after ${last}`, '3 eager after 1'])
    }
  )

  describe('one that was found to bring nothing', () => {
    const suspected = () => {
      const bench = settledAmong([1, 2, 3])
      const said: string[] = []
      for (let sequence = 1; sequence <= settings.missesMax; sequence++) {
        const now = 1_000 * sequence
        said.push(...bench.from(2, flood(carried(sequence)), now))
        bench.from(1, { type: 'alive' }, now)
      }
      expect(said).toContain(`1 none after ${settings.missesMax}`)
      return { ...bench, now: 1_000 * settings.missesMax }
    }
    const follows = /^1 (eager|watch)/

    test('is followed again when all others fall silent', () => {
      const { engine, from, wake, now } = suspected()
      const said: string[] = []
      while (!said.some(line => follows.test(line)) && engine.wakeAt < now + 20_000) {
        const { wakeAt } = engine
        said.push(...wake(wakeAt))
        from(1, { type: 'alive' }, wakeAt)
      }
      expect(said.filter(line => follows.test(line))).toEqual([`1 eager after ${settings.missesMax}`])
      // It is worth a try, and no more than that.
      expect(said.filter(line => /^[23] eager/.test(line))).toEqual([])
    })

    test('is followed again when the links of all others are gone', () => {
      const { engine, linked, heard, out, now } = suspected()
      for (const peer of [3, 2]) {
        linked.splice(linked.indexOf(peer), 1)
        engine.neighbourDown(peer, true, now + 1, out)
      }
      expect(heard().filter(line => follows.test(line))).toEqual([`1 eager after ${settings.missesMax}`])
    })

    test('is told what there is when there is nobody better', () => {
      const { engine, from, saidBefore } = settledAmong([1])
      from(1, carried(1), 1_000)
      for (let miss = 1; miss <= settings.missesMax; miss++) {
        from(1, have(1 + miss), 10_000 * miss)
        saidBefore(10_000 * miss + 3_000)
      }
      expect(saidBefore(engine.wakeAt + 2 * settings.syncIntervalMs)).toContain('1 have 1-1')
    })
  })

  test('when nobody else is left to follow, the parent of before is followed', () => {
    const { from, saidBefore } = settledAmong([1, 2, 3])
    from(1, carried(1), 1_000)
    from(2, have(2), 1_500)
    const said = saidBefore(2_500)
    expect(said.filter(line => line.includes('eager'))).toEqual(['2 eager after 2', '1 eager after 1'])
  })

  test('a parent that was silent for a while and is quicker than its successor is the parent again', () => {
    const { engine, from, wake, saidBefore } = settledAmong([1, 2, 3])
    from(1, carried(1), 1_000)
    // It stands still: another one takes its place, and it hears nothing of that.
    from(2, have(2), 2_000)
    const said = wake(2_000 + settings.patienceMs)
    for (const peer of [2, 3]) from(peer, { type: 'alive' }, 2_100)
    from(2, carried(2), 2_100)
    said.push(...wake(engine.wakeAt))
    expect(said).toContain('2 boost lost')
    expect(said).toContain('2 eager after 2')
    expect(said.filter(line => line.startsWith('1 none'))).toEqual([])
    const later = 3_000 + settings.boostMs
    saidBefore(later)
    expect(from(1, carried(3), later)).toContain('1 eager after 3')
    from(2, carried(3), later + 40)
    expect(from(1, carried(4), later + 1_000).filter(line => line.includes('after'))).toEqual([])
  })

  test('a parent that dies while others send everything is asked whether it lives', () => {
    const { engine, from, wake } = settledAmong([1, 2, 3, 4], [1, 2, 3])
    // One has fallen silent, so there is a boost.
    from(2, have(1), 1_000)
    wake(1_000 + settings.patienceMs)
    for (const peer of [1, 2, 3]) from(peer, { type: 'alive' }, 1_050)
    from(2, carried(1), 1_050)
    from(1, carried(1), 1_060)
    expect(wake(engine.wakeAt)).toContain('1 boost lost')
    expect(from(3, flood(carried(2)), 10_000).filter(line => line.endsWith('probe'))).toHaveLength(1)
  })

  test('one that brings everything but what one origin says is no parent for that one', () => {
    const { from } = settledAmong([1, 2, 3])
    const parents: string[] = []
    for (let sequence = 1; sequence <= settings.missesMax; sequence++) {
      const now = 1_000 * sequence
      parents.push(...from(2, flood(carried(sequence)), now).filter(line => line.includes('eager')))
      from(1, { type: 'alive' }, now + 10)
      // Of another origin.
      from(2, { type: 'batch', batch: batch(8, sequence), hops: 1 }, now + 20)
      from(1, { type: 'batch', batch: batch(8, sequence), hops: 1 }, now + 30)
    }
    expect(parents).toEqual([`2 eager after ${settings.missesMax}`])
  })

  test('nobody who passes nothing on becomes one by a gift now and then', () => {
    const { from } = settledAmong([1, 2, 3])
    const said: string[] = []
    const { missesMax, missSpacingMs } = settings
    for (let sequence = 1; sequence <= missesMax; sequence++) {
      said.push(...from(2, flood(carried(sequence)), 1_000 + missSpacingMs * sequence))
    }
    expect(said).toContain('1 none after 3')
    const gifts = Array.from({ length: 2 * missesMax }, (_, index) => missesMax + 1 + index)
    const later = 5_000 + settings.boostMs
    expect(gifts.flatMap(sequence => from(1, carried(sequence), later + sequence)).join()).not.toContain('1 eager')
  })

  test('what was on its way from the one before does not bring that one back', () => {
    const { from } = settledAmong([1, 2, 3])
    expect(from(2, announce(2, 1), 1_000)).toEqual(expect.arrayContaining(['1 none after 0', '2 eager after 0']))
    from(1, announce(2, 1), 1_010)
    expect(from(1, carried(1), 1_010)).toEqual(['deliver #1'])
  })

  test('and whoever was it for a moment is told to be a watcher again', () => {
    const { from } = settledAmong([1, 2, 3])
    from(2, announce(2, 1), 1_000)
    const said = [1, 2, 3].flatMap(sequence => from(1, flood(carried(sequence)), 1_000 + sequence))
    expect(said).toEqual(expect.arrayContaining(['1 eager after 3', '2 watch after 3']))
  })

  test('a parent that wants everything whole for a while still has the time to bring what is flooded', () => {
    const { from } = settledAmong([1, 2, 3])
    from(1, { type: 'boost', ms: 5_000 }, 1_000)
    expect(from(2, flood(carried(1)), 1_001)).toEqual(['deliver #1', '1 probe', '3 batch #1 hop 2 flood'])
  })

  test('when the one that was asked goes, the next one is to bring what it was asked for', () => {
    const { engine, from, heard, linked, out, wakeAmongLiving } = settledAmong([1, 2, 3])
    from(1, carried(1), 1_000)
    from(2, have(2), 2_000)
    expect(wakeAmongLiving(2_000 + settings.patienceMs)).toContain('2 want 2-2')
    linked.splice(1, 1)
    engine.neighbourDown(2, true, 2_100, out)
    expect(heard().filter(line => line.includes('eager'))).toEqual(['1 eager after 1'])
  })
})
