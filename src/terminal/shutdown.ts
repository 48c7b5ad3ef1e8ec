import { closeSync, openSync } from 'node:fs'
import { exitCode } from './exit-codes.ts'

/** A graceful end takes no longer than this, in ms; after that the program ends all the same. */
export const shutdownMsMax = 5_000

/**
 * Ends the program gracefully at the first Ctrl-C or SIGTERM and at once at the second. One that was started by another program
 * of ours ends with it, however that one ends. An error that nobody caught ends the program too, with its stack on standard
 * error: a node whose state is unknown must not go on.
 * @param stop says good-bye and frees everything; called once
 * @param reopenLogs called at each SIGHUP while there is a terminal, or none was needed
 */
export function endGracefully(stop: () => Promise<void>, reopenLogs: () => Promise<void> = async () => {}): void {
  let ending = false
  const begin = (): void => {
    if (ending) return
    ending = true
    setTimeout(() => exit(exitCode.failure), shutdownMsMax).unref()
    stop().then(() => exit(exitCode.ok), fail)
  }
  let signals = 0
  const end = (): void => {
    signals++
    if (signals > 1) process.exit(exitCode.interrupted)
    begin()
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  process.on('SIGHUP', () => {
    // Nobody is there to press Ctrl-C any more. With output elsewhere the terminal may go, as under nohup.
    if (process.stdout.isTTY && terminalIsGone()) end()
    else reopenLogs().catch(fail)
  })
  process.on('disconnect', begin)
  // The program that started this one may have ended before anybody listened.
  if (process.send !== undefined && !process.connected) begin()
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  // Whoever read our output has gone; that is no reason to leave the network.
  process.stdout.on('error', () => {})
}

/** SIGHUP means two things: that the terminal was closed, and that the logs were renamed. */
function terminalIsGone(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return false
  } catch {
    return true
  }
}

function fail(error: unknown): never {
  console.error(error)
  process.exit(exitCode.failure)
}

function exit(code: number): never {
  // Node aborts when it cannot set a terminal back that is gone, unless that is closed.
  if (process.stdout.isTTY && terminalIsGone()) for (const stream of [0, 1, 2]) closeSync(stream)
  process.exit(code)
}
