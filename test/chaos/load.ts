import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { concat } from 'uint8arrays/concat'
import { toString } from 'uint8arrays/to-string'
import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { Registry } from '#src/core/registry.ts'
import { newKey } from '#src/node/key-file.ts'
import { SeedMemory } from '#src/node/seed-memory.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import { registry as registrySettings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { Registrant } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const entries = 100_000
const bytesPerEntryMax = 1_024
const restartMsMax = 10_000
const syncedPerSecondMin = 500
const newPeersPerSecondMin = 50

/** Peers that ask at the same time: what waits for the disk together is written together. */
const askingAtOnce = 64

/** How much a seed can carry. */
export const load: readonly Scenario[] = [
  {
    name: 'registry-and-store',
    injected: `5,000 peers register, ${askingAtOnce} at a time, with a registry and its store on the disk, without a network`,
    promised: `at least ${syncedPerSecondMin} registrations a second, each synced before it is acknowledged`,
    load: 'alone',
    secondsMax: 60,
    play: registryAndStore
  },
  {
    name: 'new-peers-over-the-network',
    injected: '400 peers register with a seed, 32 at a time, each over a connection of its own',
    promised: `at least ${newPeersPerSecondMin} a second for each core that the seed has`,
    load: 'alone',
    secondsMax: 120,
    play: newPeers
  },
  {
    name: 'a-hundred-thousand-entries',
    injected: `a seed is started with ${entries.toLocaleString('en')} registrations on its disk`,
    promised: `it answers within ${seconds(restartMsMax)}, has them all, and takes at most ${bytesPerEntryMax} bytes for each`,
    load: 'alone',
    secondsMax: 120,
    play: manyEntries
  }
]

async function registryAndStore(stage: Stage): Promise<Finding> {
  const memory = await SeedMemory.open(path.join(stage.folder, 'store'))
  const registry = new Registry<string, string>(
    registrySettings,
    () => Math.random(),
    new DegreeLaw(degreeLaw),
    Math.random
  )
  const nobody = (): void => {}
  const out = {
    keep: memory.keep.bind(memory),
    discard: memory.discard.bind(memory),
    recovered: nobody,
    announce: nobody,
    registered: nobody,
    removed: nobody,
    suspect: nobody
  }
  const peers = Array.from({ length: 5_000 }, (_, index) => madeUp(`n${index}`))
  let registered = 0
  const startedAt = performance.now()
  const asker = async (): Promise<void> => {
    for (let record = peers.pop(); record !== undefined; record = peers.pop()) {
      const { id, name } = record
      for (const request of [{ type: 'reserve', name, network: '' } as const, { type: 'register', record } as const]) {
        const reply = registry.answer(id, request, '/ip4/127.0.0.1', performance.now(), out)
        await memory.committed()
        if (reply.type === 'registered') registered++
      }
    }
  }
  await Promise.all(Array.from({ length: askingAtOnce }, asker))
  const perSecond = (registered * 1_000) / (performance.now() - startedAt)
  await memory.close()
  return atLeast(perSecond, syncedPerSecondMin, 'registrations a second')
}

async function newPeers(stage: Stage): Promise<Finding> {
  await stage.seeds(1)
  const [label = ''] = stage.labels
  const measure = async (count: number): Promise<number> => {
    const registrants = await Promise.all(
      Array.from({ length: count }, async (_, index) => Registrant.of(`n${count}-${index}`, stage.labels))
    )
    const waiting = [...registrants]
    let registered = 0
    const asker = async (): Promise<void> => {
      for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
        await each.reserve(label)
        if ((await each.register(label)).type === 'registered') registered++
      }
    }
    const before = cpuSeconds(stage.of(label).pid)
    await Promise.all(Array.from({ length: 32 }, asker))
    const used = cpuSeconds(stage.of(label).pid) - before
    await Promise.all(registrants.map(async each => each[Symbol.asyncDispose]()))
    return registered / used
  }
  try {
    // What runs often is compiled by then: a seed runs for days.
    await measure(100)
  } catch (error) {
    if (process.platform === 'linux') throw error
    return { outcome: 'skipped', seen: 'how much a process has worked is read from /proc, which only Linux has' }
  }
  return atLeast(await measure(400), newPeersPerSecondMin, 'new peers a second and core')
}

async function manyEntries(stage: Stage): Promise<Finding> {
  await stage.seeds(1)
  const [label = ''] = stage.labels
  await stage.kill(label)
  await fill(stage.store(label), networkId(stage.labels))

  const startedAt = performance.now()
  await stage.startSeeds([label])
  await using asker = await Registrant.of('asker', stage.labels)
  const reply = await asker.ask(label, { type: 'list' })
  const tookMs = performance.now() - startedAt
  const total = reply.type === 'list' ? reply.total : 0
  await stage.kill(label)

  // The memory of another process has what the last collection of garbage has left; here it can be asked for.
  const empty = liveBytes()
  const seed = await SeedNode.start({
    key: await newKey(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    label,
    onHappening: () => {},
    memory: await SeedMemory.open(stage.store(label))
  })
  const bytes = (liveBytes() - empty) / seed.peers.length
  await seed.stop()
  return finding(`it answered after ${seconds(tookMs)}, had ${total}, and took ${Math.round(bytes)} bytes for each`, [
    ...(tookMs <= restartMsMax ? [] : ['that is too late']),
    ...(total === entries ? [] : ['some are missing']),
    ...(bytes <= bytesPerEntryMax ? [] : ['that is too much'])
  ])
}

async function fill(store: string, network: string): Promise<void> {
  const memory = await SeedMemory.open(store)
  // A seed asks the first one whether it is of its network.
  const first = await signed(network)
  memory.keep({ type: 'registered', record: first })
  for (let count = 1; count < entries;) {
    const record = madeUp(`n${count}`)
    if (record.id < first.id) continue
    memory.keep({ type: 'registered', record })
    count++
  }
  await memory.committed()
  await memory.close()
}

function atLeast(value: number, min: number, unit: string): Finding {
  return finding(`${Math.round(value)} ${unit}`, value >= min ? [] : ['that is too few'])
}

/** A record that looks like those of real peers, but that nobody has signed. */
function madeUp(name: string): PeerRecord {
  const id = toString(concat([Uint8Array.of(0, 36, 8, 1, 18, 32), randomBytes(32)]), 'base58btc')
  const address = `/ip4/10.${name.length}.0.1/tcp/${10_000 + Math.floor(Math.random() * 50_000)}`
  return { id, name, addresses: [address], epoch: Date.now(), seq: 1, signature: Uint8Array.from(randomBytes(64)) }
}

/** A real one, whose id comes before nearly all others. */
async function signed(network: string): Promise<PeerRecord> {
  const keys = await Promise.all(Array.from({ length: 200 }, newKey))
  const ids = keys.map(key => ({ key, id: key.publicKey.toString() })).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const [{ key, id }] = ids as [(typeof ids)[number]]
  return signRecord({ ...madeUp('first'), id }, network, signingKey(key.raw))
}

/** Of user and system, since its start. Linux counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** What is in use, on the heap and in buffers, when all garbage is gone. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
