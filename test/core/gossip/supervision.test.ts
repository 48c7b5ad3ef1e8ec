import { describe, expect, test } from 'vitest'
import { gossip as settings } from '#src/gossip-settings.ts'
import {
  announce,
  announcement,
  carried,
  engineAmong,
  flood,
  have,
  settledAmong
} from '../../support/core/gossip-engine.ts'
import { batch } from '../../support/core/gossip-network.ts'
import type { Batch } from '#protocols/gossip/messages.ts'

describe('neighbours that cannot be relied on', () => {
  test('silence after a probe makes a suspect, a word clears it, and when all are silent it is we who were away', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    const ask = (now: number): void => {
      from(1, have(1), now)
      wake(now + settings.patienceMs)
    }
    from(3, announce(1, 1))
    for (const peer of [1, 2]) from(peer, announce(1, 1))
    wake(settings.settleMs)
    ask(1_000)
    // Two of three take 80 ms: the third gets three times as much.
    for (const peer of [1, 2]) from(peer, { type: 'alive' }, 1_000 + settings.patienceMs + 80)
    expect(wake(1_000 + settings.patienceMs + 3 * 80 - 1)).toEqual([])
    const said = wake(1_000 + settings.patienceMs + 3 * 80)
    // Somebody else is to name its batches. It hears nothing of that: it is dead, or has enough to read.
    expect(said).toContain('2 watch after 1')
    expect(said.filter(line => line.startsWith('3') && line.includes('after'))).toEqual([])
    // Others may have failed too.
    expect(said.filter(line => line.includes('boost'))).toEqual(['1 boost lost', '2 boost lost', '3 boost lost'])
  })

  test('who is told a summary and has said nothing since the last one is asked for a sign of life, and then all are', () => {
    const { engine, from, wake } = engineAmong([1, 2, 3])
    for (const peer of [1, 2, 3]) from(peer, announce(1, 1))
    from(1, carried(1))
    wake(settings.settleMs)
    const probed = (lines: readonly string[]): string[] => lines.filter(line => line.endsWith(' probe'))
    // As long as all say something nobody is asked.
    for (let seconds = 1; seconds < 60; seconds++) {
      for (const peer of [1, 2, 3]) from(peer, { type: 'alive' }, 1_000 * seconds)
      expect(probed(wake(1_000 * seconds + 500))).toEqual([])
    }
    let said: string[] = []
    while (probed(said).length === 0) said = wake(engine.wakeAt)
    expect(engine.wakeAt).toBeLessThan(72_000)
    const [asked = ''] = probed(said).map(line => line.slice(0, 1))
    expect(said).toContain(`${asked} have 1-1`)
    const found = wake(engine.wakeAt)
    expect(probed(found).map(line => line.slice(0, 1))).toEqual(['1', '2', '3'])
    expect(found).toContain('1 boost lost')
    expect(found.filter(line => line.startsWith(asked) && line.includes('after'))).toEqual([])
  })

  test('whoever looks too late has not read the answers, and blames nobody', () => {
    const { engine, from, wake } = settledAmong([1, 2, 3], [1, 2])
    from(2, have(1), 1_000)
    expect(wake(engine.wakeAt)).toContain('3 probe')
    from(2, { type: 'alive' }, 1_100)
    const said = wake(engine.wakeAt + settings.probeMs + 1)
    expect(said.filter(line => / boost$| none /.test(line))).toEqual([])
  })

  test('a probe is answered', () => {
    const { from } = engineAmong([1])
    expect(from(1, { type: 'probe' })).toEqual(['1 alive'])
  })

  test('a boosted watcher gets small batches whole for a while, and no more copies than twice what we serve', () => {
    const { from, subscribe, wake } = engineAmong([1, 2, 3, 4], { childrenMax: 1 })
    from(1, announce(1, 1))
    wake(settings.settleMs)
    for (const peer of [2, 3, 4]) {
      subscribe(peer, 'watch')
      from(peer, { type: 'boost', ms: 1_000 })
    }
    expect(from(1, carried(1), 999)).toEqual(['deliver #1', '2 batch #1 hop 2', '3 batch #1 hop 2'])
    expect(wake(999 + settings.haveDelayMs)).toEqual(['4 have 1-1'])
    expect(from(1, carried(2), 1_200)).toEqual(['deliver #2'])
    const large = { signed: new Uint8Array(settings.boostBytesMax + 1) }
    from(2, { type: 'boost', ms: 1_000 }, 2_000)
    expect(from(1, carried(3, 1, large), 2_000)).toEqual(['deliver #3'])
  })

  test('what had to be asked for, as the parent has not brought it, is flooded: other ways are broken too', () => {
    const { from, wake } = settledAmong([1, 2, 3, 4], [1, 2, 3])
    from(2, have(1), 1_000)
    expect(wake(1_000 + settings.patienceMs)).toContain('2 want 1-1')
    const said = from(2, carried(1, 2), 1_100)
    expect(said).toEqual(['deliver #1', '1 batch #1 hop 3 flood', '3 batch #1 hop 3 flood', '4 batch #1 hop 3 flood'])
  })

  test('of several that the parent has not brought each is flooded', () => {
    const { from, wake } = settledAmong([1, 2, 3])
    from(2, have(1, 2), 1_000)
    expect(wake(1_000 + settings.patienceMs)).toContain('2 want 1-2')
    for (const sequence of [1, 2])
      expect(from(2, carried(sequence, 2), 1_100)).toContain(`3 batch #${sequence} hop 3 flood`)
  })

  test('so is what the second one brings that was asked', () => {
    const { engine, from, wakeAmongLiving } = settledAmong([1, 2, 3])
    from(1, have(1), 1_000)
    from(2, have(1), 1_000)
    const said: string[] = []
    while (!said.includes('2 want 1-1')) said.push(...wakeAmongLiving(engine.wakeAt))
    expect(from(2, carried(1, 2), 2_000)).toContain('3 batch #1 hop 3 flood')
  })

  test('a parent whose copy comes while another is examined has brought it', () => {
    const { engine, out, examined, from, heard } = settledAmong([1, 2, 3], [1, 2, 3], {}, true)
    for (let sequence = 1; sequence <= settings.missesMax; sequence++) {
      const one = flood(carried(sequence))
      from(2, one, 1_000 * sequence)
      from(1, one, 1_000 * sequence)
      engine.judged(examined.at(-1) as Batch<number>, 'accept', 1_000 * sequence, out)
      expect(heard().filter(line => line.endsWith('probe'))).toEqual([])
    }
  })

  test('a parent that only names a batch is asked for it and told again what it is, and that is no detour', () => {
    const { from, wake } = settledAmong([1, 2, 3])
    from(1, have(1), 1_000)
    expect(wake(1_000)).toEqual(['1 eager after 1', '1 want 1-1'])
    expect(from(1, carried(1), 1_100)).toEqual(['deliver #1'])
  })

  test('a flood goes on to all that may lack the batch, and the parent, which should have been quicker, is to say that it lives', () => {
    const { from, wake, subscribe } = settledAmong([1, 2, 3, 4], [1, 2, 3])
    subscribe(4, 'eager')
    const flooded = flood(carried(1, 5))
    expect(from(2, flooded, 1_000)).toEqual([
      'deliver #1',
      '1 probe',
      '3 batch #1 hop 6 flood',
      '4 batch #1 hop 6 flood'
    ])
    // The parent is told of it when it has had the time to bring it.
    expect(wake(1_000 + settings.haveDelayMs)).toEqual(['1 have 1-1'])
    // A second one needs no answer: nobody sends it without need.
    expect(from(3, flooded, 1_200)).toEqual([])
    expect(from(1, flood(carried(2)), 2_000)).not.toContain('1 probe')
    const large = carried(3, 1, { signed: new Uint8Array(settings.boostBytesMax + 1) })
    expect(from(1, flood(large), 3_000)).toEqual(['deliver #3', '4 batch #3 hop 2'])
    // Nor is it named to those who want it of others.
    expect(wake(4_000).filter(line => line.includes(' have '))).toEqual([])
  })

  test('nobody can make others flood more than a little', () => {
    const { from, wake } = engineAmong([1, 2, 3], { floods: { burst: 2, everyMs: 1_000, askersMax: 4 } })
    from(1, announce(1, 1))
    wake(settings.settleMs)
    const isFlooded = (peer: number, sequence: number, now: number): boolean =>
      from(peer, flood(carried(sequence)), now).some(line => line.endsWith('flood'))
    expect([1, 2, 3].map(sequence => isFlooded(1, sequence, 1_000))).toEqual([true, true, false])
    // Each for itself, and for a time.
    expect([isFlooded(2, 4, 1_000), isFlooded(1, 5, 1_999), isFlooded(1, 6, 2_000)]).toEqual([true, false, true])
  })

  test('whoever is late itself starts no flood', () => {
    const { from, wake } = settledAmong([1, 2, 3])
    from(2, have(1), 1_000)
    const now = 1_000 + 3 * settings.patienceMs
    expect(wake(now)).toContain('2 want 1-1')
    expect(from(2, carried(1, 2), now)).toEqual(['deliver #1'])
  })

  test('neighbours hear once in a while that one of ours is silent, however many there are', () => {
    const { engine, from, wake } = settledAmong([1, 2, 3, 4])
    /** What is said when these are silent after a batch was missed. */
    const afterSilence = (sequence: number, now: number, ...living: number[]): string[] => {
      from(4, have(sequence), now)
      const said = wake(engine.wakeAt)
      for (const peer of living) from(peer, { type: 'alive' }, now + 50)
      while (engine.wakeAt < now + 1_000) said.push(...wake(engine.wakeAt))
      return said.filter(line => line.endsWith('lost'))
    }
    const told = [1, 2, 3, 4].map(peer => `${peer} boost lost`)
    expect(afterSilence(1, 1_000, 2, 3, 4)).toEqual(told)
    from(1, { type: 'alive' }, 1_900)
    expect(afterSilence(2, 2_000, 1, 3, 4)).toEqual([])
    from(2, { type: 'alive' }, 20_000)
    expect(afterSilence(3, 1_100 + 20_000, 1, 2, 4)).toEqual(told)
  })

  test('three misses in a row make a suspect; a stall, however much it holds up, is one', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    from(1, announce(1, 1))
    let misses = 0
    const nones: number[] = []
    for (let sequence = 1; sequence <= 4; sequence++) {
      const now = 10_000 * sequence
      from(1, announce(1 + sequence, 1), now)
      from(2, have(sequence), now)
      const said = wake(now + 9_000)
      misses++
      if (said.some(line => line.startsWith('1 none'))) nones.push(misses)
    }
    expect(nones[0]).toBe(3)
  })

  test('whoever cannot be relied on stays the parent when nobody else is left', () => {
    const { engine, from, wakeAmongLiving } = engineAmong([1])
    from(1, announce(1, 1))
    const said: string[] = []
    for (let sequence = 1; sequence <= settings.missesMax; sequence++) {
      from(1, have(sequence), 10_000 * sequence)
      while (engine.wakeAt < 10_000 * sequence + 5_000) said.push(...wakeAmongLiving(engine.wakeAt))
    }
    expect(said).toContain('1 boost')
    expect(said.filter(line => line.startsWith('1 none'))).toEqual([])
  })

  test('one that brings everything a moment too late is slow, and no reason for suspicion', () => {
    const { engine, from, wakeAmongLiving } = engineAmong([1, 2, 3])
    const suspected: number[] = []
    for (let sequence = 1; sequence <= 2 * settings.missesMax; sequence++) {
      const now = 1_000 * sequence
      for (const peer of [1, 2, 3]) from(peer, announce(sequence, 1), now)
      from(2, have(sequence), now + 500)
      const said: string[] = []
      while (!said.includes(`2 want ${sequence}-${sequence}`)) said.push(...wakeAmongLiving(engine.wakeAt))
      if (said.some(line => line.startsWith('1 none'))) suspected.push(sequence)
      from(2, carried(sequence), now + 900)
      from(1, carried(sequence), now + 901)
    }
    expect(suspected).toEqual([])
  })

  test('whoever says the same old batch again brings nothing', () => {
    const { engine, from, wakeAmongLiving } = engineAmong([1, 2, 3])
    from(1, announce(1, 1))
    from(1, carried(1))
    let isSuspected = false
    for (let sequence = 2; sequence <= 1 + settings.missesMax; sequence++) {
      const now = 10_000 * sequence
      for (const peer of [1, 2, 3]) from(peer, announce(sequence, 1), now)
      from(2, have(sequence), now + 500)
      const said: string[] = []
      while (!said.includes(`2 want ${sequence}-${sequence}`)) said.push(...wakeAmongLiving(engine.wakeAt))
      isSuspected ||= said.some(line => line.startsWith('1 none'))
      from(2, carried(sequence), now + 900)
      from(1, carried(1), now + 901)
    }
    expect(isSuspected).toBe(true)
  })

  test('whoever was suspected is no first choice until it has brought something', () => {
    const { engine, from, wakeAmongLiving } = engineAmong([1, 2, 3])
    const waitUntil = (now: number): string[] => {
      const said: string[] = []
      while (engine.wakeAt <= now) said.push(...wakeAmongLiving(engine.wakeAt))
      return said
    }
    let version = 0
    /** Whether neighbour 1 is taken for a parent when it is the first to pass on an announcement. */
    const isTaken = (now: number): boolean => {
      version++
      waitUntil(now)
      const said = from(1, announce(version, 1), now)
      for (const peer of [2, 3]) from(peer, announce(version, 1), now)
      waitUntil(now + settings.settleMs)
      return said.some(line => line.startsWith('1 eager'))
    }
    /** A batch that others have is asked of neighbour 1, after the parent has not brought it. */
    const asked = (sequence: number, now: number): void => {
      from(1, have(sequence), now)
      expect(waitUntil(now + 100)).toContain(`1 want ${sequence}-${sequence}`)
    }
    for (const [index, now] of [10_000, 20_000, 30_000].entries()) {
      expect(isTaken(now)).toBe(true)
      from(2, have(index + 1), now + 500)
      expect(waitUntil(now + 600)).toContain(`2 want ${index + 1}-${index + 1}`)
      for (const peer of [1, 2, 3]) from(peer, { type: 'alive' }, now + 600)
      from(2, carried(index + 1), now + 700)
    }
    const after = 40_000 + settings.suspicionMs
    expect([isTaken(35_000), isTaken(after)]).toEqual([false, false])
    asked(10, after + 1_000)
    from(1, carried(10), after + 1_200)
    expect(isTaken(after + 10_000)).toBe(true)
  })

  test('a boost goes on as long as the parent brings things late', () => {
    const { from, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    from(2, announce(1, 1))
    wake(settings.settleMs)
    const boosts = (sequence: number, lateMs: number): boolean => {
      const now = 1_000 * sequence
      from(2, carried(sequence), now)
      return from(1, carried(sequence), now + lateMs).includes('2 boost')
    }
    expect([1, 2, 3, 4].map(sequence => boosts(sequence, settings.lateMs))).toEqual([false, false, false, false])
    expect([11, 12, 13, 14].map(sequence => boosts(sequence, settings.lateMs + 1)).includes(true)).toBe(true)
  })

  test('the origin itself names what it says to those that want it of others', () => {
    const { engine, out, heard, wake } = engineAmong([1, 2])
    engine.publish(batch(0, 1), 0, out)
    for (const peer of [1, 2])
      engine.receive(
        peer,
        {
          type: 'subscribe',
          source: { origin: 0, epoch: 1 },
          mode: peer === 1 ? 'eager' : 'none',
          after: 1,
          must: false
        },
        0,
        out
      )
    wake(1_000)
    engine.publish(batch(0, 2), 1_000, out)
    expect(heard()).toEqual(['1 batch #2 hop 1'])
    expect(wake(1_000 + settings.lazyDelayMs)).toContain('2 have 2-2')
  })

  test('origins that a neighbour brings up are bounded', () => {
    const { engine, out, heard } = engineAmong([1, 2], { originsFree: 0, newOriginsBurst: 3, newOriginsPerMinute: 60 })
    const open = (origin: number, now: number): string =>
      engine.receive(1, { type: 'announce', announcement: announcement(1, origin), hops: 1 }, now, out)
    expect([11, 12, 13, 14].map(origin => open(origin, 0))).toEqual(['taken', 'taken', 'taken', 'ignored'])
    expect(open(15, 1_000)).toBe('taken')
    expect(open(16, 1_000)).toBe('ignored')
    expect(heard().filter(line => line.startsWith('2'))).toHaveLength(4)
  })
})
