import type { Peer } from '#src/index.ts'

/** What the peers' own words about their neighbours come to. */

/** How many links away from this peer the others are, by name, over links that both ends have. */
export function distancesFrom(start: Peer, peers: readonly Peer[]): Map<string, number> {
  const byName = new Map(peers.map(peer => [peer.name, peer]))
  const names = (peer: Peer | undefined): string[] => peer?.neighbours().map(({ name }) => name) ?? []
  const distances = new Map([[start.name, 0]])
  for (const [name, distance] of distances) {
    for (const other of names(byName.get(name))) {
      if (!distances.has(other) && names(byName.get(other)).includes(name)) distances.set(other, distance + 1)
    }
  }
  return distances
}

/** Links that one end has and the other does not, as `ada -> bob`. */
export function oneSidedLinks(peers: readonly Peer[]): string[] {
  const links = new Set(peers.flatMap(peer => peer.neighbours().map(({ name }) => `${peer.name} -> ${name}`)))
  return [...links].filter(link => !links.has(link.split(' -> ').toReversed().join(' -> ')))
}

/** How many links they have, most first. */
export function degrees(peers: readonly Peer[]): number[] {
  return peers.map(peer => peer.neighbours().length).toSorted((a, b) => b - a)
}

/** How many links they want, most first. */
export function targets(peers: readonly Peer[]): number[] {
  return peers.map(({ target }) => target).toSorted((a, b) => b - a)
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
