import { readFileSync, statSync } from 'node:fs'
import { knownSeeds as limits } from '#src/settings.ts'
import { ConfigError, parseSeedLines } from './config-file.ts'
import { replaceText } from './replace-text.ts'

/** Who answered first at the address of a seed. */
export interface Pin {
  /** `HOST:PORT` */
  readonly label: string
  /** Peer id. */
  readonly id: string
  /** Where in the file it stands. */
  readonly line: number
}

const head = `# Who answered first at the address of each seed. Nobody else is taken for that seed.
# A seed that was given a new key on purpose: remove its line, and the next contact writes a new one.
`

/**
 * The identities of seeds whose lines in config.txt have none, as they were at the first contact: a file that all peers and seeds
 * with the same data folder share, with a line for each as config.txt would have it, `HOST:PORT/p2p/ID`. It is read anew for
 * every dial, so people may change it while nodes run.
 */
export class KnownSeeds {
  readonly file: string

  /** @throws {ConfigError} when any line is damaged: whom it was to keep out would come in */
  constructor(file: string) {
    this.file = file
    this.#read()
  }

  /** @throws {ConfigError} as the constructor does */
  find(label: string): Pin | undefined {
    return this.#read().find(seed => seed.label === label)
  }

  /**
   * Keeps an identity, unless one is known already.
   * @returns the identity that is known from now on, and whether this call has made it so
   * @throws {ConfigError} when a line is damaged, there are too many, or the file cannot be written; AbortError
   */
  async pin(label: string, id: string, signal?: AbortSignal): Promise<Pin & { readonly isNew: boolean }> {
    let isNew = false
    const add = (text: string): string | undefined => {
      const known = this.#parse(text)
      isNew = false
      if (known.some(seed => seed.label === label)) return undefined
      if (known.length >= limits.entriesMax) {
        const many = `${this.file} names ${known.length} seeds, more than any network has`
        throw new ConfigError(`${many}; remove the lines of those that you do not use any more`)
      }
      isNew = true
      const before = text === '' ? head : text.endsWith('\n') ? text : `${text}\n`
      return `${before}${label}/p2p/${id}\n`
    }
    for (;;) {
      const pin = this.find(label)
      if (pin !== undefined) return { ...pin, isNew }
      await replaceText(this.file, add, signal).catch((error: unknown) => {
        throw error instanceof Error && 'syscall' in error ? this.#unusable(error) : error
      })
    }
  }

  #unusable(cause: unknown): ConfigError {
    const why = cause instanceof Error ? cause.message : String(cause)
    const remedy = 'make it a file and a folder that can be read and written'
    return new ConfigError(`${this.file}, which is to keep who the seeds are: ${why}; ${remedy}`, { cause })
  }

  #read(): Pin[] {
    let text: string
    let size: number
    try {
      size = statSync(this.file).size
      text = size > limits.bytesMax ? '' : readFileSync(this.file, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw this.#unusable(error)
    }
    if (size > limits.bytesMax) throw new ConfigError(`${this.file} has ${size} bytes and cannot be a list of seeds`)
    return this.#parse(text)
  }

  #parse(text: string): Pin[] {
    const { seeds, mistakes } = parseSeedLines(text, this.file)
    const pins: Pin[] = []
    for (const { label, id, line } of seeds) {
      if (id === undefined) mistakes.push(`${this.file}:${line}: ${label} has no /p2p/ID`)
      else pins.push({ label, id, line })
    }
    if (mistakes.length === 0) return pins
    const repair = 'restore the line, or remove it to trust whoever answers at that address next'
    // In one line: it may also have to tell why a seed cannot be dialled.
    throw new ConfigError(`${mistakes.join('; ')}; ${repair}`)
  }
}
