import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { networkId } from '#protocols/network-id.ts'
import { signRecord } from '#protocols/record-signature.ts'
import { requestRegistration } from '#protocols/registration/client.ts'
import { signingKey } from '#protocols/signing.ts'
import { sentence } from '#src/node/events.ts'
import { createHost } from '#src/node/host.ts'
import { newKey } from '#src/node/key-file.ts'
import { registry, requestsOfPeer } from '#src/seed-settings.ts'
import { of, TestNetwork } from '../support/network.ts'
import { until } from '../support/until.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'
import type { WatchedPeer } from '../support/network.ts'

/** As if all came from one address that counts. */
const originOf = (): { address: string; subnet: string } => ({ address: '198.18.0.7', subnet: '198.18.0.0/24' })

const isRegistered = ({ node }: WatchedPeer): boolean => node.state === 'registered'

/** Somebody who asks a seed by hand, and listens nowhere. */
interface Asker extends AsyncDisposable {
  readonly id: string
  readonly key: Ed25519PrivateKey
  ask(request: RegistrationRequest): Promise<RegistrationReply>
}

async function asker(network: TestNetwork): Promise<Asker> {
  const key = await newKey()
  const host = await createHost({ key, listen: [], connectionsMax: 10, onFault: () => {} })
  const connection = await host.dial(multiaddr(network.seeds[0]?.node.addresses[0]))
  return {
    id: host.peerId.toString(),
    key,
    ask: async request =>
      requestRegistration(async (protocol, signal) => connection.newStream([protocol], { signal }), request),
    [Symbol.asyncDispose]: async () => host.stop()
  }
}

/** Names in the seed's list. */
async function listed(network: TestNetwork): Promise<string[]> {
  await using somebody = await asker(network)
  const reply = await somebody.ask({ type: 'list' })
  return reply.type === 'list' ? reply.records.map(({ name }) => name).toSorted() : []
}

describe.concurrent('limits of a seed', { timeout: 120_000 }, () => {
  test('the eleventh peer of an address is refused, told why, goes on trying, and comes in when another one leaves', async () => {
    await using network = await TestNetwork.start(1, { originOf })
    const names = Array.from({ length: registry.perAddressMax }, (_, index) => `peer-${index + 1}`)
    const [first] = await network.startPeers(names)
    const late = await network.startPeer('late')
    const label = network.seeds[0]?.name ?? ''
    const twice = (): boolean => of(late, 'degraded').length >= 2
    await until('it is refused, and again', twice, 20_000)
    const refusal = of(late, 'degraded').at(-1)
    expect(refusal?.reasons).toEqual({ [label]: 'full-address' })
    expect(refusal === undefined ? '' : sentence('peer', refusal)).toMatch(
      /trying again .*as many peers as it takes from one IP address .*: end another one there, or use another address/
    )
    const told = of(network.seeds[0] ?? late, 'fault').find(({ error }) => error === 'LimitError')
    expect(told?.remote).toBe(originOf().address)
    expect(told?.message).toMatch(/10 peers of this address .*perAddressMax/)
    expect(network.peers.filter(isRegistered)).toHaveLength(names.length)
    await first?.node.leave()
    await until('it has the place of the one that left', () => isRegistered(late), 30_000)
  })

  test('peers of loopback may be any number', async () => {
    await using network = await TestNetwork.start(1)
    const names = Array.from({ length: registry.perAddressMax + 2 }, (_, index) => `peer-${index + 1}`)
    await network.startPeers(names)
    expect(network.peers.every(isRegistered)).toBe(true)
  })

  test('whoever asks without end is refused for a moment, and others are not', async () => {
    await using network = await TestNetwork.start(1)
    await using hasty = await asker(network)
    await using calm = await asker(network)
    const replies = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const types: string[] = []
        for (let left = requestsOfPeer.burst / 4; left > 0; left--) {
          const reply = await hasty.ask({ type: 'list' })
          types.push(reply.type === 'refused' ? reply.reason : reply.type)
        }
        return types
      })
    )
    const answered = replies.flat().filter(type => type === 'list').length
    expect(replies.flat()).toContain('full-rate')
    expect(answered).toBeGreaterThanOrEqual(requestsOfPeer.burst)
    expect((await calm.ask({ type: 'list' })).type).toBe('list')
    const isAnswered = async (): Promise<boolean> => (await hasty.ask({ type: 'list' })).type === 'list'
    await until('it is answered again', isAnswered, 40_000)
  })
})

describe.concurrent('dial-back', { timeout: 120_000 }, () => {
  // What one seed has found out the others hear, and must not take for the opposite.
  test.each([1, 3])(
    '%i seeds: a peer that nobody can connect to is registered and told, has links, and is sent nobody; once it can be reached, it is handed out',
    async seeds => {
      await using network = await TestNetwork.start(seeds)
      await network.startPeers(['ada', 'bob', 'cyd', 'dan', 'eva'])
      await until('all are handed out', async () => (await listed(network)).length === 5, 40_000)
      let isOpen = false
      const hidden = await network.startPeer('hidden', { gater: { denyInboundConnection: () => !isOpen } })
      await until('it is registered', () => isRegistered(hidden), 20_000)
      const told = await until('it is told', () => of(hidden, 'unreachable')[0], 60_000)
      expect(network.seeds.map(({ name }) => name)).toContain(told.seed)
      expect(told.addresses).toEqual(hidden.node.addresses.map(address => address.replace(/\/p2p\/.*/, '')))
      expect(sentence('peer', told)).toMatch(/cannot connect to this peer at \/ip4\/127\.0\.0\.1\/tcp\/\d+.* --listen /)
      expect(await listed(network)).toEqual(['ada', 'bob', 'cyd', 'dan', 'eva'])
      expect(network.seeds[0]?.node.peers.map(({ name }) => name)).toContain('hidden')
      await until('it has found links itself', () => hidden.node.neighbours.length >= 2, 30_000)

      isOpen = true
      await until('it is told that it can be reached', () => of(hidden, 'reachable').length > 0, 60_000)
      expect(await listed(network)).toContain('hidden')
    }
  )

  test('neither an open connection nor somebody else at the address is a proof', async () => {
    await using network = await TestNetwork.start(1)
    const [ada] = await network.startPeers(['ada'])
    await until('ada is handed out', async () => (await listed(network)).includes('ada'), 40_000)
    await using liar = await asker(network)
    const addresses = (ada?.node.addresses ?? []).map(address => address.replace(/\/p2p\/.*/, ''))
    const id = networkId(network.seedAddresses.map(({ label }) => label))
    const record = signRecord({ id: liar.id, name: 'liar', addresses, epoch: 1, seq: 1 }, id, signingKey(liar.key.raw))
    await liar.ask({ type: 'reserve', name: 'liar', network: id })
    expect(await liar.ask({ type: 'register', record })).toMatchObject({ type: 'registered' })
    const renewal = { type: 'renew', degree: 0, target: 4, offer: 4, neighbours: [] } as const
    const isTold = async (): Promise<boolean> => 'unreachable' in (await liar.ask(renewal))
    await until('it is told', isTold, 30_000)
    expect(await listed(network)).toEqual(['ada'])
    // Two failures, 3 s apart, while ada goes on without noticing.
    expect(ada === undefined ? [] : of(ada, 'unreachable')).toEqual([])
  })
})
