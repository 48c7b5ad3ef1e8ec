import { CODE_P2P, multiaddr } from '@multiformats/multiaddr'
import { isPrivateIp } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Origin } from '#src/core/origins.ts'

/** The IP address or host name that a multiaddr begins with, as text; empty when it begins with neither. */
export function hostOf(address: Multiaddr): string {
  return address.getComponents()[0]?.value ?? ''
}

export function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1' || host === 'localhost'
}

/** The IP part of an address alone, as a multiaddr: /ip4/192.0.2.7. */
export function ipOnly(address: Multiaddr): string {
  const first = address.getComponents()[0]
  return `/${first?.name ?? 'ip4'}/${first?.value ?? '0.0.0.0'}`
}

/**
 * Where a peer comes from, as far as there may not be any number of them: one IPv4 address in a network of 256, or what one customer gets of IPv6
 * (a /64) in what one site gets (a /48). Nothing for loopback and private networks, whose addresses anybody may give himself.
 * @param address the IP part of a multiaddr
 */
export function originOf(address: string): Origin | undefined {
  const [, kind, ip = ''] = address.split('/')
  if (isPrivateIp(ip) !== false) return undefined
  if (kind === 'ip4') return { address: ip, subnet: ip.replace(/\d+$/, '0/24') }
  const words = multiaddr(address).bytes.subarray(1)
  const prefix = (bits: number): string => `${Buffer.from(words.subarray(0, bits / 8)).toString('hex')}/${bits}`
  return { address: prefix(64), subnet: prefix(48) }
}

/** `HOST:PORT` of an address, as a line of config.txt has it. */
export function labelOf(address: string): string {
  const [, kind, host = '', , port = ''] = address.split('/')
  return `${kind === 'ip6' ? `[${host}]` : host}:${port}`
}

/**
 * The addresses under which others reach a node. One that listens on every interface is reached under the IP by which a seed has
 * seen it; behind a router that IP is none of the node's own, and the port has to be forwarded. One that listens on certain
 * addresses means just those.
 * @param configured what the node was told to listen on
 * @param listening what it listens on, with every interface spelled out
 * @param observedIp the IP part of a multiaddr
 */
export function reachable(
  configured: readonly string[],
  listening: readonly Multiaddr[],
  observedIp: string
): string[] {
  const own = listening.map(address => address.decapsulateCode(CODE_P2P).toString())
  if (!configured.some(address => ['0.0.0.0', '::'].includes(hostOf(multiaddr(address))))) return own
  const seen = own.filter(address => address.startsWith(`${observedIp}/`))
  if (seen.length > 0) return seen
  const ports = listening.map(address => address.getComponents().find(({ name }) => name === 'tcp')?.value)
  return [...new Set(ports)].map(port => `${observedIp}/tcp/${port}`)
}

/** The same addresses, those first that lead to a node from other machines too. */
export function loopbackLast(addresses: readonly string[]): string[] {
  const near = (address: string): number => Number(isLoopback(hostOf(multiaddr(address))))
  return addresses.toSorted((a, b) => near(a) - near(b))
}
