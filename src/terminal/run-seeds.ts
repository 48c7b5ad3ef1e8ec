import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import path from 'node:path'
import { SeedView } from '#src/http/seed-view.ts'
import { ActivityLog } from '#src/node/activity-log.ts'
import { isLoopback } from '#src/node/addresses.ts'
import { keepKey } from '#src/node/key-file.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { SeedMemory } from '#src/node/seed-memory.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import { ConfigError, readConfig } from '#src/node/config-file.ts'
import { exitCode, giveUp } from './exit-codes.ts'
import { httpText, portAfter } from './http-options.ts'
import { monitorOf } from './monitor-of.ts'
import { complain, fileWatch, narrator, tellAddress } from './narrator.ts'
import { keepPinnedConfig } from './pinned-config.ts'
import { endGracefully, shutdownMsMax } from './shutdown.ts'
import type { ChildProcess } from 'node:child_process'
import type { Monitor } from '#src/http/monitor.ts'
import type { HttpOptions } from './http-options.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

export interface SeedOptions extends HttpOptions {
  readonly config: string
  readonly only?: string
  readonly inProcess?: true
  readonly dataDir: string
  readonly requirePins?: true
  readonly output: string
  readonly json?: true
}

/** A seed that crashed is started again after this time, in ms, long enough not to spin when it crashes at once. Estimate. */
const restartMs = 2_000

/** Starts the seeds and returns; the program ends by a signal, or by `process.exit` when a seed cannot start. */
export async function runSeeds(options: SeedOptions): Promise<void> {
  try {
    const all = readConfig(options.config, options.requirePins)
    const mine = choose(all, options)
    for (const { label } of all) {
      if (options.only === undefined && !mine.some(seed => seed.label === label) && options.json === undefined) {
        console.log(`seed ${label} runs elsewhere: it is no address of this machine`)
      }
    }
    if (mine.length === 1 || options.inProcess === true) await runHere(mine, all, options)
    else supervise(mine, options)
  } catch (error) {
    giveUp(error)
  }
}

function choose(all: readonly SeedAddress[], { config, only }: SeedOptions): readonly SeedAddress[] {
  if (only !== undefined) {
    const chosen = all.filter(({ label }) => label === only)
    if (chosen.length > 0) return chosen
    throw new ConfigError(`${config} has no seed ${only}; it has ${all.map(({ label }) => label).join(', ')}`)
  }
  const own = ownAddresses()
  const mine = all.filter(seed => isOwn(seed, own))
  if (mine.length > 0) return mine
  throw new ConfigError(
    `${config}: none of its seeds is an address of this machine (${own.join(', ')}); add a line, or use --only`
  )
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(list => list?.map(({ address }) => address) ?? [])
}

function isOwn({ address }: SeedAddress, own: readonly string[]): boolean {
  const host = address.split('/')[2] ?? ''
  return isLoopback(host) || own.includes(host)
}

/** Where a seed listens: at its address, or on every interface if that is a name or the address of a router before this machine. */
function listenOn(seed: SeedAddress): string {
  const [, kind, host, , port] = seed.address.split('/')
  if (host === 'localhost') return `/ip4/127.0.0.1/tcp/${port}`
  if (kind !== 'dns' && isOwn(seed, ownAddresses())) return seed.address
  return `/${kind === 'ip6' ? 'ip6/::' : 'ip4/0.0.0.0'}/tcp/${port}`
}

