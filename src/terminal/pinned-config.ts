import path from 'node:path'
import { replaceText } from '#src/node/replace-text.ts'
import { pinnedConfigLookMs } from '#src/settings.ts'
import type { KnownSeeds } from '#src/node/known-seeds.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

/**
 * Keeps `config.pinned.txt` in the working folder: config.txt with the identities of all seeds, as far as they are known. Any number of
 * processes may do it at once: each writes what all of them know together, now and whenever there is more to write.
 * @param config file with the seeds; the name of the one that is written comes from it
 * @param onTrouble told when it cannot be written, once until it can be again
 */
export function keepPinnedConfig(
  config: string,
  seeds: readonly SeedAddress[],
  knownSeeds: KnownSeeds,
  onTrouble: (error: Error) => void
): void {
  if (seeds.every(({ id }) => id !== undefined)) return
  const { name } = path.parse(config)
  let troubled = false
  const write = async (): Promise<void> => {
    try {
      await replaceText(`${name}.pinned.txt`, before => {
        const text = pinnedConfig(config, seeds, knownSeeds)
        return text === before ? undefined : text
      })
      troubled = false
    } catch (error) {
      if (!troubled) onTrouble(error instanceof Error ? error : new Error(String(error)))
      troubled = true
    }
    setTimeout(() => void write(), pinnedConfigLookMs).unref()
  }
  void write()
}

function pinnedConfig(config: string, seeds: readonly SeedAddress[], knownSeeds: KnownSeeds): string {
  const lines = seeds.map(({ label, id = knownSeeds.find(label)?.id }) =>
    id === undefined ? `# Not met yet; comes when it answers:\n${label}` : `${label}/p2p/${id}`
  )
  return [`# ${config} with the identities of its seeds, written by seed.js.`, ...lines, ''].join('\n')
}
