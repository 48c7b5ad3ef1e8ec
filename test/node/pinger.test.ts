import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pingPeer } from '#src/node/pinger.ts'
import { addressesOf, plainHost } from '../support/plain-host.ts'
import type { Host } from '#src/node/host.ts'

describe('pings of one host to one peer', () => {
  let hosts: Host[]

  beforeAll(async () => {
    hosts = await Promise.all([plainHost(), plainHost()])
  })
  afterAll(async () => {
    await Promise.all(hosts.map(async host => host.stop()))
  })

  test('are all answered, though several are asked for at once: by the watch, for a neighbour, by the user', async () => {
    const [host, other] = hosts as [Host, Host]
    const addresses = addressesOf(other)
    const atOnce = Array.from({ length: 5 }, async () => pingPeer(host, other.peerId.toString(), addresses))
    expect((await Promise.all(atOnce)).map(({ outcome }) => outcome)).toEqual(Array(5).fill('answered'))
  })

  test('that nobody answers do not keep the next one from its turn', async () => {
    const [host] = hosts as [Host, Host]
    const gone = await plainHost()
    const addresses = addressesOf(gone)
    await gone.stop()
    const atOnce = Array.from({ length: 2 }, async () => pingPeer(host, gone.peerId.toString(), addresses))
    expect((await Promise.all(atOnce)).map(({ outcome }) => outcome)).toEqual(['refused', 'refused'])
  })
})
