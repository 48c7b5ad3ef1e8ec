import { describe, expect, test } from 'vitest'
import { gossip as settings } from '#src/gossip-settings.ts'
import { announce, carried, engineAmong, have, source } from '../../support/core/gossip-engine.ts'

describe('the tree of an origin', () => {
  test('the first to pass on its announcement is the parent, the next two watch, one of them lazily, and it goes on to the others once', () => {
    const { from, wake } = engineAmong([1, 2, 3, 4])
    expect(from(2, announce(1, 3))).toEqual(['2 eager after 0', '1 announce', '3 announce', '4 announce'])
    expect(from(4, announce(1, 3))).toEqual([])
    expect(from(1, announce(1, 4))).toEqual([])
    expect(wake(settings.settleMs)).toEqual(['4 watch after 0', '1 lazy after 0'])
  })

  test('a batch goes to children whole and to watchers by name, a little later, and to nobody who has it', () => {
    const { from, subscribe, wake } = engineAmong([1, 2, 3, 4])
    from(1, announce(1, 1))
    for (const [peer, mode] of [
      [2, 'eager'],
      [3, 'watch'],
      [4, 'none']
    ] as const)
      subscribe(peer, mode)
    expect(from(1, carried(1))).toEqual(['deliver #1', '2 batch #1 hop 2'])
    from(1, carried(2))
    expect(from(3, have(2))).toEqual(['3 watch after 2'])
    expect(wake(settings.haveDelayMs).filter(line => line.includes('have'))).toEqual(['3 have 1-1'])
  })

  test('names for a lazy watcher wait for something else that goes its way, or for a while', () => {
    const { from, subscribe, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    let sequence = 0
    const come = (count: number, now: number): void => {
      for (let left = count; left > 0; left--) from(1, carried(++sequence), now)
    }
    come(settings.busyRate, 1_000)
    subscribe(2, 'lazy', sequence)
    come(1, 1_000)
    expect(wake(1_000 + settings.lazyDelayMs - 1)).toEqual([])
    expect(wake(1_000 + settings.lazyDelayMs)).toEqual([`2 have ${sequence}-${sequence}`])
    come(1, 2_000)
    subscribe(2, 'eager', sequence)
    const next = sequence + 1
    expect(from(1, carried(next), 2_010)).toEqual([
      `deliver #${next}`,
      `2 batch #${next} hop 2`,
      `2 have ${sequence}-${sequence}`
    ])
  })

  test('where little is said no occasion comes soon, and lazy names wait no longer than others', () => {
    const { from, subscribe, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    subscribe(2, 'lazy')
    from(1, carried(1), 1_000)
    expect(wake(1_000 + settings.haveDelayMs - 1)).toEqual([])
    expect(wake(1_000 + settings.haveDelayMs)).toEqual(['2 have 1-1'])
  })

  test('the more there is to name, the longer it waits to share a frame', () => {
    const { from, subscribe, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    subscribe(2, 'watch')
    for (let sequence = 1; sequence <= 5 * settings.busyRate; sequence++)
      from(1, carried(sequence), 1_000 + sequence / 100)
    const first = wake(1_000 + settings.haveDelayMs + 1).filter(line => line.startsWith('2 have'))
    expect(first).toEqual([`2 have 1-${5 * settings.busyRate}`])
    from(1, carried(200), 1_040)
    expect(wake(1_040 + 2 * settings.haveDelayMs)).toEqual([])
    expect(wake(1_040 + settings.lazyDelayMs)).toContain('2 have 200-200')
  })

  test('a neighbour that has said nothing is told what there is', () => {
    const { from, wake } = engineAmong([1, 2])
    expect(from(1, carried(1))).toEqual(['deliver #1', '1 eager after 1'])
    expect(wake(settings.haveDelayMs)).toEqual(['2 have 1-1'])
  })

  test('a neighbour that comes after the announcement is told what there is, until the next announcement has gone its way', () => {
    const { engine, from, heard, linked, out, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    wake(settings.settleMs)
    linked.push(3)
    engine.neighbourUp(3, 1_000, out)
    heard()
    from(1, carried(1), 2_000)
    expect(wake(2_000 + settings.haveDelayMs)).toEqual(['3 have 1-1'])
    expect(from(1, announce(2, 1), 3_000)).toContain('3 announce')
    wake(3_000 + settings.settleMs)
    from(1, carried(2), 4_000)
    expect(wake(4_000 + settings.lazyDelayMs).filter(line => line.startsWith('3 have'))).toEqual([])
  })

  test('a peer with all the children that it can serve refuses, unless nobody else is left', () => {
    const { from, subscribe, linked } = engineAmong([1, 2, 3, 4], { childrenMax: 1 })
    from(1, announce(1, 1))
    expect(subscribe(2, 'eager')).toEqual([])
    expect(subscribe(3, 'eager')).toEqual(['3 refuse'])
    expect(subscribe(4, 'eager', 0, true)).toEqual([])
    expect(from(1, carried(1))).toEqual(['deliver #1', '2 batch #1 hop 2', '4 batch #1 hop 2'])
    expect(linked).toHaveLength(4)
  })

  test('a hub serves a quarter of its neighbours, if that is more', () => {
    const neighbours = Array.from({ length: 4 * (settings.childrenMax + 2) }, (_, index) => index + 1)
    const { from, subscribe } = engineAmong(neighbours)
    from(1, announce(1, 1))
    const answers = neighbours.slice(1, settings.childrenMax + 5).map(peer => subscribe(peer, 'eager'))
    expect(answers.findIndex(answer => answer.length > 0)).toBe(settings.childrenMax + 2)
  })

  test('whoever gets batches over many links insists on the shortest way, once for each tree', () => {
    const { from, wake } = engineAmong([1, 2, 3])
    const far = settings.hopsWanted + 1
    from(1, announce(1, 5))
    from(2, announce(1, 4))
    from(3, announce(1, far))
    wake(settings.settleMs)
    expect(from(1, carried(1, settings.hopsWanted)).filter(line => line.includes('eager'))).toEqual([])
    expect(from(1, carried(2, far))).toContain('2 eager! after 2')
    expect(from(2, carried(3, far + 9)).filter(line => line.includes('eager'))).toEqual([])
    from(1, announce(2, 5))
    from(2, announce(2, 4))
    expect(from(1, carried(4, far))).toContain('2 eager! after 4')
  })

  test('whoever is refused asks the next that is nearer to the origin, and insists when there is none', () => {
    const { from } = engineAmong([1, 2, 3])
    from(1, announce(1, 2))
    from(2, announce(1, 2))
    from(3, announce(1, 9))
    expect(from(1, { type: 'refuse', source })).toEqual(['2 eager after 0', '1 watch after 0'])
    expect(from(1, { type: 'refuse', source })).toEqual([])
    expect(from(2, { type: 'refuse', source })).toEqual(['2 eager! after 0'])
  })

  test('a new child gets at once what went by while its word was on the way', () => {
    const { from, subscribe } = engineAmong([1, 2])
    from(1, announce(1, 1))
    for (const sequence of [1, 2, 3]) from(1, carried(sequence))
    expect(subscribe(2, 'eager', 1)).toEqual(['2 batch #2 hop 2', '2 batch #3 hop 2'])
  })

  test('a newer announcement draws it anew, an older one changes nothing', () => {
    const { from } = engineAmong([1, 2])
    from(1, announce(2, 1))
    expect(from(2, announce(1, 1))).toEqual([])
    expect(from(2, announce(3, 1))).toEqual(['1 none after 0', '2 eager after 0', '1 announce'])
  })

  test('when nobody else is left, a watcher that gets the batches from us takes the place of the parent', () => {
    const { engine, linked, out, heard, from, subscribe, wake } = engineAmong([1, 2])
    from(1, announce(1, 1))
    subscribe(2, 'eager')
    expect(wake(settings.settleMs)).toEqual(['2 watch after 0'])
    linked.splice(0, 1)
    engine.neighbourDown(1, true, 1_000, out)
    expect(heard()).toEqual(['2 eager after 0'])
  })

  test('when the parent is gone a watcher takes its place, and a watcher is found for that', () => {
    const { engine, from, wake, linked, heard, out } = engineAmong([1, 2, 3, 4])
    from(1, announce(1, 1))
    for (const peer of [2, 3, 4]) from(peer, announce(1, 2))
    wake(settings.settleMs)
    linked.shift()
    engine.neighbourDown(1, false, 200, out)
    expect(heard()).toEqual(['2 eager after 0', '4 watch after 0', '3 lazy after 0'])
  })
})
