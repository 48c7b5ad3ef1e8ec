import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { signRecord } from '#protocols/record-signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { AddressBookFile } from '#src/node/address-book-file.ts'
import { newKey } from '#src/node/key-file.ts'
import { knownPeers } from '#src/settings.ts'
import { network, otherNetwork, recordOf } from '../protocols/support/peer-records.ts'
import { workplace } from '../support/workplace.ts'
import type { Acquaintance } from '#src/core/address-book.ts'

const adaKey = await newKey()
const ada = recordOf(adaKey, 'ada', { addresses: ['/ip4/192.0.2.1/tcp/4001', '/dns4/ada.example/tcp/4001'], epoch: 7 })
const bob = recordOf(await newKey(), 'bob')
const book: Acquaintance<string>[] = [
  { record: ada, from: 'seed' },
  { record: bob, from: ada.id }
]

let place = workplace()
let file: AddressBookFile

beforeEach(() => {
  place = workplace()
  file = new AddressBookFile(path.join(place.folder, 'peers', 'cyd.peers.txt'), network)
})

afterEach(() => place[Symbol.dispose]())

describe('an address book', () => {
  test('is read as it was written', async () => {
    await file.write(book, [bob.id])
    expect(await file.read()).toEqual({ acquaintances: book, anchors: [bob.id], damage: undefined })
  })

  test('that is not there is empty', async () => {
    expect(await file.read()).toEqual({ acquaintances: [], anchors: [], damage: undefined })
  })

  test('takes the place of the one before, and is left alone when nothing has changed', async () => {
    await file.write(book, [])
    await file.write(book.slice(1), [bob.id])
    const { ino } = statSync(file.path)
    await file.write(book.slice(1), [bob.id])
    expect(statSync(file.path).ino).toBe(ino)
    expect((await file.read()).acquaintances).toEqual(book.slice(1))
  })
})

describe('a line that', () => {
  const lineOf = (
    change: (line: { record: { id: string; addresses: string[]; signature: string }; from: string }) => void
  ): string => {
    const line = JSON.parse(readFileSync(file.path, 'utf8').split('\n')[1] ?? '') as Parameters<typeof change>[0]
    change(line)
    return JSON.stringify(line)
  }
  const foreign = signRecord(ada, otherNetwork, signingKey(adaKey.raw))

  test.each<[string, () => string, RegExp]>([
    ['was cut off', () => lineOf(() => {}).slice(0, 100), /JSON/],
    ['is no record', () => '{}', /./],
    ['is nothing', () => 'null', /./],
    [
      'has another address in it',
      () => lineOf(({ record }) => (record.addresses = ['/ip4/192.0.2.66/tcp/1'])),
      /signed/
    ],
    ['has no address in it', () => lineOf(({ record }) => (record.addresses = ['here'])), /./],
    ['names somebody else', () => lineOf(({ record }) => (record.id = bob.id)), /has not signed this record/],
    [
      'was signed for another network',
      () => lineOf(({ record }) => (record.signature = Buffer.from(foreign.signature).toString('base64'))),
      /has not signed this record for this network/
    ],
    ['comes from nobody', () => lineOf(line => (line.from = 'me')), /./],
    ['is binary', () => '\u0000\u0001\u001B[2J', /JSON/]
  ])('%s is skipped and told of, and costs no other line', async (_, damaged, why) => {
    await file.write(book, [])
    appendFileSync(file.path, `${damaged()}\n`)
    const { acquaintances, damage } = await file.read()
    expect(acquaintances).toEqual(book)
    expect(damage?.message).toMatch(/^1 line was skipped; line 4: /)
    expect(damage?.message).toMatch(why)
  })
})

test('a book that nobody could have written is not read at all', async () => {
  await file.write(book, [])
  writeFileSync(file.path, 'x'.repeat(knownPeers.fileBytesMax + 1))
  const { acquaintances, damage } = await file.read()
  expect(acquaintances).toEqual([])
  expect(damage?.message).toMatch(/nothing of it was read: it has \d+ bytes/)
})

test('no more is read than there may be', async () => {
  await file.write(book, [])
  const [head = '', line = ''] = readFileSync(file.path, 'utf8').split('\n')
  writeFileSync(file.path, [head, ...Array.from({ length: knownPeers.entriesMax + 5 }, () => line), ''].join('\n'))
  expect((await file.read()).acquaintances).toHaveLength(knownPeers.entriesMax)
})
