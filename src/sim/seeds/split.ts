import { degreeLaw, simulation } from '#src/settings.ts'
import { between, sample } from '#src/core/random.ts'
import { partition } from '../partition.ts'
import { World } from '../world.ts'
import type { Millis } from '#src/core/machine.ts'
import type { Side, SimPeer } from '../sim-peer.ts'

export interface SplitSettings {
  /** Makes the whole run. */
  readonly seed: number
  readonly seeds: number
  readonly peers: number
  /** How long no message passes between two halves of the network. */
  readonly partitionMs: Millis
  /** By how much the peers' clocks run faster or slower than those of the seeds, at most. */
  readonly clockDrift: number
}

export interface SplitReport {
  /** Most peers that took themselves for registered under one name at a time. */
  readonly holdersMost: number
  /** Names whose holder was cut off and which somebody on the other side had got when the halves met again. */
  readonly takenOver: number
  /** At the end: names with a registered holder, of all. */
  readonly held: number
  readonly names: number
}

const growMs = 30_000
/** Time in which peers on both sides ask for names of the other. */
const claimMs = 60_000
/** After this time whoever was told that the name is taken asks again. */
const againMs = 5_000

/**
 * The network is parted, and on both sides newcomers want names that somebody on the other side has. Then the halves meet again.
 */
export function split({ seed, seeds, peers, partitionMs, clockDrift }: SplitSettings): SplitReport {
  const weather = { ...simulation.weather, loss: 0 }
  const world = new World({ seed, seeds, law: degreeLaw, weather, hasDisks: true, clockDrift })
  const { calendar, random } = world
  const claimants = new Map<string, SimPeer[]>()
  let holdersMost = 0
  world.onTurn = peer => {
    const rivals = claimants.get(peer.name) ?? []
    holdersMost = Math.max(holdersMost, rivals.filter(({ state }) => state === 'registered').length)
  }
  const join = (name: string, side: Side): SimPeer => {
    const peer = world.join(name, side)
    claimants.set(name, [...(claimants.get(name) ?? []), peer])
    return peer
  }
  for (let count = 1; count <= peers; count++) calendar.at(random() * growMs, () => join(`n${count}`, 'here'))
  world.run(growMs + simulation.calmMs)
  const heal = partition(world)
  const healsAt = world.now + partitionMs
  const before = [...world.alive()]
  for (const holder of sample(random, before, Math.ceil(peers / 2))) {
    const side = holder.side === 'here' ? 'beyond' : 'here'
    let claimant: SimPeer | undefined
    const claim = (): void => {
      if (world.now >= healsAt) return
      if (claimant === undefined || claimant.state === 'refused') {
        if (claimant !== undefined) world.leave(claimant)
        claimant = join(holder.name, side)
      }
      calendar.after(againMs, claim)
    }
    calendar.after(between(random, 0, claimMs), claim)
  }
  world.run(partitionMs)
  const isHeld = (by: readonly SimPeer[]): boolean => by.some(({ state }) => state === 'registered')
  const newcomers = [...world.alive()].filter(peer => !before.includes(peer))
  const takenOver = newcomers.filter(peer => isHeld([peer])).length
  heal()
  world.run(simulation.calmMs)
  const held = [...claimants.values()].filter(rivals => isHeld(rivals)).length
  return { holdersMost, takenOver, held, names: claimants.size }
}
