/** How our programs end, for scripts. `--help` and the README list them. */
export const exitCode = {
  ok: 0,
  failure: 1,
  usage: 2,
  config: 3,
  portInUse: 5,
  nameTaken: 6,
  interrupted: 130
} as const

export const exitMeanings: Record<keyof typeof exitCode, string> = {
  ok: 'ended as asked',
  failure: 'failure',
  usage: 'wrong usage',
  config: 'config.txt, known-seeds.txt or a key file cannot be used',
  portInUse: 'port in use',
  nameTaken: 'name taken and nobody to ask',
  interrupted: 'ended by a second Ctrl-C'
}

const codes: Record<string, number> = {
  AddressError: exitCode.usage,
  HttpAddressError: exitCode.usage,
  ConfigError: exitCode.config,
  KeyFileError: exitCode.config,
  PortInUseError: exitCode.portInUse
}

/** Says what is wrong and ends the program with the code that belongs to it, by its name: `--help` must not load what errors come from. */
export function giveUp(error: unknown): never {
  console.error(`hubcast: ${error instanceof Error ? error.message : String(error)}`)
  process.exit((error instanceof Error ? codes[error.name] : undefined) ?? exitCode.failure)
}
