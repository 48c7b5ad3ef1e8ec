import { beforeEach, describe, expect, test } from 'vitest'
import { candidatesMax } from '#protocols/registration/messages.ts'
import { NEVER } from '#src/core/machine.ts'
import { Neighbours } from '#src/core/neighbours.ts'
import { seededRandom } from '#src/core/random.ts'
import { Search } from '#src/core/search.ts'
import { topology as settings } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { sorted } from '../support/core/numbers.ts'
import { recordOf } from '../support/core/records.ts'
import type { SearchOutput } from '#src/core/search.ts'

const { seekBackoffMs, seekBackoffMsMax } = settings

let neighbours: Neighbours<number>
let search: Search<number, string>
let said = listener<SearchOutput<number, string>>()

beforeEach(() => {
  neighbours = new Neighbours()
  search = new Search(neighbours, settings, seededRandom(1))
  said = listener()
})

/** What the seeds are asked. */
function begin(missing: number, ...seeds: string[]): [string, number][] {
  search.begin(missing, seeds, 0, said.out)
  return said.heardOf('seek').map(([, seed, wanted]) => [seed, wanted])
}

function found(seed: string, free: readonly number[], body: readonly number[] = []): void {
  search.found(seed, { free: free.map(id => recordOf(id)), body: body.map(id => recordOf(id)) }, 0, said.out)
}

function silent(seed: string): void {
  search.found(seed, undefined, 0, said.out)
}

/** All candidates that are left for a peer that lacks two links all the time, and how many links each is asked for. */
function left(): [number, 1 | 2][] {
  const all: [number, 1 | 2][] = []
  for (let next = search.next(2); next !== undefined; next = search.next(2)) {
    all.push([next.record.id, next.want])
  }
  return all
}

describe('when', () => {
  test('at rest there is nothing to wait for', () => {
    expect([search.wakeAt, search.underWay]).toEqual([NEVER, false])
  })

  test('as early as it was ever planned', () => {
    search.plan(500)
    search.plan(900)
    expect(search.wakeAt).toBe(500)
    search.plan(200)
    expect(search.wakeAt).toBe(200)
  })

  test('after a while that doubles with each search in vain, up to a bound, spread by half to both sides', () => {
    for (let inVain = 0; inVain < 40; inVain++) {
      const backoff = Math.min(seekBackoffMs * 2 ** inVain, seekBackoffMsMax)
      const pauses: number[] = []
      for (let times = 0; times < 30; times++) {
        search.end()
        search.planIfIdle(1_000)
        pauses.push(search.wakeAt - 1_000)
      }
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(backoff * 0.5)
      expect(Math.min(...pauses)).toBeLessThan(backoff * 0.8)
      expect(Math.max(...pauses)).toBeGreaterThan(backoff * 1.2)
      expect(Math.max(...pauses)).toBeLessThan(backoff * 1.5)
      begin(1, 's1')
    }
    search.end()
    search.hope()
    search.planIfIdle(0)
    expect(search.wakeAt).toBeLessThan(seekBackoffMs * 1.5)
  })

  test('not anew if it is planned already, or under way', () => {
    search.plan(77_000)
    search.planIfIdle(0)
    expect(search.wakeAt).toBe(77_000)
    begin(1, 's1', 's2')
    found('s1', [])
    search.planIfIdle(0)
    expect(search.wakeAt).toBe(NEVER)
    found('s2', [])
    search.planIfIdle(0)
    expect(search.wakeAt).toBeLessThan(NEVER)
  })

  test('a search without need is none, and not in vain', () => {
    search.plan(0)
    expect([begin(0, 's1'), begin(-3, 's1')]).toEqual([[], []])
    expect([search.wakeAt, search.underWay]).toEqual([NEVER, false])
    search.planIfIdle(0)
    expect(search.wakeAt).toBeLessThan(seekBackoffMs * 1.5)
  })
})

describe('whom', () => {
  test.each([
    [1, 1, 1],
    [1, 3, 1],
    [7, 3, 3],
    [6, 3, 2],
    [1000, 2, candidatesMax]
  ])('%i missing links: %i seeds are asked for %i each', (missing, count, each) => {
    const seeds = Array.from({ length: count }, (_, index) => `s${index}`)
    expect(begin(missing, ...seeds)).toEqual(seeds.map(seed => [seed, each]))
  })

  test('a seed counts once, and only if it was asked; that it does not answer is an answer, too', () => {
    begin(4, 's1', 's2')
    found('s3', [7])
    found('s1', [1])
    found('s1', [2])
    expect(search.underWay).toBe(true)
    silent('s2')
    expect([search.underWay, left()]).toEqual([false, [[1, 1]]])
    found('s2', [3])
    expect(left()).toEqual([])
  })

  test('so there are never more candidates than the seeds may give', () => {
    const many = Array.from({ length: candidatesMax }, (_, index) => index)
    begin(2, 's1', 's2')
    for (let times = 0; times < 5; times++) for (const seed of ['s1', 's2']) found(seed, many, many)
    expect(left()).toHaveLength(2 * 2 * candidatesMax)
  })

  test('a new search forgets the candidates of the one before, and takes what comes late for its own', () => {
    begin(2, 's1', 's2')
    found('s1', [1], [2])
    begin(2, 's1', 's2')
    found('s2', [3])
    expect([left(), search.underWay]).toEqual([[[3, 1]], true])
  })

  test('those with links to spare of all seeds first, for one link; then any others, for two', () => {
    begin(4, 's1', 's2')
    found('s1', [1, 2], [11])
    found('s2', [3], [12])
    expect(left()).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [11, 2],
      [12, 2]
    ])
  })

  test('any others only if they may be asked at all', () => {
    begin(1, 's1')
    found('s1', [], [11, 12])
    expect(search.next(0)).toBeUndefined()
    expect(search.next(1)).toEqual({ record: recordOf(11), want: 1 })
    expect(search.next(2)).toEqual({ record: recordOf(12), want: 2 })
    expect(search.next(2)).toBeUndefined()
  })

  test('nobody that was found for a link that is there meanwhile', () => {
    begin(2, 's1', 's2')
    found('s1', [1], [11])
    search.rest()
    expect(left()).toEqual([])
    expect(search.underWay).toBe(true)
  })
})

