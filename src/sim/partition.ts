import { between, sample } from '#src/core/random.ts'
import { followRetryMs, host, liveness } from '#src/settings.ts'
import type { SimPeer } from './sim-peer.ts'
import type { SimSeed } from './sim-seed.ts'
import type { World } from './world.ts'

/**
 * Parts the network: no message passes between two random halves of the peers any more, and whatever is sent is lost in silence.
 * Each seed is on one of the two sides too; only one side has most of them.
 * @returns how to heal it
 */
export function partition(world: World): () => void {
  const { random, seeds } = world
  for (const seed of seeds.slice(Math.ceil(seeds.length / 2))) seed.side = 'beyond'
  for (const peer of sample(random, world.alive(), Math.floor(world.size / 2))) peer.side = 'beyond'
  for (const [peer, other, nonce] of linksAcross(world)) peer.mourn(other.id, nonce, 'silent')
  for (const [seed, other] of seedsAcross(seeds)) seed.lose(other)
  return () => heal(world)
}

function heal(world: World): void {
  const { calendar, random, seeds } = world
  const links = [...linksAcross(world)]
  const pairs = [...seedsAcross(seeds)]
  for (const one of [...world.alive(), ...seeds]) one.side = 'here'
  for (const [peer, other, nonce] of links) {
    const back = other.neighbours.get(peer.id)
    if (back?.state === 'linked' && back.nonce === nonce) continue
    // The other has given the link up. Its host says so when something is said on the stream again: a message or a ping.
    calendar.after(between(random, 0, liveness.pingIntervalMs), () => peer.onLost(other.id, nonce))
  }
  // Each attempt to follow takes its time to fail, and the next one comes a little later.
  for (const [seed, other] of pairs) {
    calendar.after(between(random, 0, host.dialTimeoutMs + followRetryMs), () => seed.follow(other))
  }
}

/** Links whose ends are on different sides, by each end that takes them to stand. */
function* linksAcross(world: World): Iterable<readonly [SimPeer, SimPeer, number]> {
  for (const peer of world.alive()) {
    for (const { peer: id, nonce } of peer.neighbours.in('linked')) {
      const other = world.peer(id)
      if (other !== undefined && other.side !== peer.side) yield [peer, other, nonce]
    }
  }
}

function* seedsAcross(seeds: readonly SimSeed[]): Iterable<readonly [SimSeed, SimSeed]> {
  for (const seed of seeds) for (const other of seeds) if (other.side !== seed.side) yield [seed, other]
}
