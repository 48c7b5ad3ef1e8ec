import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { gossipProtocol } from '#protocols/gossip/messages.ts'
import { networkId } from '#protocols/network-id.ts'
import { OverlayService } from '#protocols/overlay/service.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { signingKey } from '#protocols/signing.ts'
import { labelOf } from '#src/node/addresses.ts'
import { toPeer } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import { PeerNode } from '#src/node/peer-node.ts'
import { of } from '../support/network.ts'
import { addressesOf, plainHost } from '../support/plain-host.ts'
import { until } from '../support/until.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { LinkRequest, Referral } from '#protocols/overlay/messages.ts'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { Happening } from '#src/node/events.ts'
import type { Host } from '#src/node/host.ts'

const listen = ['/ip4/127.0.0.1/tcp/0']

/** Somebody who speaks the overlay, and nothing that a test does not make it say. */
class Puppet {
  readonly id: string
  readonly host: Host
  readonly asked: [string, LinkRequest][] = []
  accepted = 0
  readonly overlay: OverlayService

  static async start(key: Ed25519PrivateKey): Promise<Puppet> {
    const puppet = new Puppet(await plainHost(key))
    await puppet.overlay.start(puppet.host)
    // A stream that stays open: the link has gossip.
    await puppet.host.handle(gossipProtocol, () => {})
    return puppet
  }

  private constructor(host: Host) {
    this.host = host
    this.id = host.peerId.toString()
    this.overlay = new OverlayService({
      onAsked: (peer, request) => void this.asked.push([peer, request]),
      onAccepted: () => void this.accepted++,
      onEnded: () => {},
      onFault: () => {}
    })
  }
}

test('in a large network a newcomer looks up whom it is sent to, believes only what is signed, and tells its first links at once', async () => {
  const [seedKey, adaKey, bobKey, eveKey] = [await newKey(), await newKey(), await newKey(), await newKey()]
  const seed = await plainHost(seedKey)
  const label = labelOf(String(seed.getMultiaddrs()[0]))
  const network = networkId([label])
  const [neighbour, bob] = [await Puppet.start(await newKey()), await Puppet.start(bobKey)]
  const idOf = (key: Ed25519PrivateKey): string => peerIdFromPrivateKey(key).toString()
  const recordOf = (owner: Ed25519PrivateKey, name: string, signer = owner): PeerRecord =>
    signRecord(
      { id: idOf(owner), name, addresses: addressesOf(bob.host), epoch: 1, seq: 1 },
      network,
      signingKey(signer.raw)
    )
  const records = [recordOf(bobKey, 'bob'), recordOf(eveKey, 'eve', bobKey)]
  const lookedUp: string[] = []
  /** By ada, as her neighbours. */
  const named: string[] = []
  let hasOffered = false
  const view = { peers: 2_000, rank: 1_999 }
  const onRequest = (_peer: string, request: RegistrationRequest): RegistrationReply => {
    if (request.type === 'reserve') return { type: 'reserved', observedAddress: '/ip4/127.0.0.1' }
    if (request.type === 'candidates') return { type: 'candidates', view, free: [], body: [] }
    if (request.type === 'renew') {
      named.push(...request.neighbours)
      hasOffered ||= request.offer > 0
    }
    if (request.type !== 'list') return { type: 'registered', leaseMs: 60_000, view }
    lookedUp.push(request.peer ?? 'everybody')
    return { type: 'list', records: records.filter(({ id }) => id === request.peer), total: 2_000 }
  }
  await serveRegistration(seed, onRequest, () => {})
  const follows: unknown[] = []
  const announcements = new AnnouncementServer(
    () => network,
    (_follower, { part }) => {
      follows.push(part)
      return [{ type: 'caught-up', part: true }]
    },
    10,
    () => {}
  )
  await announcements.start(seed)
  const happenings: Happening[] = []
  const ada = await PeerNode.start({
    name: 'ada',
    key: adaKey,
    seeds: [{ label, address: `/ip4/127.0.0.1/tcp/${label.split(':')[1]}`, id: undefined }],
    listen,
    // With all the links that she wants she has nothing else to tell the seed.
    linksMax: 1,
    broadcaster: { count: 0 },
    onHappening: happening => happenings.push(happening)
  })
  const link = async (nonce: number): Promise<void> => {
    const before = neighbour.accepted
    const way = toPeer(neighbour.host, ada.id, () => ada.addresses.map(each => each.replace(/\/p2p\/.*/, '')))
    neighbour.overlay.ask(ada.id, way, { nonce, name: 'neighbour', want: 1, redeem: false })
    await until('ada has taken the neighbour in', () => neighbour.accepted > before, 20_000)
  }
  /** Sends ada to another one in its place. */
  const refer = (nonce: number, goTo: Referral): void => {
    neighbour.overlay.unlink(ada.id, nonce, 'spliced', goTo)
  }
  try {
    await until('ada knows her target', () => ada.target === 1 && follows.length > 0, 20_000)
    expect(follows).toEqual([true])
    await until('nothing else makes her renew', () => hasOffered, 20_000)
    await link(1)
    // If she died her neighbours could not report her before that, and the next renewal would be 20 s away.
    await until('the seed knows of her first link', () => named.includes(neighbour.id), 8_000)
    refer(1, { peer: idOf(eveKey), name: 'eve', nonce: 7 })
    const forged = (): boolean => of({ happenings }, 'fault').some(({ error }) => error === 'ForgedMessageError')
    await until('ada has seen that nobody has signed it', forged, 20_000)
    await link(2)
    refer(2, { peer: bob.id, name: 'bob', nonce: 8 })
    await until('bob is asked', () => bob.asked.length > 0, 20_000)
    expect(bob.asked).toEqual([[ada.id, expect.objectContaining({ nonce: 8, name: 'ada', want: 1, redeem: true })]])
    expect(lookedUp).toEqual(expect.arrayContaining([idOf(eveKey), bob.id]))
  } finally {
    await ada.stop()
    announcements.stop()
    for (const { host } of [neighbour, bob]) await host.stop()
    await seed.stop()
  }
})
