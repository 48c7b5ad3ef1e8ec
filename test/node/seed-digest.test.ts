import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { digestBuckets } from '#protocols/announcement/messages.ts'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { signingKey } from '#protocols/signing.ts'
import { labelOf } from '#src/node/addresses.ts'
import { newKey } from '#src/node/key-file.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import { of } from '../support/network.ts'
import { plainHost } from '../support/plain-host.ts'
import { until } from '../support/until.ts'
import type { Announcement, Digest } from '#protocols/announcement/messages.ts'
import type { Happening } from '#src/node/events.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

test('a seed whose stream to another one is cut says what it knows already, and keeps what is the same without being told', async () => {
  const other = await plainHost()
  const otherLabel = labelOf(String(other.getMultiaddrs()[0]))
  const happenings: Happening[] = []
  const seed = await SeedNode.start({ key: await newKey(), listen, onHappening: one => happenings.push(one) })
  const network = networkId([seed.label, otherLabel])
  const joined = async (name: string): Promise<Announcement & { readonly type: 'joined' }> => {
    const key = await newKey()
    const content = { id: peerIdFromPrivateKey(key).toString(), name, addresses: [], epoch: 1, seq: 1 }
    return { type: 'joined', record: signRecord(content, network, signingKey(key.raw)) }
  }
  const [ada, bob] = [await joined('ada'), await joined('bob')]
  const same = Array.from({ length: digestBuckets }, (_, bucket) => bucket)
  const lists: Announcement[][] = [
    [ada, bob, { type: 'caught-up' }],
    [{ type: 'caught-up', same }],
    [{ type: 'caught-up' }]
  ]
  const digests: (Digest | undefined)[] = []
  const announcements = new AnnouncementServer(
    () => network,
    (_follower, { digest }) => {
      digests.push(digest)
      return lists.shift() ?? []
    },
    10,
    () => {}
  )
  await announcements.start(other)
  try {
    const address = `/ip4/127.0.0.1/tcp/${otherLabel.split(':')[1]}`
    seed.follow([{ label: otherLabel, address, id: undefined }])
    await until('it has heard of both', () => seed.peers.length === 2, 20_000)
    announcements.stop()
    await until('it is back', () => digests.length === 2, 20_000)
    announcements.announce(await joined('cyd'))
    await until('it has heard of a third one', () => seed.peers.length === 3, 20_000)
    announcements.stop()
    await until('nobody is named any more', () => seed.peers.length === 0, 20_000)
    const [first, second, third] = digests
    expect(first).toBeUndefined()
    expect(second?.filter(sum => sum > 0).length).toBeGreaterThanOrEqual(1)
    expect(third).not.toEqual(second)
    // Nobody was thought to be gone in between.
    expect(of({ happenings }, 'peer-removed').length).toBe(3)
  } finally {
    await seed.stop()
    announcements.stop()
    await other.stop()
  }
})
