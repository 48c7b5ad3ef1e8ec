import { describe, expect, test } from 'vitest'
import { announcementProtocol } from '#protocols/announcement/messages.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { RecordCheck } from '#src/node/record-check.ts'
import { network, otherNetwork, recordOf } from '../protocols/support/peer-records.ts'
import { adaKey, bob, bobKey } from '../protocols/support/peers.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'

const addresses = ['/ip4/192.0.2.7/tcp/4001']
const ada = recordOf(adaKey, 'ada', { addresses, epoch: 5, seq: 2 })
const { signature: _, ...content } = ada

class Check {
  readonly known = new Map<string, PeerRecord>()
  readonly faults: string[] = []
  readonly #check = new RecordCheck(
    network,
    peer => this.known.get(peer),
    (remote, what, { name, message }) => void this.faults.push(`${remote} ${what} ${name}: ${message}`)
  )

  async of(...told: PeerRecord[]): Promise<PeerRecord[]> {
    return this.#check.authentic('seed s1', announcementProtocol, told)
  }
}

describe('records that a seed tells', () => {
  test('are taken when their owners have signed them', async () => {
    const check = new Check()
    const bobs = recordOf(bobKey, 'bob')
    expect(await check.of(ada, bobs)).toEqual([ada, bobs])
    expect(check.faults).toEqual([])
  })

  test.each<[string, PeerRecord]>([
    ['name', { ...ada, name: 'eve' }],
    ['address', { ...ada, addresses: ['/ip4/192.0.2.66/tcp/4001'] }],
    ['network', signRecord(content, otherNetwork, signingKey(adaKey.raw))],
    ['epoch', { ...ada, epoch: 6 }],
    ['seq', { ...ada, seq: 3 }],
    ['owner', { ...ada, id: bob }]
  ])('with another %s are dropped', async (_what, forged) => {
    const check = new Check()
    const bobs = recordOf(bobKey, 'bob')
    expect(await check.of(forged, bobs)).toEqual([bobs])
    expect(check.faults).toHaveLength(1)
    expect(check.faults[0]).toMatch(/^seed s1 .* ForgedMessageError: the record of .* 1 of 2 dropped$/)
  })

  test('are told of once, however many of a list are forged', async () => {
    const check = new Check()
    const forged = Array.from({ length: 9 }, (_unused, index) => ({ ...ada, epoch: 10 + index }))
    expect(await check.of(...forged)).toEqual([])
    expect(check.faults).toEqual([expect.stringContaining('9 of 9 dropped')])
  })

  test('are the newest that is known: what repeats or forges an older one changes nothing', async () => {
    const check = new Check()
    check.known.set(ada.id, ada)
    const older = recordOf(adaKey, 'old', { addresses, epoch: 4, seq: 9 })
    expect(await check.of(older, { ...ada, addresses: [] }, { ...older, seq: 1 })).toEqual([ada, ada, ada])
    const newer = recordOf(adaKey, 'ada', { addresses: [], epoch: 5, seq: 3 })
    expect(await check.of(newer)).toEqual([newer])
    expect(await check.of({ ...newer, addresses })).toEqual([])
  })
})
