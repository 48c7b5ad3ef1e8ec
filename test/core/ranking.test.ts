import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { below, seededRandom } from '#src/core/random.ts'
import { Ranking } from '#src/core/ranking.ts'

/** All in one list, searched from end to end. */
class Reference {
  readonly all: { readonly key: number; readonly peer: number }[] = []

  add(key: number, peer: number): void {
    this.all.push({ key, peer })
  }

  delete(key: number, peer: number): void {
    const at = this.all.findIndex(other => other.key === key && other.peer === peer)
    if (at >= 0) this.all.splice(at, 1)
  }

  rank(key: number): number {
    return this.all.filter(other => other.key > key).length
  }

  /** The key with so many before it: of several peers with one key it does not matter who comes first. */
  keyAt(rank: number): number | undefined {
    return this.all.map(({ key }) => key).toSorted((a, b) => b - a)[rank]
  }
}

interface Step {
  readonly peer: number
  readonly gone: boolean
}

/** Plays the steps to both: each peer has a key of its own, or shares it with others. */
function agree(steps: readonly Step[], keyOf: (peer: number) => number, looks: number, seed = 1): void {
  const ranking = new Ranking<number>()
  const reference = new Reference()
  const present = new Set<number>()
  const random = seededRandom(seed)
  const lookEvery = Math.ceil(steps.length / looks)
  const look = (): void => {
    expect(ranking.size).toBe(reference.all.length)
    for (let times = 0; times < 5; times++) {
      const key = keyOf(below(random, 5_000))
      expect(ranking.rank(key)).toBe(reference.rank(key))
      const rank = below(random, ranking.size + 1)
      const peer = ranking.at(rank)
      expect(peer === undefined ? undefined : keyOf(peer)).toBe(reference.keyAt(rank))
      if (peer !== undefined) expect(present).toContain(peer)
    }
  }
  for (const [at, { peer, gone }] of steps.entries()) {
    if (gone) {
      ranking.delete(keyOf(peer), peer)
      reference.delete(keyOf(peer), peer)
      present.delete(peer)
    } else if (!present.has(peer)) {
      ranking.add(keyOf(peer), peer)
      reference.add(keyOf(peer), peer)
      present.add(peer)
    }
    if (at % lookEvery === 0) look()
  }
  look()
  const everybody = Array.from({ length: ranking.size }, (_, rank) => ranking.at(rank))
  expect(new Set(everybody)).toEqual(present)
}

/** Many come, then most of them go, then many come again: chunks are cut, emptied and taken out. */
function tides(peers: number, random: () => number): Step[] {
  const come = (): Step[] => Array.from({ length: peers }, () => ({ peer: below(random, peers), gone: false }))
  const go = (): Step[] => Array.from({ length: 3 * peers }, () => ({ peer: below(random, peers), gone: true }))
  return [...come(), ...go(), ...come(), ...go(), ...come()]
}

describe('Ranking', () => {
  test('counts the keys that are greater, through additions and removals', () => {
    const ranking = new Ranking<string>()
    for (const [key, peer] of [
      [0.5, 'b'],
      [0.1, 'd'],
      [0.9, 'a'],
      [0.3, 'c']
    ] as const) {
      ranking.add(key, peer)
    }
    expect([0.9, 0.5, 0.3, 0.1].map(key => ranking.rank(key))).toEqual([0, 1, 2, 3])
    expect([0, 1, 2, 3, 4].map(rank => ranking.at(rank))).toEqual(['a', 'b', 'c', 'd', undefined])
    ranking.delete(0.9, 'a')
    ranking.delete(0.7, 'e')
    ranking.delete(0.5, 'x')
    expect(ranking.size).toBe(3)
    expect([ranking.rank(0.1), ranking.at(0), ranking.at(-1)]).toEqual([2, 'b', undefined])
  })

  test('of nobody', () => {
    const ranking = new Ranking<string>()
    ranking.delete(1, 'a')
    expect([ranking.size, ranking.rank(0), ranking.at(0)]).toEqual([0, 0, undefined])
  })

  test('agrees with a list that is searched from end to end, few peers with few keys', () => {
    const step = fc.record({ peer: fc.nat(30), gone: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), fc.integer({ min: 1, max: 31 }), (steps, keys) =>
        agree(steps, peer => peer % keys, 10)
      )
    )
  })

  // 3,000 peers need several chunks; keys that many share reach from one chunk into the next.
  test.each([1, 3, 40, 100_000])(
    'agrees with it when chunks are cut, emptied and taken out; %i different keys',
    keys => {
      const random = seededRandom(keys)
      agree(tides(3_000, random), peer => (peer * 7_919) % keys, 40, keys)
    }
  )

  test.each([
    ['ascending', (peer: number) => peer],
    ['descending', (peer: number) => -peer]
  ])('agrees with it when the keys come in %s order and go in the same', (_order, keyOf) => {
    const peers = Array.from({ length: 4_000 }, (_, peer) => peer)
    const steps = [...peers.map(peer => ({ peer, gone: false })), ...peers.map(peer => ({ peer, gone: true }))]
    agree(steps, keyOf, 30)
  })
})
