import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { ipOnly, reachable } from '#src/node/addresses.ts'

describe('addresses that a peer registers', () => {
  const everywhere = ['/ip4/127.0.0.1/tcp/4001', '/ip4/192.0.2.7/tcp/4001'].map(text =>
    multiaddr(`${text}/p2p/12D3KooWPvH9oJKYEXFrLQ6zEVpZSXUyYKwFvqKsrmnkzbXWaPhG`)
  )

  test('listening everywhere: the interface on which a seed sees it', () => {
    expect(reachable(['/ip4/0.0.0.0/tcp/0'], everywhere, '/ip4/127.0.0.1')).toEqual(['/ip4/127.0.0.1/tcp/4001'])
    expect(reachable(['/ip4/0.0.0.0/tcp/0'], everywhere, '/ip4/192.0.2.7')).toEqual(['/ip4/192.0.2.7/tcp/4001'])
  })

  test('behind a router: the address that the seed sees, with the port on which it listens', () => {
    expect(reachable(['/ip4/0.0.0.0/tcp/4001'], everywhere, '/ip4/203.0.113.9')).toEqual(['/ip4/203.0.113.9/tcp/4001'])
  })

  test('listening on certain addresses: just those', () => {
    const [, one] = everywhere
    expect(reachable(['/ip4/192.0.2.7/tcp/4001'], one === undefined ? [] : [one], '/ip4/127.0.0.1')).toEqual([
      '/ip4/192.0.2.7/tcp/4001'
    ])
  })

  test('the IP part of an address', () => {
    expect(ipOnly(multiaddr('/ip4/192.0.2.7/tcp/4001'))).toBe('/ip4/192.0.2.7')
    expect(ipOnly(multiaddr('/ip6/2001:db8::1/tcp/4001'))).toBe('/ip6/2001:db8::1')
  })
})