async function runHere(mine: readonly SeedAddress[], all: readonly SeedAddress[], options: SeedOptions): Promise<void> {
  const narrate = narrator(options.json === true)
  const monitors = new Map<string, Monitor>()
  const log = new ActivityLog({
    output: options.output,
    onEvent: (event, text) => {
      narrate(event, text)
      monitors.get(event.node)?.note(event)
    },
    ...fileWatch()
  })
  const seeds: SeedNode[] = []
  endGracefully(
    async () => {
      await Promise.all(seeds.map(seed => seed.stop()))
      await log.close()
    },
    async () => log.reopen()
  )
  const knownSeeds = new KnownSeeds(path.join(options.dataDir, 'known-seeds.txt'))
  for (const [index, own] of mine.entries()) {
    const base = path.join(options.dataDir, 'seeds', own.label.replaceAll(/[^A-Za-z0-9.-]/g, '_'))
    const file = `${base}.key`
    const hadLife = existsSync(file)
    const memory = await SeedMemory.open(`${base}.registry`)
    if (!hadLife) await memory.begin()
    const key = await keepKey(file)
    await checkIdentity(own, key.publicKey.toString(), file, knownSeeds, options.config)
    const monitor = await monitorOf(options, index)
    if (monitor !== undefined) monitors.set(own.label, monitor)
    const seed = await SeedNode.start({
      key,
      listen: [listenOn(own)],
      label: own.label,
      others: all.filter(({ label }) => label !== own.label),
      knownSeeds,
      onHappening: log.of({ role: 'seed', node: own.label }),
      memory,
      hasForgotten: hadLife && !memory.isComplete,
      metrics: monitor?.libp2pMetrics
    })
    seeds.push(seed)
    if (monitor !== undefined)
      tellAddress(`seed ${own.label}`, await monitor.serve(new SeedView(seed)), options.json === true)
    if (memory.damage !== undefined) console.error(damaged(own.label, `${base}.registry`, memory.damage))
  }
  keepPinnedConfig(options.config, all, knownSeeds, complain)
}

/** Nobody would take a seed with another identity for the one that is known. Who is on the same machine knows it from here. */
async function checkIdentity(
  { label, id }: SeedAddress,
  own: string,
  keyFile: string,
  knownSeeds: KnownSeeds,
  config: string
): Promise<void> {
  const isOther = `but the key in ${keyFile} is that of ${own}`
  if (id !== undefined) {
    if (id !== own) throw new ConfigError(`${config} gives seed ${label} the id ${id}, ${isOther}`)
    return
  }
  const pin = await knownSeeds.pin(label, own)
  if (pin.id === own) return
  const remedy = 'restore the key, or remove the line if the seed is to have a new one'
  throw new ConfigError(`${knownSeeds.file}:${pin.line} gives seed ${label} the id ${pin.id}, ${isOther}; ${remedy}`)
}

function damaged(label: string, folder: string, damage: string): string {
  return (
    `hubcast: seed ${label}: what it knew of names is damaged (${damage}); it was put aside beside ${folder}, ` +
    'and the seed hears from the others who is registered'
  )
}

/** One process a seed, so that one crash or one stall is the loss of one seed. One that crashes is started again. */
function supervise(mine: readonly SeedAddress[], { http }: SeedOptions): void {
  /** The running processes, with what resolves when each has ended. */
  const running = new Map<ChildProcess, Promise<void>>()
  let ending = false

  const stop = async (): Promise<void> => {
    ending = true
    // Their signal to end: one from the terminal may have reached them already, and a second one would end them at once.
    for (const child of running.keys()) if (child.connected) child.disconnect()
    setTimeout(() => {
      for (const child of running.keys()) child.kill('SIGKILL')
    }, shutdownMsMax - 1_000).unref()
    await Promise.all(running.values())
  }
  const ended = (seed: SeedAddress, code: number | null, signal: NodeJS.Signals | null): void => {
    if (ending) return
    if (code === exitCode.config || code === exitCode.portInUse) {
      void stop().then(() => process.exit(code))
      return
    }
    console.error(`hubcast: seed ${seed.label} ended (${signal ?? code}), starting it again`)
    setTimeout(() => {
      if (!ending) start(seed)
    }, restartMs)
  }
  const start = (seed: SeedAddress): void => {
    // In its own process, whatever happens: a child that started children of its own would never end.
    const args = [...process.argv.slice(2), '--only', seed.label, '--in-process']
    // What comes last counts.
    if (http !== undefined) args.push('--http', httpText({ ...http, port: portAfter(http.port, mine.indexOf(seed)) }))
    const child = fork(process.argv[1] ?? '', args, { execArgv: [] })
    const end = new Promise<void>(resolve => {
      child.on('exit', (code, signal) => {
        running.delete(child)
        resolve()
        ended(seed, code, signal)
      })
    })
    running.set(child, end)
  }
  // Each has the log open.
  endGracefully(stop, async () => {
    for (const child of running.keys()) child.kill('SIGHUP')
  })
  for (const seed of mine) start(seed)
}