describe('offers', () => {
  test('are made at one of the seeds, until a search begins', () => {
    const seeds = ['s1', 's2', 's3']
    const places = new Set<string | undefined>()
    for (let times = 0; times < 40; times++) {
      begin(1, ...seeds)
      expect(search.offerAt).toBeUndefined()
      expect(search.offer(seeds)).toBe(true)
      const at = search.offerAt
      places.add(at)
      // It stays where it is: two seeds with the same offer would send two peers for one link.
      expect(search.offer(seeds)).toBe(false)
      expect(search.offerAt).toBe(at)
    }
    expect(places).toEqual(new Set(seeds))
  })

  test('stay where they are when a search turns out to be needless', () => {
    search.offer(['s1'])
    begin(0, 's1', 's2')
    expect(search.offerAt).toBe('s1')
  })

  test('are made nowhere without a seed', () => {
    expect([search.offer([]), search.offerAt]).toEqual([false, undefined])
  })
})

test('after the end nothing is planned, under way, left or offered', () => {
  begin(2, 's1', 's2')
  found('s1', [1], [2])
  search.offer(['s1'])
  search.plan(5)
  search.end()
  found('s2', [3])
  expect([search.wakeAt, search.underWay, search.offerAt, left()]).toEqual([NEVER, false, undefined, []])
})

describe('by hearsay', () => {
  const { consultedMax, consultSpacingMs, hearsayPerSourceMax } = settings

  /** Whom it turns to at this time. */
  function around(now: number, ...seeds: string[]): { readonly consulted: number[]; readonly recalled: boolean } {
    search.begin(2, seeds, now, said.out)
    for (const seed of seeds) search.found(seed, undefined, now, said.out)
    const sayings = said.heard()
    return {
      consulted: sayings.flatMap(saying => (saying[0] === 'consult' ? [saying[1]] : [])),
      recalled: sayings.some(([what]) => what === 'recall')
    }
  }

  function link(...peers: readonly number[]): void {
    for (const peer of peers) neighbours.put(peer, `p${peer}`, 'linked', peer)
  }

  test('goes a search when there is no seed, and when none answers', () => {
    link(1, 2)
    neighbours.put(3, 'p3', 'asked', 3)
    expect(around(0)).toEqual({ consulted: expect.arrayContaining([1, 2]) as number[], recalled: true })
    expect(sorted(around(consultSpacingMs, 's1', 's2').consulted)).toEqual([1, 2])
  })

  test('goes no search of which a seed has heard, or may yet', () => {
    link(1, 2)
    begin(2, 's1', 's2')
    silent('s1')
    expect(said.heardOf('recall')).toEqual([])
    found('s2', [])
    begin(2, 's1', 's2')
    found('s1', [])
    silent('s2')
    expect(said.heardOf('recall')).toEqual([])
  })

  test('a few neighbours are asked, and none again before it would answer', () => {
    link(1, 2, 3, 4, 5)
    const first = around(0).consulted
    const second = around(1).consulted
    expect([first.length, second.length, new Set([...first, ...second]).size]).toEqual([consultedMax, 2, 5])
    expect(around(consultSpacingMs - 1)).toEqual({ consulted: [], recalled: true })
    expect(sorted(around(consultSpacingMs).consulted)).toEqual(sorted(first))
  })

  test('whoever has lost all neighbours still remembers some', () => {
    expect(around(0)).toEqual({ consulted: [], recalled: true })
  })

  test('each source gives a few, and all together no more than that', () => {
    around(0)
    const crowd = Array.from({ length: 40 }, (_, id) => recordOf(id))
    for (let source = 0; source < 20; source++) search.told(crowd.slice(source))
    const expected = Array.from({ length: consultedMax + 1 }, (_, source) =>
      crowd.slice(source, source + hearsayPerSourceMax)
    )
    expect(left().map(([id]) => id)).toEqual(expected.flat().map(({ id }) => id))
  })

  test('even for one link: nobody knows who has any to spare', () => {
    around(0)
    search.told([recordOf(7), recordOf(8)])
    expect(search.next(0)).toEqual({ record: recordOf(7), want: 1 })
    expect(search.next(2)).toEqual({ record: recordOf(8), want: 2 })
  })

  test('what comes when a seed has answered comes too late', () => {
    around(0)
    begin(2, 's1')
    found('s1', [7])
    search.told([recordOf(8)])
    expect(left()).toEqual([[7, 1]])
  })

  test('what was not asked for is not heard, and a new search forgets it', () => {
    search.told([recordOf(7)])
    expect(left()).toEqual([])
    around(0)
    search.told([recordOf(7)])
    begin(2, 's1')
    expect(left()).toEqual([])
  })
})
