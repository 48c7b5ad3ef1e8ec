import { glance, measure } from './overlay-measures.ts'
import { play } from './scenario.ts'
import type { Millis } from '#src/core/machine.ts'
import type { OverlayMeasures } from './overlay-measures.ts'
import type { Phase, ScenarioSettings } from './scenario.ts'
import type { World } from './world.ts'

/** What a scenario has come to at the end of one of its parts. */
export interface PhaseReport extends OverlayMeasures {
  readonly phase: Phase
  /** Virtual time, in s. */
  readonly seconds: number
  /** Least `componentOfLinked` at any look since the part began. */
  readonly componentInFlight: number
  /** After a strike or a partition: virtual time in s until 95 % of the peers are on target and all are connected; none, if that never was. */
  readonly recoverySeconds?: number
  /** Since the report before: removals as dead, by any seed, of peers that live. */
  readonly falseRemovals: number
}

const onTargetRecovered = 0.95

/**
 * Plays a scenario and reports at the end of each part.
 * @param onLook is told of every look in between, with the share of the virtual time that is over
 */
export function* reports(
  settings: ScenarioSettings,
  onLook: (world: World, phase: Phase, done: number) => void
): Generator<{ readonly report: PhaseReport; readonly world: World }> {
  const total = duration(settings)
  let inFlight = 1
  let hurtAt = 0
  let recoverySeconds: number | undefined
  let removedBefore = 0
  for (const { phase, world } of play(settings)) {
    onLook(world, phase, Math.min(1, world.now / total))
    const seconds = world.now / 1_000
    if (phase === 'growing' || phase === 'turning-over' || phase === 'stalling') {
      inFlight = Math.min(inFlight, glance(world).componentOfLinked)
      continue
    }
    if (phase === 'healing' || phase === 'mending') {
      if (recoverySeconds === undefined && hasRecovered(world)) recoverySeconds = (world.now - hurtAt) / 1_000
      continue
    }
    const recovery = recoverySeconds === undefined ? {} : { recoverySeconds }
    const falseRemovals = world.falseRemovals - removedBefore
    yield {
      report: { phase, seconds, ...measure(world), componentInFlight: inFlight, ...recovery, falseRemovals },
      world
    }
    inFlight = 1
    hurtAt = world.now
    recoverySeconds = undefined
    removedBefore = world.falseRemovals
  }
}

function hasRecovered(world: World): boolean {
  const { onTarget, component } = glance(world)
  return onTarget >= onTargetRecovered && component === 1
}

function duration(settings: ScenarioSettings): Millis {
  const { growMs, calmMs, turnover, lifetimeMs, stalls, stallMs, partitionMs, crash, attackHubs } = settings
  const turning = turnover > 0 ? turnover * lifetimeMs + calmMs : 0
  const stalling = stalls > 0 ? calmMs + stallMs + calmMs : 0
  const parted = partitionMs > 0 ? partitionMs + calmMs : 0
  return growMs + calmMs + turning + stalling + parted + (crash > 0 || attackHubs > 0 ? calmMs : 0)
}
