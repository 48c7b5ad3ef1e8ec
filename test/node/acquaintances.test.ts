import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { requestRegistration } from '#protocols/registration/client.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { Acquaintances } from '#src/node/acquaintances.ts'
import { createHost, toPeer } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import { knownPeers } from '#src/settings.ts'
import { network, recordOf } from '../protocols/support/peer-records.ts'
import { until } from '../support/until.ts'
import { workplace } from '../support/workplace.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply } from '#protocols/registration/messages.ts'
import type { Host } from '#src/node/host.ts'

/** Records of as many different peers. */
async function crowd(size: number): Promise<PeerRecord[]> {
  return Promise.all(Array.from({ length: size }, async (_, index) => recordOf(await newKey(), `p${index}`)))
}

let ada: Host
let bob: Host
let faults: string[] = []

async function host(): Promise<Host> {
  return createHost({
    key: await newKey(),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    connectionsMax: 10,
    onFault: () => {}
  })
}

beforeEach(async () => {
  faults = []
  ada = await host()
  bob = await host()
  await ada.dial(bob.getMultiaddrs())
})

afterEach(async () => {
  await ada.stop()
  await bob.stop()
})

function of(host: Host, ...neighbours: Host[]): Acquaintances {
  return new Acquaintances({
    host,
    network,
    random: Math.random,
    announced: () => undefined,
    lookUp: async () => undefined,
    isUnproven: () => false,
    neighbours: () => neighbours.map(({ peerId }) => peerId.toString()),
    file: undefined,
    onFault: (remote, _, { name, message }) => void faults.push(`${remote} ${name}: ${message}`)
  })
}

const consult = async (by: Acquaintances): Promise<PeerRecord[]> => by.consult(bob.peerId.toString())

describe('a neighbour', () => {
  test('is told of a few, once in a while, and notes them', async () => {
    const known = await crowd(40)
    const bobs = of(bob, ada)
    await bobs.start()
    for (const record of known) bobs.note(record)
    const adas = of(ada, bob)
    const told = await consult(adas)
    expect(told).toHaveLength(knownPeers.answerRecordsMax)
    expect(known).toEqual(expect.arrayContaining(told))
    expect(adas.count).toBe(told.length)
    expect(await consult(adas)).toEqual([])
    expect(faults).toEqual([])
  })

  test('is not told of itself, nor of whom nobody reaches', async () => {
    const [one, two] = (await crowd(2)) as [PeerRecord, PeerRecord]
    const itself = { ...one, id: ada.peerId.toString() }
    const bobs = of(bob, ada)
    await bobs.start()
    for (const record of [one, two, itself]) bobs.note(record)
    bobs.failed(two.id)
    expect(await consult(of(ada, bob))).toEqual([one])
  })
})

test('whoever is no neighbour hears nothing, and nobody can register with a peer', async () => {
  const bobs = of(bob)
  await bobs.start()
  for (const record of await crowd(3)) bobs.note(record)
  const open = toPeer(ada, bob.peerId.toString(), () => [])
  expect(await requestRegistration(open, { type: 'list' })).toEqual({ type: 'list', records: [], total: 0 })
  await expect(requestRegistration(open, { type: 'reserve', name: 'ada', network })).rejects.toThrow()
  await until('it is told of', () => faults.length > 0, 10_000)
  expect(faults[0]).toMatch(/UnexpectedMessageError: reserve to a peer, which registers nobody/)
})

describe('what a neighbour says is not believed', () => {
  async function saying(reply: RegistrationReply): Promise<Acquaintances> {
    await serveRegistration(
      bob,
      () => reply,
      () => {}
    )
    return of(ada, bob)
  }

  test('when the owner has not signed it', async () => {
    const [good, bad] = (await crowd(2)) as [PeerRecord, PeerRecord]
    const forged = { ...bad, name: 'eve' }
    const adas = await saying({ type: 'list', records: [forged, good], total: 2 })
    expect(await consult(adas)).toEqual([good])
    expect(faults).toEqual([expect.stringMatching(/ForgedMessageError: the record of eve .* 1 of 2 dropped/)])
    expect(adas.count).toBe(1)
  })

  test('when it is more than a peer may say', async () => {
    const records = await crowd(knownPeers.answerRecordsMax + 1)
    expect(await consult(await saying({ type: 'list', records, total: 33 }))).toEqual([])
    expect(faults).toEqual([expect.stringMatching(/UnexpectedMessageError: 33 records, a peer gives 32 at most/)])
  })

  test('when it is no list', async () => {
    expect(await consult(await saying({ type: 'left' }))).toEqual([])
    expect(faults).toEqual([expect.stringMatching(/UnexpectedMessageError: left in answer to list/)])
  })
})

test('the neighbours of long are kept, even if the book was full and has lost them', async () => {
  using place = workplace()
  const file = path.join(place.folder, 'ada.peers.txt')
  const [long, longer, short] = (await crowd(3)) as [PeerRecord, PeerRecord, PeerRecord]
  const linked = [longer.id, long.id, short.id]
  const parts = {
    host: ada,
    network,
    random: Math.random,
    lookUp: async () => undefined,
    isUnproven: () => false,
    onFault: () => {},
    file
  }
  const announced = (peer: string): PeerRecord | undefined => [long, longer, short].find(({ id }) => id === peer)
  const before = new Acquaintances({ ...parts, announced, neighbours: () => linked })
  await before.save()
  const after = new Acquaintances({ ...parts, announced: () => undefined, neighbours: () => [] })
  await after.start()
  after.note(short)
  expect(new Set(after.recall().slice(0, 2))).toEqual(new Set([long, longer]))
  after.stop()
})

test('a neighbour that knows nothing of the question has no answer', async () => {
  expect(await consult(of(ada, bob))).toEqual([])
  expect(faults).toHaveLength(1)
})
