/** How our programs end, for scripts. The README lists them. */
export const exitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  config: 3,
  portInUse: 5,
  nameTaken: 6,
  interrupted: 130
} as const

const codes: Record<string, number> = {
  ConfigError: exitCode.config,
  KeyFileError: exitCode.config,
  PortInUseError: exitCode.portInUse
}

/** The exit code that belongs to an error, by its name: `--help` must not load what the errors come from. */
export function exitCodeOf(error: unknown): number {
  return (error instanceof Error ? codes[error.name] : undefined) ?? exitCode.failure
}
