import { describe, expect, test } from 'vitest'
import { Standings } from '#src/core/standings.ts'
import { topology as settings } from '#src/settings.ts'
import { TopologyBench } from '../support/core/topology-bench.ts'

describe('what registrars say', () => {
  test('the one that knows most peers is right; of equals the better rank counts', () => {
    const standings = new Standings<string>()
    expect(standings.widest).toBeUndefined()
    standings.said('s1', { peers: 10, rank: 3 })
    standings.said('s2', { peers: 12, rank: 5 })
    standings.said('s3', { peers: 12, rank: 4 })
    expect(standings.widest).toMatchObject({ peers: 12, rank: 4 })
    expect(standings.registrars).toEqual(['s1', 's2', 's3'])
    standings.forget('s3')
    expect(standings.widest).toMatchObject({ peers: 12, rank: 5 })
    standings.said('s2', { peers: 9, rank: 1 })
    expect(standings.widest).toMatchObject({ peers: 10, rank: 3 })
  })

  test('newcomers are not back, however many; only who has been there before is', () => {
    const standings = new Standings<string>()
    const said = (peers: number, seed = 's1'): number => standings.said(seed, { peers, rank: 0 })
    expect([10, 1_000, 900, 500].map(peers => said(peers))).toEqual([0, 0, 0, 0])
    expect(said(1_200)).toBe(500)
    // The other registrar tells the same, which is no news.
    expect(said(1_200, 's2')).toBe(0)
    expect(said(600)).toBe(0)
    expect(said(600, 's2')).toBe(0)
    expect(said(700)).toBe(100)
  })

  test('a peer that had no registrar left cannot say how many are back', () => {
    const standings = new Standings<string>()
    standings.said('s1', { peers: 100, rank: 0 })
    standings.forget('s1')
    expect(standings.said('s2', { peers: 100, rank: 0 })).toBe(0)
  })
})

describe('when a parted network is one again', () => {
  const peers = { half: 9, all: 17 }

  /** Has all the links that it wants in a half, or lacks some of them, and then hears of all. Returns how many neighbours it lets go. */
  function meet(missing: number, back = peers.all - peers.half): number {
    const bench = new TopologyBench({ linksMax: 6 })
    const aim = (peers: number): void => bench.aim(6, 's1', peers)
    aim(peers.all)
    aim(peers.all - back)
    bench.next()
    bench.found([])
    bench.linkWith(...[1, 2, 3, 4, 5, 6].slice(missing))
    aim(peers.all)
    const letGo = bench.said.heardOf('unlink')
    for (const [, , , reason] of letGo) expect(reason).toBe('over-target')
    // It looks for others soon, and not at once: all the others do so too.
    if (letGo.length > 0) expect(bench.topology.wakeAt).toBeGreaterThanOrEqual(settings.repairDelayMs / 2)
    return letGo.length
  }

  test('a peer lets one neighbour go, so that it finds another one among all', () => {
    expect(meet(0)).toBe(1)
    expect(meet(1)).toBe(1)
  })

  test('not if it lacks two anyway, nor for a few peers that are back', () => {
    expect(meet(2)).toBe(0)
    expect(meet(0, 3)).toBe(0)
    expect(meet(0, 4)).toBe(0)
  })

  test('only once', () => {
    const bench = new TopologyBench({ linksMax: 6 })
    bench.aim(6, 's1', peers.all)
    bench.aim(6, 's1', peers.half)
    bench.linkWith(1, 2, 3, 4, 5, 6)
    for (const seed of ['s1', 's2', 's1']) bench.aim(6, seed, peers.all)
    expect(bench.said.heardOf('unlink')).toHaveLength(1)
  })
})
