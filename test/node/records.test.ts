import { multiaddr } from '@multiformats/multiaddr'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { announcementProtocol } from '#protocols/announcement/messages.ts'
import { AnnouncementServer } from '#protocols/announcement/server.ts'
import { networkId } from '#protocols/network-id.ts'
import { isAuthenticNow, signRecord } from '#protocols/record-signature.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { registrationProtocol } from '#protocols/registration/messages.ts'
import { serveRegistration } from '#protocols/registration/server.ts'
import { signingKey } from '#protocols/signing.ts'
import { labelOf } from '#src/node/addresses.ts'
import { sentence } from '#src/node/events.ts'
import { newKey } from '#src/node/key-file.ts'
import { PeerNode } from '#src/node/peer-node.ts'
import { SeedNode } from '#src/node/seed-node.ts'
import { TestNetwork, of } from '../support/network.ts'
import { plainHost } from '../support/plain-host.ts'
import { until } from '../support/until.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { PeerRecord } from '#protocols/peer-record.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { Host } from '#src/node/host.ts'
import type { Happening } from '#src/node/events.ts'
import type { SeedAddress } from '#src/node/seed-contacts.ts'

// Seeds and peers that lie or are mistaken about a record or a network, and real ones that have to find out.

const key = await newKey()
const me = peerIdFromPrivateKey(key).toString()
const listen = ['/ip4/127.0.0.1/tcp/0']

const contact = ({ label }: { readonly label: string }): SeedAddress => {
  const [host, port] = label.split(':')
  return { label, address: `/ip4/${host}/tcp/${port}`, id: undefined }
}

function signed(
  owner: Ed25519PrivateKey,
  name: string,
  network: string,
  { epoch = 5, seq = 1 }: { readonly epoch?: number; readonly seq?: number } = {}
): PeerRecord {
  const content = { id: peerIdFromPrivateKey(owner).toString(), name, addresses: ['/ip4/127.0.0.1/tcp/9'], epoch, seq }
  return signRecord(content, network, signingKey(owner.raw))
}

describe('a seed', () => {
  let net: TestNetwork
  let host: Host
  let network: string

  beforeAll(async () => {
    net = await TestNetwork.start(1)
    host = await plainHost(key)
    network = networkId(net.seedAddresses.map(({ label }) => label))
  })
  afterAll(async () => {
    await host.stop()
    await net[Symbol.asyncDispose]()
  })

  const seed = (): TestNetwork['seeds'][number] => {
    const [only] = net.seeds
    if (only === undefined) throw new Error('no seed')
    return only
  }
  const ask = async (request: RegistrationRequest): Promise<RegistrationReply> => {
    const connection = await host.dial(multiaddr(seed().node.addresses[0]))
    return requestRegistration(async (protocol, signal) => connection.newStream([protocol], { signal }), request)
  }
  const reserve = async (name: string): Promise<RegistrationReply> => ask({ type: 'reserve', name, network })

  test('refuses a reservation for another network, and says that it is one', async () => {
    const other = networkId(['127.0.0.1:1'])
    expect(await ask({ type: 'reserve', name: 'eve', network: other })).toEqual({
      type: 'refused',
      reason: 'other-network'
    })
  })

  test('registers nothing that the asker has not signed for this network', async () => {
    const stranger = await newKey()
    const good = signed(key, 'eve', network)
    const forgeries: PeerRecord[] = [
      { ...good, addresses: ['/ip4/127.0.0.1/tcp/10'] },
      { ...good, epoch: 6 },
      { ...good, seq: 2 },
      { ...signed(key, 'ada', network), name: 'eve' },
      signed(key, 'eve', networkId(['127.0.0.1:1'])),
      // Good in itself, but of another peer.
      signed(stranger, 'eve', network),
      { ...signed(stranger, 'eve', network), id: me }
    ]
    for (const record of forgeries) {
      const since = seed().happenings.length
      await reserve('eve')
      await expect(ask({ type: 'register', record })).rejects.toThrow()
      const faults = of({ happenings: seed().happenings.slice(since) }, 'fault')
      expect(faults.map(({ remote, what, error }) => [remote, what, error])).toEqual([
        [me, registrationProtocol, 'ForgedMessageError']
      ])
      expect(seed().node.peers).toEqual([])
    }
    await reserve('eve')
    expect((await ask({ type: 'register', record: good })).type).toBe('registered')
    expect(seed().node.peers).toEqual([good])
    await ask({ type: 'leave' })
  })

  test('refuses an older record than the one it knows, and another one of the same number', async () => {
    await reserve('eve')
    await ask({ type: 'register', record: signed(key, 'eve', network, { seq: 2 }) })
    const again = signRecord({ id: me, name: 'eve', addresses: [], epoch: 5, seq: 2 }, network, signingKey(key.raw))
    for (const record of [signed(key, 'eve', network, { epoch: 4, seq: 9 }), signed(key, 'eve', network), again]) {
      await reserve('eve')
      expect(await ask({ type: 'register', record })).toEqual({ type: 'refused', reason: 'stale' })
    }
    await ask({ type: 'leave' })
  })

  test('tells a peer whose clock was set back while another process has its key', async () => {
    const own = await newKey()
    const first = await net.startPeer('ada', { key: own })
    await until('it is registered', () => first.node.state === 'registered', 20_000)
    const [record] = seed().node.peers
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
    const second = await net.startPeer('ada', { key: own })
    clock.mockRestore()
    const degraded = await until('it says so', () => of(second, 'degraded').at(-1), 20_000)
    expect(degraded.reasons).toEqual({ [seed().name]: 'stale' })
    expect(sentence('peer', degraded)).toMatch(/another process has the same key, .* or the clock here was set back/)
    expect(second.node.state).toBe('degraded')
    expect(seed().node.peers).toEqual([record])
  })
})

