import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A new empty folder that goes when it is disposed of. */
export function workplace(): { readonly folder: string; readonly [Symbol.dispose]: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'hubcast-'))
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Ports of loopback that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  return portsFree(Array.from({ length: count }, () => 0))
}

/**
 * Ports for seeds that end and come back: nobody takes them in between, for from 32768 on systems give ports to outgoing connections.
 */
export async function steadyPorts(count: number): Promise<number[]> {
  const first = 10_000 + Math.floor(Math.random() * 20_000)
  try {
    return await portsFree(Array.from({ length: count }, (_, index) => first + index))
  } catch {
    return steadyPorts(count)
  }
}

/** @param wanted 0 for any */
async function portsFree(wanted: readonly number[]): Promise<number[]> {
  const servers = await Promise.all(
    wanted.map(
      async port =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer()
          server.on('error', reject)
          server.listen(port, '127.0.0.1', () => resolve(server))
        })
    )
  )
  const ports = servers.map(server => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map(async server => new Promise(resolve => server.close(resolve))))
  return ports
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
