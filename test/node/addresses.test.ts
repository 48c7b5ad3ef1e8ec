import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { ipOnly, originOf, reachable } from '#src/node/addresses.ts'

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

  test.each([
    ['/ip4/8.8.4.4', '8.8.4.4', '8.8.4.0/24'],
    ['/ip6/2a00:1:2:3:4::5', '2a00000100020003/64', '2a0000010002/48'],
    ['/ip6/2a00:1::', '2a00000100000000/64', '2a0000010000/48']
  ])('%s counts as one of %s and of %s', (address, ...groups) => {
    expect(Object.values(originOf(address) ?? {})).toEqual(groups)
  })

  test.each([
    '/ip4/127.0.0.1',
    '/ip4/10.1.2.3',
    '/ip4/172.20.0.1',
    '/ip4/192.168.1.1',
    '/ip6/::1',
    '/ip6/fd00::1',
    '/ip6/fe80::1',
    '/ip6zone/eth0',
    '/dns4/ada.example'
  ])('%s counts as one of none', address => {
    expect(originOf(address)).toBeUndefined()
  })

  test('the IP part of an address', () => {
    expect(ipOnly(multiaddr('/ip4/192.0.2.7/tcp/4001'))).toBe('/ip4/192.0.2.7')
    expect(ipOnly(multiaddr('/ip6/2001:db8::1/tcp/4001'))).toBe('/ip6/2001:db8::1')
  })
})
