import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A new empty folder that goes when it is disposed of. */
export function workplace(): { readonly folder: string; readonly [Symbol.dispose]: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'hubcast-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * Ports of loopback in a row that nobody listens on, nor begins to before they are used: from 32768 on systems give ports to outgoing connections, and
 * to tests beside this one.
 */
export async function freePorts(count: number): Promise<number[]> {
  const first = 10_000 + Math.floor(Math.random() * 20_000)
  const servers = Array.from({ length: count }, () => createServer())
  try {
    await Promise.all(
      servers.map(async (server, index) => once(server.listen(first + index, '127.0.0.1'), 'listening'))
    )
    return servers.map((_, index) => first + index)
  } catch {
    return await freePorts(count)
  } finally {
    await Promise.all(servers.map(async server => new Promise(resolve => server.close(resolve))))
  }
}

/** Writes config.txt with these seeds of loopback into the folder, and returns their labels. */
export function writeConfig(folder: string, ports: readonly number[]): string[] {
  const labels = ports.map(port => `127.0.0.1:${port}`)
  writeFileSync(path.join(folder, 'config.txt'), `${labels.join('\n')}\n`)
  return labels
}

/** The lines of a text file; none when it does not exist. */
export function linesOf(folder: string, file: string): string[] {
  try {
    return readFileSync(path.join(folder, file), 'utf8').split('\n').slice(0, -1)
  } catch {
    return []
  }
}
