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
  AddressError: exitCode.usage,
  ConfigError: exitCode.config,
  KeyFileError: exitCode.config,
  PortInUseError: exitCode.portInUse
}

/** Says what is wrong and ends the program with the code that belongs to it, by its name: `--help` must not load what errors come from. */
export function giveUp(error: unknown): never {
  console.error(`hubcast: ${error instanceof Error ? error.message : String(error)}`)
  process.exit((error instanceof Error ? codes[error.name] : undefined) ?? exitCode.failure)
}
