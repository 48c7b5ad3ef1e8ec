import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Origins } from '#src/core/origins.ts'
import { DegreeLaw } from '#src/core/degree-law.ts'
import { seededRandom } from '#src/core/random.ts'
import { Registry } from '#src/core/registry.ts'
import { registry as settings } from '#src/seed-settings.ts'
import { degreeLaw } from '#src/settings.ts'
import { listener } from '../support/core/listener.ts'
import { network, recordOf } from '../support/core/records.ts'
import type { Origin } from '#src/core/origins.ts'
import type { Kept } from '#src/core/memory.ts'
import type { RegistryOutput } from '#src/core/registry.ts'
import type { RegistrationReply, RegistrationRequest } from '#protocols/registration/messages.ts'

/** `/ip4/A.B` is an address in the subnet A; an address that begins with `home` is of a private network. */
function originOf(address: string): Origin | undefined {
  const [, , ip = ''] = address.split('/')
  return ip.startsWith('home') ? undefined : { address: ip, subnet: `${ip.split('.')[0]}/24` }
}

const places = { perAddressMax: 2, perSubnetMax: 3 }

test('an address and its subnet are full when so many are there, whoever came, moved and went in between', () => {
  const address = fc.constantFrom('a.1', 'a.2', 'b.1', 'home')
  const step = fc.record({ peer: fc.nat(9), address: fc.option(address) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), steps => {
      const origins = new Origins<number>(places)
      const present = new Map<number, string>()
      for (const { peer, address } of steps) {
        if (address === null) origins.delete(peer)
        else origins.put(peer, originOf(`/ip4/${address}`))
        if (address === null) present.delete(peer)
        else present.set(peer, address)
        for (const at of ['a.1', 'a.2', 'b.1', 'home']) {
          const all = [...present.values()]
          const near = all.filter(other => other[0] === at[0]).length >= places.perSubnetMax ? 'subnet' : undefined
          const full = all.filter(other => other === at).length >= places.perAddressMax ? 'address' : near
          expect(origins.full(originOf(`/ip4/${at}`))).toBe(at === 'home' ? undefined : full)
        }
      }
    })
  )
})

describe('places at a seed', () => {
  const { out, heard } = listener<RegistryOutput<number>>()
  let registry: Registry<number, string>

  beforeEach(() => {
    registry = newRegistry()
    heard()
  })

  function newRegistry(): Registry<number, string> {
    return new Registry({ ...settings, ...places }, peer => peer, new DegreeLaw(degreeLaw), seededRandom(1), originOf)
  }

  function ask(
    peer: number,
    request: RegistrationRequest<number>,
    address: string,
    now = 0
  ): RegistrationReply<number> {
    return registry.answer(peer, request, `/ip4/${address}`, now, out)
  }

  function reserve(peer: number, address: string): RegistrationReply<number> {
    return ask(peer, { type: 'reserve', name: `p${peer}`, network }, address)
  }

  function register(peer: number, address: string): RegistrationReply<number> {
    const reply = reserve(peer, address)
    return reply.type === 'refused' ? reply : ask(peer, { type: 'register', record: recordOf(peer) }, address)
  }

  const refused = (reason: string): unknown => ({ type: 'refused', reason })

  test('are so many for one address and for one subnet, reservations among them; a private address has any number', () => {
    expect([register(1, 'a.1').type, reserve(2, 'a.1').type]).toEqual(['registered', 'reserved'])
    expect(reserve(3, 'a.1')).toEqual(refused('full-address'))
    expect(register(3, 'a.2').type).toBe('registered')
    expect(reserve(4, 'a.3')).toEqual(refused('full-subnet'))
    expect(register(4, 'b.1').type).toBe('registered')
    for (let peer = 10; peer < 20; peer++) expect(register(peer, 'home.1').type).toBe('registered')
  })

  test('are kept by who has one: it may register anew, under another name too, and from elsewhere', () => {
    register(1, 'a.1')
    register(2, 'a.1')
    expect(register(1, 'a.1').type).toBe('registered')
    expect(ask(2, { type: 'reserve', name: 'other', network }, 'a.1').type).toBe('reserved')
    // It has moved to where there is no place; nobody else gets in there, but one where it was.
    register(3, 'b.1')
    register(4, 'b.1')
    expect(ask(3, { type: 'reserve', name: 'p3', network }, 'a.1').type).toBe('reserved')
    expect(reserve(5, 'a.1')).toEqual(refused('full-address'))
    expect(reserve(5, 'b.1').type).toBe('reserved')
  })

  test.each([
    ['leaves', (): void => void ask(1, { type: 'leave' }, 'a.1')],
    ['is dead', (): void => registry.remove(1, 'refusing', 0, out)],
    ['has its reservation end', (): void => registry.wake(settings.reservationMs, out)]
  ])('are free again when somebody %s', (what, end) => {
    if (what.includes('reservation')) reserve(1, 'a.1')
    else register(1, 'a.1')
    register(2, 'a.1')
    expect(reserve(3, 'a.1')).toEqual(refused('full-address'))
    end()
    expect(reserve(3, 'a.1').type).toBe('reserved')
    expect(reserve(4, 'a.1')).toEqual(refused('full-address'))
  })

  test('of the silent are free when their names are', () => {
    register(1, 'a.1')
    register(2, 'a.1')
    registry.remove(1, 'silent', 0, out)
    expect(reserve(3, 'a.1')).toEqual(refused('full-address'))
    registry.wake(settings.leaseMs, out)
    expect(reserve(3, 'a.1').type).toBe('reserved')
  })

  test('are counted again after a restart as soon as those who have them are heard', () => {
    const kept: Kept<number>[] = [1, 2].map(id => ({ type: 'registered', record: recordOf(id) }))
    registry.restore(kept, 0)
    for (const peer of [1, 2]) ask(peer, { type: 'renew', degree: 0, target: 0, offer: 0, neighbours: [] }, 'a.1')
    expect(reserve(3, 'a.1')).toEqual(refused('full-address'))
  })

  test('are taken by nobody who only asks', () => {
    for (let peer = 1; peer < 9; peer++) ask(peer, { type: 'list' }, 'a.1')
    expect(reserve(9, 'a.1').type).toBe('reserved')
  })
})
