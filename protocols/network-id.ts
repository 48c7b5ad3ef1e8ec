import { createHash } from 'node:crypto'

const domain = 'hubcast/network/1'

/** What to tell people when two nodes name different networks. */
export const otherNetwork =
  'its config.txt lists other seeds than the one here: both files must have the same HOST:PORT lines'

/** Bytes of a network id. */
export const networkIdBytes = 16

/**
 * Names a network by its seeds, so that nodes whose config files differ find out. Identities behind the labels do not count: files with
 * and without them go together.
 * @param labels `HOST:PORT` of all seeds, as the config file has them, in any order
 * @returns 16 bytes in hex
 */
export function networkId(labels: readonly string[]): string {
  const lines = [domain, ...labels.toSorted()]
  const digest = createHash('sha256').update(lines.join('\n')).digest()
  return digest.toString('hex', 0, networkIdBytes)
}
