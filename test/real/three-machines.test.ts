import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readDeed, readDelivery } from '../support/logs.ts'
import { Machines } from '../support/machines.ts'
import { root } from '../support/project.ts'
import { until } from '../support/until.ts'
import { linesOf, workplace } from '../support/workplace.ts'
import type { Command } from '../support/program.ts'

// "On three machines" of README.md, with its own config.txt and commands, on three machines that share nothing but a switch.

const config = /```\n((?:[\d.]+:\d+\n){3})```/.exec(readFileSync(path.join(root, 'README.md'), 'utf8'))?.[1] ?? ''
const seeds = config.trim().split('\n')
const addresses = seeds.map(seed => seed.split(':')[0] ?? '')
const [, , remote = ''] = addresses
/** Which peers run on which machine. */
const homes: Record<string, string[]> = Object.fromEntries(
  addresses.map((address, index) => [
    address,
    [
      ['ada', 'bob'],
      ['cyd', 'dan'],
      ['eva', 'fay']
    ][index] ?? []
  ])
)
const everybody = Object.values(homes).flat()
const cutOff = homes[remote] ?? []
const others = everybody.filter(name => !cutOff.includes(name))

const place = workplace()
const folder = (address: string): string => path.join(place.folder, address)
const peers = new Map<string, Command>()
let machines: Machines | undefined
let whyNot = ''

beforeAll(async () => {
  try {
    machines = await Machines.on(addresses)
  } catch (error) {
    whyNot = `no three machines here: ${error instanceof Error ? error.message : String(error)}`
    console.warn(whyNot)
  }
})
beforeEach(({ skip }) => skip(machines === undefined, whyNot))
afterAll(async () => {
  await machines?.[Symbol.asyncDispose]()
  place[Symbol.dispose]()
}, 30_000)

const run = (address: string, line: string): Command => {
  if (machines === undefined) throw new Error(whyNot)
  return machines.run(address, line, folder(address))
}

/** The present neighbours of a peer, by what it has said. */
function neighbours(name: string): Set<string> {
  const found = new Set<string>()
  for (const line of peers.get(name)?.lines ?? []) {
    const [, parted, other = ''] = /: (un)?linked (\w+)/.exec(line) ?? []
    if (parted === undefined) found.add(other)
    else found.delete(other)
  }
  return found
}

/** Resolves when these peers are connected by links that both ends have, and no link of theirs has changed for a while. */
async function linked(names: readonly string[]): Promise<void> {
  let before = ''
  let since = 0
  const rest = (): boolean => {
    const now = names.map(name => `${name}: ${[...neighbours(name)].join()}`).join('; ')
    if (now !== before) since = performance.now()
    before = now
    const reached = new Set(names.slice(0, 1))
    for (const name of reached)
      for (const other of neighbours(name)) if (neighbours(other).has(name)) reached.add(other)
    return performance.now() - since > 2_500 && names.every(name => reached.has(name))
  }
  await until(`${names.join(', ')} are linked`, rest, 60_000)
}

/** Has each of these peers say a text, and waits until each of them has it of all the others, once. */
async function converse(names: readonly string[], text: string): Promise<void> {
  for (const name of names) peers.get(name)?.type(text)
  const wanted = names.flatMap(hearer => names.filter(name => name !== hearer).map(name => `${hearer} hears ${name}`))
  const heard = (): string[] =>
    addresses
      .flatMap(address => linesOf(folder(address), 'ML.txt').map(readDelivery))
      .filter(delivery => delivery.text === JSON.stringify(text))
      .map(({ receiver, origin }) => `${receiver} hears ${origin}`)
  await until(`all have heard ${text}`, () => wanted.every(each => heard().includes(each)), 20_000)
  expect(heard().toSorted()).toEqual(wanted.toSorted())
}

/** Whether the seeds of the other two machines say that they have removed these peers. */
function removed(names: readonly string[]): boolean {
  return addresses
    .filter(address => address !== remote)
    .every(address => {
      const deeds = linesOf(folder(address), 'output.txt')
        .map(readDeed)
        .filter(({ role }) => role === 'seed')
      return names.every(name => deeds.some(({ sentence }) => sentence === `removed ${name} (dead)`))
    })
}

describe('three machines', () => {
  test('each starts its own seed, and says of the others that they run elsewhere', async () => {
    for (const address of addresses) {
      mkdirSync(folder(address))
      symlinkSync(path.join(root, 'dist'), path.join(folder(address), 'dist'))
      writeFileSync(path.join(folder(address), 'config.txt'), config)
    }
    for (const [index, address] of addresses.entries()) {
      const program = run(address, 'node dist/seed.js')
      await program.line(new RegExp(`^seed ${seeds[index]} started, PID`))
      const elsewhere = seeds.filter(seed => seed !== seeds[index])
      expect(program.lines.filter(line => / started| elsewhere/.test(line))).toEqual([
        ...elsewhere.map(seed => `seed ${seed} runs elsewhere: it is no address of this machine`),
        expect.stringContaining('started')
      ])
    }
  })

  test('two peers on each find each other, and what one says reaches all, once', async () => {
    for (const [address, names] of Object.entries(homes)) {
      for (const name of names)
        peers.set(name, run(address, `node dist/peer.js --name ${name} --count 0 --ping-interval 1s`))
    }
    for (const peer of peers.values()) await peer.line(/: registered with 2 of 3 seeds/)
    await linked(everybody)
    for (const text of ['one', 'two', 'three']) await converse(everybody, text)
  })

  test('when the cable of one is pulled, the others report its peers and go on', async () => {
    const watched = cutOff.filter(name => others.some(other => neighbours(other).has(name)))
    await machines?.cut(remote)
    const parted = (): boolean => others.every(name => cutOff.every(other => !neighbours(name).has(other)))
    await until('nobody has a link over it', parted, 60_000)
    const said = addresses.flatMap(address => linesOf(folder(address), 'output.txt').map(readDeed))
    for (const name of watched) expect(said.map(({ sentence }) => sentence)).toContain(`reported ${name} dead`)
    // Its seed vouches for them until it has missed three pings; whom only those behind the cable watched, a lease gives away.
    await until(`${cutOff.join(', ')} removed by both seeds`, () => removed(cutOff), 120_000)
    await linked(others)
    await converse(others, 'four')
  })
})
