import { InvalidArgumentError } from 'commander'
import { collect } from './arguments.ts'
import type { Command } from 'commander'

/** Where to listen for HTTP. */
export interface HttpAddress {
  /** An IP address, without brackets, or `localhost`. */
  readonly host: string
  /** 0 is any free one. */
  readonly port: number
}

export interface HttpOptions {
  readonly http?: HttpAddress
  readonly httpHost?: readonly string[]
  readonly httpTokenFile?: string
}

/** `8080`, which is a port of loopback, `127.0.0.1:8080`, `[::1]:8080` or `0.0.0.0:8080`. */
export function httpAddress(text: string): HttpAddress {
  const parts = /^(?:(?<host>[\d.]+|localhost|\[[\da-f:]+\]):)?(?<port>\d{1,5})$/i.exec(text)?.groups
  const port = Number(parts?.['port'])
  if (parts === undefined || port > 65_535)
    throw new InvalidArgumentError('Write a port such as 8080, which is of loopback, or an IP:PORT.')
  return { host: parts['host']?.replace(/^\[(.*)\]$/, '$1') ?? '127.0.0.1', port }
}

/** The other way round. */
export function httpText({ host, port }: HttpAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The flags of what is served over HTTP, for any node. */
export function withHttp(made: Command): Command {
  return made
    .option('--http <host:port>', 'serve dashboard, API and metrics; a port alone is one of 127.0.0.1', httpAddress)
    .option('--http-host <name>', 'also answer under this name, of a proxy for instance; may be repeated', collect)
    .option('--http-token-file <file>', 'keep the token that allows to act here (default: a new one each time)')
}

/** The port of the node that comes so many after the first, on one machine. */
export function portAfter(port: number, after: number): number {
  return port === 0 ? 0 : port + after
}
