import { printable } from '#src/node/printable.ts'
import { table } from './table.ts'
import type { PeerNode } from '#src/node/peer-node.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

const help = table([
  ['/peers', 'the neighbours, and how long their answers take'],
  ['/seeds', 'the seeds, and where this peer is registered'],
  ['/ping NAME', 'pings a peer, neighbour or not'],
  ['/help', 'this list'],
  ['/quit', 'leaves the network, as Ctrl-C does'],
  ['//text', 'says /text to all peers']
])

/** What a peer answers to a line that begins with a slash. @param line without that slash */
export async function answerCommand(line: string, peer: PeerNode, seeds: readonly SeedAddress[]): Promise<string> {
  const [command = '', name = ''] = line.trim().split(/\s+/)
  switch (command) {
    case 'peers':
      return peersTable(peer)
    case 'seeds': {
      const { registrars } = peer
      return table(seeds.map(({ label }) => [label, registrars.includes(label) ? 'registered' : 'not needed now']))
    }
    case 'ping':
      return name === '' ? 'write /ping NAME, such as one of /peers' : pingLine(peer, name)
    case 'help':
      return help
    case 'quit':
      process.kill(process.pid, 'SIGINT')
      return 'leaving'
    default:
      return `there is no /${printable(command)}: /help lists what there is, and //${printable(line)} says it to all peers`
  }
}

function peersTable({ neighbours, foreignNodes }: PeerNode): string {
  if (neighbours.length + foreignNodes.length === 0) return 'no neighbours yet'
  const latency = (ms: number | undefined): string => (ms === undefined ? 'not pinged yet' : `${Math.round(ms)} ms`)
  return table([
    ...neighbours.map(({ name, id, latencyMs }) => [name, latency(latencyMs), id]),
    ...foreignNodes.map(({ agent, id, latencyMs }) => [`foreign ${agent}`.trim(), latency(latencyMs), id])
  ])
}

async function pingLine(peer: PeerNode, name: string): Promise<string> {
  const startedAt = performance.now()
  const result = await peer.ping(name)
  if (result === undefined) return `no seed has announced a peer ${printable(name)}`
  if (result.rttMs !== undefined) return `${name} answers within ${Math.round(result.rttMs)} ms`
  if (result.outcome === 'inconclusive') return `${name} is being pinged at this moment: try again`
  return `${name} does not answer (${result.outcome} after ${Math.round(performance.now() - startedAt)} ms)`
}
