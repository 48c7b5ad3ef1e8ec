/** Milliseconds of the machine's monotonic clock: one clock for all processes, so a message can be timed from one to another. */
export function clock(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
