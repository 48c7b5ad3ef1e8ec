import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { packages } from './installed.ts'

/**
 * smoldot, a light client of blockchains, in Rust and with a libp2p of its own: TCP, noise, yamux, identify, ping. It listens
 * nowhere; it dials the boot nodes of its chain. Ours is a chain without blocks, only there to name a peer of ours as boot node.
 */
export interface SmoldotNode {
  /** What it says of its network, such as `pong; peer_id=…`. */
  readonly said: readonly string[]
  stop(): Promise<void>
}

interface Smoldot {
  readonly start: (options: {
    readonly maxLogLevel: number
    readonly logCallback: (level: number, target: string, message: string) => void
  }) => {
    addChain(options: { chainSpec: string }): Promise<unknown>
    terminate(): Promise<void>
  }
}

const debug = 4

/** @param bootNode multiaddr with /p2p */
export async function startSmoldot(bootNode: string): Promise<SmoldotNode> {
  const url = pathToFileURL(path.join(packages, 'node_modules/smoldot/dist/mjs/index-nodejs.js')).href
  const { start } = (await import(/* @vite-ignore */ url)) as Smoldot
  const said: string[] = []
  const logCallback = (_level: number, target: string, message: string): void => {
    if (target === 'network') said.push(message)
  }
  const client = start({ maxLogLevel: debug, logCallback })
  await client.addChain({ chainSpec: JSON.stringify(chain(bootNode)) })
  return { said, stop: async () => client.terminate() }
}

function chain(bootNode: string): object {
  const code = `0x${Buffer.from(runtime()).toString('hex')}`
  // The key is `:code` in hex, as every chain of this kind has it.
  const genesis = { raw: { top: { '0x3a636f6465': code }, childrenDefault: {} } }
  return { name: 'Hubcast test', id: 'hubcast-test', bootNodes: [bootNode], genesis }
}

/** The least WebAssembly that is taken for the code of a chain: a memory, where its heap begins, and a version without any API. */
function runtime(): number[] {
  const text = (value: string): number[] => [value.length, ...Buffer.from(value)]
  const section = (id: number, body: readonly number[]): number[] => [id, body.length, ...body]
  const one = [1, 0, 0, 0]
  const name = [4 << 2, ...Buffer.from('test')]
  const version = [...name, ...name, ...one, ...one, ...one, 0, ...one, 1]
  return [
    0,
    ...Buffer.from('asm'),
    ...one,
    ...section(5, [1, 0, 1]),
    ...section(6, [1, 0x7f, 0, 0x41, 0, 0x0b]),
    ...section(7, [2, ...text('memory'), 2, 0, ...text('__heap_base'), 3, 0]),
    ...section(0, text('runtime_apis')),
    ...section(0, [...text('runtime_version'), ...version])
  ]
}
