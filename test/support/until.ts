import { setTimeout as delay } from 'node:timers/promises'

/** Waits until the condition holds and returns what it gave. Rejects after `deadlineMs`, saying what was awaited. */
export async function until<Result>(
  what: string,
  condition: () => Result | undefined | false | Promise<Result | undefined | false>,
  deadlineMs: number
): Promise<Result> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const result = await condition()
    if (result !== undefined && result !== false) return result
    if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms`)
    await delay(20)
  }
}
