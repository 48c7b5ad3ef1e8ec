import type { OnFault } from '#protocols/streams/exchange.ts'
import type { OnHappening } from './events.ts'

/** Faults of one remote that are told in a minute. A remote that makes more of them must not fill the log. Estimate. */
const faultsPerMinuteMax = 60
const minuteMs = 60_000

/** Remotes whose faults are counted; the one that was first to make one is forgotten first. */
const remotesMax = 1_000

/** Tells of faults as happenings, of each remote only so many. */
export function faultsOf(onHappening: OnHappening): OnFault {
  const remotes = new Map<string, { readonly since: number; faults: number }>()
  return (remote, what, fault) => {
    const now = performance.now()
    let counted = remotes.get(remote)
    if (counted === undefined || now - counted.since > minuteMs) {
      counted = { since: now, faults: 0 }
      remotes.delete(remote)
      remotes.set(remote, counted)
      for (const first of remotes.keys()) {
        if (remotes.size <= remotesMax) break
        remotes.delete(first)
      }
    }
    counted.faults++
    if (counted.faults > faultsPerMinuteMax + 1) return
    const silenced = counted.faults > faultsPerMinuteMax
    const message = silenced ? `${fault.message} (its further faults in this minute are not told)` : fault.message
    onHappening({ event: 'fault', remote, what, error: fault.name, message })
  }
}
