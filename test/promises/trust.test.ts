import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPeer, createSeed } from '#src/index.ts'
import { sentence } from '#src/node/events.ts'
import { KnownSeeds } from '#src/node/known-seeds.ts'
import { Chronicle } from '../support/chronicle.ts'
import { of, TestNetwork } from '../support/network.ts'
import { until } from '../support/until.ts'
import { freePorts, workplace } from '../support/workplace.ts'
import type { PeerId } from '@libp2p/interface'
import type { Happening, Peer, Seed } from '#src/index.ts'
import type { WatchedPeer } from '../support/network.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

/** Who is pinned, by `HOST:PORT`. */
function pinned(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n')
  return Object.fromEntries(lines.filter(line => line.includes('/p2p/')).map(line => line.split('/p2p/')))
}

const lineOf = (file: string, label: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex(line => line.startsWith(`${label}/`)) + 1

/** A seed at this port, with the identity in this file. */
async function seedAt(port: number, keyFile: string): Promise<Seed> {
  return createSeed({ listen: `/ip4/127.0.0.1/tcp/${port}`, keyFile })
}

function watched(peer: Peer): Chronicle {
  const chronicle = new Chronicle()
  peer.addEventListener('event', ({ detail }) => chronicle.onEvent('peer', peer.name, detail))
  return chronicle
}

describe.concurrent('trust in seeds', { timeout: 120_000 }, () => {
  test('whoever answered first is the seed: an impostor is refused and told nothing, the seed itself is taken back', async () => {
    using place = workplace()
    const at = (name: string): string => path.join(place.folder, name)
    const knownSeeds = at('known-seeds.txt')
    const [port = 0] = await freePorts(1)
    const seed = await seedAt(port, at('seed.key'))
    const seeds = [seed.label]
    const first = await createPeer({ name: 'ada', seeds, listen, knownSeeds })
    expect(first.registrars).toEqual(seeds)
    expect(pinned(knownSeeds)).toEqual({ [seed.label]: seed.id })
    await first.stop()
    await seed.stop()

    const impostor = await seedAt(port, at('impostor.key'))
    await using ada = await createPeer({ name: 'ada', seeds, listen, knownSeeds })
    const chronicle = watched(ada)
    const { reasons } = await until('it says so', () => chronicle.of('degraded').at(-1), 20_000)
    const reason = reasons[seed.label] ?? ''
    expect(reason).toContain('SeedIdentityError')
    expect(reason).toContain(`not ${seed.id}, who was there before, but ${impostor.id} answers, and was told nothing`)
    expect(reason).toContain(`remove line ${lineOf(knownSeeds, seed.label)} of ${knownSeeds}`)
    await until('it has tried again', () => chronicle.of('degraded').length > 1, 20_000)
    expect(chronicle.of('fault', { error: 'SeedIdentityError' }), 'it was said before, and once').toEqual([])
    expect(ada.registrars).toEqual([])
    expect(impostor.peers).toEqual([])
    expect(pinned(knownSeeds)).toEqual({ [seed.label]: seed.id })
    await impostor.stop()

    await using back = await seedAt(port, at('seed.key'))
    await until('it is registered', () => chronicle.of('registered').length > 0, 40_000)
    expect(back.peers).toEqual(['ada'])
  })

  test('a line that was removed from the file, while the peer runs, lets the new identity in', async () => {
    using place = workplace()
    const knownSeeds = path.join(place.folder, 'known-seeds.txt')
    await using seed = await createSeed()
    writeFileSync(knownSeeds, `${seed.label}/p2p/12D3KooWGned7pWTGkopfBVNks65tVjvwQZS4Y2Z27r9WmMPArrs\n`)
    await using ada = await createPeer({ name: 'ada', seeds: [seed.label], listen, knownSeeds })
    const chronicle = watched(ada)
    expect(ada.registrars).toEqual([])
    writeFileSync(knownSeeds, '')
    await until('it is registered', () => chronicle.of('registered').length > 0, 40_000)
    expect(chronicle.of('seed-pinned')).toMatchObject([{ seed: seed.label, id: seed.id, file: knownSeeds }])
  })

  test('an impostor is refused within the handshake, before it has heard who asks', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'known-seeds.txt')
    await using network = await TestNetwork.start(1)
    const [seed] = network.seeds
    writeFileSync(file, `${seed?.name}/p2p/12D3KooWGned7pWTGkopfBVNks65tVjvwQZS4Y2Z27r9WmMPArrs\n`)
    const completed: string[] = []
    const gater = {
      denyOutboundEncryptedConnection: (peer: PeerId) => {
        completed.push(peer.toString())
        return false
      }
    }
    const ada = await network.startPeer('ada', { knownSeeds: new KnownSeeds(file), gater })
    await until('it is refused', () => of(ada, 'degraded').length > 0, 20_000)
    expect(completed).toEqual([])
    writeFileSync(file, '')
    await until('it is taken', () => of(ada, 'registered').length > 0, 40_000)
    expect(completed).toContain(seed?.node.id)
  })

  test('with an impostor among three seeds peers register with the other two, and each says once what is wrong', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'known-seeds.txt')
    await using network = await TestNetwork.start(3)
    const [taken, ...others] = network.seeds
    if (taken === undefined) throw new Error('no seed')
    writeFileSync(file, network.seeds.map(({ name, node }) => `${name}/p2p/${node.id}\n`).join(''))
    await taken.node.stop()
    const impostor = await network.startSeed(0)

    // Each chooses two of three at random.
    let met: WatchedPeer | undefined
    for (let next = 1; met === undefined && next <= 30; next++) {
      const [peer] = await network.startPeers([`peer-${next}`], { knownSeeds: new KnownSeeds(file) })
      expect(peer?.node.registrars).toEqual(others.map(({ name }) => name).toSorted())
      if (peer !== undefined && of(peer, 'fault').length > 0) met = peer
    }
    if (met === undefined) throw new Error('nobody has met the impostor')
    const [fault, ...more] = of(met, 'fault')
    expect(more).toEqual([])
    expect(fault).toMatchObject({ remote: `seed ${taken.name}`, error: 'SeedIdentityError' })
    expect(fault?.message).toContain(`not ${taken.node.id}, who was there before, but ${impostor.node.id} answers`)
    expect(fault?.message).toContain(`remove line 1 of ${file}`)
    expect(sentence('peer', fault ?? { event: 'stopped' })).toContain(`fault of seed ${taken.name} on its identity`)
    expect(of(met, 'degraded')).toEqual([])
    expect(of(met, 'seed-pinned')).toEqual([])
    expect(of(impostor, 'peer-joined').filter(({ id }) => id === met.node.id)).toEqual([])
  })

  test('who is met by two at the same moment, and is not the same, is told nothing by the second', async () => {
    using place = workplace()
    const file = path.join(place.folder, 'known-seeds.txt')
    const rival = '12D3KooWGned7pWTGkopfBVNks65tVjvwQZS4Y2Z27r9WmMPArrs'
    await using network = await TestNetwork.start(1)
    const [seed] = network.seeds
    if (seed === undefined) throw new Error('no seed')
    const knownSeeds = new KnownSeeds(file)
    const find = knownSeeds.find.bind(knownSeeds)
    // Another process pins while this one dials.
    knownSeeds.find = label => {
      knownSeeds.find = find
      writeFileSync(file, `${label}/p2p/${rival}\n`)
      return undefined
    }
    const ada = await network.startPeer('ada', { knownSeeds })
    const { reasons } = await until('it says so', () => of(ada, 'degraded').at(0), 20_000)
    expect(reasons[seed.name]).toContain(`not ${rival}, who was there before, but ${seed.node.id} answers`)
    expect(of(ada, 'seed-pinned')).toEqual([])
    expect(of(seed, 'peer-joined')).toEqual([])
  })

  test('seeds remember each other as peers do, and hear nothing from an impostor', async () => {
    using place = workplace()
    const at = (name: string): string => path.join(place.folder, name)
    const knownSeeds = at('known-seeds.txt')
    const [port = 0] = await freePorts(1)
    const seed = await seedAt(port, at('seed.key'))
    const chronicle = new Chronicle()
    const onEvent = (event: Happening): void => chronicle.onEvent('seed', 'other', event)
    const start = async (): Promise<Seed> => createSeed({ seeds: [seed.label], knownSeeds, onEvent })
    await using first = await start()
    await until('it is pinned', () => chronicle.of('seed-pinned', { seed: seed.label, id: seed.id }).length > 0, 20_000)
    await first.stop()
    await seed.stop()

    await using impostor = await seedAt(port, at('impostor.key'))
    await using _ = await createPeer({ name: 'ghost', seeds: [impostor.label], listen })
    await using second = await start()
    const fault = await until('it says so', () => chronicle.of('fault', { error: 'SeedIdentityError' }).at(-1), 30_000)
    expect(fault.message).toContain(`not ${seed.id}, who was there before, but ${impostor.id} answers`)
    expect(second.peers).toEqual([])
    expect(chronicle.of('seed-pinned').length).toBe(1)
  })

  test('a seed whose identity was given is not pinned, and a damaged file lets nobody start', async () => {
    using place = workplace()
    const knownSeeds = path.join(place.folder, 'known-seeds.txt')
    await using seed = await createSeed()
    await using _ = await createPeer({ name: 'ada', seeds: [seed.line], listen, knownSeeds })
    expect(existsSync(knownSeeds)).toBe(false)
    writeFileSync(knownSeeds, 'damaged\n')
    for (const start of [
      createPeer({ name: 'bob', seeds: [seed.line], listen, knownSeeds }),
      createSeed({ seeds: [seed.line], knownSeeds })
    ])
      await expect(start).rejects.toThrow(`${knownSeeds}:1: "damaged": not of the form IP:Port`)
  })
})
