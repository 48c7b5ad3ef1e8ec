import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { flip } from '../support/store-damage.ts'
import { commandOf } from '../support/program.ts'
import { until } from '../support/until.ts'
import { Registrant, incomplete } from './registrant.ts'
import { finding } from './scenario.ts'
import type { Command } from '../support/program.ts'
import type { Finding, Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

const names = ['ada', 'bob', 'cyd']

const kills = 100
/** A seed dies after it has acknowledged up to so many registrations, and up to so many ms later: in the middle of others. */
const acknowledgedMax = 4
const laterMsMax = 30

/** A registration takes a few hundred bytes, and a block 4 KiB. */
const askedMax = 64

/** What seeds keep on their disks, and what becomes of it. */
export const disks: readonly Scenario[] = [
  {
    name: 'killed-while-peers-register',
    injected: `${kills} times kill -9 of a seed at a random moment while peers register with it; it is the only one, so nobody else can tell it what it forgets`,
    promised: 'of all the registrations that it has acknowledged none is lost',
    load: 'busy',
    secondsMax: 420,
    play: async stage => killAgainAndAgain(stage, kills)
  },
  {
    name: 'killed-while-peers-register-a-few-times',
    injected: 'the same, 5 times',
    promised: 'none is lost',
    load: 'busy',
    isQuick: true,
    secondsMax: 60,
    play: async stage => killAgainAndAgain(stage, 5)
  },
  {
    name: 'restart-with-an-empty-disk',
    injected:
      'kill -9 of one of 3 seeds, which is started again with its key, but without what it knew, while the others are stopped for a moment',
    promised: 'it gives no name away that somebody has, its list is complete within 30 s, and nobody is removed',
    isQuick: true,
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names)
      const [label = ''] = stage.labels
      await stage.kill(label)
      rmSync(stage.store(label), { recursive: true })
      return comesBack(stage, label, 'it refused every stranger')
    }
  },
  {
    name: 'damaged-store',
    injected:
      'kill -9 of one of 3 seeds, whose log on the disk is cut in the middle, and then of another one, in whose log a byte is flipped',
    promised:
      'each starts, says what is damaged, gives no name away that somebody has, and its list is complete within 30 s',
    isQuick: true,
    load: 'waiting',
    secondsMax: 150,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(names)
      const [first = '', second = ''] = stage.labels
      for (const [label, damage] of [
        [first, cut],
        [second, flipMiddle]
      ] as const) {
        await stage.kill(label)
        for (const file of logsIn(stage.store(label))) await damage(file)
        const found = await comesBack(stage, label, '')
        if (found.outcome !== 'held') return found
        await stage.of(label).line(/what it knew of names is damaged/, 5_000)
      }
      return finding('both said so, refused every stranger, and their lists were complete')
    }
  },
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
 * Starts the seed again. It must not take a stranger for the owner of a name: not while the others, who know better, are stopped, and not when
 * it has heard them.
 */
async function comesBack(stage: Stage, label: string, seen: string): Promise<Finding> {
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
  return finding(seen, [
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

/** One seed alone. Whoever was told that it is registered asks for nothing more until the end, when it renews. */
async function killAgainAndAgain(stage: Stage, times: number): Promise<Finding> {
  await stage.seeds(1)
  const [label = ''] = stage.labels
  const acknowledged: Registrant[] = []
  const lost: string[] = []
  let count = 0
  let unanswered = 0
  const check = async (registrants: readonly Registrant[]): Promise<void> => {
    for (const registrant of registrants) {
      const { type } = await registrant.renew(label)
      if (type !== 'registered') lost.push(`${registrant.name} was forgotten`)
    }
  }
  for (let kill = 0; kill < times; kill++) {
    const before = acknowledged.length
    const life = new AbortController()
    const register = async (): Promise<void> => {
      while (!life.signal.aborted) {
        const registrant = await Registrant.of(`n${count++}`, stage.labels)
        try {
          const reserved = await registrant.reserve(label)
          const reply = reserved.type === 'reserved' ? await registrant.register(label) : reserved
          if (reply.type === 'registered') acknowledged.push(registrant)
        } catch {
          unanswered++
          await registrant[Symbol.asyncDispose]()
        }
      }
    }
    const registering = [register(), register()]
    const wanted = before + Math.floor(Math.random() * (acknowledgedMax + 1))
    await until('it has acknowledged some', () => acknowledged.length >= wanted, 10_000)
    await delay(Math.random() * laterMsMax)
    stage.signal('SIGKILL', label)
    life.abort()
    await Promise.all([stage.of(label).exited, ...registering])
    await stage.startSeeds([label])
    // Of this life at once, of all lives in the end.
    await check(acknowledged.slice(before))
  }
  await check(acknowledged)
  await Promise.all(acknowledged.map(async registrant => registrant[Symbol.asyncDispose]()))
  const seen = `${acknowledged.length} were acknowledged, ${unanswered} got no answer, ${lost.length} were lost`
  return finding(seen, acknowledged.length === 0 ? ['nobody registered'] : lost)
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
    const reserved = await registrant.reserve(label)
    const reply = reserved.type === 'reserved' ? await registrant.register(label) : reserved
    if (reply.type === 'registered') acknowledged.push(registrant)
    else await registrant[Symbol.asyncDispose]()
    return reply.type === 'refused' ? reply.reason : reply.type
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
  const lost: string[] = []
  for (const registrant of acknowledged) {
    const { type } = await registrant.renew(label)
    if (type !== 'registered') lost.push(`${registrant.name} was forgotten`)
    await registrant[Symbol.asyncDispose]()
  }
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
