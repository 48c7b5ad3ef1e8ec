import { randomBytes } from 'node:crypto'
import { link, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { ConfigError } from '#src/node/config-file.ts'
import { portAfter } from './http-options.ts'
import { complain } from './narrator.ts'
import type { Monitor } from '#src/http/monitor.ts'
import type { HttpOptions } from './http-options.ts'

/** Shorter ones could be guessed. */
const tokenCharactersMin = 16

/**
 * What watches the nodes of this process; nothing without `--http`. It is loaded only then.
 * @param after how many ports after the one that was asked for
 */
export async function monitorOf(
  { http, httpHost, httpTokenFile }: HttpOptions,
  after = 0,
  orNextPort = false
): Promise<Monitor | undefined> {
  if (http === undefined) return undefined
  const { Monitor } = await import('#src/http/monitor.ts')
  return new Monitor({
    host: http.host,
    port: portAfter(http.port, after),
    orNextPort,
    alsoKnownAs: (httpHost ?? []).map(name => name.toLowerCase()),
    token: httpTokenFile === undefined ? newToken() : await keptToken(httpTokenFile),
    onFault: complain
  })
}

function newToken(): string {
  return randomBytes(tokenCharactersMin).toString('base64url')
}

/** Several nodes may share the file: the first one to come writes it. */
async function keptToken(file: string): Promise<string> {
  const draft = `${file}.${process.pid}.new`
  await writeFile(draft, `${newToken()}\n`, { mode: 0o600 })
  try {
    // A link does not replace a file that is there, and what is there is whole.
    await link(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0)
    throw new ConfigError(`${file} can be read by other users; run: chmod 600 ${file}`)
  const token = (await readFile(file, 'utf8')).trim()
  if (/^[\w-]+$/.test(token) && token.length >= tokenCharactersMin) return token
  throw new ConfigError(`${file}: not a token of ${tokenCharactersMin} or more of A-Z a-z 0-9 _ -; remove the file`)
}