test('nodes with different lists of seeds tell of each other, and what to do', async () => {
  const happenings = { all: [] as Happening[], some: [] as Happening[], peer: [] as Happening[] }
  const alone = await SeedNode.start({ key: await newKey(), listen, onHappening: one => happenings.some.push(one) })
  const both = await SeedNode.start({
    key: await newKey(),
    listen,
    others: [contact(alone)],
    onHappening: one => happenings.all.push(one)
  })
  const peer = await PeerNode.start({
    name: 'ada',
    key: await newKey(),
    seeds: [contact(alone), contact(both)],
    listen,
    broadcaster: { count: 0 },
    onHappening: one => happenings.peer.push(one)
  })
  try {
    const advice = 'its config.txt lists other seeds than the one here: both files must have the same HOST:PORT lines'
    const degraded = await until(
      'the peer says so',
      () => of({ happenings: happenings.peer }, 'degraded').at(-1),
      20_000
    )
    expect(degraded).toMatchObject({ seeds: [both.label], quorum: 2, reasons: { [alone.label]: 'other-network' } })
    expect(sentence('peer', degraded)).toContain(`${alone.label}: ${advice}`)
    expect(peer.state).toBe('degraded')
    expect([alone.peers, both.peers.map(({ name }) => name)]).toEqual([[], ['ada']])
    const fault = await until('the seed says so', () => of({ happenings: happenings.all }, 'fault').at(-1), 20_000)
    expect(fault).toMatchObject({
      remote: `seed ${alone.label}`,
      what: announcementProtocol,
      error: 'OtherNetworkError',
      message: advice
    })
    // It comes right by itself when the lists are.
    alone.follow([contact(both)])
    await until('the peer is registered at both', () => peer.registrars.length === 2, 60_000)
    await until('the seed hears of it', () => alone.peers.length === 1, 10_000)
  } finally {
    await Promise.all([peer.stop(), alone.stop(), both.stop()])
  }
})

