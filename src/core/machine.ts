/**
 * The contract that every state machine of the core keeps.
 *
 * - Inputs are methods. Time comes in as `now`, randomness as a generator at construction.
 * - Outputs go to the `out` that is given with the call. An output may only enqueue: it never calls back into the machine
 *   that is speaking, so no machine ever sees itself half updated.
 * - Each machine names its earliest deadline in `wakeAt`; the host keeps one alarm and calls `wake` when it rings. Setting a
 *   deadline twice overwrites it, so there is nothing to cancel and nothing to leak.
 */

/** Milliseconds of a clock that never runs backwards. Only differences have a meaning. */
export type Millis = number

/** The deadline of a machine that waits for an input only. */
export const NEVER: Millis = Number.POSITIVE_INFINITY

export interface Machine<Out> {
  /** Earliest time at which `wake` has something to do; `NEVER` when only an input can change anything. */
  readonly wakeAt: Millis
  /** Does all that is due at `now`. Harmless when called early. */
  wake(now: Millis, out: Out): void
}
