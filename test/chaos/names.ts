import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from '../support/workplace.ts'
import { until } from '../support/until.ts'
import { incomplete } from './registrant.ts'
import { finding, seconds } from './scenario.ts'
import type { Scenario } from './scenario.ts'

const registeredMsMax = 30_000
/** A renewal comes every 20 s, and an attempt to register takes its time. */
const renewalMsMax = 40_000

/** Names: who gets them, and who else comes in the place of somebody. */
export const names: readonly Scenario[] = [
  {
    name: 'five-racers-for-one-name',
    injected:
      '5 peers ask 5 seeds for one name at the same moment; the losers for another one, and so on: 5, 4, 3 and 2 racers',
    promised: 'each time exactly one is registered, and all others are told that the name is taken',
    isQuick: true,
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(5)
      let racers = await stage.nameless(5)
      const amiss: string[] = []
      for (const name of ['ada', 'bob', 'cyd', 'dan']) {
        for (const racer of racers) stage.of(racer).type(name)
        const has = (racer: string, word: RegExp): boolean => stage.of(racer).lines.some(line => word.test(line))
        const won = new RegExp(`peer ${name}: registered with`)
        const lost = new RegExp(`name ${name} is taken`)
        await until(
          `all racers for ${name} know`,
          () => racers.every(racer => has(racer, won) || has(racer, lost)),
          registeredMsMax
        )
        const winners = racers.filter(racer => has(racer, won))
        if (winners.length !== 1) amiss.push(`${winners.length} of ${racers.length} got ${name}`)
        racers = racers.filter(racer => !winners.includes(racer))
      }
      amiss.push(...(await incomplete(stage.labels, ['ada', 'bob', 'cyd', 'dan'], 10_000)))
      return finding('one of 5, of 4, of 3 and of 2', amiss)
    }
  },
  {
    name: 'one-key-two-processes',
    injected: 'a second process is started with the key and the name of a peer that runs',
    promised:
      'the second one is registered, and the name stands once in every list; the first one says why when a seed has its successor only',
    load: 'waiting',
    secondsMax: 120,
    async play(stage) {
      await stage.seeds(5)
      await stage.peers(['ada', 'bob'], '--data-dir', 'kept')
      const first = await stage.registrars('ada')
      stage.run('ada again', 'peer', ['--name', 'ada', '--count', '0', '--data-dir', 'kept', '--output', 'again.txt'])
      const since = Date.now()
      const second = await stage.registrars('ada again')
      const hears = first.some(label => !second.includes(label))
      if (hears) await stage.allSaid(['ada'], /another process has the same key/, since, renewalMsMax)
      const amiss = [...(await incomplete(stage.labels, ['ada', 'bob'], 10_000)), ...stage.ended(['ada', 'ada again'])]
      return finding(hears ? 'the first one said so' : 'both have the same seeds, so the first one did not hear', amiss)
    }
  },
  {
    name: 'impostor-in-the-place-of-a-seed',
    injected:
      'a seed is killed, and another one with a key of its own is started at its address; a newcomer comes while a second seed is down, so that it asks there too',
    promised:
      'nobody is registered there: the newcomer and those who were registered at the seed say that another one answers; the newcomer registers with the other two when both are up',
    isQuick: true,
    load: 'waiting',
    secondsMax: 150,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(['ada', 'bob'])
      const [label = '', other = ''] = await stage.registrars('ada')
      const guests = (await stage.registrars('bob')).includes(label) ? ['ada', 'bob'] : ['ada']
      await stage.kill(label, other)
      const since = Date.now()
      const output = path.join(stage.folder, 'impostor.txt')
      await stage.startSeeds([label], '--data-dir', 'impostor', '--output', output)
      stage.peer('cyd')
      await stage.allSaid([...guests, 'cyd'], /SeedIdentityError: another identity/, since, 60_000)
      const backAt = Date.now()
      await stage.startSeeds([other])
      const at = await stage.allSaid(['cyd'], /^registered with 2 of 3/, backAt, registeredMsMax)
      const registered = linesOf(stage.folder, 'impostor.txt').filter(line => /\] registered /.test(line))
      return finding(`the newcomer was registered ${seconds(at - backAt)} later, and the impostor had nobody`, [
        ...registered.map(line => `the impostor ${line}`),
        ...stage.ended(['ada', 'bob', 'cyd'])
      ])
    }
  },
  {
    name: 'another-config',
    injected: 'a peer whose config.txt lists one seed more than that of the others',
    promised: 'it is not registered, says that the lists differ, and goes on trying; nobody else notices',
    isQuick: true,
    load: 'waiting',
    secondsMax: 90,
    async play(stage) {
      await stage.seeds(3)
      await stage.peers(['ada'])
      const since = Date.now()
      const home = path.join(stage.folder, 'other')
      mkdirSync(home)
      writeFileSync(path.join(home, 'config.txt'), `${stage.labels.join('\n')}\n127.0.0.1:1\n`)
      const stranger = stage.run('bob', 'peer', ['--name', 'bob', '--count', '0'], home)
      const said = await stranger.line(/degraded: .*, 3 are needed.*(other seeds|config)/, registeredMsMax)
      const lists = await incomplete(stage.labels, ['ada'], 5_000)
      return finding(`it said ${/\((.*?);/.exec(said)?.[1] ?? said}`, [
        ...lists,
        ...stage.removals(since),
        ...stage.ended(['ada', 'bob'])
      ])
    }
  }
]
