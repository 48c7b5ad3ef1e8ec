import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { flip } from '../support/store-damage.ts'
import { commandOf } from '../support/program.ts'
import { Registrant, forgotten, incomplete } from './registrant.ts'
import { finding } from './scenario.ts'
import type { Command } from '../support/program.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const names = ['ada', 'bob', 'cyd']

/** A registration takes a few hundred bytes, and a block 4 KiB. */
const askedMax = 64

const isDamaged = /what it knew of names is damaged/

/** What seeds keep on their disks, and what becomes of it. */
export const disks: readonly Scenario[] = [
  comeback('restart-with-an-empty-disk', 'which is started again with its key, but without what it knew', async store =>
    rmSync(store, { recursive: true })
  ),
  comeback('cut-store', 'whose log on the disk is cut in the middle', async store => damageLogs(store, cut), isDamaged),
  comeback(
    'flipped-store',
    'in whose log on the disk a byte is changed',
    async store => damageLogs(store, flipMiddle),
    isDamaged
  ),
  {
    name: 'full-disk',
    injected: 'the disk of one of 3 seeds is full (a tmpfs of 1 MB), and later there is room again',
    promised:
      'the seed acknowledges nothing that it cannot keep, newcomers register with the other two, and when there is room it registers again',
    isQuick: true,
    load: 'waiting',
    secondsMax: 120,
    play: fullDisk
  }
]

/**
 * A seed is killed, and finds something wrong with its store when it comes back.
 * @param says what it says of that
 */
function comeback(name: string, how: string, spoil: (store: string) => Promise<void>, says?: RegExp): Scenario {
  return {
    name,
    injected: `kill -9 of one of 3 seeds, ${how}, while the others are stopped for a moment`,
    promised: `it ${says === undefined ? '' : 'says what is damaged, '}gives no name away that somebody has, its list is complete within 30 s, and nobody is removed`,
    isQuick: true,
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names)
      const [label = ''] = await stage.registrars('ada')
      await stage.kill(label)
      await spoil(stage.store(label))
      const found = await comesBack(stage, label)
      if (says !== undefined) await stage.of(label).line(says, 5_000)
      return found
    }
  }
}

async function damageLogs(store: string, damage: (file: string) => Promise<void>): Promise<void> {
  for (const file of logsIn(store)) await damage(file)
}

/**
 * Starts the seed again. It must not take a stranger for the owner of a name: not while the others, who know better, are stopped, and not when
 * it has heard them.
 */
async function comesBack(stage: Stage, label: string): Promise<Finding> {
  const since = Date.now()
  const others = stage.labels.filter(other => other !== label)
  stage.signal('SIGSTOP', ...others)
  await stage.startSeeds([label])
  await using stranger = await Registrant.of('ada', stage.labels)
  const answer = async (): Promise<string> => {
    const reply = await stranger.reserve(label)
    return reply.type === 'refused' ? reply.reason : reply.type
  }
  const before = await answer()
  stage.signal('SIGCONT', ...others)
  let after = before
  for (const end = Date.now() + 10_000; Date.now() < end && after === 'not-ready'; await delay(100))
    after = await answer()
  return finding('it refused every stranger', [
    ...(before === 'reserved' ? ['a stranger got ada before the seed had heard the others'] : []),
    ...(after === 'name-taken' ? [] : [`when it had heard them a stranger who wanted ada was answered ${after}`]),
    ...(await incomplete(stage.labels, names, 30_000)),
    ...stage.removals(since),
    ...stage.ended(names)
  ])
}

/** The log of LevelDB, and what says how much of it was acknowledged. */
function logsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.log') || file === 'acknowledged')
    .map(file => path.join(folder, file))
    .filter(file => statSync(file).size > 0)
}

async function cut(file: string): Promise<void> {
  truncateSync(file, Math.floor(statSync(file).size / 2))
}

async function flipMiddle(file: string): Promise<void> {
  await flip(file, Math.floor(statSync(file).size / 2))
}

/** The file system of its own that a seed gets is gone with its process. */
async function fullDisk(stage: Stage): Promise<Finding> {
  await stage.seeds(3)
  await stage.peers(['ada'])
  const [label = ''] = stage.labels
  await stage.kill(label)
  const disk = path.join(stage.folder, '.hubcast', 'seeds')
  const mounted = stage.command(
    `unshare --user --map-root-user --mount sh -c 'cp -a "${disk}" kept && mount -t tmpfs -o size=1m tmpfs "${disk}" && cp -a kept/. "${disk}" && echo ready && exec cat'`
  )
  try {
    await mounted.line(/^ready$/, 10_000)
  } catch {
    return { outcome: 'skipped', seen: 'no file system of our own can be mounted here (unshare)' }
  }
  // As whoever has mounted it, and from the folder as it is seen from there.
  const inside = (line: string): Command =>
    stage.command(
      `nsenter --target ${mounted.pid} --user --mount --preserve-credentials sh -c 'cd "${stage.folder}" && ${line}'`
    )
  const startInside = async (): Promise<Command> => {
    const seed = inside(`exec ${commandOf('seed')} --only ${label}`)
    await seed.line(/ started, PID/)
    return seed
  }
  const seed = await startInside()
  await inside(`cat /dev/zero > "${disk}/filler"`).exited
  const acknowledged: Registrant[] = []
  let count = 0
  const answer = async (): Promise<string> => {
    const registrant = await Registrant.of(`n${count++}`, stage.labels)
    const outcome = await registrant.enrol(label)
    if (outcome === 'registered') acknowledged.push(registrant)
    else await registrant[Symbol.asyncDispose]()
    return outcome
  }
  // What is left of the last block of a file takes a few.
  let full = 'registered'
  for (let asked = 0; asked < askedMax && full === 'registered'; asked++) full = await answer()
  const before = acknowledged.length
  const since = Date.now()
  stage.peer('bob')
  await stage.allSaid(['bob'], /^registered with 2 of 3/, since, 30_000)
  await inside(`rm "${disk}/filler"`).exited
  let later = full
  for (const end = Date.now() + 10_000; Date.now() < end && later !== 'registered'; await delay(200))
    later = await answer()
  seed.signal('SIGKILL')
  await seed.exited
  await startInside()
  const lost = await forgotten(acknowledged, label)
  await Promise.all(acknowledged.map(async registrant => registrant[Symbol.asyncDispose]()))
  return finding(
    `it registered ${before} more in what was left, then answered ${full}; with room again ${later}; after a kill -9 it knew them all`,
    [
      ...lost,
      ...(full === 'not-ready' ? [] : ['it was never full']),
      ...(later === 'registered' ? [] : ['it did not recover']),
      ...stage.ended(['ada', 'bob'])
    ]
  )
}