test('a peer believes no record that its owner has not signed, and none that is older than what it has heard', async () => {
  const [bob, cyd, dan] = await Promise.all([newKey(), newKey(), newKey()])
  const host = await plainHost()
  const label = labelOf(String(host.getMultiaddrs()[0]))
  const network = networkId([label])
  const forged: PeerRecord[] = [
    { ...signed(cyd, 'cyd', network), name: 'eve' },
    { ...signed(cyd, 'cyd', network), addresses: ['/ip4/127.0.0.1/tcp/10'] },
    { ...signed(cyd, 'cyd', network), epoch: 6 },
    signed(cyd, 'cyd', networkId(['127.0.0.1:1']))
  ]
  const view = { peers: 5, rank: 2 }
  const onRequest = (_peer: string, { type }: RegistrationRequest): RegistrationReply => {
    if (type === 'reserve') return { type: 'reserved', observedAddress: '/ip4/127.0.0.1' }
    if (type === 'candidates') return { type: 'candidates', view, free: forged, body: [] }
    return { type: 'registered', leaseMs: 60_000, view }
  }
  const announcements = new AnnouncementServer(
    () => network,
    () => [
      ...[...forged, signed(bob, 'bob', network)].map(record => ({ type: 'joined', record }) as const),
      { type: 'caught-up' }
    ],
    10,
    () => {}
  )
  await announcements.start(host)
  await serveRegistration(host, onRequest, () => {})
  const happenings: Happening[] = []
  const peer = await PeerNode.start({
    name: 'ada',
    key: await newKey(),
    seeds: [contact({ label })],
    listen,
    broadcaster: { count: 0 },
    onHappening: happening => happenings.push(happening)
  })
  try {
    const known = (): string[] =>
      happenings.flatMap(one =>
        one.event === 'peer-joined' || one.event === 'peer-removed' ? `${one.event} ${one.name}` : []
      )
    await until('it has heard of bob', () => known().includes('peer-joined bob'), 20_000)
    for (const record of [
      signed(bob, 'robert', network, { epoch: 6 }),
      signed(bob, 'bob', network),
      signed(dan, 'dan', network)
    ]) {
      announcements.announce({ type: 'joined', record })
    }
    await until('it has heard of dan', () => known().includes('peer-joined dan'), 20_000)
    expect(known()).toEqual(['peer-joined bob', 'peer-removed bob', 'peer-joined robert', 'peer-joined dan'])
    const faults = (what: string): string[] =>
      of({ happenings }, 'fault').flatMap(one => (one.what === what ? `${one.remote} ${one.error}` : []))
    await until('the candidates are told of', () => faults(registrationProtocol).length > 0, 20_000)
    expect(new Set(faults(registrationProtocol))).toEqual(new Set([`seed ${label} ForgedMessageError`]))
    expect(faults(announcementProtocol)).toEqual(forged.map(() => `seed ${label} ForgedMessageError`))
  } finally {
    await peer.stop()
    announcements.stop()
    await host.stop()
  }
})

test('a peer signs one record for all its seeds, and a later one when a seed sees it elsewhere', async () => {
  const hosts = await Promise.all([plainHost(), plainHost()])
  const labels = hosts.map(host => labelOf(String(host.getMultiaddrs()[0])))
  const network = networkId(labels)
  const registered: PeerRecord[][] = [[], []]
  // The second seed sees it behind a router, forgets it once, and then sees it behind another one.
  const observed = ['/ip4/127.0.0.1', '/ip4/192.0.2.7']
  const serve = async (host: Host, index: number): Promise<void> => {
    const onRequest = (_peer: string, request: RegistrationRequest): RegistrationReply => {
      if (request.type === 'reserve') return { type: 'reserved', observedAddress: observed[index] ?? '' }
      if (request.type === 'register') {
        registered[index]?.push(request.record)
        if (index === 1 && observed[1] === '/ip4/192.0.2.7') {
          observed[1] = '/ip4/192.0.2.8'
          return { type: 'refused', reason: 'not-registered' }
        }
      }
      return { type: 'registered', leaseMs: 60_000, view: { peers: 1, rank: 0 } }
    }
    await serveRegistration(host, onRequest, () => {})
  }
  await Promise.all(hosts.map(serve))
  const peer = await PeerNode.start({
    name: 'ada',
    key,
    seeds: labels.map(label => contact({ label })),
    listen: ['/ip4/0.0.0.0/tcp/0'],
    broadcaster: { count: 0 },
    onHappening: () => {}
  })
  try {
    await until('it is registered', () => peer.state === 'registered', 30_000)
    const [near, [first, second] = []] = registered
    expect(near).toEqual([first])
    const port = first?.addresses[0]?.split('/').at(-1)
    const at = (...ips: string[]): string[] => ips.map(ip => `/ip4/${ip}/tcp/${port}`)
    expect(first).toMatchObject({ id: me, name: 'ada', seq: 1, addresses: at('192.0.2.7', '127.0.0.1') })
    expect(second).toMatchObject({ epoch: first?.epoch, seq: 2, addresses: at('192.0.2.8', '127.0.0.1') })
    for (const record of [first, second]) expect(record && isAuthenticNow(record, network)).toBe(true)
  } finally {
    await peer.stop()
    await Promise.all(hosts.map(async host => host.stop()))
  }
})
