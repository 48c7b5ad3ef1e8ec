import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { readDeed, readDelivery, wrongDeliveries } from '../support/logs.ts'
import { Programs } from '../support/program.ts'
import { until } from '../support/until.ts'
import { freePorts, linesOf, workplace, writeConfig } from '../support/workplace.ts'
import type { Deed } from '../support/logs.ts'

// Three seeds and eight peers as processes, with the timings of the mission, judged by what output.txt and ML.txt say.

const place = workplace()
const programs = new Programs()
afterAll(async () => {
  await programs.end()
  place[Symbol.dispose]()
})

const deeds = (): Deed[] => linesOf(place.folder, 'output.txt').map(readDeed)
const said = (node: string, sentence: string | RegExp): Deed | undefined =>
  deeds().find(
    deed =>
      deed.node === node && (typeof sentence === 'string' ? deed.sentence === sentence : sentence.test(deed.sentence))
  )

test('the mission, with one peer killed, one stopped for 20 s and one leaving', async () => {
  const seeds = writeConfig(place.folder, await freePorts(3))
  const names = ['ada', 'bob', 'cyd', 'dan', 'eva', 'fay', 'gus', 'hal']
  const [killed, stopped, leaver] = ['hal', 'gus', 'fay'] as const

  programs.start('seed', [], place.folder)
  await until('all seeds run', () => seeds.every(seed => said(seed, /^started/)), 20_000)
  const peers = new Map(names.map(name => [name, programs.start('peer', ['--name', name], place.folder)]))
  await until(
    'all peers are registered',
    () => names.every(name => said(name, /^registered with 2 of 3 seeds/)),
    20_000
  )

  await until('a message of the peer to be killed', () => said(killed, /^published #3 /), 60_000)
  const killedAt = Date.now()
  peers.get(killed)?.signal('SIGKILL')

  await until('a message of the peer to be stopped', () => said(stopped, /^published #4 /), 30_000)
  peers.get(stopped)?.signal('SIGSTOP')
  await delay(20_000)
  peers.get(stopped)?.signal('SIGCONT')

  const alive = names.filter(name => name !== killed)
  await until('ten messages of each', () => alive.every(name => said(name, /^published #10 /)), 90_000)
  await until(
    'the killed peer is removed by each seed',
    () => seeds.every(seed => said(seed, `removed ${killed} (dead)`)),
    Math.max(0, killedAt + 65_000 - Date.now())
  )

  const leftAt = Date.now()
  peers.get(leaver)?.signal('SIGINT')
  await until('the leaver is gone at each seed', () => seeds.every(seed => said(seed, `left ${leaver}`)), 5_000)
  expect(await peers.get(leaver)?.exited).toEqual({ code: 0, signal: null })
  expect(Date.now() - leftAt, 'time to leave').toBeLessThan(5_000)
  const endedAt = Date.now()
  await programs.end()

  const log = deeds()
  const deliveries = linesOf(place.folder, 'ML.txt').map(readDelivery)
  expect(wrongDeliveries(deliveries, alive, alive, 10)).toEqual([])
  // What the killed peer got out before its end has reached everybody or nobody, and nobody twice.
  const last = deliveries.filter(({ origin }) => origin === killed).map(({ number }) => number)
  expect(wrongDeliveries(deliveries, alive, [killed], Math.max(...last))).toEqual([])
  const goings = log
    .filter(({ time, sentence }) => time < endedAt && /^(removed|left) /.test(sentence))
    .map(({ node, sentence }) => `${node} ${sentence}`)
  const expected = seeds.flatMap(seed => [`${seed} left ${leaver}`, `${seed} removed ${killed} (dead)`])
  expect(goings.toSorted(), 'nobody else is gone').toEqual(expected.toSorted())

  // The rules of timing, from the log alone.
  for (const name of alive) {
    const sayings = log.filter(({ node, sentence }) => node === name && sentence.startsWith('published #'))
    const started = log.find(({ node, sentence }) => node === name && sentence.startsWith('started'))?.time ?? 0
    expect(sayings.length, name).toBe(10)
    expect((sayings[0]?.time ?? 0) - started, `first message of ${name}`).toBeGreaterThanOrEqual(29_900)
    expect((sayings[0]?.time ?? 0) - started, `first message of ${name}`).toBeLessThan(32_000)
    for (let at = 1; at < 10; at++) {
      expect((sayings[at]?.time ?? 0) - (sayings[at - 1]?.time ?? 0), `${name} #${at + 1}`).toBeGreaterThanOrEqual(
        4_950
      )
    }
  }
  const failed = log.filter(({ sentence }) => sentence === `ping ${killed} failed 3 of 3`)
  const reported = log.filter(({ sentence }) => sentence === `reported ${killed} dead`)
  expect(reported.length, 'reports of the killed peer').toBe(failed.length)
  expect(reported.length).toBeGreaterThan(0)
  const removals = seeds.map(seed => (said(seed, `removed ${killed} (dead)`)?.time ?? 0) - killedAt)
  const hops = deliveries.map(delivery => delivery.hops)
  console.log(
    `removed after ${removals.map(ms => `${(ms / 1000).toFixed(1)} s`).join(', ')}; ${deliveries.length} deliveries, at most ${Math.max(...hops)} hops`
  )
})
