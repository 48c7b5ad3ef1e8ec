import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordOf } from '../support/core/records.ts'
import { Tally, WatchedTopology, must, watchedSeeds } from '../support/core/watched-topology.ts'
import type { LinkEnd } from '#protocols/overlay/messages.ts'
import type { Neighbour, NeighbourState } from '#src/core/neighbours.ts'

type Input = (watched: WatchedTopology, fresh: () => number) => void

/** Inputs of one kind, with values that a report of a failure shows. */
function kind<Values>(
  name: string,
  values: fc.Arbitrary<Values>,
  act: (watched: WatchedTopology, values: Values, fresh: () => number) => void
): fc.Arbitrary<Input> {
  return values.map(drawn =>
    Object.assign<Input, object>((watched, fresh) => act(watched, drawn, fresh), {
      [fc.toStringMethod]: () => `${name} ${JSON.stringify(drawn)}`
    })
  )
}

const peer = fc.integer({ min: 1, max: 8 })
const anybody = fc.integer({ min: 0, max: 9 })
const some = fc.array(anybody, { maxLength: 6 })
const seed = fc.constantFrom(...watchedSeeds)
const end = fc.constantFrom<LinkEnd[]>('leaving', 'over-target', 'refused', 'unreachable', 'lost', 'fault', 'duplicate')

/** One of the entries in this state, if there is any. */
function pick({ neighbours }: WatchedTopology, state: NeighbourState, which: number): Neighbour<number> | undefined {
  const entries = [...neighbours.in(state)]
  return entries[which % Math.max(1, entries.length)]
}

const waits = kind('waits', fc.nat(4_000), (watched, ms) => watched.wait(ms))

const isViewed = kind('isViewed', fc.tuple(seed, fc.nat(6), fc.boolean()), (watched, [seed, target, isSmall]) => {
  const standing = { rank: target, peers: isSmall ? target + 1 : 1_000 }
  watched.input(now => watched.topology.viewed(seed, standing, now, watched))
})

const isUnviewed = kind('isUnviewed', seed, (watched, seed) => {
  watched.input(() => watched.topology.unviewed(seed))
})

const finds = kind('finds', fc.tuple(seed, fc.option(fc.tuple(some, some))), (watched, [seed, found]) => {
  const [free, body] = (found ?? []).map(ids => ids.map(id => recordOf(id)))
  watched.answered(seed)
  watched.input(now => watched.topology.found(seed, free && body && { free, body }, now, watched))
})

const isTold = kind('isTold', some, (watched, ids) => {
  const records = ids.map(id => recordOf(id))
  watched.input(now => watched.topology.told(records, now, watched))
})

const isAdrift = kind('isAdrift', fc.nat(20), (watched, known) => {
  watched.input(now => watched.topology.adrift(known, now, watched))
})

/** Nonces below and above all that this peer chooses, and those of its other streams, as in a referral. */
const nonces = fc.constantFrom('lower', 'higher', 'own', 'own')
const wants = fc.constantFrom(1 as const, 2 as const)

const request = fc.record({ peer, want: wants, redeem: fc.boolean(), of: nonces, which: fc.nat(9) })

const isAsked = kind('isAsked', request, (watched, { peer, want, redeem, of, which }, fresh) => {
  const number = fresh()
  const own = pick(watched, which % 2 === 0 ? 'asked' : 'linked', which)?.nonce
  const nonce = of === 'own' && own !== undefined ? own : of === 'lower' ? number : Number.MAX_SAFE_INTEGER - 1 - number
  // The wire takes no nonce twice from one peer.
  if (watched.neighbours.get(peer)?.nonce === nonce) return
  const request = { nonce, name: `p${peer}`, want, redeem }
  watched.input(now => watched.topology.asked(peer, request, now, watched))
})

const isAccepted = kind('isAccepted', fc.tuple(fc.nat(9), fc.boolean()), (watched, [which, spliced]) => {
  const asked = pick(watched, 'asked', which)
  if (asked === undefined) return
  if (spliced && asked.reserves === 2) watched.announced()
  watched.input(now => watched.topology.accepted(asked.peer, asked.nonce, spliced, now, watched))
  const { state, nonce } = watched.neighbours.get(asked.peer) ?? {}
  must(state === 'linked' && nonce === asked.nonce, 'whoever accepts is linked')
})

