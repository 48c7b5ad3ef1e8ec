import { peerIdFromString } from '@libp2p/peer-id'
import { readFileSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import type { SeedAddress } from './seed-contacts.ts'

/** config.txt or known-seeds.txt cannot be used as it is. The message names each line, what is wrong with it and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const example = '127.0.0.1:5002'
const hostName = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/

/**
 * The seeds of a network, as all its peers and seeds read them: one `IP:Port` a line, IPv6 as `[IP]:Port`, names allowed; behind
 * it, if the seed's identity is to be checked, `/p2p/` and its peer id. Empty lines and what follows a # do not count. The
 * number of seeds decides how many a peer registers with, so no line is ever skipped over a mistake.
 * @param pinsRequired whether a line without an identity is a mistake
 * @throws {ConfigError}
 */
export function readConfig(file: string, pinsRequired = false): SeedAddress[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'does not exist' : String(error)
    throw new ConfigError(
      `${file}: ${why}; write one seed a line, such as ${example}, or name another file by --config`
    )
  }
  return parseConfig(text, file, pinsRequired)
}

/** @param file name of the file, for the error. @throws {ConfigError} */
export function parseConfig(text: string, file: string, pinsRequired = false): SeedAddress[] {
  const { seeds, mistakes } = parseSeedLines(text, file)
  for (const [index, { label, address, id, line }] of seeds.entries()) {
    // One seed that counts twice would make a quorum with itself.
    const before = seeds.slice(0, index)
    const twin = before.find(other => id !== undefined && other.id === id)
    if (twin !== undefined)
      mistakes.push(`${file}:${line}: peer id ${id} is already on line ${twin.line}; remove one of the two lines`)
    const double = before.find(other => placeOf(other.address) === placeOf(address))
    if (double !== undefined)
      mistakes.push(
        `${file}:${line}: ${label} is the same seed as ${double.label} on line ${double.line}; remove one of the two lines`
      )
    if (pinsRequired && id === undefined)
      mistakes.push(`${file}:${line}: ${label} has no /p2p/ID; copy it from config.pinned.txt, which the seeds write`)
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  if (seeds.length === 0) throw new ConfigError(`${file}: names no seed; write one a line, such as ${example}`)
  return seeds.map(({ label, address, id }) => ({ label, address, id }))
}

/** The lines that name a seed, each seed once, and what is wrong with the others. */
export function parseSeedLines(
  text: string,
  file: string
): { readonly seeds: (SeedAddress & { readonly line: number })[]; readonly mistakes: string[] } {
  const seeds: (SeedAddress & { readonly line: number })[] = []
  const mistakes: string[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  for (const [index, raw] of lines.entries()) {
    const content = raw.replace(/#.*/, '').trim()
    if (content === '') continue
    const line = index + 1
    const seed = parseLine(content)
    if (typeof seed === 'string') {
      mistakes.push(`${file}:${line}: ${JSON.stringify(content)}: ${seed}`)
      continue
    }
    const twin = seeds.find(({ label }) => label === seed.label)
    if (twin === undefined) seeds.push({ ...seed, line })
    else mistakes.push(`${file}:${line}: ${seed.label} is already on line ${twin.line}; remove one of the two lines`)
  }
  return { seeds, mistakes }
}

/** The same for all ways to write an address, as far as no name server is needed to tell. */
function placeOf(address: string): string {
  const [, kind, host = '', , port] = address.split('/')
  if (host.toLowerCase() === 'localhost') return `127.0.0.1:${port}`
  return `${kind === 'ip6' ? new URL(`http://[${host}]`).hostname : host.toLowerCase()}:${port}`
}

/** The seed, or what is wrong. */
function parseLine(content: string): SeedAddress | string {
  const parts = /^(?:\[(?<v6>[^\]]*)\]|(?<host>[^:/[\]]*)):(?<port>[^/]*)(?:\/p2p\/(?<id>.*))?$/.exec(content)?.groups
  if (/^[^[]*:[^/]*:/.test(content)) return 'an IPv6 address stands in brackets; write for example [::1]:5002'
  if (parts === undefined) return `not of the form IP:Port; write for example ${example}`
  const host = parts['v6'] ?? parts['host'] ?? ''
  const port = Number(parts['port'])
  if (!/^\d{1,5}$/.test(parts['port'] ?? '') || port < 1 || port > 65_535) {
    return `the port must be a number from 1 to 65535; write for example ${example}`
  }
  const protocol = protocolOf(host, parts['v6'] !== undefined)
  if (protocol === undefined)
    return `${JSON.stringify(host)} is no IP address and no host name; write for example ${example}`
  if (host === '0.0.0.0' || host === '::')
    return `${host} cannot be dialled; write the address at which peers reach the seed`
  const id = parts['id']
  if (id !== undefined && !isPeerId(id))
    return `${JSON.stringify(id)} is no peer id; copy it from what the seed prints when it starts`
  const label = protocol === 'ip6' ? `[${host}]:${port}` : `${host}:${port}`
  return { label, address: `/${protocol}/${host}/tcp/${port}`, id }
}

function protocolOf(host: string, bracketed: boolean): 'ip4' | 'ip6' | 'dns' | undefined {
  if (bracketed) return isIPv6(host) ? 'ip6' : undefined
  if (isIPv4(host)) return 'ip4'
  // What consists of digits and dots only was meant to be an IP address.
  return hostName.test(host) && !/^[\d.]+$/.test(host) ? 'dns' : undefined
}

function isPeerId(text: string): boolean {
  try {
    peerIdFromString(text)
    return true
  } catch {
    return false
  }
}
