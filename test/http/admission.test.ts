import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { Admission } from '#src/http/admission.ts'

const made = (host: string, alsoKnownAs: readonly string[] = [], port = 8080): Admission =>
  new Admission({ host, port, alsoKnownAs, token: 'the-token-of-this-node' })

describe('admission', () => {
  test.each(['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080', '[::1]:8080'])('of loopback knows %s', host => {
    expect(made('127.0.0.1').isOurHost(host)).toBe(true)
  })

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1:80800',
    'localhost.evil.example:8080',
    'x@127.0.0.1:8080',
    '192.0.2.1:8080'
  ])('of loopback does not know %s', host => {
    expect(made('127.0.0.1').isOurHost(host)).toBe(false)
  })

  test('knows the names that it was given, with their port or for all ports', () => {
    const admission = made('127.0.0.1', ['hub.example', 'other.example:443'])
    for (const host of ['hub.example', 'hub.example:8443', 'other.example:443'])
      expect(admission.isOurHost(host), host).toBe(true)
    for (const host of ['other.example', 'x.hub.example', 'hub.example:', 'hub.example:80:80'])
      expect(admission.isOurHost(host), host).toBe(false)
  })

  test('on every interface knows the addresses of the machine, and no name', () => {
    const admission = made('0.0.0.0')
    const own = Object.values(networkInterfaces()).flatMap(
      list => list?.filter(({ family }) => family === 'IPv4') ?? []
    )
    for (const { address } of own) expect(admission.isOurHost(`${address}:8080`), address).toBe(true)
    expect(admission.isOurHost('evil.example:8080')).toBe(false)
  })

  test('a port that browsers leave out may be left out', () => {
    expect(made('127.0.0.1', [], 80).isOurHost('127.0.0.1')).toBe(true)
    expect(made('127.0.0.1', [], 80).isOurHost('127.0.0.1:80')).toBe(true)
  })

  test('only pages of the same origin may ask, and programs, which name none', () => {
    const isSame = (origin?: string): boolean => made('127.0.0.1').isSameOrigin(origin, 'localhost:8080')
    expect([isSame(), isSame('http://localhost:8080'), isSame('https://localhost:8080')]).toEqual([true, true, true])
    for (const origin of ['null', '', 'http://localhost', 'http://localhost:8081', 'http://evil.example', 'file://'])
      expect(isSame(origin), origin).toBe(false)
  })

  test('only whoever has the token may act', () => {
    const mayAct = (header?: string): boolean => made('127.0.0.1').mayAct(header)
    expect(mayAct('Bearer the-token-of-this-node')).toBe(true)
    for (const header of [
      undefined,
      '',
      'Bearer ',
      'Bearer the-token-of-this-nod',
      'Basic the-token-of-this-node',
      'the-token-of-this-node'
    ])
      expect(mayAct(header), header).toBe(false)
  })
})