const isEnded = kind('isEnded', fc.tuple(peer, end), (watched, [peer, end]) => {
  const entry = watched.neighbours.get(peer)
  if (entry === undefined || entry.state === 'lost') return
  watched.close(peer)
  watched.input(now => watched.topology.ended(peer, entry.nonce, end, undefined, now, watched))
})

const isSentAway = kind('isSentAway', fc.tuple(fc.nat(9), anybody), (watched, [which, newcomer], fresh) => {
  const linked = pick(watched, 'linked', which)
  if (linked === undefined) return
  watched.close(linked.peer)
  const goTo = { peer: newcomer, name: `p${newcomer}`, nonce: 2 ** 52 + fresh() }
  watched.input(now => watched.topology.ended(linked.peer, linked.nonce, 'spliced', goTo, now, watched))
})

/** What comes on a stream that is closed at this end: invariant 8. */
const hearsThePast = kind('hearsThePast', fc.tuple(peer, end), (watched, [peer, end], fresh) => {
  const stale = fresh()
  const before = watched.neighbours.get(peer)
  const { topology } = watched
  const goTo = { peer: 9, name: 'p9', nonce: 5 }
  const said =
    watched.input(now => topology.ended(peer, stale, end, goTo, now, watched)) +
    watched.input(now => topology.accepted(peer, stale, true, now, watched))
  must(said === 0 && watched.neighbours.get(peer) === before, 'I8: what comes on a closed stream changes nothing')
})

const liveness = fc.constantFrom('banished', 'dead', 'recovered')

const isJudged = kind('isJudged', fc.tuple(peer, liveness), (watched, [peer, verdict]) => {
  const { topology } = watched
  watched.input(now => {
    if (verdict === 'banished') topology.banish(peer, now, watched)
    else if (verdict === 'dead') topology.died(peer, 'dead', now, watched)
    else topology.recovered(peer)
  })
})

const leaves: Input = watched => void watched.input(() => watched.leave())

/** Inputs as they come from a host. */
const inputs = fc.oneof(
  { weight: 6, arbitrary: waits },
  { weight: 3, arbitrary: isViewed },
  { weight: 1, arbitrary: isUnviewed },
  { weight: 6, arbitrary: finds },
  { weight: 3, arbitrary: isTold },
  { weight: 1, arbitrary: isAdrift },
  { weight: 8, arbitrary: isAsked },
  { weight: 8, arbitrary: isAccepted },
  { weight: 4, arbitrary: isEnded },
  { weight: 6, arbitrary: isSentAway },
  { weight: 2, arbitrary: hearsThePast },
  { weight: 3, arbitrary: isJudged }
)

const begins = [...watchedSeeds].map<Input>(seed => watched => {
  watched.input(now => watched.topology.viewed(seed, { rank: 4, peers: 1_000 }, now, watched))
})

function play(seed: number, steps: readonly Input[], tally: Tally): WatchedTopology {
  const watched = new WatchedTopology(seed, tally)
  let last = 0
  for (const step of [...begins, ...steps]) step(watched, () => ++last)
  return watched
}

test('whatever comes in whatever order, the promises are kept', () => {
  const tally = new Tally()
  fc.assert(
    fc.property(fc.nat(), fc.array(inputs, { minLength: 20, maxLength: 150, size: 'max' }), (seed, steps) => {
      const watched = play(seed, steps, tally)
      // Invariant 5: if nobody says anything any more, nobody is waited for, once all candidates that were left have been asked.
      watched.wait(600_000)
      expect([watched.topology.pending, watched.neighbours.count('asked')]).toEqual([0, 0])
    }),
    { numRuns: 300 }
  )
  const seen = [...tally.times.keys()]
  for (const what of [
    'asks',
    'follows a referral',
    'accepts',
    'accepts by a splice',
    'refuses',
    'spliced',
    'duplicate'
  ]) {
    expect(seen).toContain(what)
  }
  for (const what of ['too-late', 'over-target', 'a neighbour of another is announced', 'seeks', 'offers']) {
    expect(seen).toContain(what)
  }
  for (const what of ['consults', 'recalls']) expect(seen).toContain(what)
})

test('whatever has come, after leaving nothing is left and nothing is said but no', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(inputs, { maxLength: 60 }),
      fc.array(inputs, { maxLength: 30 }),
      (seed, life, after) => {
        const watched = play(seed, [...life, leaves, ...after], new Tally())
        watched.wait(60_000)
        expect([watched.topology.pending, watched.topology.wakeAt]).toEqual([0, Number.POSITIVE_INFINITY])
      }
    )
  )
})
